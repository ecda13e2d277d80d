//! `hook before-apply "scripts/maintenance on"`: a program and its arguments. No shell reads it, so nothing in it is expanded,
//! and what only a shell would understand is a mistake.

use super::read::placeholders;
use crate::kdl::{Diagnostic, NodeReader};

/// When a hook runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookMoment {
    /// Before the first statement.
    BeforeApply,
    /// After success.
    AfterApply,
    /// After failure.
    OnFailure,
}

impl HookMoment {
    /// The word of the project file.
    pub fn word(self) -> &'static str {
        match self {
            HookMoment::BeforeApply => "before-apply",
            HookMoment::AfterApply => "after-apply",
            HookMoment::OnFailure => "on-failure",
        }
    }
}

/// `hook before-apply "…"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// When.
    pub moment: HookMoment,
    /// The program and its arguments, as written.
    pub command: String,
    /// The same, taken apart; never empty.
    pub words: Vec<String>,
}

/// What stands for something in a hook.
const PLACEHOLDERS: &[&str] = &["event", "environment", "database"];

/// What only a shell would understand.
const SHELL: &[&str] = &["|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1"];

impl Hook {
    /// Reads and finishes the node.
    pub(super) fn read(mut n: NodeReader<'_>) -> Option<Hook> {
        let moment = n.word_argument("moment", &["before-apply", "after-apply", "on-failure"]);
        let command = n.text_argument("command");
        let mut words = None;
        if let Some(command) = &command {
            placeholders(&mut n, command, PLACEHOLDERS);
            match split(command) {
                Ok(found) => words = Some(found),
                Err((reason, help)) => n.report(
                    Diagnostic::error("config::hook", reason)
                        .at(command.span, "this command")
                        .help(help),
                ),
            }
        }
        n.finish();
        let moment = match moment?.value {
            "before-apply" => HookMoment::BeforeApply,
            "after-apply" => HookMoment::AfterApply,
            _ => HookMoment::OnFailure,
        };
        Some(Hook {
            moment,
            command: command?.value,
            words: words?,
        })
    }

    /// The words with the placeholders filled; what is filled in stays one word.
    pub fn filled(&self, values: &[(&str, &str)]) -> Vec<String> {
        let fill = |word: &String| {
            // One pass: what a value holds is never read as a placeholder.
            let mut text = String::new();
            let mut rest = word.as_str();
            'next: while let Some(at) = rest.find('{') {
                text.push_str(&rest[..at]);
                rest = &rest[at..];
                for (name, value) in values {
                    let placeholder = format!("{{{name}}}");
                    if let Some(after) = rest.strip_prefix(&placeholder) {
                        text.push_str(value);
                        rest = after;
                        continue 'next;
                    }
                }
                text.push('{');
                rest = &rest[1..];
            }
            text + rest
        };
        self.words.iter().map(fill).collect()
    }
}

/// Takes a command apart at blanks; quotes keep them.
fn split(command: &str) -> Result<Vec<String>, (String, &'static str)> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut quoted = false;
    for letter in command.chars() {
        match (quote, letter) {
            (Some(end), letter) if letter == end => quote = None,
            (Some(_), letter) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                quoted = true;
                word.get_or_insert_default();
            }
            (None, letter) if letter.is_whitespace() => {
                words.extend(word.take());
            }
            (None, letter) => word.get_or_insert_default().push(letter),
        }
    }
    if quote.is_some() {
        return Err((
            "a quote in the command has no end".to_owned(),
            "close it, or put the command into a script",
        ));
    }
    words.extend(word);
    if words.first().is_none_or(String::is_empty) {
        return Err((
            "the command is empty".to_owned(),
            "name a program and its arguments: `hook after-apply \"scripts/healthcheck\"`",
        ));
    }
    let shell = words.iter().find(|word| SHELL.contains(&word.as_str()));
    if let Some(word) = shell.filter(|_| !quoted) {
        return Err((
            format!("no shell reads the command, so `{word}` means nothing"),
            "put it into a script, and name that",
        ));
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &str) -> Vec<String> {
        split(command).unwrap()
    }

    #[test]
    fn a_command_is_taken_apart_as_people_write_it() {
        assert_eq!(
            words("scripts/maintenance on"),
            ["scripts/maintenance", "on"]
        );
        assert_eq!(
            words(" page 'two words' \"it's\" ''  a\"b c\"d "),
            ["page", "two words", "it's", "", "ab cd"]
        );
        assert_eq!(words("echo $HOME *"), ["echo", "$HOME", "*"]);
        for (wrong, told) in [
            ("", "the command is empty"),
            ("'' x", "the command is empty"),
            ("say 'x", "a quote in the command has no end"),
            (
                "a && b",
                "no shell reads the command, so `&&` means nothing",
            ),
        ] {
            assert_eq!(split(wrong).unwrap_err().0, told, "{wrong}");
        }
    }

    #[test]
    fn what_is_filled_in_stays_one_word_and_is_not_read_again() {
        let hook = Hook {
            moment: HookMoment::OnFailure,
            command: String::new(),
            words: words("page {event} x{database}y {"),
        };
        let filled = hook.filled(&[("event", "it failed {database}"), ("database", "shop")]);
        assert_eq!(filled, ["page", "it failed {database}", "xshopy", "{"]);
    }
}
