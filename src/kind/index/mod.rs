//! Indexes that no constraint owns, of tables and materialized views.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::index_key::IndexKey;
use super::language::Writing;
use super::online::{self, Place};
use super::preflight::Rows;
use super::unnamed_operators;
use super::{
    Alteration, Context, Definition, NameSlot, Preflight, Reaction, Stage, Statement, constraint,
    extension_dependency, index_attach, key, options, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId, Options};
use crate::sql::quote::ident;

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Index {
    /// The access method.
    pub method: String,
    /// Whether it refuses duplicates.
    pub unique: bool,
    /// The key, in order.
    pub keys: Vec<IndexKey>,
    /// Columns carried without being a part of the key.
    pub include: Vec<String>,
    /// The rows that it holds; all where it is not said.
    pub predicate: Option<Expression>,
    /// Whether two nulls are equal (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// Storage parameters.
    pub with: Options,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<String>,
    /// Statistics targets of key expressions, as (place in the key from 1, target).
    pub statistics: Vec<(i32, i32)>,
    /// Whether the partitions do without it (ON ONLY): a word of the desired index, never compared.
    #[serde(skip)]
    pub only: bool,
    /// Whether an interrupted concurrent build left it unusable.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invalid: bool,
}

impl Definition for Index {
    const KIND: Kind = Kind::Index;
    const CLASS: &'static str = "pg_class";
    const CATALOG: &'static str = include_str!("catalog.sql");

    /// Values that stand in several rows, where it was not there, unique, over the same key and rows.
    fn preflight(
        &self,
        from: Option<&Self>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<Preflight> {
        let stays = |from: &Index| {
            from.unique
                && !from.invalid
                && from.keys == self.keys
                && from.predicate == self.predicate
                && (from.nulls_not_distinct || !self.nulls_not_distinct)
        };
        let plain = |key: &IndexKey| key.column.clone().filter(|_| key.collation.is_none());
        let columns: Option<Vec<String>> = self.keys.iter().map(plain).collect();
        let known = columns.is_some_and(|columns| {
            constraint::is_unique_before(id, &columns, self.nulls_not_distinct, context)
        });
        // Another operator class may have another equality.
        let own_equality = self.keys.iter().any(|key| key.opclass.is_some());
        if !self.unique || own_equality || known || from.is_some_and(stays) {
            return Vec::new();
        }
        let keys: Vec<String> = self.keys.iter().map(IndexKey::value).collect();
        Rows::of(id, context)
            .and_then(|rows| {
                rows.twice(id, &keys, self.predicate.as_ref(), self.nulls_not_distinct)
            })
            .into_iter()
            .collect()
    }

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if let Some(twin) = constraint::attached_twin(id, context) {
            return self.rename(&twin, id);
        }
        if index_attach::is_left_to_attach(id, context) {
            return Vec::new();
        }
        let unique = if self.unique { "UNIQUE " } else { "" };
        let only = if self.only || constraint::needs_only(id, context) {
            "ONLY "
        } else {
            ""
        };
        let usable = stays_usable(id, context) && !needs_search_path(self, id, context);
        let place = usable.then(|| online::place(id, context)).flatten();
        let own = id.name.to_string();
        let (name, stage) = match &place {
            Some(Place::Beside(name)) => (name, Stage::Beside),
            Some(Place::InTurn) => (&own, Stage::Build),
            None => (&own, Stage::Main),
        };
        let under_its_own = *name == own;
        let becomes = format!(
            "ALTER INDEX {} RENAME TO {}",
            crate::sql::quote::qualified(id.schema().unwrap_or_default(), name),
            ident(&own)
        );
        let name = match name.as_str() {
            "" => String::new(),
            name => format!("{} ", ident(name)),
        };
        let concurrently = if place.is_some() { "CONCURRENTLY " } else { "" };
        let mut sql = format!(
            "CREATE {unique}INDEX {concurrently}{name}ON {only}{}",
            reference::parent(id)
        );
        if self.method != "btree" {
            sql.push_str(&format!(" USING {}", ident(&self.method)));
        }
        let keys: Vec<String> = self.keys.iter().map(IndexKey::sql).collect();
        sql.push_str(&format!(" ({})", keys.join(", ")));
        if !self.include.is_empty() {
            sql.push_str(&format!(" INCLUDE ({})", reference::columns(&self.include)));
        }
        if self.nulls_not_distinct {
            sql.push_str(" NULLS NOT DISTINCT");
        }
        if !self.with.is_empty() {
            sql.push_str(&format!(" WITH ({})", options::storage(&self.with)));
        }
        if let Some(tablespace) = &self.tablespace {
            sql.push_str(&format!(" TABLESPACE {}", ident(tablespace)));
        }
        if let Some(predicate) = &self.predicate {
            sql.push_str(&format!(" WHERE {}", predicate.text()));
        }
        let create = Statement::sql(sql).in_stage(stage);
        let mut statements = vec![match place {
            Some(_) => create.outside(),
            None => create,
        }];
        if !under_its_own {
            statements.push(Statement::sql(becomes));
        }
        let further = set_statistics(id, &[], &self.statistics, context).into_iter();
        statements.extend(further.map(|it| match stage {
            Stage::Build => it.in_stage(Stage::Finish),
            _ => it,
        }));
        statements
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if constraint::goes_with_parent(id, context) || key::takes(id, context) {
            return Vec::new();
        }
        let name = reference::index(id);
        if !context.after.contains(id) && stays_usable(id, context) && !loses_column(id, context) {
            // A foreign key that is made meanwhile would lean on it, and rows might be in its way.
            let stage = match self.unique {
                true => Stage::Main,
                false => Stage::Away,
            };
            let drop = Statement::sql(format!("DROP INDEX CONCURRENTLY {name}"));
            return vec![drop.outside().in_stage(stage)];
        }
        vec![Statement::sql(format!("DROP INDEX {name}"))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let structure = |index: &Index| Index {
            with: Options::default(),
            tablespace: None,
            statistics: Vec::new(),
            ..index.clone()
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
        statements.extend(set_statistics(
            id,
            &self.statistics,
            &to.statistics,
            context,
        ));
        Alteration::InPlace(statements)
    }

    fn index_key(&self) -> Vec<String> {
        self.keys.iter().map(IndexKey::what).collect()
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::relation(id)]
    }

    fn is_made_anew(&self, _: &Self, id: &ObjectId, context: &Context<'_>) -> bool {
        constraint::is_made_anew(id, context)
    }

    fn when_replaced(
        &self,
        id: &ObjectId,
        dependency: &ObjectId,
        context: &Context<'_>,
    ) -> Reaction {
        constraint::when_replaced(id, dependency, context)
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        if let (Some(predicate), Some(desired)) = (&mut self.predicate, &desired.predicate) {
            predicate.source.clone_from(&desired.source);
        }
        for (key, desired) in self.keys.iter_mut().zip(&desired.keys) {
            if let (Some(expression), Some(desired)) = (&mut key.expression, &desired.expression) {
                expression.source.clone_from(&desired.source);
            }
        }
    }

    fn set_again(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let mut again = set_statistics(id, &[], &self.statistics, context);
        again.extend(super::comment::again(id, context));
        again.extend(extension_dependency::again(id, context));
        again
    }

    fn is_left_over(&self) -> bool {
        self.invalid
    }

    fn finish(&mut self) {
        self.invalid = false;
    }

    fn note(&self) -> Option<&'static str> {
        self.invalid.then_some(
            "an interrupted build left it unusable, and pg_dump leaves it out: the next `diff` makes it anew",
        )
    }

