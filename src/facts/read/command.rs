//! What a statement is, as far as locks, work and hazards depend on it. Best effort: a statement that is not understood is
//! [`Command::Other`], and nobody takes that for harmless.

use crate::model::QualifiedName;

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// CREATE TABLE, also `AS` a query.
    CreateTable(CreateTable),
    /// ALTER TABLE, and ALTER of what it may be called on: views, indexes, foreign tables.
    AlterTable(AlterTable),
    /// CREATE INDEX.
    CreateIndex(CreateIndex),
    /// DROP of anything that has a name of its own.
    Drop(Removal),
    /// DROP TRIGGER, POLICY or RULE.
    DropPart {
        /// `trigger`, `policy`, `rule`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The relation.
        table: QualifiedName,
    },
    /// CREATE TRIGGER, POLICY or RULE; ALTER POLICY.
    MakePart {
        /// `trigger`, `policy`, `rule`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The relation.
        table: QualifiedName,
        /// Whether it is altered, not made.
        altered: bool,
    },
    /// CREATE STATISTICS.
    CreateStatistics {
        /// Its name.
        name: Option<QualifiedName>,
        /// The table.
        table: QualifiedName,
    },
    /// TRUNCATE.
    Truncate {
        /// The tables.
        tables: Vec<QualifiedName>,
        /// Whether tables that refer to them are emptied too.
        cascade: bool,
    },
    /// INSERT, UPDATE, DELETE, MERGE or COPY FROM.
    Write {
        /// `insert`, `update`, `delete`, `merge`, `copy`.
        verb: &'static str,
        /// The table.
        table: QualifiedName,
        /// Whether WHERE picks rows.
        filtered: bool,
    },
    /// SELECT, VALUES, TABLE, WITH.
    Query {
        /// Whether rows are locked: FOR UPDATE and the like.
        locking: bool,
    },
    /// REFRESH MATERIALIZED VIEW.
    Refresh {
        /// The view.
        view: QualifiedName,
        /// CONCURRENTLY.
        concurrently: bool,
        /// Not `WITH NO DATA`.
        data: bool,
    },
    /// REINDEX.
    Reindex {
        /// `index`, `table`, `schema`, `database`, `system`.
        what: &'static str,
        /// Its name.
        name: Option<QualifiedName>,
        /// CONCURRENTLY.
        concurrently: bool,
    },
    /// CLUSTER.
    Cluster {
        /// The table; none: all that were clustered before.
        table: Option<QualifiedName>,
    },
    /// VACUUM.
    Vacuum {
        /// FULL.
        full: bool,
        /// The tables; none: all.
        tables: Vec<QualifiedName>,
    },
    /// ANALYZE.
    Analyze {
        /// The tables; none: all.
        tables: Vec<QualifiedName>,
    },
    /// LOCK TABLE.
    Lock {
        /// The tables.
        tables: Vec<QualifiedName>,
        /// The words of the mode, `access exclusive`.
        mode: String,
    },
    /// CREATE VIEW or MATERIALIZED VIEW.
    CreateView {
        /// Its name.
        name: QualifiedName,
        /// Whether it keeps rows.
        materialized: bool,
        /// OR REPLACE.
        replace: bool,
        /// Not `WITH NO DATA`.
        data: bool,
        /// Whether WITH says whose rights it reads with.
        security: bool,
    },
    /// CREATE FUNCTION or PROCEDURE.
    CreateRoutine(CreateRoutine),
    /// ALTER FUNCTION, PROCEDURE, ROUTINE.
    AlterRoutine {
        /// Its name.
        name: QualifiedName,
        /// SECURITY DEFINER is switched on.
        definer: bool,
        /// SET search_path is said.
        search_path: bool,
        /// What else of it decides about rights: see [`CreateRoutine::powers`].
        powers: Vec<&'static str>,
    },
    /// CREATE TYPE, its kind of no matter.
    CreateType {
        /// Its name.
        name: QualifiedName,
    },
    /// ALTER TYPE.
    AlterType {
        /// Its name.
        name: QualifiedName,
        /// What of it.
        action: TypeAction,
    },
    /// CREATE DOMAIN.
    CreateDomain {
        /// Its name.
        name: QualifiedName,
        /// The type under it.
        base: String,
        /// Whether it has a check or NOT NULL.
        constrained: bool,
    },
    /// ALTER DOMAIN.
    AlterDomain {
        /// Its name.
        name: QualifiedName,
        /// Whether the columns of its type are read: a constraint that is checked at once, SET NOT NULL, VALIDATE.
        checks: bool,
    },
    /// CREATE or ALTER SEQUENCE.
    Sequence {
        /// Its name.
        name: QualifiedName,
        /// Whether it is made.
        made: bool,
    },
    /// CREATE SCHEMA.
    CreateSchema {
        /// Its name.
        name: String,
        /// AUTHORIZATION.
        owner: Option<String>,
        /// The statements that stand in it.
        elements: Vec<String>,
    },
    /// DROP OWNED and REASSIGN OWNED.
    Owned {
        /// Whose.
        roles: Vec<String>,
        /// Who gets it; none: it is dropped.
        to: Option<String>,
    },
    /// SET ROLE, SET SESSION AUTHORIZATION and their RESET; none: back to who logged in.
    ActAs(Option<String>),
    /// ALTER … RENAME TO, SET SCHEMA or OWNER TO of what is no relation.
    Alter {
        /// `schema`, `sequence`, `type`, `function`, …
        kind: &'static str,
        /// Its name.
        name: QualifiedName,
        /// What happens to it.
        action: AlterAction,
    },
    /// CREATE or ALTER PUBLICATION that names tables.
    Publication {
        /// Its name.
        name: String,
        /// The tables that come in.
        tables: Vec<QualifiedName>,
        /// Whether updates or deletes are published, as far as the statement says.
        changes: bool,
    },
    /// COMMENT ON, SECURITY LABEL ON.
    Comment {
        /// Whether it is a security label.
        label: bool,
        /// `table`, `column`, `index`, …
        kind: String,
        /// The relation or other object.
        name: QualifiedName,
    },
    /// GRANT and REVOKE, of privileges and of roles.
    Grant(Grant),
    /// ALTER DEFAULT PRIVILEGES.
    DefaultPrivileges {
        /// Whether PUBLIC gets something.
        public: bool,
    },
    /// CREATE or ALTER ROLE.
    Role {
        /// Its name.
        name: String,
        /// Whether it is altered.
        altered: bool,
        /// Whether it becomes a superuser, or may pass over row-level security.
        mighty: bool,
        /// The roles that it becomes a member of.
        member_of: Vec<String>,
        /// The roles that become members of it, or lose that.
        members: Vec<String>,
    },
    /// SET, SET LOCAL of the search path.
    SearchPath(Vec<String>),
    /// Another SET, or RESET.
    Setting,
    /// DO.
    Block,
    /// Anything else, by its first words.
    Other(String),
}

