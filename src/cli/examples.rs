//! The examples of `--help`: at least one a command, each tried against the parser by a test.

use anstyle::Style;
use clap::{Command, CommandFactory};

use super::arguments::Arguments;

/// The path of a command below `schemactl`, and lines that a person types.
const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "schemactl init shop",
            "schemactl diff add_orders",
            "schemactl apply --env staging",
            "schemactl status",
        ],
    ),
    (
        "init",
        &[
            "schemactl init shop",
            "schemactl init shop --from postgres://localhost/shop",
        ],
    ),
    (
        "inspect",
        &[
            "schemactl inspect --url postgres://localhost/shop",
            "schemactl inspect --env production --output schema",
            "schemactl inspect --env production --format sql > shop.sql",
        ],
    ),
    (
        "check",
        &[
            "schemactl check",
            "schemactl check --explain",
            "schemactl check --format json",
        ],
    ),
    (
        "fmt",
        &[
            "schemactl fmt",
            "schemactl fmt --check schema",
            "schemactl fmt --prune",
        ],
    ),
    (
        "diff",
        &[
            "schemactl diff add_orders",
            "schemactl diff --dry-run --env staging",
            "schemactl diff drop_cart --drop table:shop.cart",
            "schemactl diff --from migrations --exit-code",
            "schemactl diff --from migrations --format markdown",
            "schemactl diff add_phone --service crm",
        ],
    ),
    (
        "new",
        &[
            "schemactl new backfill_totals",
            "schemactl new reindex_orders --no-transaction",
        ],
    ),
    (
        "verify",
        &[
            "schemactl verify",
            "schemactl verify --scratch postgres://localhost:5433/postgres",
        ],
    ),
    (
        "lint",
        &["schemactl lint", "schemactl lint --offline --format github"],
    ),
    (
        "apply",
        &[
            "schemactl apply --env staging",
            "schemactl apply --env production --dry-run",
            "schemactl apply --env production --approve 7f3a-91c2-0b5e-44d1-9c03-a6f2-58e7-1d4b",
            "schemactl apply --env staging --to 000012 --yes",
            "schemactl apply --env staging --service crm",
        ],
    ),
    (
        "plan",
        &[
            "schemactl plan --env production",
            "schemactl plan --env production --to 000012 --format json",
        ],
    ),
    (
        "rollback",
        &[
            "schemactl rollback --env staging",
            "schemactl rollback --env staging --steps 2",
            "schemactl rollback --env staging --to 000010",
            "schemactl rollback --service auth --with-dependents",
        ],
    ),
    (
        "status",
        &[
            "schemactl status",
            "schemactl status --env production --check",
        ],
    ),
    (
        "log",
        &[
            "schemactl log --env production",
            "schemactl log --env production -n 5 --format json",
            "schemactl log --label OPS-41",
            "schemactl log --format markdown",
        ],
    ),
    (
        "show",
        &[
            "schemactl show 000012 --env production",
            "schemactl show auth/3",
        ],
    ),
    (
        "drift",
        &[
            "schemactl drift --env production",
            "schemactl drift --env production --fix",
            "schemactl drift --env production --accept",
        ],
    ),
    (
        "baseline",
        &[
            "schemactl baseline --env production",
            "schemactl baseline --env production --to 000007",
            "schemactl baseline --env production --history",
            "schemactl baseline --env production --history core.migration_log --dry-run",
            "schemactl baseline --history flyway_schema_history --files db/sql",
            "schemactl baseline --history app.versions --column version=no --column name=title",
        ],
    ),
    (
        "repair",
        &[
            "schemactl repair --env production",
            "schemactl repair --env production --done",
            "schemactl repair --env staging --copied-from production",
        ],
    ),
    (
        "restamp",
        &["schemactl restamp", "schemactl restamp 000012 000013"],
    ),
    ("redo", &["schemactl redo --env local"]),
    ("tag", &["schemactl tag v1.4 --env production"]),
    (
        "squash",
        &[
            "schemactl squash --to 000040 --dry-run",
            "schemactl squash first_year --to 000040",
        ],
    ),
    (
        "seed",
        &[
            "schemactl seed --env local",
            "schemactl seed --env local --again",
        ],
    ),
    (
        "sync",
        &["schemactl sync --env local", "schemactl sync --dry-run"],
    ),
    ("reset", &["schemactl reset --env local"]),
    ("create", &["schemactl create --env local"]),
    ("graph", &["schemactl graph"]),
    ("report", &["schemactl report"]),
    ("docs", &["schemactl docs"]),
    (
        "access",
        &[
            "schemactl access reporting --env production",
            "schemactl access reporting --on auth.users --format json",
        ],
    ),
    ("doctor", &["schemactl doctor"]),
    ("explain", &["schemactl explain kdl::dangling"]),
    ("lsp", &["schemactl lsp", "schemactl lsp --project shop"]),
    ("postgres", &["schemactl postgres install 17"]),
    (
        "postgres install",
        &[
            "schemactl postgres install 17",
            "schemactl postgres install 16.14.0-beta.17",
        ],
    ),
    (
        "completions",
        &[
            "schemactl completions bash > ~/.local/share/bash-completion/completions/schemactl",
            "schemactl completions zsh > ~/.zfunc/_schemactl",
            "schemactl completions fish > ~/.config/fish/completions/schemactl.fish",
            "schemactl completions powershell >> $PROFILE",
        ],
    ),
    (
        "json-schema",
        &[
            "schemactl json-schema plan",
            "schemactl json-schema --output schemas",
        ],
    ),
    (
        "man",
        &[
            "schemactl man | man -l -",
            "schemactl man apply | man -l -",
            "schemactl man --output ~/.local/share/man/man1",
            "schemactl man --format markdown > commands.md",
        ],
    ),
];

