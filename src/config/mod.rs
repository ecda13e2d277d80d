//! The project file `schemactl.kdl`, the environment variables and the flags → [`Settings`]. Every word of the project
//! file is read into a typed setting: none is ignored in silence.

mod database;
mod duration;
mod environment;
mod error;
mod glob;
mod hook;
mod ignored;
mod lint;
mod migrations;
mod order;
mod paths;
mod project;
mod read;
mod resolve;
mod scope;
mod services;
#[cfg(test)]
mod tests;
mod variables;
mod window;

pub use database::{
    Create, Database, DatabaseGrant, Manage, ManageObjects, Names, RequiredName, Strictness,
    kdl_files,
};
pub use environment::{
    Backup, Confirm, DatabaseUrl, DriftPolicy, Environment, LockRetries, OnStart, Permission,
    Policies, RoleHere, Strategy, Tls, TlsMode,
};
pub use error::ConfigError;
pub use hook::{Hook, HookMoment};
pub use lint::{Allowance, Lint, LintRule, RequiredQuery, RowCounts, Severity, Validate};
pub use project::{Migrations, Project, Scratch, vocabulary};
pub use resolve::{Flags, Origin, Settings, Target};
pub use scope::{Decision, Scope, ScopeLine};
pub use services::Service;
pub use variables::Variables;
pub use window::Window;
