//! `postgres install`: PostgreSQL's binaries for machines that have none.

use super::arguments::{Postgres, PostgresCommand};
use super::context::Context;
use super::failure::{Failure, NotBuiltYet};
use crate::model::Exit;

pub(super) async fn run(_: &Context, options: &Postgres) -> Result<Exit, Failure> {
    let PostgresCommand::Install { .. } = &options.command;
    Err(NotBuiltYet::word("`schemactl postgres install`"))
}
