//! The catalogue of hazards: every code that a plan, a file or `lint` can speak of, once. Codes are stable: one is added,
//! never given a second meaning.
//!
//! The rule: docs/hazards.md has a section for every code, with why, an example and the safe form; a test lints both.

use crate::config::Severity;
use crate::kind::HazardClass;

/// An entry of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: &'static str,
    /// What is at stake.
    pub class: HazardClass,
    /// How loud it is where the project does not say.
    pub severity: Severity,
    /// What it is, in one line.
    pub title: &'static str,
}

/// The page with a section for every code.
pub const PAGE: &str = include_str!("../../docs/hazards.md");

const fn entry(
    code: &'static str,
    class: HazardClass,
    severity: Severity,
    title: &'static str,
) -> Entry {
    Entry {
        code,
        class,
        severity,
        title,
    }
}

use HazardClass::{
    Authorization, Availability, Compatibility, Correctness, DataLoss, Design, Irreversible, Rights,
};
use Severity::{Error, Off, Warn};

/// Every hazard, by class.
pub const HAZARDS: &[Entry] = &[
    entry(
        "drop-table",
        DataLoss,
        Error,
        "a table is dropped with its rows",
    ),
    entry(
        "drop-column",
        DataLoss,
        Error,
        "a column is dropped with its values",
    ),
    entry(
        "drop-attribute",
        DataLoss,
        Error,
        "an attribute of a composite type is dropped with its values",
    ),
    entry(
        "drop-sequence",
        DataLoss,
        Error,
        "a sequence is dropped with its position",
    ),
    entry(
        "drop-cascade",
        DataLoss,
        Error,
        "CASCADE drops what nobody named",
    ),
    entry("drop-database", DataLoss, Error, "a database is dropped"),
    entry(
        "narrow-type",
        DataLoss,
        Error,
        "values may not fit the new type",
    ),
    entry(
        "remove-enum-value",
        DataLoss,
        Error,
        "a value of an enum is removed, and rows that hold it stand in the way",
    ),
    entry("truncate", DataLoss, Error, "a table is emptied"),
    entry("delete-all-rows", DataLoss, Error, "DELETE without WHERE"),
    entry(
        "drop-by-hand",
        DataLoss,
        Error,
        "a hand-written object is taken away",
    ),
    entry(
        "delete-rows",
        DataLoss,
        Error,
        "declared rows of a lookup table are deleted",
    ),
    entry(
        "unlogged-table",
        DataLoss,
        Warn,
        "an unlogged table is empty after a crash",
    ),
    entry("drop-schema", Compatibility, Warn, "a schema is dropped"),
    entry(
        "drop-extension",
        Irreversible,
        Warn,
        "an extension is dropped with all that it holds",
    ),
    entry(
        "extension-downgrade",
        Irreversible,
        Warn,
        "the way back from a newer version of an extension is not certain",
    ),
    entry(
        "no-way-back",
        Irreversible,
        Warn,
        "values that are converted do not convert back by themselves",
    ),
    entry(
        "rows-stay-moved",
        Irreversible,
        Warn,
        "rows of a default partition move into a table that is attached, and stay in it on the way back",
    ),
    entry(
        "drop-secret",
        Irreversible,
        Warn,
        "a password that is not recorded is lost",
    ),
    entry(
        "left-slot",
        Irreversible,
        Warn,
        "a replication slot stays behind on the other server",
    ),
    entry("grant", Authorization, Off, "somebody may do more"),
    entry(
        "grant-to-public",
        Authorization,
        Error,
        "everybody may do more",
    ),
    entry("revoke", Authorization, Warn, "somebody may do less"),
    entry(
        "policy",
        Authorization,
        Warn,
        "a policy decides which rows somebody sees",
    ),
    entry(
        "policy-without-row-security",
        Authorization,
        Error,
        "a policy on a table whose row-level security is off decides nothing",
    ),
    entry(
        "row-level-security",
        Authorization,
        Warn,
        "row-level security is switched",
    ),
    entry(
        "security-definer",
        Authorization,
        Warn,
        "a routine runs with the rights of its owner",
    ),
    entry(
        "definer-search-path",
        Authorization,
        Error,
        "a SECURITY DEFINER routine follows the search path of its caller",
    ),
    entry(
        "trusted-language",
        Authorization,
        Warn,
        "everybody may write functions in the language",
    ),
    entry(
        "change-owner",
        Authorization,
        Warn,
        "the owner changes, who may do everything",
    ),
    entry(
        "default-privileges",
        Authorization,
        Off,
        "objects made later are born with other rights",
    ),
    entry(
        "role-membership",
        Authorization,
        Warn,
        "a role gets or loses the rights of another",
    ),
    entry(
        "role-attributes",
        Authorization,
        Warn,
        "what a role may do by itself changes",
    ),
    entry(
        "set-role",
        Authorization,
        Warn,
        "what follows runs with the rights of another role",
    ),
    entry(
        "routine-rights",
        Authorization,
        Warn,
        "a routine runs as another role, as its caller, or before the policies of rows",
    ),
    entry(
        "view-security",
        Authorization,
        Off,
        "whose rights a view reads with, or what it lets through, is said",
    ),
    entry(
        "catalog-write",
        Authorization,
        Error,
        "a table of pg_catalog is written by hand",
    ),
    entry(
        "unread-statement",
        Authorization,
        Off,
        "what it runs can't be read before it runs",
    ),
    entry(
        "security-label",
        Authorization,
        Off,
        "a security label changes",
    ),
    entry(
        "needs-superuser",
        Rights,
        Warn,
        "only a superuser may run it",
    ),
    entry(
        "missing-right",
        Rights,
        Warn,
        "the role that applies may not run it",
    ),
    entry(
        "index-not-concurrent",
        Availability,
        Error,
        "CREATE INDEX keeps writers waiting while it builds",
    ),
    entry(
        "drop-index-not-concurrent",
        Availability,
        Error,
        "DROP INDEX waits for everybody, and everybody for it",
    ),
    entry(
        "reindex-not-concurrent",
        Availability,
        Error,
        "REINDEX keeps writers waiting while it builds",
    ),
    entry(
        "refresh-not-concurrent",
        Availability,
        Warn,
        "REFRESH keeps readers waiting while the query runs",
    ),
    entry(
        "foreign-key-validated",
        Availability,
        Error,
        "a foreign key is checked under a lock that keeps writers waiting",
    ),
    entry(
        "check-validated",
        Availability,
        Error,
        "a check is proven under a lock that keeps everybody waiting",
    ),
    entry(
        "not-null-scan",
        Availability,
        Error,
        "SET NOT NULL reads the table while everybody waits",
    ),
    entry(
        "unique-builds-index",
        Availability,
        Error,
        "a unique constraint builds its index while everybody waits",
    ),
    entry(
        "primary-key-builds-index",
        Availability,
        Error,
        "a primary key builds its index while everybody waits",
    ),
    entry(
        "exclude-builds-index",
        Availability,
        Error,
        "an exclusion constraint builds its index while everybody waits",
    ),
    entry(
        "type-rewrite",
        Availability,
        Error,
        "a change of type writes the table anew while everybody waits",
    ),
    entry(
        "table-copy",
        Availability,
        Error,
        "a table is made anew and its rows are copied while everybody waits",
    ),
    entry(
        "default-rewrite",
        Availability,
        Error,
        "a default that differs by row writes the table anew while everybody waits",
    ),
    entry(
        "generated-rewrite",
        Availability,
        Error,
        "a stored generated column writes the table anew while everybody waits",
    ),
    entry(
        "identity-rewrite",
        Availability,
        Error,
        "a serial or identity column writes the table anew while everybody waits",
    ),
    entry(
        "domain-scan",
        Availability,
        Error,
        "a constraint of a domain is proven on every table that uses it",
    ),
    entry(
        "move-table",
        Availability,
        Error,
        "a table is written to another place while everybody waits",
    ),
    entry(
        "cluster",
        Availability,
        Error,
        "CLUSTER writes the table anew while everybody waits",
    ),
    entry(
        "vacuum-full",
        Availability,
        Error,
        "VACUUM FULL writes the table anew while everybody waits",
    ),
    entry(
        "attach-partition-scan",
        Availability,
        Error,
        "ATTACH PARTITION reads the table while its readers and writers wait",
    ),
    entry(
        "detach-partition-blocks",
        Availability,
        Error,
        "DETACH PARTITION keeps everybody away from the partitioned table",
    ),
    entry(
        "lock-table",
        Availability,
        Warn,
        "LOCK TABLE holds its lock to the end of the transaction",
    ),
    entry(
        "update-all-rows",
        Availability,
        Warn,
        "UPDATE without WHERE writes every row in one transaction",
    ),
    entry(
        "validate-with-add",
        Availability,
        Error,
        "VALIDATE in the transaction that added the constraint keeps its strong lock",
    ),
    entry(
        "work-under-lock",
        Availability,
        Error,
        "long work while the transaction holds a lock that keeps everybody waiting",
    ),
    entry(
        "several-tables-locked",
        Availability,
        Warn,
        "one transaction locks several tables that are in use",
    ),
    entry(
        "drop-index",
        Availability,
        Off,
        "queries that used the index become slow",
    ),
    entry(
        "rename-table",
        Compatibility,
        Error,
        "programs that run know the old name of the table",
    ),
    entry(
        "rename-column",
        Compatibility,
        Error,
        "programs that run know the old name of the column",
    ),
    entry(
        "rename-object",
        Compatibility,
        Warn,
        "programs that run know the old name",
    ),
    entry(
        "drop-object",
        Compatibility,
        Off,
        "programs that run may still use it",
    ),
    entry(
        "drop-not-null",
        Compatibility,
        Warn,
        "programs that run do not expect null",
    ),
    entry(
        "concurrently-in-transaction",
        Correctness,
        Error,
        "PostgreSQL refuses the statement in a transaction",
    ),
    entry(
        "required-column",
        Correctness,
        Error,
        "a column without a value for the rows that are there refuses null",
    ),
    entry(
        "enum-value-in-transaction",
        Correctness,
        Error,
        "a new value of an enum is used in the transaction that adds it",
    ),
    entry(
        "identifier-too-long",
        Correctness,
        Error,
        "PostgreSQL cuts a name after 63 bytes",
    ),
    entry(
        "stale-results",
        Correctness,
        Warn,
        "what holds results of a function, or of text search, is not computed anew when that gives others",
    ),
    entry(
        "left-unvalidated",
        Correctness,
        Warn,
        "a constraint stays NOT VALID",
    ),
    entry(
        "drop-constraint",
        Correctness,
        Warn,
        "nothing guards what the constraint guarded",
    ),
    entry(
        "disable-trigger",
        Correctness,
        Warn,
        "triggers are switched off",
    ),
    entry(
        "partition-trigger",
        Irreversible,
        Warn,
        "a trigger that is switched otherwise on a partition which no file declares is switched there too",
    ),
    entry(
        "publication-without-key",
        Correctness,
        Error,
        "a published table has nothing to tell its rows by",
    ),
    entry(
        "unqualified-name",
        Correctness,
        Warn,
        "a name without a schema depends on the search path",
    ),
    entry(
        "unqualified-body",
        Correctness,
        Warn,
        "the body of a routine names relations without a schema",
    ),
    entry(
        "foreign-key-without-index",
        Design,
        Warn,
        "no index leads with the columns of a foreign key",
    ),
    entry(
        "duplicate-index",
        Design,
        Warn,
        "another index does the same",
    ),
    entry(
        "wide-index",
        Design,
        Off,
        "an index has more than three columns",
    ),
    entry(
        "small-key",
        Design,
        Warn,
        "the key is an integer of four bytes or less",
    ),
    entry(
        "key-near-end",
        Design,
        Error,
        "the numbers of a key run out soon",
    ),
    entry(
        "table-without-key",
        Design,
        Warn,
        "a table has no primary key",
    ),
    entry(
        "timestamp-without-zone",
        Design,
        Warn,
        "timestamp without time zone",
    ),
    entry("time-with-zone", Design, Warn, "time with time zone"),
    entry("char-type", Design, Warn, "character(n) pads with blanks"),
    entry(
        "varchar-limit",
        Design,
        Off,
        "a limit of length in the type",
    ),
    entry("json-type", Design, Warn, "json where jsonb would do"),
    entry(
        "money-type",
        Design,
        Warn,
        "money depends on the locale of the server",
    ),
    entry(
        "serial-column",
        Design,
        Off,
        "serial where an identity column would do",
    ),
    entry(
        "name-required",
        Design,
        Error,
        "a name is not as the project demands",
    ),
];

/// The entry of a code.
pub fn find(code: &str) -> Option<&'static Entry> {
    HAZARDS.iter().find(|entry| entry.code == code)
}

/// The codes that look like a word.
pub fn near(word: &str) -> Vec<&'static str> {
    let mut near: Vec<(f64, &str)> = HAZARDS
        .iter()
        .map(|entry| (strsim::jaro_winkler(entry.code, word), entry.code))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0));
    near.into_iter().take(3).map(|(_, code)| code).collect()
}

/// The section of the page about a code, without its heading.
pub fn section(code: &str) -> Option<&'static str> {
    let heading = format!("\n## {code}\n");
    let start = PAGE.find(&heading)? + heading.len();
    let rest = &PAGE[start..];
    Some(rest[..rest.find("\n## ").unwrap_or(rest.len())].trim())
}
