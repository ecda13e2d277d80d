//! SQL as text: quoting, lexing, splitting, and what can be told of a text without a server. Nothing here does I/O, and
//! nothing here decides whether two texts mean the same: only PostgreSQL does.

pub mod block;
pub mod calls;
pub mod caret;
pub mod changes;
pub mod cluster;
pub mod expression_name;
pub mod hostile;
pub mod keywords;
pub mod lexer;
pub mod placeholder;
pub mod quote;
pub mod references;
pub mod respell;
pub mod roles;
pub mod secret;
pub mod slot;
pub mod split;
pub mod spoken;
pub mod types;
pub mod volatile;
