//! schemactl: describe the PostgreSQL schema that you want in KDL; get reviewed, proven, reversible migrations.
//!
//! Programs use [`embed`]: a service that brings its database up to date when it starts, a test that looks whether a database is
//! what the KDL files say. It is the supported part of this crate and follows semantic versioning; everything else is the inside
//! of the command line, documented for those who work on it, and may change with any release.
//!
//! ```no_run
//! use schemactl::embed::{Apply, Project};
//!
//! # async fn start() -> Result<(), schemactl::embed::Error> {
//! let mut database = Project::load("db")?.connect("postgres://localhost/shop").await?;
//! let applied = database.apply(&Apply::default(), &mut |_event| {}).await?;
//! println!("{} migrations ran, now at {:?}", applied.len(), database.status().await?.at);
//! # Ok(())
//! # }
//! ```
//!
//! # How it works
//!
//! Data flows one way. KDL files are read into desired objects (`kdl`, `kind`), elaborated on a scratch PostgreSQL
//! (`scratch`) and read back as a catalog by the same introspection (`pg`) that reads the live database. Two catalogs
//! are compared (`diff`), the changes are planned into ordered steps (`plan`), proven on scratch, and written as
//! numbered files (`migrate`) that are applied to each environment and tracked there.

pub mod author;
pub mod config;
pub mod diff;
pub mod embed;
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