/// CREATE TABLE.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CreateTable {
    /// Its name.
    pub name: QualifiedName,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its table constraints, those of columns too.
    pub constraints: Vec<Constraint>,
    /// UNLOGGED.
    pub unlogged: bool,
    /// TEMPORARY.
    pub temporary: bool,
    /// PARTITION BY.
    pub partitioned: bool,
    /// PARTITION OF: the partitioned table.
    pub partition_of: Option<QualifiedName>,
    /// DEFAULT instead of a bound.
    pub default_partition: bool,
    /// INHERITS.
    pub inherits: Vec<QualifiedName>,
    /// LIKE.
    pub like: Vec<QualifiedName>,
    /// AS a query, OF a type: the columns are not said.
    pub other_columns: bool,
    /// FOREIGN TABLE.
    pub foreign: bool,
}

/// A column as a statement defines it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, in PostgreSQL's spelling.
    pub type_name: String,
    /// `serial` and its sizes.
    pub serial: bool,
    /// NOT NULL, by itself or by a primary key.
    pub not_null: bool,
    /// DEFAULT.
    pub default: Option<String>,
    /// GENERATED AS IDENTITY.
    pub identity: bool,
    /// GENERATED … STORED.
    pub stored: bool,
    /// GENERATED … VIRTUAL.
    pub virtual_column: bool,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Its name, where one is said.
    pub name: Option<String>,
    /// What it demands.
    pub demand: Demand,
    /// NOT VALID.
    pub not_valid: bool,
    /// USING INDEX.
    pub using_index: Option<String>,
}

