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

#[cfg(test)]
mod tests {
    use super::CSS;

    fn color(light: &str, name: &str) -> [f64; 3] {
        let at = light.find(&format!("--{name}:#")).unwrap() + name.len() + 4;
        let digits = light[at..].split([';', '}']).next().unwrap();
        let digits = match digits.len() {
            3 => digits.chars().flat_map(|it| [it, it]).collect(),
            _ => digits.to_owned(),
        };
        [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0)
    }

    /// The contrast of WCAG 2.
    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let linear = |it: f64| match it {
            it if it <= 0.04045 => it / 12.92,
            it => ((it + 0.055) / 1.055).powf(2.4),
        };
        let light = |[red, green, blue]: [f64; 3]| {
            0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) + 0.05
        };
        let (one, other) = (light(one), light(other));
        one.max(other) / one.min(other)
    }

    #[test]
    fn words_are_read_on_their_ground() {
        for theme in CSS.split("prefers-color-scheme:dark").take(2) {
            for class in ["added", "dropped", "changed"] {
                let ground = color(theme, &format!("{class}-bg"));
                let found = contrast(color(theme, class), ground);
                assert!(found >= 4.5, "{class}: {found}");
            }
            for ground in ["bg", "panel"] {
                let found = contrast(color(theme, "dim"), color(theme, ground));
                assert!(found >= 4.5, "dim on {ground}: {found}");
            }
        }
        // No heading stands alone at the foot of a page.
        assert!(CSS.contains("break-after:avoid"));
    }
}
