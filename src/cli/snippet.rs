//! The text that a mistake points into, as a terminal shows it: each line within its width, cut around what is pointed at,
//! so that the mark below stands under it.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

use super::report::{escaped, escaped_lines};

/// How wide a tab is shown.
const TAB: usize = 4;
/// What stands for the part that is left out.
const CUT: &str = "…";

/// A text with the line at which it begins in its file.
#[derive(Debug)]
pub(super) struct Snippet {
    name: Option<String>,
    text: String,
    line: usize,
    lines: Vec<Line>,
}

/// A line: where it was, and what of it stands where now.
#[derive(Debug)]
struct Line {
    /// Where it begins in the whole text.
    whole: usize,
    /// Where it begins in the shown one.
    shown: usize,
    /// The bytes of the whole text that are shown.
    from: usize,
    to: usize,
    /// How many bytes stand before them for what is left out.
    lead: usize,
    /// Whether something is left out behind them.
    cut: bool,
}

impl Snippet {
    /// The text of a source for a terminal of so many columns, and the labels as they point into it.
    pub(super) fn of(
        source: &dyn SourceCode,
        labels: &[LabeledSpan],
        columns: usize,
    ) -> Option<(Snippet, Vec<LabeledSpan>)> {
        let contents = source
            .read_span(&SourceSpan::from((0, 0)), 0, usize::MAX / 4)
            .ok()?;
        let whole = escaped_lines(std::str::from_utf8(contents.data()).ok()?);
        let mut snippet = Snippet {
            name: contents.name().map(escaped),
            text: String::with_capacity(whole.len()),
            line: contents.line(),
            lines: Vec::new(),
        };
        let last = contents.line() + whole.matches('\n').count() + 1;
        // The number, blanks and bars; the bars of what goes over several lines.
        let room = columns.saturating_sub(last.to_string().len() + 4);
        let mut at = 0;
        for line in whole.split_inclusive('\n') {
            snippet.take(at, line, labels, room);
            at += line.len();
        }
        let labels = labels.iter().map(|label| {
            let (from, to) = (label.offset(), label.offset() + label.len());
            let (from, to) = (snippet.shown(from), snippet.shown(to));
            let text = label.label().map(str::to_owned);
            LabeledSpan::new_with_span(text, (from, to.saturating_sub(from)))
        });
        let labels = labels.collect();
        Some((snippet, labels))
    }

    fn take(&mut self, at: usize, line: &str, labels: &[LabeledSpan], room: usize) {
        let said = line.trim_end_matches('\n');
        let mut from = 0;
        let mut to = said.len();
        if columns(said) > room {
            let inside = |label: &&LabeledSpan| (at..=at + said.len()).contains(&label.offset());
            let inside = || labels.iter().filter(inside);
            let first = inside().map(|it| it.offset() - at).min().unwrap_or(0);
            let needed = |label: &LabeledSpan| {
                let begin = label.offset() - at;
                let marked = part(said, begin, begin + label.len());
                let words = label.label().map_or(0, |it| columns(it) + TAB);
                let mark = columns(marked);
                columns(part(said, first, begin)) + mark.max(mark / 2 + words)
            };
            let needed = inside().map(needed).max().unwrap_or(0) + 2;
            if columns(&said[..first]) + needed > room {
                // A little of what stands before it, to find the place.
                let before = (room / 4).min(room.saturating_sub(needed));
                let mut kept = 0;
                from = first;
                for (place, letter) in said[..first].char_indices().rev() {
                    kept += wide(letter);
                    if kept > before {
                        break;
                    }
                    from = place;
                }
            }
            let lead = usize::from(from > 0);
            let mut kept = lead;
            for (place, letter) in said[from..].char_indices() {
                kept += wide(letter);
                if kept > room.saturating_sub(1) {
                    to = from + place;
                    break;
                }
            }
        }
        let lead = if from > 0 { CUT } else { "" };
        self.lines.push(Line {
            whole: at,
            shown: self.text.len(),
            from: at + from,
            to: at + to,
            lead: lead.len(),
            cut: to < said.len(),
        });
        self.text.push_str(lead);
        self.text.push_str(&said[from..to]);
        if to < said.len() {
            self.text.push_str(CUT);
        }
        self.text.push_str(&line[said.len()..]);
    }

