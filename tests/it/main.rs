//! The one integration test binary: everything here runs on a real PostgreSQL (see `support`).

mod keywords;
mod respell;
mod samples;
mod support;