/// The command line, every command with its examples.
pub(super) fn command() -> Command {
    with_examples(Arguments::command(), "")
}

fn with_examples(mut command: Command, path: &str) -> Command {
    let below: Vec<String> = command
        .get_subcommands()
        .map(|it| it.get_name().to_owned())
        .collect();
    for name in below {
        let path = format!("{path} {name}").trim().to_owned();
        command = command.mut_subcommand(name, |it| with_examples(it, &path));
    }
    // What a command says itself goes first.
    let own = command.get_after_help().map(ToString::to_string);
    let lines: Vec<&str> = match &own {
        Some(own) => own.lines().skip(1).map(str::trim_start).collect(),
        None => {
            let lines = EXAMPLES.iter().find(|(of, _)| *of == path);
            lines.map_or_else(Vec::new, |(_, lines)| lines.to_vec())
        }
    };
    if lines.is_empty() {
        return command;
    }
    let heading = Style::new().bold().underline();
    command.after_help(format!(
        "{heading}Examples:{heading:#}\n  {}",
        commented(&lines).join("\n  ")
    ))
}

/// How long a line of an example may be on a terminal of 80 columns.
const LONGEST: usize = 77;

/// Examples as a shell takes them: what is said of a line stands behind `#`, or above it where one of them has no room for that.
fn commented(lines: &[&str]) -> Vec<String> {
    let parts: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| match line.split_once("  ") {
            Some((command, words)) => (command, words.trim_start_matches(['#', ' '])),
            None => (*line, ""),
        })
        .collect();
    let longest = parts
        .iter()
        .filter(|(_, words)| !words.is_empty())
        .map(|(command, _)| command.chars().count())
        .max()
        .unwrap_or(0);
    let fits = parts
        .iter()
        .all(|(_, words)| longest + 4 + words.chars().count() <= LONGEST);
    let lines = parts.iter().flat_map(|(command, words)| {
        let command = (*command).to_owned();
        match (words.is_empty(), fits) {
            (true, _) => vec![command],
            (false, true) => vec![format!("{command:longest$}  # {words}")],
            (false, false) => vec![format!("# {words}"), command],
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(command: &Command, path: &str, seen: &mut Vec<(String, String)>) {
        let help = command
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        seen.push((path.to_owned(), help));
        for below in command.get_subcommands() {
            walk(below, format!("{path} {}", below.get_name()).trim(), seen);
        }
    }

    #[test]
    fn every_command_has_examples_that_the_parser_takes() {
        let mut seen = Vec::new();
        walk(&command(), "", &mut seen);
        assert!(seen.len() > 30, "{} commands", seen.len());
        for (path, help) in seen {
            let lines: Vec<&str> = help
                .lines()
                .filter_map(|line| line.trim().strip_prefix("schemactl "))
                .collect();
            assert!(
                lines.iter().any(|line| line.starts_with(&path)),
                "`schemactl {path}` has no example"
            );
            for line in lines {
                // What stands behind two blanks explains.
                let said = line.split("  ").next().unwrap_or_default();
                let words = said
                    .split_whitespace()
                    .take_while(|word| !word.starts_with(['|', '>']));
                let words = std::iter::once("schemactl").chain(words);
                if let Err(error) = command().try_get_matches_from(words) {
                    panic!("`schemactl {line}`: {error}");
                }
            }
        }
    }

    /// The commands in blocks of `sh` on every page, and those in the text that begin with `schemactl`.
    #[test]
    fn every_command_of_the_pages_is_one_that_the_parser_takes() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let pages = std::fs::read_dir(root.join("docs")).unwrap();
        let mut pages: Vec<_> = pages.map(|it| it.unwrap().path()).collect();
        pages.extend([
            root.join("README.md"),
            root.join("examples/platform/README.md"),
        ]);
        pages.retain(|it| it.extension().is_some_and(|it| it == "md"));
        let mut seen = 0;
        for page in pages {
            let text = std::fs::read_to_string(&page).unwrap();
            let blocks = text.split("```sh\n").skip(1);
            let lines = blocks.flat_map(|block| block.split("```").next().unwrap_or("").lines());
            for line in lines.filter(|line| line.trim_start().starts_with("schemactl ")) {
                let words = words(line);
                if let Err(error) = command().try_get_matches_from(&words)
                    && error.use_stderr()
                {
                    panic!("{}: `{line}`: {error}", page.display());
                }
                seen += 1;
            }
            for quoted in text.split('`').skip(1).step_by(2) {
                let name = quoted.strip_prefix("schemactl ").unwrap_or_default();
                let name = name.split_whitespace().next().unwrap_or_default();
                let is_word = name.chars().all(|it| it.is_ascii_lowercase() || it == '-');
                if !name.is_empty() && is_word && !name.starts_with('-') {
                    let known = command().find_subcommand(name).is_some() || name == "help";
                    assert!(known, "{}: `{quoted}`", page.display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 100, "{seen} commands");
    }

    /// The words of a line of the shell, as far as the pages need it.
    fn words(line: &str) -> Vec<String> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut quote = None;
        for letter in line.trim().chars().chain([' ']) {
            match (letter, quote) {
                (letter, Some(open)) if letter == open => quote = None,
                (letter, Some(_)) => word.get_or_insert_default().push(letter),
                ('"' | '\'', None) => {
                    quote = Some(letter);
                    word.get_or_insert_default();
                }
                ('#' | '|' | '>' | ';' | '&', None) if word.is_none() => break,
                (' ', None) => words.extend(word.take()),
                (letter, None) => word.get_or_insert_default().push(letter),
            }
        }
        words
    }

    #[test]
    fn what_is_said_of_an_example_is_a_comment() {
        assert_eq!(
            commented(&["a b     of b", "a", "a long"]),
            ["a b  # of b", "a", "a long"]
        );
        let long = "x".repeat(60);
        let line = format!("a {long}  {long}");
        assert_eq!(
            commented(&[&line]),
            [format!("# {long}"), format!("a {long}")]
        );
        let mut seen = Vec::new();
        walk(&command(), "", &mut seen);
        for line in seen.iter().flat_map(|(_, help)| help.lines().skip(1)) {
            let words = line.trim().split_once("  ").map(|(_, words)| words);
            assert!(
                words.is_none_or(|it| it.trim_start().starts_with("# ")),
                "{line}"
            );
        }
    }

    #[test]
    fn every_example_is_of_a_command() {
        for (path, _) in EXAMPLES {
            let mut at = command();
            for word in path.split_whitespace() {
                at = match at.find_subcommand(word) {
                    Some(found) => found.clone(),
                    None => panic!("there is no command `{path}`"),
                };
            }
        }
    }

    #[test]
    fn the_command_line_is_well_made() {
        command().debug_assert();
    }
}
