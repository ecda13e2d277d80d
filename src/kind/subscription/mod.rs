//! Subscriptions. None is ever connected by a migration, and no connection string is ever read: a variable of the
//! environment holds it.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::secrets::Held;
use super::{Alteration, Context, Definition, HazardClass, Statement, reference};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use crate::sql::placeholder::placeholder;
use crate::sql::quote::{ident, literal};

/// A subscription.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct Subscription {
    /// The variable that holds the connection string; never compared.
    pub connection: String,
    /// The publications that it follows.
    pub publications: Vec<String>,
    /// Whether it runs; made by a migration it never does, and a person switches it on: no part of what is described.
    #[serde(default, skip_serializing)]
    pub enabled: bool,
    /// Whether the files say that it does not run.
    #[serde(skip)]
    pub off: bool,
    /// The replication slot at the other side.
    pub slot_name: Option<String>,
    /// `synchronous_commit` of its workers.
    pub synchronous_commit: String,
    /// Whether values travel in binary form.
    pub binary: bool,
    /// `on`, `off` or `parallel`.
    pub streaming: String,
    /// Whether prepared transactions travel as such.
    pub two_phase: bool,
    /// Whether an error switches it off.
    pub disable_on_error: bool,
    /// `any`, or `none`: only what was changed at the other side itself (PostgreSQL 16).
    #[serde(default = "any")]
    pub origin: String,
    /// Whether the other side may let it in without a password (PostgreSQL 16).
    #[serde(default)]
    pub without_password: bool,
    /// Whether changes are made as the owner of the subscription, not of the table (PostgreSQL 16).
    #[serde(default)]
    pub run_as_owner: bool,
    /// Whether the slot is kept on standbys of the other side (PostgreSQL 17).
    #[serde(default)]
    pub failover: bool,
}

fn any() -> String {
    "any".to_owned()
}

impl PartialEq for Subscription {
    fn eq(&self, other: &Self) -> bool {
        let sorted = |list: &[String]| {
            let mut list = list.to_vec();
            list.sort();
            list
        };
        sorted(&self.publications) == sorted(&other.publications)
            && self.slot_name == other.slot_name
            && self.synchronous_commit == other.synchronous_commit
            && self.binary == other.binary
            && self.streaming == other.streaming
            && self.two_phase == other.two_phase
            && self.disable_on_error == other.disable_on_error
            && self.origin == other.origin
            && self.without_password == other.without_password
            && self.run_as_owner == other.run_as_owner
            && self.failover == other.failover
            && !(self.off && other.enabled || other.off && self.enabled)
    }
}

impl Eq for Subscription {}

impl Subscription {
    /// PostgreSQL's defaults for a subscription that does not connect.
    fn usual(name: &str) -> Subscription {
        Subscription {
            slot_name: Some(name.to_owned()),
            synchronous_commit: "off".to_owned(),
            streaming: "off".to_owned(),
            origin: any(),
            ..Subscription::default()
        }
    }

    /// The options that differ from those of another definition.
    fn options(&self, from: &Subscription) -> Vec<(&'static str, String)> {
        let mut items = Vec::new();
        if self.slot_name != from.slot_name {
            items.push((
                "slot_name",
                self.slot_name.clone().unwrap_or_else(|| "NONE".to_owned()),
            ));
        }
        if self.synchronous_commit != from.synchronous_commit {
            items.push(("synchronous_commit", self.synchronous_commit.clone()));
        }
        if self.binary != from.binary {
            items.push(("binary", self.binary.to_string()));
        }
        if self.streaming != from.streaming {
            items.push(("streaming", self.streaming.clone()));
        }
        if self.two_phase != from.two_phase {
            items.push(("two_phase", self.two_phase.to_string()));
        }
        if self.disable_on_error != from.disable_on_error {
            items.push(("disable_on_error", self.disable_on_error.to_string()));
        }
        if self.origin != from.origin {
            items.push(("origin", self.origin.clone()));
        }
        if self.without_password != from.without_password {
            items.push(("password_required", (!self.without_password).to_string()));
        }
        if self.run_as_owner != from.run_as_owner {
            items.push(("run_as_owner", self.run_as_owner.to_string()));
        }
        if self.failover != from.failover {
            items.push(("failover", self.failover.to_string()));
        }
        items
    }
}