/// What a constraint demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demand {
    /// PRIMARY KEY.
    PrimaryKey(Vec<String>),
    /// UNIQUE.
    Unique(Vec<String>),
    /// FOREIGN KEY.
    ForeignKey {
        /// Its columns.
        columns: Vec<String>,
        /// The table that they refer to.
        references: QualifiedName,
    },
    /// CHECK.
    Check(String),
    /// EXCLUDE.
    Exclude,
    /// NOT NULL of a column, with a name (PostgreSQL 18).
    NotNull(String),
}

/// ALTER TABLE and its like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterTable {
    /// `table`, `index`, `view`, `materialized view`, `foreign table`.
    pub kind: &'static str,
    /// Its name.
    pub name: QualifiedName,
    /// ONLY.
    pub only: bool,
    /// What happens to it.
    pub actions: Vec<Action>,
}

impl AlterTable {
    /// The constraints that it takes away: PostgreSQL does that before all else, so that they prove nothing.
    pub fn dropped(&self) -> Vec<&str> {
        let actions = self.actions.iter();
        actions
            .filter_map(|action| match action {
                Action::DropConstraint { name, .. } => Some(name.as_str()),
                _ => None,
            })
            .collect()
    }
}

/// One action of ALTER TABLE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// ADD COLUMN; its own constraints stand beside it.
    AddColumn(Column, Vec<Constraint>),
    /// DROP COLUMN.
    DropColumn {
        /// Its name.
        column: String,
        /// CASCADE.
        cascade: bool,
    },
    /// ALTER COLUMN TYPE.
    Type {
        /// The column.
        column: String,
        /// The new type.
        type_name: String,
        /// USING.
        using: Option<String>,
    },
    /// SET or DROP DEFAULT.
    Default {
        /// The column.
        column: String,
        /// The new one.
        default: Option<String>,
    },
    /// SET NOT NULL.
    SetNotNull(String),
    /// DROP NOT NULL.
    DropNotNull(String),
    /// Another change of a column: identity, statistics, storage, options.
    Column {
        /// The column.
        column: String,
        /// `statistics`, `options`, `storage`, `compression`, `identity`, `expression`.
        what: &'static str,
    },
    /// ADD CONSTRAINT.
    AddConstraint(Constraint),
    /// VALIDATE CONSTRAINT.
    Validate(String),
    /// DROP CONSTRAINT.
    DropConstraint {
        /// Its name.
        name: String,
        /// CASCADE.
        cascade: bool,
    },
    /// ALTER CONSTRAINT.
    AlterConstraint(String),
    /// RENAME TO.
    Rename(String),
    /// RENAME COLUMN.
    RenameColumn {
        /// The old name.
        from: String,
        /// The new one.
        to: String,
    },
    /// RENAME CONSTRAINT.
    RenameConstraint {
        /// The old name.
        from: String,
        /// The new one.
        to: String,
    },
    /// SET SCHEMA.
    SetSchema(String),
    /// OWNER TO.
    Owner(String),
    /// ENABLE or DISABLE TRIGGER; whether it is switched off.
    Trigger(bool),
    /// ENABLE or DISABLE RULE.
    Rule,
    /// ENABLE, DISABLE, FORCE, NO FORCE ROW LEVEL SECURITY; whether there is less of it afterwards.
    RowSecurity {
        /// ENABLE or DISABLE; none for FORCE and NO FORCE.
        enabled: Option<bool>,
        /// Whether it is switched off.
        less: bool,
    },
    /// CLUSTER ON, SET WITHOUT CLUSTER.
    ClusterOn,
    /// SET TABLESPACE, SET ACCESS METHOD.
    Move(&'static str),
    /// SET LOGGED, SET UNLOGGED; whether it becomes logged.
    Logged(bool),
    /// SET (…), RESET (…): the names of the parameters.
    Options(Vec<String>),
    /// REPLICA IDENTITY.
    ReplicaIdentity,
    /// INHERIT, NO INHERIT: the parent, and whether it is taken on.
    Inherit(QualifiedName, bool),
    /// ATTACH PARTITION.
    Attach {
        /// The table or index that becomes a partition.
        partition: QualifiedName,
        /// Whether it is the default partition.
        default: bool,
    },
    /// DETACH PARTITION.
    Detach {
        /// The partition.
        partition: QualifiedName,
        /// CONCURRENTLY.
        concurrently: bool,
        /// FINALIZE.
        finalize: bool,
    },
    /// Anything else.
    Other,
}

