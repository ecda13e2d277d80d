//! Tables: what is said of the relation as a whole. Columns, constraints and the tie to a partitioned table are
//! objects of their own.

mod anew;
pub(super) mod kdl;

pub(crate) use anew::puts_aside;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{
    Alteration, Context, Definition, Form, HazardClass, NameSlot, Object, Preflight, Reaction,
    Statement, options, preflight, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, Options, QualifiedName};
use crate::sql::lexer::significant;
use crate::sql::quote::{ident, unquote_ident};

pub(super) use anew::needs_parents_at_birth;

/// A table without its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Table {
    /// Whether it is kept out of the log.
    pub unlogged: bool,
    /// The partition key as `pg_get_partkeydef` prints it: `RANGE (created_at)`.
    pub partition_by: Option<String>,
    /// The composite type of a typed table.
    pub of_type: Option<QualifiedName>,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<String>,
    /// The table access method, where it is not `heap`.
    pub access_method: Option<String>,
    /// Storage parameters, those of the TOAST table as `toast.key`.
    pub with: Options,
    /// The partitioned table, in a desired partition without columns of its own; PostgreSQL fills in the rest.
    #[serde(skip)]
    pub partition_of: Option<(QualifiedName, String)>,
    /// The parents of a desired table; in a catalog each is an object of its own.
    #[serde(skip)]
    pub inherits: Vec<QualifiedName>,
}

/// `INHERITS (a, b)`: the parents that are given, else those of the catalog that the plan leads to.
pub(super) fn inherits(
    id: &ObjectId,
    context: &Context<'_>,
    given: &[QualifiedName],
) -> Vec<String> {
    let mut parents = given.to_vec();
    if parents.is_empty() {
        parents = context
            .after
            .children(id, Kind::Inherits)
            .into_iter()
            .filter_map(|(_, object)| match object {
                super::Object::Inherits(inherits) => Some(inherits.parent.clone()),
                _ => None,
            })
            .collect();
    }
    if parents.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = parents.iter().map(reference::of).collect();
    vec![format!("INHERITS ({})", names.join(", "))]
}

