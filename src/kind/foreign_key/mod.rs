//! Foreign keys. Those that partitions get from their partitioned table are no objects of their own.

pub(super) mod kdl;
mod stand_in;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::online::{self, Reach};
use super::preflight::Rows;
use super::{
    Alteration, Context, Definition, Element, NameSlot, Object, Preflight, Reaction, Stage,
    Statement, constraint, key, parts, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::ident;

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct ForeignKey {
    /// The referencing columns, in order.
    pub columns: Vec<String>,
    /// The referenced table.
    pub references: QualifiedName,
    /// The referenced columns; empty in a desired key that means the primary key.
    pub referenced_columns: Vec<String>,
    /// `cascade`, `restrict`, `set-null` or `set-default`; `None` for no action.
    pub on_delete: Option<String>,
    /// The columns that on_delete sets, where it is not all of them (PostgreSQL 15).
    pub on_delete_columns: Vec<String>,
    /// As `on_delete`.
    pub on_update: Option<String>,
    /// Whether MATCH FULL.
    pub match_full: bool,
    /// `immediate` or `deferred`, where it can be deferred.
    pub deferrable: Option<String>,
    /// Whether old rows were never looked at.
    pub not_valid: bool,
    /// Whether it is only declared (PostgreSQL 18).
    pub not_enforced: bool,
    /// Whether the last pair of columns is a period (PostgreSQL 18).
    pub period: bool,
}

impl ForeignKey {
    /// The foreign keys that can be looked at while others use their tables: this one, or, of a partitioned table, those of its
    /// partitions under the same name. Not where it refers to partitions: what PostgreSQL keeps of such keys is not the same in
    /// all its minor versions.
    fn parts_in_use(
        &self,
        id: &ObjectId,
        table: &ObjectId,
        context: &Context<'_>,
    ) -> Option<Vec<ObjectId>> {
        if online::is_used(table, Reach::Itself, context) {
            return Some(vec![id.clone()]);
        }
        let to = &self.references;
        let to = ObjectId::in_schema(Kind::Table, &to.schema, &to.name);
        let refers_to_partitions = [context.before, context.after]
            .iter()
            .any(|catalog| parts::is_partitioned(&to, catalog));
        let leaves = online::leaves(table, context).filter(|_| !refers_to_partitions)?;
        let is_free = |leaf: &ObjectId| online::is_free(leaf, &id.name, context);
        let own = |leaf: &ObjectId| leaf.child(Kind::ForeignKey, &id.name);
        leaves
            .iter()
            .all(is_free)
            .then(|| leaves.iter().map(own).collect())
    }

    fn definition(&self) -> String {
        let list = |names: &[String]| {
            let mut names: Vec<String> = names.iter().map(|name| ident(name)).collect();
            if let (true, Some(last)) = (self.period, names.last_mut()) {
                *last = format!("PERIOD {last}");
            }
            names.join(", ")
        };
        let mut sql = format!(
            "FOREIGN KEY ({}) REFERENCES {}",
            list(&self.columns),
            reference::of(&self.references)
        );
        if !self.referenced_columns.is_empty() {
            sql.push_str(&format!(" ({})", list(&self.referenced_columns)));
        }
        if self.match_full {
            sql.push_str(" MATCH FULL");
        }
        if let Some(action) = &self.on_update {
            sql.push_str(&format!(" ON UPDATE {}", words(action)));
        }
        if let Some(action) = &self.on_delete {
            sql.push_str(&format!(" ON DELETE {}", words(action)));
            if !self.on_delete_columns.is_empty() {
                sql.push_str(&format!(
                    " ({})",
                    reference::columns(&self.on_delete_columns)
                ));
            }
        }
        sql.push_str(constraint::deferral(self.deferrable.as_deref()));
        if self.not_enforced {
            sql.push_str(" NOT ENFORCED");
        }
        sql
    }
}

/// The foreign keys of the tables above a partition that stays as a table and leaves them: DETACH makes the partition's copies
/// its own, under these identities. Keys of a partitioned table to itself leave nothing.
pub(super) fn left_by_detach<'a>(
    partition: &ObjectId,
    context: &Context<'a>,
) -> Vec<(ObjectId, &'a ForeignKey)> {
    let (before, after) = (context.before, context.after);
    let tie = partition.child(Kind::Partition, "");
    if !before.contains(&tie) || before.get(&tie) == after.get(&tie) || !context.keeps(partition) {
        return Vec::new();
    }
    let above = |table: &ObjectId| parts::partitioned_table(table, before);
    let mut left = Vec::new();
    for table in std::iter::successors(above(partition), above) {
        let to_itself = |key: &ForeignKey| {
            let to = &key.references;
            ObjectId::in_schema(Kind::Table, &to.schema, &to.name) == table
        };
        for (id, object) in before.children(&table, Kind::ForeignKey) {
            let Object::ForeignKey(key) = object else {
                continue;
            };
            // One that goes takes its copies along before.
            let stays = context.keeps(id) && before.get(id) == after.get(id);
            let own = partition.child(Kind::ForeignKey, &id.name);
            if stays && !to_itself(key) && !before.contains(&own) {
                left.push((own, &**key));
            }
        }
    }
    left
}

