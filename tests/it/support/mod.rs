//! What the integration tests stand on: real PostgreSQL servers, databases of their own, and the judge that tells
//! whether two databases are the same. None of it uses the product, so that the judge cannot share its mistakes.
#![allow(dead_code)]

mod dump;
mod server;

#[allow(unused_imports)]
pub(crate) use dump::{assert_same_dump, normalise_dump};
#[allow(unused_imports)]
pub(crate) use server::{TestDatabase, TestServer};

use std::path::PathBuf;

/// The text of a file below tests/samples.
pub(crate) fn sample(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/samples")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
