//! schemactl: describe the PostgreSQL schema that you want in KDL; get reviewed, proven, reversible migrations.
//!
//! Data flows one way. KDL files are read into desired objects (`kdl`, `kind`), elaborated on a scratch PostgreSQL
//! (`scratch`) and read back as a catalog by the same introspection (`pg`) that reads the live database. Two catalogs
//! are compared (`diff`), the changes are planned into ordered steps (`plan`), proven on scratch, and written as
//! numbered files (`migrate`) that are applied to each environment and tracked there.

pub mod author;
pub mod config;
pub mod diff;
pub mod facts;
pub mod graph;
pub mod html;
pub mod kdl;
pub mod kind;
pub mod lint;
pub mod lsp;
pub mod migrate;
pub mod model;
pub mod naming;
pub mod pg;
pub mod plan;
pub mod project;
pub mod reference;
pub mod report;
pub mod scratch;
pub mod sql;
pub mod tools;

#[allow(clippy::print_stdout, clippy::print_stderr)]
pub mod cli;