    fn structure(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        // The table may have been renamed or moved before: the index follows its schema.
        let at = crate::sql::quote::qualified(to.schema().unwrap_or_default(), &from.name);
        vec![Statement::sql(format!(
            "ALTER INDEX {at} RENAME TO {}",
            ident(&to.name)
        ))]
    }
}

/// Whether others must go on using the index's relation meanwhile: it is there before and after. Indexes of partitioned
/// tables cannot be made or dropped concurrently
/// (<https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>).
fn stays_usable(id: &ObjectId, context: &Context<'_>) -> bool {
    let is_ordinary =
        |catalog: &super::Catalog| match id.parent.as_deref().map(|it| catalog.get(it)) {
            Some(Some(super::Object::Table(table))) => table.partition_by.is_none(),
            Some(found) => found.is_some(),
            None => false,
        };
    // Of what is made anew nobody uses anything before it is whole.
    context.online
        && id.parent.as_deref().is_some_and(|it| context.keeps(it))
        && !context.before.contains(&id.child(Kind::IndexAttach, ""))
        && is_ordinary(context.before)
        && is_ordinary(context.after)
}

/// Whether the index goes because a column of its relation does, which locks the relation and takes the index along.
fn loses_column(id: &ObjectId, context: &Context<'_>) -> bool {
    context.before.dependencies_of(id).any(|needed| {
        needed.kind == Kind::Column && needed.parent == id.parent && !context.after.contains(needed)
    })
}

/// Whether building the index runs routines that look names up, or its text means an operator that it can't name: a search
/// path is set for one transaction, and a concurrent build is in none.
fn needs_search_path(index: &Index, id: &ObjectId, context: &Context<'_>) -> bool {
    let texts = || {
        let predicate = index.predicate.iter().map(|it| it.text().to_owned());
        let keys = index.keys.iter().map(IndexKey::sql);
        keys.chain(predicate).collect::<Vec<_>>().join(" ")
    };
    if !unnamed_operators::schemas(texts, [id], context.after).is_empty() {
        return true;
    }
    let runs = context
        .after
        .dependencies_of(id)
        .any(|needed| needed.kind == Kind::Function);
    runs && super::bodies::look_up_for([id], id.root(), context)
}

/// ALTER INDEX would carry a target down to the indexes of partitions, which say their own; only ALTER TABLE knows ONLY.
fn set_statistics(
    id: &ObjectId,
    from: &[(i32, i32)],
    to: &[(i32, i32)],
    context: &Context<'_>,
) -> Vec<Statement> {
    let partitioned = match id.parent.as_deref().and_then(|it| context.after.get(it)) {
        Some(super::Object::Table(table)) => table.partition_by.is_some(),
        _ => false,
    };
    let words = if partitioned {
        "ALTER TABLE ONLY"
    } else {
        "ALTER INDEX"
    };
    let head = format!("{words} {}", reference::index(id));
    let set = |place: i32, target: i32| {
        Statement::alter(
            &head,
            format!("ALTER COLUMN {place} SET STATISTICS {target}"),
        )
    };
    let gone = from
        .iter()
        .filter(|(place, _)| !to.iter().any(|(other, _)| other == place))
        .map(|(place, _)| set(*place, -1));
    let new = to
        .iter()
        .filter(|pair| !from.contains(pair))
        .map(|(place, target)| set(*place, *target));
    gone.chain(new).collect()
}
