//! Primary keys and unique constraints: constraints that own an index.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::index::Index;
use super::index_key::IndexKey;
use super::language::Writing;
use super::online::{self, Place, Reach};
use super::preflight::Rows;
use super::{
    Alteration, Context, Definition, Element, NameSlot, Object, Preflight, Reaction, Stage,
    Statement, constraint, extension_dependency, index_attach, options, parts, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, Options};
use crate::sql::quote::ident;

/// What both keys have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Key {
    /// The key columns, in order.
    pub columns: Vec<String>,
    /// Columns carried by the index without being a part of the key.
    pub include: Vec<String>,
    /// Whether two nulls are equal (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// `immediate` or `deferred`, where it can be deferred.
    pub deferrable: Option<String>,
    /// Whether the last column is a range that must not overlap (PostgreSQL 18).
    pub without_overlaps: bool,
    /// Storage parameters of the index.
    pub with: Options,
    /// The tablespace of the index, where it is not the database's.
    pub tablespace: Option<String>,
    /// Whether partitions may do without it (ONLY): a word of the desired key, never compared.
    #[serde(skip)]
    pub only: bool,
}

impl Key {
    fn definition(&self, words: &str) -> String {
        let mut sql = words.to_owned();
        if self.nulls_not_distinct {
            sql.push_str(" NULLS NOT DISTINCT");
        }
        let overlaps = if self.without_overlaps {
            " WITHOUT OVERLAPS"
        } else {
            ""
        };
        sql.push_str(&format!(
            " ({}{overlaps})",
            reference::columns(&self.columns)
        ));
        if !self.include.is_empty() {
            sql.push_str(&format!(" INCLUDE ({})", reference::columns(&self.include)));
        }
        if !self.with.is_empty() {
            sql.push_str(&format!(" WITH ({})", options::storage(&self.with)));
        }
        if let Some(tablespace) = &self.tablespace {
            sql.push_str(&format!(" USING INDEX TABLESPACE {}", ident(tablespace)));
        }
        sql.push_str(constraint::deferral(self.deferrable.as_deref()));
        sql
    }

    /// The unique index that PostgreSQL would make for it.
    pub(super) fn index(&self) -> Index {
        let column = |name: &String| IndexKey {
            column: Some(name.clone()),
            ..IndexKey::default()
        };
        Index {
            method: "btree".to_owned(),
            unique: true,
            keys: self.columns.iter().map(column).collect(),
            include: self.include.clone(),
            nulls_not_distinct: self.nulls_not_distinct,
            with: self.with.clone(),
            tablespace: self.tablespace.clone(),
            ..Index::default()
        }
    }

    /// The key by the index of its name that is there: see [`takes`].
    fn by_its_index(
        &self,
        id: &ObjectId,
        words: &str,
        context: &Context<'_>,
    ) -> Option<Vec<Statement>> {
        takes(&id.parent.as_deref()?.child(Kind::Index, &id.name), context).then(|| {
            let stage = match context.online {
                true => Stage::Finish,
                false => Stage::Main,
            };
            let add = self.using(&id.name, id, words, context);
            add.map(|statement| statement.in_stage(stage)).collect()
        })
    }

    /// The statements that make it of an index.
    fn using(
        &self,
        index: &str,
        id: &ObjectId,
        words: &str,
        context: &Context<'_>,
    ) -> impl Iterator<Item = Statement> {
        let using = format!(
            "{words} USING INDEX {}{}",
            ident(index),
            constraint::deferral(self.deferrable.as_deref())
        );
        let has_twin = self.has_twin(id, context);
        let add = constraint::add(id, &using, false).into_iter();
        // Two keys over equal columns stand in statements of their own.
        add.map(move |statement| match has_twin {
            true => statement.apart(),
            false => statement,
        })
    }

