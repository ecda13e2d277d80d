//! The frame of every page: one file with its style and script in it, which asks the network for nothing and says so to the
//! browser; dark and light as the reader has it; readable on paper, by keyboard, and without scripts.

use super::escape;

/// The style of all pages.
const CSS: &str = include_str!("page.css");

/// The script of pages that fold, filter and copy.
const SCRIPT: &str = include_str!("page.js");

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The title, as plain text.
    pub title: String,
    /// More style.
    pub style: String,
    /// What is in the body, as HTML.
    pub body: String,
    /// More script, run after that of all pages.
    pub script: String,
    /// Scripts of the same folder that are loaded before, by file name.
    pub files: Vec<String>,
}

impl Page {
    /// The whole file.
    pub fn write(&self) -> String {
        let files: String = self
            .files
            .iter()
            .map(|file| format!("<script src=\"{}\"></script>\n", escape(file)))
            .collect();
        // Files of the same folder are no network; everything else is refused.
        let scripts = if self.files.is_empty() {
            "'unsafe-inline'"
        } else {
            "'unsafe-inline' 'self' file:"
        };
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src {scripts}; img-src data:\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"generator\" content=\"schemactl {}\">\n<title>{}</title>\n<style>\n{CSS}{}</style>\n</head>\n\
             <body>\n<a class=\"skip\" href=\"#main\">To the content</a>\n{}\n{files}<script>\n{SCRIPT}{}</script>\n</body>\n</html>\n",
            env!("CARGO_PKG_VERSION"),
            escape(&self.title),
            self.style,
            self.body,
            self.script
        )
    }
}

/// A word as the target of a link: letters, digits, `.`, `-` and `_`, the others as their numbers, so that no two are the
/// same.
pub fn anchor(text: &str) -> String {
    let mut word = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_') {
            word.push(letter);
        } else {
            word.push_str(&format!("~{:x}~", u32::from(letter)));
        }
    }
    word
}