/// What stands in the way of declared rows that go: rows of others that refer to them, where the key lets none of them go.
pub(crate) fn behind_rows(gone: &[&ObjectId], context: &Context<'_>) -> Vec<Preflight> {
    let mut found = Vec::new();
    for (id, object) in context.before.of_kind(Kind::ForeignKey) {
        let Object::ForeignKey(key) = object else {
            continue;
        };
        let to = ObjectId::in_schema(Kind::Table, &key.references.schema, &key.references.name);
        let refuses = matches!(key.on_delete.as_deref(), None | Some("restrict"));
        let stays = context.keeps(id) && context.before.get(id) == context.after.get(id);
        // A trigger may take away what refers.
        let is_watched = !context.before.children(&to, Kind::Trigger).is_empty();
        if !refuses || !stays || is_watched || key.not_enforced || key.period {
            continue;
        }
        let rows = gone.iter().filter(|row| row.parent.as_deref() == Some(&to));
        let values = rows.filter_map(|row| match context.before.get(row)? {
            Object::Row(row) => row.values_of(&key.referenced_columns),
            _ => None,
        });
        let values: Vec<Vec<&str>> = values.collect();
        if !values.is_empty() {
            let rows = Rows::of(id, context);
            found.extend(rows.and_then(|rows| rows.behind(&key.columns, &to, &values)));
        }
    }
    found
}

/// `set-null` as SQL writes it.
fn words(action: &str) -> String {
    action.replace('-', " ").to_uppercase()
}

impl Definition for ForeignKey {
    const KIND: Kind = Kind::ForeignKey;
    const CLASS: &'static str = "pg_constraint";
    const CATALOG: &'static str = include_str!("catalog.sql");

    /// Values that the referenced table lacks, where rows are looked at that were not before.
    fn preflight(
        &self,
        from: Option<&Self>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<Preflight> {
        let from = from
            .filter(|from| !from.not_valid && !from.not_enforced && from.columns == self.columns);
        if self.not_valid || self.not_enforced || self.period {
            return Vec::new();
        }
        let rows = Rows::of(id, context);
        let is_new = self.match_full && !from.is_some_and(|from| from.match_full);
        let half = rows.as_ref().filter(|_| is_new);
        let half = half.and_then(|rows| rows.half_null(&self.columns));
        let stays = from.is_some_and(|from| {
            from.references == self.references && from.referenced_columns == self.referenced_columns
        });
        if stays {
            return half.into_iter().collect();
        }
        let referenced =
            ObjectId::in_schema(Kind::Table, &self.references.schema, &self.references.name);
        // What would be missing is made before.
        let is_made = stand_in::referenced_rows(self, id, context).is_some();
        let orphans = rows.as_ref().filter(|_| !is_made).and_then(|rows| {
            rows.without_parent(&self.columns, &referenced, &self.referenced_columns)
        });
        orphans.into_iter().chain(half).collect()
    }

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let left = |table: &ObjectId| left_by_detach(table, context);
        let left = id.parent.as_deref().map(left).unwrap_or_default();
        if left.iter().any(|(own, key)| own == id && *key == self) {
            return Vec::new();
        }
        let looks = !self.not_valid && !self.not_enforced;
        let mut statements: Vec<Statement> = Vec::new();
        statements.extend(stand_in::referenced_rows(self, id, context).filter(|_| looks));
        if let Some(parts) = id
            .parent
            .as_deref()
            .filter(|_| looks)
            .and_then(|table| self.parts_in_use(id, table, context))
        {
            let definition = self.definition();
            let apart = |part: &ObjectId| online::validated_apart(part, &definition);
            statements.extend(parts.iter().flat_map(apart));
            // Those of the partitions are taken for its own: no row is looked at.
            if parts != [id.clone()] {
                let whole = constraint::add(id, &definition, false).into_iter();
                statements.extend(whole.map(|it| it.in_stage(Stage::Finish)));
            }
            return statements;
        }
        let not_valid = if self.not_valid && !self.not_enforced {
            " NOT VALID"
        } else {
            ""
        };
        let definition = format!("{}{not_valid}", self.definition());
        statements.extend(constraint::add(id, &definition, false));
        statements
    }

    /// The index that it refers to becomes a key's, as it is.
    fn when_replaced(
        &self,
        _: &ObjectId,
        dependency: &ObjectId,
        context: &Context<'_>,
    ) -> Reaction {
        match dependency.kind == Kind::Index && key::takes(dependency, context) {
            true => Reaction::Ignore,
            false => Reaction::Rebuild,
        }
    }

    fn element(&self, id: &ObjectId, _: &Context<'_>) -> Option<Element> {
        if self.not_valid && !self.not_enforced {
            return None;
        }
        constraint::element(id, &self.definition())
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        constraint::drop(id)
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let structure = |key: &ForeignKey| ForeignKey {
            deferrable: None,
            not_valid: false,
            ..key.clone()
        };
        if structure(self) != structure(to) || (!self.not_valid && to.not_valid) {
            return Alteration::Rebuild;
        }
        let mut statements = Vec::new();
        if self.deferrable != to.deferrable {
            statements.push(constraint::alter_deferral(id, to.deferrable.as_deref()));
        }
        if self.not_valid && !to.not_valid {
            statements.push(online::validate_in(id, context));
        }
        Alteration::InPlace(statements)
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::constraint(id)]
    }

    fn structure(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_part("CONSTRAINT", from, to)
    }
}
