//! Two texts side by side, with what differs in them. Lines that stay are shown only near those that do not.

use similar::{ChangeTag, DiffOp, TextDiff};

use crate::html::escape;

/// How many lines that stay are shown around a change.
const AROUND: usize = 3;

/// Two texts as the rows of a table: numbers, the text before, the text after.
pub(super) fn sides(before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut rows = String::new();
    for (number, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if number > 0 {
            rows.push_str("<tr class=\"gap\"><td colspan=\"4\">⋯</td></tr>\n");
        }
        for op in group {
            block(&diff, op, &mut rows);
        }
    }
    format!(
        "<table class=\"diff\"><colgroup><col style=\"width:2.5rem\"><col><col style=\"width:2.5rem\"><col></colgroup>\
         <thead><tr><th></th><th scope=\"col\">before</th><th></th><th scope=\"col\">after</th></tr></thead><tbody>\n{rows}</tbody></table>"
    )
}

/// One side of a line: its number and its HTML; none where the other side is longer.
type Side = Option<(usize, String)>;

fn block(diff: &TextDiff<'_, '_, str>, op: &DiffOp, rows: &mut String) {
    let (mut old, mut new): (Vec<Side>, Vec<Side>) = (Vec::new(), Vec::new());
    let equal = matches!(op, DiffOp::Equal { .. });
    for change in diff.iter_inline_changes(op) {
        let mut text = String::new();
        for (emphasised, part) in change.iter_strings_lossy() {
            let part = escape(part.trim_end_matches('\n'));
            match (emphasised, change.tag()) {
                (true, ChangeTag::Delete) => text.push_str(&format!("<del>{part}</del>")),
                (true, ChangeTag::Insert) => text.push_str(&format!("<ins>{part}</ins>")),
                _ => text.push_str(&part),
            }
        }
        if let Some(at) = change.old_index() {
            old.push(Some((at + 1, text.clone())));
        }
        if let Some(at) = change.new_index() {
            new.push(Some((at + 1, text)));
        }
    }
    let lines = old.len().max(new.len());
    old.resize(lines, None);
    new.resize(lines, None);
    for (one, other) in old.iter().zip(&new) {
        rows.push_str("<tr>");
        for (side, class) in [(one, "del"), (other, "ins")] {
            match side {
                Some((number, text)) => {
                    let class = if equal { "" } else { class };
                    rows.push_str(&format!(
                        "<td class=\"no\">{number}</td><td class=\"{class}\">{text}</td>"
                    ));
                }
                None => rows.push_str("<td class=\"no\"></td><td></td>"),
            }
        }
        rows.push_str("</tr>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_marked_and_escaped() {
        let shown = sides("a\nb <i>\nc\n", "a\nb <b>\nc\nd\n");
        assert!(shown.contains("&lt;"), "{shown}");
        assert!(!shown.contains("<i>") && !shown.contains("<b>"), "{shown}");
        assert!(
            shown.contains("<td class=\"no\">4</td><td class=\"ins\">d</td>"),
            "{shown}"
        );
        assert!(shown.contains("class=\"del\""), "{shown}");
    }
}
