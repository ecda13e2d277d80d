//! KDL text ↔ nodes with spans. This room knows the language's rules (argument, property, child, flag, slot) and no
//! object kind: a kind asks a [`NodeReader`] for words, and what was never asked for is reported as unknown.
//!
//! Text is read by the `kdl` crate; [`Sources`] turns its documents into plain [`Node`]s and every mistake of every
//! file into [`Diagnostics`].

mod arrange;
mod cursor;
mod diagnosed;
mod diagnostic;
mod format;
#[cfg(test)]
mod format_tests;
mod graft;
mod inside;
mod lexer;
mod literal;
mod mask;
mod mend;
#[cfg(test)]
mod mend_tests;
mod node;
mod pinpoint;
mod prune;
mod reader;
mod slot;
mod source;
mod span;
mod splice;
mod structure;
mod text;
mod trap;
#[cfg(test)]
mod trap_tests;
mod words;
mod writer;

pub use arrange::{Arrangement, AsWritten, Level, Seat};
pub use cursor::{Cursor, Head, Standing};
pub use diagnosed::{Diagnosed, Labelled, Weight};
pub use diagnostic::{Diagnostic, Diagnostics, Mistakes};
pub use format::{arranged, format, same_nodes};
pub use graft::{Graft, Stray, take_out};
pub use inside::{lies_within, shown};
pub use literal::{Inside, inside, parses, respelled};
pub use node::{Entry, Node, TextStyle, Unread, Value};
pub use pinpoint::SqlOrigin;
pub use prune::{Pruned, prune};
pub use reader::{NodeReader, unknown_node};
pub(crate) use slot::quoted_part;
pub use slot::{Literal, Path, TextOrEnvironment};
pub use source::{Source, Sources};
pub use span::{SourceId, Span, Spanned};
pub use splice::{Cutting, Splice, Written};
pub use text::{sql_literal, text_literal};
pub use words::{Asked, Slot, nearest, suggestion, words_of, words_of_whole};
pub use writer::NodeWriter;