    /// Where a place of the whole text stands in the shown one.
    fn shown(&self, at: usize) -> usize {
        let next = self.lines.partition_point(|line| line.whole <= at);
        let Some(line) = next.checked_sub(1).and_then(|it| self.lines.get(it)) else {
            return at.min(self.text.len());
        };
        let ends = self.lines.get(next).map_or(self.text.len(), |it| it.shown);
        let within = at.clamp(line.from, line.to.max(line.from)) - line.from;
        // What ends a line is no part of what was cut.
        let beyond = match line.cut {
            true => 0,
            false => at.saturating_sub(line.to).min(1),
        };
        (line.shown + line.lead + within + beyond).min(ends)
    }

    /// The column of a place of the shown text in its whole line, in bytes.
    fn column(&self, at: usize) -> Option<usize> {
        let next = self.lines.partition_point(|line| line.shown <= at);
        let line = &self.lines[next.checked_sub(1)?];
        Some((at - line.shown).saturating_sub(line.lead) + line.from - line.whole)
    }
}

/// A part of a line, as far as there is one.
fn part(line: &str, from: usize, to: usize) -> &str {
    line.get(from..to.min(line.len())).unwrap_or_default()
}

fn wide(letter: char) -> usize {
    match letter {
        '\t' => TAB,
        letter => letter.width().unwrap_or(0),
    }
}

fn columns(text: &str) -> usize {
    text.chars().map(wide).sum()
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, before, after)?;
        let (data, at) = (contents.data(), *contents.span());
        let (line, lines) = (contents.line() + self.line, contents.line_count());
        // The place that is named is that of the file.
        let column = match (before, after) {
            (0, 0) => self.column(span.offset()),
            _ => None,
        };
        let column = column.unwrap_or(contents.column());
        Ok(Box::new(match &self.name {
            Some(name) => {
                MietteSpanContents::new_named(name.clone(), data, at, line, column, lines)
            }
            None => MietteSpanContents::new(data, at, line, column, lines),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shown text, with what a label points at.
    fn shown(text: &str, marked: &str, columns: usize) -> (String, String, usize) {
        let text = text.to_owned();
        let label = LabeledSpan::new_with_span(
            Some("unknown".to_owned()),
            (text.find(marked).unwrap(), marked.len()),
        );
        let (snippet, labels) = Snippet::of(&text, &[label], columns).unwrap();
        let (from, len) = (labels[0].offset(), labels[0].len());
        let column = snippet.read_span(labels[0].inner(), 0, 0).unwrap().column();
        let at = snippet.text[from..from + len].to_owned();
        (snippet.text, at, column)
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_pointed_at() {
        let (text, at, column) = shown("one two three\nfour\n", "three", 80);
        assert_eq!(
            (&*text, &*at, column),
            ("one two three\nfour\n", "three", 8)
        );
        let long = format!(
            "{} here {}\n{}\n",
            "a".repeat(90),
            "b".repeat(90),
            "c".repeat(90)
        );
        let (text, at, column) = shown(&long, "here", 40);
        assert_eq!((&*at, column), ("here", 91));
        for line in text.lines() {
            assert!(line.chars().count() <= 35, "{line}");
        }
        assert!(
            text.starts_with("…aaa") && text.contains("a here b"),
            "{text}"
        );
        assert!(
            text.contains("b…\ncccc") && text.ends_with("c…\n"),
            "{text}"
        );
        // What is near the beginning keeps it.
        let (text, at, _) = shown(&format!("x here {}", "b".repeat(90)), "here", 40);
        assert!(text.starts_with("x here bbb") && at == "here", "{text}");
        // A terminal that has no room at all.
        let (_, at, _) = shown(&long, "here", 3);
        assert!(at.len() <= 4, "{at}");
    }

    #[test]
    fn letters_of_two_columns_are_counted_as_two() {
        let long = format!("{} here", "表".repeat(40));
        let (text, at, column) = shown(&long, "here", 40);
        assert_eq!((&*at, column), ("here", 121));
        assert!(columns(&text) <= 36, "{text}");
    }
}
