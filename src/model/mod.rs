//! Pure data: identities, definitions and catalogs. Nothing here does I/O or knows SQL text.

mod exit;

pub use exit::Exit;
