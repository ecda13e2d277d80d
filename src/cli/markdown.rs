//! What commands say as Markdown, for a pull request, a ticket or a wiki: names and texts of a database stay text there.

use super::beside::{Beside, subject};
use super::headline::headline;
use super::report::escaped;
use crate::author::{Authored, proven};
use crate::diff::Change;
use crate::html::escape;
use crate::migrate::Written;
use crate::project::shown;

/// A text that stays in its cell and is nothing but text there.
pub(super) fn cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut cell = String::with_capacity(line.len());
    for letter in escaped(&line).chars() {
        match letter {
            '<' => cell.push_str("&lt;"),
            '&' => cell.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '!' | '~' | '@' => {
                cell.push('\\');
                cell.push(letter);
            }
            letter => cell.push(letter),
        }
    }
    cell
}

/// A block whose fence is longer than any run of backticks in it.
pub(super) fn block(language: &str, text: &str) -> String {
    let longest = text
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// A change with its files.
pub(super) fn change(authored: &Authored, files: &[Written]) -> String {
    let lines = headline(authored);
    let beside = Beside::of(authored);
    let count = |wanted: Change| lines.iter().filter(|line| line.change == wanted).count();
    let mut text = format!(
        "### {} to change, {} to add, {} to drop\n\n| | object | | for others |\n| --- | --- | --- | --- |\n",
        count(Change::Alter) + authored.renames.len(),
        count(Change::Create),
        count(Change::Drop),
    );
    for rename in &authored.renames {
        text.push_str(&format!(
            "| `~` | {} | from {} | |\n",
            cell(&rename.to.to_string()),
            cell(&rename.from.name)
        ));
    }
    for line in &lines {
        let mark = match line.change {
            Change::Alter if beside.is_replaced(line.id) => "-/+",
            Change::Create => "+",
            Change::Alter => "~",
            Change::Drop => "-",
        };
        let mut about = vec![beside.about(line)];
        about.extend(beside.below(line));
        about.retain(|it| !it.is_empty());
        text.push_str(&format!(
            "| `{mark}` | {} | {} | {} |\n",
            cell(&format!("{}{}", line.id, line.copies())),
            cell(&about.join("; ")),
            cell(&beside.meaning(line.id))
        ));
    }
    let hazards: Vec<String> = authored
        .up
        .hazards()
        .map(|it| {
            format!(
                "- **{}** {}: {}\n",
                it.code,
                cell(&subject(it)),
                cell(&it.detail)
            )
        })
        .collect();
    if !hazards.is_empty() {
        text.push_str(&format!("\n{}", hazards.concat()));
    }
    text.push_str(&format!(
        "\nProved on scratch: {}.\n",
        cell(&proven(&authored.proof))
    ));
    for file in files {
        for (path, body) in [&file.up, &file.down] {
            text.push_str(&format!(
                "\n<details><summary>{}</summary>\n\n{}\n</details>\n",
                // A block of HTML: what Markdown escapes would be seen.
                escape(&escaped(&shown(path).display().to_string())),
                block("sql", body)
            ));
        }
    }
    text
}
