//! The one integration test binary: everything here runs on a real PostgreSQL (see `support`).
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod cases;
mod cli_exits;
mod cli_input;
mod cli_kdl;
mod cli_support;
mod cli_walk;
mod connect;
mod docs;
mod drift;
mod example;
mod hands;
mod keywords;
mod killed;
mod kinds_relations;
mod kinds_routines;
mod migrate_apply;
mod migrate_history;
mod migrate_support;
mod others;
mod random;
mod respell;
mod rooms;
mod samples;
mod scratch;
mod seed;
mod split;
mod support;
mod transition;
mod types;
