//! SQL in colour: the words of the lexer with a class each; nothing is added to the text and nothing lost.

use super::escape;
use crate::sql::lexer::{TokenKind, tokenize};

/// SQL as HTML.
pub fn sql(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() * 2);
    for token in tokenize(text) {
        let class = match token.kind {
            TokenKind::LineComment if token.text.starts_with("-- schemactl:") => "d",
            TokenKind::LineComment | TokenKind::BlockComment => "c",
            TokenKind::String
            | TokenKind::EscapeString
            | TokenKind::UnicodeString
            | TokenKind::NationalString
            | TokenKind::BitString
            | TokenKind::HexString
            | TokenKind::DollarString => "s",
            TokenKind::Number | TokenKind::Param => "n",
            TokenKind::Word if is_keyword(token.text) => "k",
            _ => "",
        };
        if class.is_empty() {
            shown.push_str(&escape(token.text));
        } else {
            shown.push_str(&format!("<i class={class}>{}</i>", escape(token.text)));
        }
    }
    shown
}

/// A word of the grammar as careful statements write it: names are in lower case or in quotes.
fn is_keyword(word: &str) -> bool {
    word.len() > 1
        && word
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}
