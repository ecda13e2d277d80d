//! The list of object kinds: the grain at which PostgreSQL creates, alters, drops or depends on something by itself.
//! The order of the list is the order in which unrelated objects are created.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $name:literal $sql:literal,)*) => {
        /// What an object is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// Every kind, in the order of creation.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)*];

            /// The word of the KDL language and of messages, `foreign-key`.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name,)* }
            }

            /// The words of SQL that name this kind in COMMENT ON, ALTER and DROP, `FOREIGN TABLE`.
            pub fn sql(self) -> &'static str {
                match self { $(Kind::$kind => $sql,)* }
            }
        }
    };
}

kinds! {
    /// A role of the cluster.
    Role "role" "ROLE",
    /// One role's membership in another.
    RoleMembership "role-membership" "",
    /// A setting of a role: ALTER ROLE SET.
    RoleSetting "role-setting" "",
    /// A setting of the database: ALTER DATABASE SET.
    DatabaseSetting "database-setting" "",
    /// A schema.
    Schema "schema" "SCHEMA",
    /// An extension; its members are no objects of their own.
    Extension "extension" "EXTENSION",
    /// A procedural language.
    Language "language" "LANGUAGE",
    /// A foreign data wrapper.
    ForeignDataWrapper "foreign-data-wrapper" "FOREIGN DATA WRAPPER",
    /// A foreign server.
    Server "server" "SERVER",
    /// A user mapping of a foreign server.
    UserMapping "user-mapping" "USER MAPPING",
    /// A collation.
    Collation "collation" "COLLATION",
    /// An enumerated type.
    Enum "enum" "TYPE",
    /// A value of an enumerated type.
    #[serde(rename = "value")]
    EnumValue "value" "",
    /// A base type that is announced and not yet defined.
    ShellType "shell-type" "TYPE",
    /// A base type.
    BaseType "base-type" "TYPE",
    /// A domain.
    Domain "domain" "DOMAIN",
    /// A check of a domain.
    DomainConstraint "domain-constraint" "CONSTRAINT",
    /// A not-null constraint of a domain with a name or a comment of its own (from PostgreSQL 17).
    DomainNotNull "domain-not-null" "CONSTRAINT",
    /// A composite type that stands by itself.
    Composite "composite" "TYPE",
    /// An attribute of a composite type.
    Attribute "attribute" "COLUMN",
    /// A range type, with its multirange.
    Range "range" "TYPE",
    /// A sequence.
    Sequence "sequence" "SEQUENCE",
    /// A function, window functions included.
    Function "function" "FUNCTION",
    /// A procedure.
    Procedure "procedure" "PROCEDURE",
    /// An aggregate.
    Aggregate "aggregate" "AGGREGATE",
    /// An operator.
    Operator "operator" "OPERATOR",
    /// An index or table access method.
    AccessMethod "access-method" "ACCESS METHOD",
    /// An operator family.
    OperatorFamily "operator-family" "OPERATOR FAMILY",
    /// An operator class.
    OperatorClass "operator-class" "OPERATOR CLASS",
    /// An operator or function added to a family by itself.
    OperatorFamilyMember "operator-family-member" "",
    /// A cast.
    Cast "cast" "CAST",
    /// A transform between a type and a language.
    Transform "transform" "TRANSFORM",
    /// An encoding conversion.
    Conversion "conversion" "CONVERSION",
    /// A text search parser.
    TextSearchParser "text-search-parser" "TEXT SEARCH PARSER",
    /// A text search template.
    TextSearchTemplate "text-search-template" "TEXT SEARCH TEMPLATE",
    /// A text search dictionary.
    TextSearchDictionary "text-search-dictionary" "TEXT SEARCH DICTIONARY",
    /// A text search configuration.
    TextSearchConfiguration "text-search-configuration" "TEXT SEARCH CONFIGURATION",
    /// A table, partitioned or not.
    Table "table" "TABLE",
    /// A foreign table.
    ForeignTable "foreign-table" "FOREIGN TABLE",
    /// A column of a table or foreign table.
    Column "column" "COLUMN",
    /// The default of a column, of a table or a view.
    Default "default" "",
    /// A sequence's tie to the column that owns it.
    SequenceOwner "owned-by" "",
    /// A table's parent by inheritance.
    Inherits "inherits" "",
    /// A primary key.
    PrimaryKey "primary-key" "CONSTRAINT",
    /// A unique constraint.
    Unique "unique" "CONSTRAINT",
    /// A check of a table.
    Check "check" "CONSTRAINT",
    /// A not-null constraint with a name or state of its own (PostgreSQL 18).
    NotNull "not-null" "CONSTRAINT",
    /// An exclusion constraint.
    Exclude "exclude" "CONSTRAINT",
    /// A partition's bound: the tie to its partitioned table.
    Partition "partition" "",
    /// An index that no constraint owns.
    Index "index" "INDEX",
    /// An index's tie to the index of the partitioned table.
    IndexAttach "index-attach" "",
    /// A foreign key.
    ForeignKey "foreign-key" "CONSTRAINT",
    /// A view.
    View "view" "VIEW",
    /// A materialized view.
    MaterializedView "materialized-view" "MATERIALIZED VIEW",
    /// A rewrite rule other than a view's own.
    Rule "rule" "RULE",
    /// Extended statistics.
    Statistics "statistics" "STATISTICS",
    /// The index by which a table was clustered.
    ClusterOn "cluster-on" "",
    /// What of a row the logical log identifies it by.
    ReplicaIdentity "replica-identity" "",
    /// Row-level security switched on, and forced.
    RowLevelSecurity "row-level-security" "",
    /// A row-level security policy.
    Policy "policy" "POLICY",
    /// A trigger.
    Trigger "trigger" "TRIGGER",
    /// How a partition's copy of a trigger is switched.
    TriggerState "trigger-state" "",
    /// A row of a lookup table that the files declare.
    Row "row" "",
    /// A publication.
    Publication "publication" "PUBLICATION",
    /// A table in a publication.
    PublicationTable "publication-table" "",
    /// A schema in a publication.
    PublicationSchema "publication-schema" "",
    /// A subscription.
    Subscription "subscription" "SUBSCRIPTION",
    /// A comment.
    Comment "comment" "",
    /// An owner.
    Owner "owner" "",
    /// A privilege held, or one of PostgreSQL's default privileges taken away.
    Grant "grant" "",
    /// A security label.
    SecurityLabel "security-label" "",
    /// That an object goes with an extension.
    ExtensionDependency "depends-on-extension" "",
    /// A default privilege for objects made later.
    DefaultPrivilege "default-privileges" "",
    /// A hand-written object, which the language does not know.
    Sql "sql" "",
    /// An event trigger: last, because it would fire for all the others.
    EventTrigger "event-trigger" "EVENT TRIGGER",
}

