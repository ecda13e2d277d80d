//! Text search: parsers, templates, dictionaries and configurations.

mod configuration;
mod dictionary;
pub(super) mod kdl;
mod parser;
mod template;

pub use configuration::{Mapping, TextSearchConfiguration};
pub use dictionary::TextSearchDictionary;
pub use parser::TextSearchParser;
pub use template::TextSearchTemplate;
