//! The server's side: connections, errors, settings and the catalog. Nothing above this room opens a socket of its own.

pub mod access;
mod away;
pub mod by_hand;
pub mod connect;
pub mod error;
pub mod examine;
pub mod introspect;
pub mod parameters;
pub mod passfile;
pub mod rows;
pub mod service;
pub mod settings;
pub(crate) mod spared;
pub mod target;
pub mod tls;
pub mod unfit;