impl Kind {
    /// Whether argument types belong to the identity.
    pub fn has_signature(self) -> bool {
        matches!(
            self,
            Kind::Function | Kind::Procedure | Kind::Aggregate | Kind::Operator
        )
    }

    /// Whether columns and arguments can be of it; a relation is the type of its rows.
    pub fn is_type(self) -> bool {
        matches!(
            self,
            Kind::Enum
                | Kind::Domain
                | Kind::Composite
                | Kind::Range
                | Kind::BaseType
                | Kind::ShellType
                | Kind::Table
                | Kind::View
                | Kind::MaterializedView
                | Kind::ForeignTable
        )
    }

    /// The kind of a name of the KDL language.
    pub fn from_name(name: &str) -> Option<Kind> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The word of ALTER DEFAULT PRIVILEGES for objects of this kind; `None` where there is none.
    pub fn default_privileges_class(self) -> Option<&'static str> {
        Some(match self {
            Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable => "tables",
            Kind::Sequence => "sequences",
            Kind::Function | Kind::Procedure | Kind::Aggregate => "functions",
            Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType => "types",
            Kind::Schema => "schemas",
            _ => return None,
        })
    }

    /// Whether this is written once for all objects: a comment, an owner, a grant, a security label,
    /// a tie to an extension.
    pub fn is_facet(self) -> bool {
        matches!(
            self,
            Kind::Comment
                | Kind::Owner
                | Kind::Grant
                | Kind::SecurityLabel
                | Kind::ExtensionDependency
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