fn list(items: &[(&'static str, String)]) -> String {
    let texts: Vec<String> = items
        .iter()
        .map(|(word, value)| match (*word, value.as_str()) {
            ("slot_name", "NONE") => "slot_name = NONE".to_owned(),
            _ => format!("{word} = {}", literal(value)),
        })
        .collect();
    texts.join(", ")
}

fn names(publications: &[String]) -> String {
    publications
        .iter()
        .map(|name| ident(name))
        .collect::<Vec<_>>()
        .join(", ")
}

impl Definition for Subscription {
    const KIND: Kind = Kind::Subscription;
    const CLASS: &'static str = "pg_subscription";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let mut items = vec![("connect", "false".to_owned())];
        let options = self.options(&Subscription::usual(&id.name));
        // From 18 on silence means another one.
        let says_streaming = options.iter().any(|(word, _)| *word == "streaming");
        items.extend(options);
        if context.server_version >= 180_000 && !says_streaming {
            items.push(("streaming", self.streaming.clone()));
        }
        vec![Statement::sql(format!(
            "CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {} WITH ({})",
            reference::name(id),
            literal(&placeholder(&self.connection)),
            names(&self.publications),
            list(&items)
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let name = reference::name(id);
        let mut statements = Vec::new();
        if self.slot_name.is_some() {
            // With a slot the drop would connect, and could not stand in a transaction.
            statements.push(Statement::sql(format!("ALTER SUBSCRIPTION {name} DISABLE")));
            statements.push(
                Statement::sql(format!("ALTER SUBSCRIPTION {name} SET (slot_name = NONE)")).hazard(
                    "left-slot",
                    HazardClass::Irreversible,
                    id,
                    "the replication slot stays at the other side and keeps its log: drop it there",
                ),
            );
        }
        statements.push(Statement::sql(format!("DROP SUBSCRIPTION {name}")));
        statements
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        // PostgreSQL would connect to alter the slot.
        if self.two_phase != to.two_phase || self.failover != to.failover {
            return Alteration::Rebuild;
        }
        let head = format!("ALTER SUBSCRIPTION {}", reference::name(id));
        let mut statements = Vec::new();
        // PostgreSQL takes the slot from none that runs, and whether one does is known of no other database.
        let loses_slot = self.slot_name.is_some() && to.slot_name.is_none();
        if loses_slot || to.off && self.enabled {
            statements.push(Statement::sql(format!("{head} DISABLE")));
        }
        if self.publications != to.publications {
            statements.push(Statement::sql(format!(
                "{head} SET PUBLICATION {} WITH (refresh = false)",
                names(&to.publications)
            )));
        }
        let items = to.options(self);
        if !items.is_empty() {
            statements.push(Statement::sql(format!("{head} SET ({})", list(&items))));
        }
        Alteration::InPlace(statements)
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        self.connection.clone_from(&desired.connection);
        self.off = desired.off;
    }

    fn held(&mut self) -> Held<'_> {
        Held::Connection(&mut self.connection)
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "ALTER SUBSCRIPTION {} RENAME TO {}",
            reference::name(from),
            reference::name(to)
        ))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Catalog;

    #[test]
    fn one_that_runs_is_switched_off_where_the_files_say_so_or_its_slot_goes() {
        let on = Subscription {
            enabled: true,
            ..Subscription::usual("s")
        };
        let silent = Subscription::usual("s");
        let off = Subscription {
            off: true,
            ..silent.clone()
        };
        assert!(on == silent && silent == off && on != off);
        let nothing = Catalog::default();
        let context = Context::new(&nothing, &nothing, 150_000, "us");
        let id = ObjectId::top(Kind::Subscription, "s");
        let texts = |from: &Subscription, to: &Subscription| match from.alter(to, &id, &context) {
            Alteration::InPlace(statements) => statements.iter().map(Statement::text).collect(),
            _ => Vec::new(),
        };
        assert_eq!(texts(&on, &off), ["ALTER SUBSCRIPTION s DISABLE"]);
        let without_slot = Subscription {
            slot_name: None,
            ..silent.clone()
        };
        assert_eq!(
            texts(&silent, &without_slot),
            [
                "ALTER SUBSCRIPTION s DISABLE",
                "ALTER SUBSCRIPTION s SET (slot_name = NONE)"
            ]
        );
        // Back it has its slot again, and a person switches it on.
        assert_eq!(
            texts(&without_slot, &silent),
            ["ALTER SUBSCRIPTION s SET (slot_name = 's')"]
        );
    }
}
