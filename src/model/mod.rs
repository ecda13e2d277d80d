//! Pure data: identities, kinds and expressions. Nothing here does I/O or knows SQL text.

mod circle;
mod exit;
mod expression;
mod id;
mod kind;
mod options;

pub use circle::circles;
pub use exit::Exit;
pub use expression::Expression;
pub use id::{ObjectId, QualifiedName, Sharing};
pub use kind::Kind;
pub use options::Options;
