//! The one integration test binary: everything here runs on a real PostgreSQL (see `support`).

mod keywords;
mod samples;
mod support;
