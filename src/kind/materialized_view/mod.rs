//! Materialized views; their indexes are objects of their own. A new query means a new view: its indexes and the like
//! are put back, and it is filled again where it was filled.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::{
    Alteration, Catalog, Context, Definition, NameSlot, Object, Reaction, Statement, grant,
    options, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId, Options};
use crate::sql::quote::ident;

/// A materialized view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct MaterializedView {
    /// The query, without a semicolon.
    pub query: Expression,
    /// Whether it holds rows that can be read.
    pub populated: bool,
    /// The columns that the query gives; in a desired view only those of which something is said.
    pub columns: Vec<MaterializedColumn>,
    /// Storage parameters, those of the TOAST table as `toast.key`.
    pub with: Options,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<String>,
    /// The table access method, where it is not `heap`.
    pub access_method: Option<String>,
}

/// A column of a materialized view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct MaterializedColumn {
    /// Its name.
    pub name: String,
    /// Its type as `format_type` prints it; empty in a desired view.
    pub data_type: String,
    /// `plain`, `external`, `main` or `extended`, where it is not the type's own.
    pub storage: Option<String>,
    /// `pglz` or `lz4`, where it is said.
    pub compression: Option<String>,
    /// How fine ANALYZE looks, where it is said.
    pub statistics_target: Option<i32>,
    /// `n_distinct` and the like.
    pub options: Options,
}

impl MaterializedColumn {
    /// The actions that lead to other settings.
    fn changes(&self, to: &MaterializedColumn) -> Vec<String> {
        let MaterializedColumn {
            name,
            data_type: _,
            storage,
            compression,
            statistics_target,
            options,
        } = self;
        let column = format!("ALTER COLUMN {}", ident(name));
        let mut actions = Vec::new();
        if storage != &to.storage {
            let storage = match &to.storage {
                Some(storage) => storage.to_uppercase(),
                None => super::column::usual_storage(&to.data_type).to_owned(),
            };
            actions.push(format!("{column} SET STORAGE {storage}"));
        }
        if compression != &to.compression {
            let method = to.compression.as_deref().unwrap_or("default");
            actions.push(format!("{column} SET COMPRESSION {method}"));
        }
        if statistics_target != &to.statistics_target {
            let target = to.statistics_target.unwrap_or(-1);
            actions.push(format!("{column} SET STATISTICS {target}"));
        }
        let (set, reset) = options.changes(&to.options);
        if !reset.is_empty() {
            actions.push(format!("{column} RESET ({})", options::keys(&reset)));
        }
        if !set.is_empty() {
            actions.push(format!("{column} SET ({})", options::pairs(set)));
        }
        actions
    }

    fn plain(&self) -> MaterializedColumn {
        MaterializedColumn {
            name: self.name.clone(),
            data_type: self.data_type.clone(),
            ..MaterializedColumn::default()
        }
    }
}

impl MaterializedView {
    fn settings(
        from: &[MaterializedColumn],
        to: &[MaterializedColumn],
        id: &ObjectId,
    ) -> Vec<Statement> {
        let head = reference::alter_relation(id);
        let mut statements = Vec::new();
        for column in to {
            let before = from
                .iter()
                .find(|before| before.name == column.name)
                .cloned()
                .unwrap_or_else(|| column.plain());
            let actions = before.changes(column);
            statements.extend(
                actions
                    .into_iter()
                    .map(|action| Statement::alter(&head, action)),
            );
        }
        statements
    }
}