impl Definition for Table {
    const KIND: Kind = Kind::Table;
    const CLASS: &'static str = "pg_class";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        let mut head = format!("CREATE {unlogged}TABLE {}", reference::name(id));
        if let Some(of_type) = &self.of_type {
            head.push_str(&format!(" OF {}", reference::of(of_type)));
        }
        let mut tail = inherits(id, context, &self.inherits);
        if let Some((parent, bound)) = &self.partition_of {
            head.push_str(&format!(" PARTITION OF {}", reference::of(parent)));
            let mut lines = super::column::lines_of_partition(id, context);
            lines.extend(super::not_null::lines_of_partition(id, context));
            if !lines.is_empty() {
                head.push_str(&format!(" (\n    {}\n)", lines.join(",\n    ")));
            }
            tail.push(bound.clone());
        }
        if let Some(key) = &self.partition_by {
            tail.push(format!("PARTITION BY {key}"));
        }
        if let Some(method) = &self.access_method {
            tail.push(format!("USING {}", ident(method)));
        }
        if !self.with.is_empty() {
            tail.push(format!("WITH ({})", options::storage(&self.with)));
        }
        if let Some(tablespace) = &self.tablespace {
            tail.push(format!("TABLESPACE {}", ident(tablespace)));
        }
        // The columns come from the type or the partitioned table: there is no list to put parts into.
        if self.of_type.is_some() || self.partition_of.is_some() {
            return vec![Statement::sql(
                format!("{head} {}", tail.join(" ")).trim_end(),
            )];
        }
        let create = Statement::form(Form::Create {
            head,
            elements: Vec::new(),
            tail: tail.join(" "),
        });
        std::iter::once(create)
            .chain(super::column::declined_defaults(id, context))
            .collect()
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let drop = Statement::sql(format!("DROP TABLE {}", reference::name(id)));
        // Its partitioned table is made anew with the rows of all its partitions.
        let carries = |table: &ObjectId| {
            let both = context.before.get(table).zip(context.after.get(table));
            context.makes(table)
                && both.is_some_and(|(from, to)| from.carry(to, table, context).is_some())
        };
        // They have moved to the default partition.
        let gives_rows = |table: &ObjectId| {
            let tie = table.child(Kind::Partition, "");
            matches!(context.before.get(&tie), Some(Object::Partition(it)) if it.gives_rows(&tie, context))
        };
        let mut above = super::parts::partitioned_tables(id, context.before);
        if gives_rows(id) || above.any(|it| carries(&it) || gives_rows(&it)) {
            return vec![drop];
        }
        let detail = "the table and its rows are dropped";
        vec![drop.hazard("drop-table", HazardClass::DataLoss, id, detail)]
    }

    fn preflight_of_drop(&self, id: &ObjectId, context: &Context<'_>) -> Option<Preflight> {
        preflight::partitions_beside(id, context)
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        if self.partition_by != to.partition_by || self.is_made_anew(to, id, context) {
            return Alteration::Rebuild;
        }
        let head = reference::alter_relation(id);
        let mut statements = Vec::new();
        if self.of_type != to.of_type
            && let Some(of_type) = &to.of_type
        {
            let action = format!("OF {}", reference::of(of_type));
            statements.push(Statement::sql(format!("{head} {action}")));
        }
        if self.access_method != to.access_method {
            if context.server_version < 150_000 {
                return Alteration::Rebuild;
            }
            let method = to.access_method.as_deref().unwrap_or("heap");
            statements.push(Statement::sql(format!(
                "{head} SET ACCESS METHOD {}",
                ident(method)
            )));
        }
        if self.tablespace != to.tablespace {
            let tablespace = to.tablespace.as_deref().unwrap_or("pg_default");
            statements.push(Statement::sql(format!(
                "{head} SET TABLESPACE {}",
                ident(tablespace)
            )));
        }
        if self.unlogged != to.unlogged {
            let state = if to.unlogged { "UNLOGGED" } else { "LOGGED" };
            statements.push(Statement::sql(format!("{head} SET {state}")));
        }
        statements.extend(options::alter(&head, &self.with, &to.with));
        Alteration::InPlace(statements)
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::relation(id), NameSlot::data_type(id)]
    }

    /// The columns of a typed table are its type's: they change by themselves before it becomes one and after it was one.
    fn lets_go(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Option<Vec<Statement>> {
        (self.of_type != to.of_type).then(|| {
            let head = reference::alter_relation(id);
            let was_typed = self.of_type.iter();
            was_typed
                .map(|_| Statement::sql(format!("{head} NOT OF")))
                .collect()
        })
    }

    fn when_replaced(
        &self,
        id: &ObjectId,
        dependency: &ObjectId,
        context: &Context<'_>,
    ) -> Reaction {
        // A typed table is made anew with its type.
        let is_type = |table: &Table| {
            dependency.kind == Kind::Composite
                && table.of_type.as_ref().is_some_and(|of_type| {
                    Some(of_type.schema.as_str()) == dependency.schema()
                        && of_type.name == *dependency.name
                })
        };
        if is_type(self)
            && matches!(context.after.get(id), Some(super::Object::Table(to)) if is_type(to))
        {
            return Reaction::Rebuild;
        }
        // What a table depends on, its parts depend on: they are rebuilt, the rows stay. Only its partition key is its
        // own.
        let of_key = !matches!(
            dependency.kind,
            Kind::Table | Kind::ForeignTable | Kind::Column | Kind::Composite
        );
        if self.partition_by.is_some() && of_key {
            Reaction::Rebuild
        } else {
            Reaction::Ignore
        }
    }

    /// A logged table cannot refer to one that is not.
    fn changes_after(
        &self,
        to: &Self,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<(ObjectId, ObjectId)> {
        if self.unlogged == to.unlogged {
            return Vec::new();
        }
        [context.before, context.after]
            .into_iter()
            .flat_map(super::parts::references)
            .filter_map(|(key, table, referenced)| match to.unlogged {
                true => (referenced == *id).then(|| (table.clone(), key.clone())),
                false => (table == id).then(|| (referenced, key.clone())),
            })
            .filter(|(other, _)| other != id)
            .collect()
    }

    fn is_made_anew(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> bool {
        anew::needs_parents_at_birth(id, context) || anew::deals_anew(self, to, id, context)
    }

    fn carry(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Option<super::Carry> {
        anew::carry(self, to, id, context)
    }

    fn is_rebuilt_with(&self, part: &ObjectId) -> bool {
        let Some(key) = &self.partition_by else {
            return false;
        };
        part.kind == Kind::Column
            && significant(key)
                .iter()
                .any(|token| token.is_ident() && unquote_ident(token.text) == *part.name)
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("TABLE", from, to)
    }
}