    /// The key by an index that is built while the table is used; `None` where it has to be made in one statement.
    fn concurrently(
        &self,
        id: &ObjectId,
        words: &str,
        context: &Context<'_>,
    ) -> Option<Vec<Statement>> {
        let table = id.parent.as_deref()?;
        if self.without_overlaps
            || id.name.is_empty()
            || context.before.contains(&id.child(Kind::IndexAttach, ""))
            || !(online::is_used(table, Reach::Alone, context)
                || online::is_used_part(table, context))
        {
            return None;
        }
        let (name, stage) = match online::place(id, context)? {
            Place::InTurn => (id.name.to_string(), Stage::Build),
            Place::Beside(name) => (name, Stage::Beside),
        };
        let mut index = format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({})",
            ident(&name),
            reference::name(table),
            reference::columns(&self.columns)
        );
        if !self.include.is_empty() {
            index.push_str(&format!(" INCLUDE ({})", reference::columns(&self.include)));
        }
        if self.nulls_not_distinct {
            index.push_str(" NULLS NOT DISTINCT");
        }
        if !self.with.is_empty() {
            index.push_str(&format!(" WITH ({})", options::storage(&self.with)));
        }
        if let Some(tablespace) = &self.tablespace {
            index.push_str(&format!(" TABLESPACE {}", ident(tablespace)));
        }
        let mut statements = vec![Statement::sql(index).outside().in_stage(stage)];
        let add = self.using(&name, id, words, context);
        // Where the old key went in this transaction, the new one comes in it.
        let then = match stage {
            Stage::Beside => Stage::Main,
            _ => Stage::Finish,
        };
        statements.extend(add.map(|statement| statement.in_stage(then)));
        Some(statements)
    }

    /// Whether another key of the table, of those that come before, has the same index: PostgreSQL makes one of two
    /// that stand in one statement.
    fn has_twin(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        let alike = |other: &Key| {
            let Key {
                columns,
                include,
                nulls_not_distinct,
                deferrable,
                without_overlaps,
                ..
            } = other;
            columns == &self.columns
                && include == &self.include
                && *nulls_not_distinct == self.nulls_not_distinct
                && deferrable == &self.deferrable
                && *without_overlaps == self.without_overlaps
        };
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        [Kind::PrimaryKey, Kind::Unique]
            .into_iter()
            .flat_map(|kind| context.after.children(table, kind))
            .any(|(other, object)| match object {
                Object::PrimaryKey(key) => id.kind != Kind::PrimaryKey && alike(&key.0),
                Object::Unique(key) => {
                    id.kind == Kind::Unique && other.name < id.name && alike(&key.0)
                }
                _ => false,
            })
    }

    /// Values that stand in several rows, where the key was not there with the same columns.
    fn preflight(
        &self,
        from: Option<&Key>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Option<Preflight> {
        let stays = |from: &Key| {
            from.columns == self.columns && from.nulls_not_distinct == self.nulls_not_distinct
        };
        if self.without_overlaps
            || from.is_some_and(stays)
            || constraint::is_unique_before(id, &self.columns, self.nulls_not_distinct, context)
        {
            return None;
        }
        let rows = Rows::of(id, context)?;
        let keys: Vec<String> = self.columns.iter().map(|name| ident(name)).collect();
        rows.twice(id, &keys, None, self.nulls_not_distinct)
    }

    fn alter(&self, to: &Key, id: &ObjectId) -> Alteration {
        let structure = |key: &Key| Key {
            with: Options::default(),
            tablespace: None,
            ..key.clone()
        };
        if structure(self) != structure(to) {
            return Alteration::Rebuild;
        }
        let head = format!("ALTER INDEX {}", reference::index(id));
        let mut statements = Vec::new();
        if self.tablespace != to.tablespace {
            let tablespace = to.tablespace.as_deref().unwrap_or("pg_default");
            statements.push(Statement::sql(format!(
                "{head} SET TABLESPACE {}",
                ident(tablespace)
            )));
        }
        statements.extend(options::alter(&head, &self.with, &to.with));
        Alteration::InPlace(statements)
    }
}

fn rename(from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
    reference::rename_part("CONSTRAINT", from, to)
}

