//! Names and comments from a database are hostile text: what steers a terminal, ends a line or turns the direction of writing is
//! shown as an escape.

use std::borrow::Cow;

/// Whether a letter is shown as it is: no control character, nothing that ends a line or turns the direction.
pub fn is_harmless(letter: char) -> bool {
    !letter.is_control()
        && !matches!(
            letter,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
        )
}

/// The text with all that is not harmless as `\u{1b}`.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match is_harmless(letter) {
            true => shown.push(letter),
            false => shown.extend(letter.escape_default()),
        }
    }
    Cow::Owned(shown)
}