/// CREATE INDEX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateIndex {
    /// Its name, where one is said.
    pub name: Option<String>,
    /// The table.
    pub table: QualifiedName,
    /// UNIQUE.
    pub unique: bool,
    /// CONCURRENTLY.
    pub concurrently: bool,
    /// ON ONLY.
    pub only: bool,
    /// The method, where one is said.
    pub method: Option<String>,
    /// Columns and expressions, as they are written.
    pub keys: Vec<String>,
    /// INCLUDE.
    pub include: Vec<String>,
    /// WHERE.
    pub predicate: Option<String>,
}

/// DROP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// `table`, `index`, `view`, …
    pub kind: &'static str,
    /// The names.
    pub names: Vec<QualifiedName>,
    /// CONCURRENTLY.
    pub concurrently: bool,
    /// CASCADE.
    pub cascade: bool,
}

/// CREATE FUNCTION, CREATE PROCEDURE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRoutine {
    /// Its name.
    pub name: QualifiedName,
    /// Its language, in lower case.
    pub language: String,
    /// SECURITY DEFINER.
    pub definer: bool,
    /// SET search_path.
    pub search_path: bool,
    /// What else of it decides about rights: `leakproof`, `role` (it runs as another one), `invoker`.
    pub powers: Vec<&'static str>,
    /// Whether it returns `trigger`: whoever writes runs it.
    pub trigger: bool,
    /// `AS '…'`, unquoted, or what BEGIN ATOMIC holds.
    pub body: Option<String>,
}

/// What ALTER TYPE does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeAction {
    /// ADD VALUE.
    AddValue {
        /// The value.
        value: String,
        /// BEFORE or AFTER is said.
        placed: bool,
    },
    /// RENAME VALUE.
    RenameValue(String),
    /// ADD, DROP, ALTER ATTRIBUTE; the attribute that is dropped.
    Attribute(Option<String>),
    /// RENAME TO, RENAME ATTRIBUTE.
    Rename,
    /// Anything else.
    Other,
}

/// What ALTER does to an object of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlterAction {
    /// RENAME TO.
    Rename,
    /// SET SCHEMA.
    SetSchema,
    /// OWNER TO.
    Owner,
    /// Anything else.
    Other,
}

/// GRANT or REVOKE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// REVOKE.
    pub revoked: bool,
    /// Whether roles are granted, not privileges.
    pub roles: bool,
    /// What on: `table`, `schema`, `all tables in schema`, …
    pub kind: String,
    /// The objects, or the roles that are granted.
    pub names: Vec<QualifiedName>,
    /// Who gets or loses them; PUBLIC is `public`.
    pub grantees: Vec<String>,
    /// The privileges in lower case.
    pub privileges: Vec<String>,
}