/// Whether a unique index becomes that of a new key of its name: ADD CONSTRAINT … USING INDEX takes it as it is, and what
/// refers to it goes on.
pub(super) fn takes(index: &ObjectId, context: &Context<'_>) -> bool {
    let (before, after) = (context.before, context.after);
    let (Some(Object::Index(from)), Some(table)) = (before.get(index), index.parent.as_deref())
    else {
        return false;
    };
    let key = [Kind::PrimaryKey, Kind::Unique]
        .into_iter()
        .filter(|kind| !before.contains(&table.child(*kind, &index.name)))
        .find_map(|kind| match after.get(&table.child(kind, &index.name))? {
            Object::PrimaryKey(key) => Some(&key.0),
            Object::Unique(key) => Some(&key.0),
            _ => None,
        });
    // What is said of the index, and not of the key, would stay.
    let said = [Kind::Comment, Kind::IndexAttach, Kind::ExtensionDependency];
    let is_bare = said
        .iter()
        .all(|kind| before.children(index, *kind).is_empty());
    let is_same = |column: &String| {
        let column = table.child(Kind::Column, column);
        let (from, to) = (before.get(&column), after.get(&column));
        matches!((from, to), (Some(Object::Column(from)), Some(Object::Column(to)))
            if from.data_type == to.data_type && from.collation == to.collation)
            && context.keeps(&column)
    };
    is_bare
        && !after.contains(index)
        && table.kind == Kind::Table
        && context.keeps(table)
        && !parts::is_partitioned(table, before)
        && !parts::is_partitioned(table, after)
        && key.is_some_and(|key| {
            !key.without_overlaps
                && key.index() == **from
                && key.columns.iter().chain(&key.include).all(is_same)
        })
}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident, $kind:expr, $words:literal, $contype:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
        #[serde(transparent)]
        pub struct $name(pub Key);

        impl Definition for $name {
            const KIND: Kind = $kind;
            const CLASS: &'static str = "pg_constraint";
            const CATALOG: &'static str =
                concat!(include_str!("key.sql"), "AND k.contype = '", $contype, "'\n");

            fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
                if let Some(renamed) = constraint::renamed_while_attached(id, context) {
                    return vec![renamed];
                }
                if index_attach::is_left_to_attach(id, context) {
                    return Vec::new();
                }
                if let Some(statements) = self.0.by_its_index(id, $words, context) {
                    return statements;
                }
                if let Some(statements) = self.0.concurrently(id, $words, context) {
                    return statements;
                }
                let definition = self.0.definition($words);
                let add = constraint::add(id, &definition, constraint::needs_only(id, context));
                if self.0.has_twin(id, context) {
                    return add.into_iter().map(Statement::apart).collect();
                }
                add
            }

            fn element(&self, id: &ObjectId, context: &Context<'_>) -> Option<Element> {
                if self.0.has_twin(id, context)
                    || constraint::is_only(id, context.after)
                    || index_attach::is_left_to_attach(id, context)
                {
                    return None;
                }
                constraint::element(id, &self.0.definition($words))
            }

            fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
                if constraint::goes_with_parent(id, context) {
                    return Vec::new();
                }
                constraint::drop(id)
            }

            fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
                self.0.alter(&to.0, id)
            }

            fn preflight(
                &self,
                from: Option<&Self>,
                id: &ObjectId,
                context: &Context<'_>,
            ) -> Vec<Preflight> {
                let from = from.map(|it| &it.0);
                self.0.preflight(from, id, context).into_iter().collect()
            }

            fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
                let mut slots = vec![NameSlot::constraint(id), NameSlot::relation(id)];
                if Self::KIND == Kind::PrimaryKey {
                    // A table has one.
                    slots.push(NameSlot {
                        space: "primary key",
                        name: String::new(),
                        ..NameSlot::constraint(id)
                    });
                }
                slots
            }

            fn is_made_anew(&self, _: &Self, id: &ObjectId, context: &Context<'_>) -> bool {
                constraint::is_made_anew(id, context)
            }

            fn when_replaced(&self, id: &ObjectId, dependency: &ObjectId, context: &Context<'_>) -> Reaction {
                constraint::when_replaced(id, dependency, context)
            }

            fn index_key(&self) -> Vec<String> {
                self.0.columns.clone()
            }

            fn set_again(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
                let mut again = super::comment::again(id, context);
                again.extend(extension_dependency::again(id, context));
                again
            }

            fn structure(&self) -> Option<serde_json::Value> {
                serde_json::to_value(&self.0).ok()
            }

            fn write<'a>(
                &'a self,
                id: &'a ObjectId,
                writing: &mut Writing<'a>,
            ) -> Option<NodeWriter> {
                kdl::write(&self.0, $kind.name(), id, writing)
            }

            fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
                rename(from, to)
            }
        }
    };
}

key!(
    /// A primary key.
    PrimaryKey, Kind::PrimaryKey, "PRIMARY KEY", "p"
);
key!(
    /// A unique constraint.
    Unique, Kind::Unique, "UNIQUE", "u"
);
