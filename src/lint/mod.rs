//! Hazards of migration files, generated and hand-written.

pub mod live;
