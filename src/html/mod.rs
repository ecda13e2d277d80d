//! HTML and SVG as text. The rule: whatever came out of a database or a file goes through [`escape`], so that names and
//! comments with markup stay text.

mod highlight;
mod page;

pub use highlight::sql;
pub use page::{Page, anchor};

/// A text as HTML and XML show it, within an element or an attribute in double quotes. What neither can hold, and what turns
/// the direction of the letters that follow, is shown as its escape.
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            '\n' | '\t' => shown.push(letter),
            '\r' => shown.push('\n'),
            letter if letter.is_control() || turns_direction(letter) => {
                shown.extend(letter.escape_default());
            }
            letter => shown.push(letter),
        }
    }
    shown
}

/// Whether a letter is no letter but tells the direction of those that follow, or is none of XML's.
fn turns_direction(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}'
    )
}

/// JSON within a script element: nothing in it ends the element or begins a comment.
pub fn json_in_script(value: &serde_json::Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_stays_text() {
        assert_eq!(
            escape("<script>alert(\"x\" + 'y') & \u{202e}\u{1b}</script>"),
            "&lt;script&gt;alert(&quot;x&quot; + &#39;y&#39;) &amp; \\u{202e}\\u{1b}&lt;/script&gt;"
        );
        let text = json_in_script(&serde_json::json!("</script><!--"));
        assert!(!text.contains('<'), "{text}");
        assert_eq!(
            serde_json::from_str::<String>(&text).unwrap(),
            "</script><!--"
        );
    }

    #[test]
    fn sql_is_coloured_and_stays_the_same_text() {
        let text = "SELECT '<b>' AS \"x & y\", 1 -- <i>\n  FROM t /* > */ WHERE $1 < 2;";
        let shown = sql(text);
        assert!(shown.contains("<i class=k>SELECT</i>"), "{shown}");
        assert!(
            shown.contains("<i class=s>&#39;&lt;b&gt;&#39;</i>"),
            "{shown}"
        );
        let mut plain = String::new();
        let mut inside = false;
        for letter in shown.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                letter if !inside => plain.push(letter),
                _ => {}
            }
        }
        assert_eq!(plain, escape(text));
    }
}