impl Definition for MaterializedView {
    const KIND: Kind = Kind::MaterializedView;
    const CLASS: &'static str = "pg_class";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let mut sql = format!("CREATE MATERIALIZED VIEW {}", reference::name(id));
        if let Some(method) = &self.access_method {
            sql.push_str(&format!(" USING {}", ident(method)));
        }
        if !self.with.is_empty() {
            sql.push_str(&format!(" WITH ({})", options::storage(&self.with)));
        }
        if let Some(tablespace) = &self.tablespace {
            sql.push_str(&format!(" TABLESPACE {}", ident(tablespace)));
        }
        sql.push_str(" AS\n");
        sql.push_str(self.query.text());
        if !self.populated {
            sql.push_str("\nWITH NO DATA");
        }
        let mut statements = vec![Statement::sql(sql)];
        statements.extend(Self::settings(&[], &self.columns, id));
        statements
    }

    fn when_replaced(&self, _: &ObjectId, dependency: &ObjectId, _: &Context<'_>) -> Reaction {
        // Rows that were read stay, whoever may read them from then on.
        match dependency.kind {
            Kind::Owner | Kind::Grant => Reaction::Ignore,
            _ => Reaction::Rebuild,
        }
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        vec![Statement::sql(format!(
            "DROP MATERIALIZED VIEW {}",
            reference::name(id)
        ))]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let MaterializedView {
            query,
            populated,
            columns,
            with,
            tablespace,
            access_method,
        } = self;
        let plain = |columns: &[MaterializedColumn]| -> Vec<MaterializedColumn> {
            columns.iter().map(MaterializedColumn::plain).collect()
        };
        if query != &to.query || plain(columns) != plain(&to.columns) {
            return Alteration::Rebuild;
        }
        let head = reference::alter_relation(id);
        let mut statements = Vec::new();
        if access_method != &to.access_method {
            if context.server_version < 150_000 {
                return Alteration::Rebuild;
            }
            let method = to.access_method.as_deref().unwrap_or("heap");
            statements.push(Statement::sql(format!(
                "{head} SET ACCESS METHOD {}",
                ident(method)
            )));
        }
        if tablespace != &to.tablespace {
            let tablespace = to.tablespace.as_deref().unwrap_or("pg_default");
            statements.push(Statement::sql(format!(
                "{head} SET TABLESPACE {}",
                ident(tablespace)
            )));
        }
        statements.extend(options::alter(&head, with, &to.with));
        statements.extend(Self::settings(columns, &to.columns, id));
        if to.populated && !populated && context.stand_in && !owner_may_read(id, context.before) {
            return Alteration::Rebuild;
        }
        if *populated != to.populated {
            let how = if to.populated { "" } else { " WITH NO DATA" };
            statements.push(Statement::sql(format!(
                "REFRESH MATERIALIZED VIEW {}{how}",
                reference::name(id)
            )));
        }
        Alteration::InPlace(statements)
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::relation(id), NameSlot::data_type(id)]
    }

    /// The scratch database fills no materialized view: whether it is filled is the author's word.
    fn adopt_spelling(&mut self, desired: &Self) {
        self.query.source.clone_from(&desired.query.source);
        self.populated = desired.populated;
    }

    fn leave_rows_out(&mut self) {
        self.populated = false;
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        Some(kdl::write(self, id, writing))
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("MATERIALIZED VIEW", from, to)
    }
}

/// Whether the owner may read what stands below, as far as privileges say: only then a REFRESH, which reads it in the owner's
/// name, can bring back what somebody else filled.
fn owner_may_read(id: &ObjectId, catalog: &Catalog) -> bool {
    let Some(owner) = grant::owner(id, catalog) else {
        return true;
    };
    let may = |relation: &ObjectId| {
        grant::owner(relation, catalog).is_none_or(|it| it == owner)
            || [owner, "public"].iter().any(|role| {
                let select = relation.child(Kind::Grant, role).with_signature("SELECT");
                matches!(catalog.get(&select), Some(Object::Grant(it)) if it.granted)
            })
    };
    let needed = catalog.dependencies_of(id);
    needed
        .filter(|it| READ.contains(&it.kind))
        .all(|it| may(it.whole()))
}

/// What a query reads.
const READ: &[Kind] = &[
    Kind::Table,
    Kind::View,
    Kind::MaterializedView,
    Kind::ForeignTable,
    Kind::Column,
];
