//! The rooms of the source: which module may use which, who may print, who may quote for SQL. Read from the text of
//! `src/`, so that a wrong `use` fails here with its line.

use std::path::{Path, PathBuf};

/// Every module, and those that it may use. The order is the direction: nobody uses what stands below.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("naming", &[]),
    ("sql", &["model"]),
    ("kdl", &["model", "sql"]),
    ("facts", &["model", "sql"]),
    ("kind", &["model", "sql", "kdl"]),
    ("diff", &["model", "sql", "kdl", "kind"]),
    ("plan", &["model", "sql", "kdl", "kind", "diff"]),
    ("html", &["model", "sql"]),
    ("graph", &["model", "sql", "kind", "diff", "plan", "html"]),
    (
        "report",
        &["model", "sql", "kind", "diff", "plan", "html", "graph"],
    ),
    (
        "reference",
        &["model", "sql", "kind", "html", "graph", "report"],
    ),
    ("pg", &["model", "sql", "kdl", "kind", "diff", "plan"]),
    (
        "scratch",
        &["model", "sql", "kdl", "kind", "diff", "plan", "pg"],
    ),
    (
        "migrate",
        &[
            "model", "naming", "sql", "kdl", "kind", "diff", "plan", "pg", "scratch",
        ],
    ),
    (
        "author",
        &[
            "model", "sql", "kdl", "kind", "diff", "plan", "pg", "scratch", "migrate",
        ],
    ),
    ("config", &["model", "naming", "sql", "kdl"]),
    ("tools", &["model", "naming", "sql", "kdl", "kind", "pg"]),
    (
        "lint",
        &[
            "model", "sql", "kdl", "facts", "kind", "pg", "migrate", "config",
        ],
    ),
    (
        "project",
        &[
            "model", "sql", "kdl", "kind", "diff", "plan", "pg", "scratch", "migrate", "author",
            "config", "tools",
        ],
    ),
    (
        "embed",
        &[
            "model", "kdl", "kind", "diff", "pg", "scratch", "migrate", "author", "config",
            "project",
        ],
    ),
    ("lsp", &["model", "sql", "kdl", "kind", "config", "project"]),
    (
        "cli",
        &[
            "model",
            "sql",
            "kdl",
            "facts",
            "kind",
            "diff",
            "plan",
            "html",
            "graph",
            "report",
            "reference",
            "pg",
            "scratch",
            "migrate",
            "author",
            "config",
            "tools",
            "lint",
            "project",
            "lsp",
        ],
    ),
];

/// A file of `src/`, its text taken apart; both halves keep the lines of the file.
struct File {
    path: PathBuf,
    /// `src/kind/mod.rs` → `kind`.
    module: String,
    /// The text without comments and with empty literals.
    code: String,
    /// The string literals outside tests, with their lines.
    strings: Vec<(usize, String)>,
}

fn files() -> Vec<File> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![source.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(&source).unwrap().to_owned();
                let first = below.components().next().unwrap().as_os_str();
                let module = first.to_str().unwrap().trim_end_matches(".rs").to_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                let (code, mut strings) = apart(&text);
                let tests = code
                    .find("#[cfg(test)]")
                    .map_or(usize::MAX, |at| line(&code, at));
                let only_tests = below.to_str().unwrap().contains("tests.rs");
                strings.retain(|(line, _)| *line < tests && !only_tests);
                found.push(File {
                    path: Path::new("src").join(below),
                    module,
                    code,
                    strings,
                });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(found.len() > 50, "src/ was not found");
    found
}

fn line(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

/// Rust text without comments and with empty literals, and the string literals with their lines.
fn apart(text: &str) -> (String, Vec<(usize, String)>) {
    let (mut code, mut strings, mut at) = (String::new(), Vec::new(), 0);
    let blank = |part: &str| "\n".repeat(part.matches('\n').count());
    while at < text.len() {
        let rest = &text[at..];
        let word_before = code.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        let hashes = rest
            .strip_prefix("br")
            .or_else(|| rest.strip_prefix('r'))
            .map(|raw| raw.len() - raw.trim_start_matches('#').len());
        let raw = hashes.filter(|hashes| {
            !word_before && rest.trim_start_matches(['b', 'r'])[*hashes..].starts_with('"')
        });
        let length = if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            at += length;
            continue;
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw {
            let open = rest.find('"').unwrap() + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = open + rest[open..].find(&close).unwrap();
            strings.push((line(text, at), rest[open..end].to_owned()));
            code.push_str("\"\"");
            end + close.len()
        } else if rest.starts_with('"') {
            let mut end = 1;
            while !rest[end..].starts_with('"') {
                end += if rest[end..].starts_with('\\') { 2 } else { 1 };
                while !rest.is_char_boundary(end) {
                    end += 1;
                }
            }
            strings.push((line(text, at), rest[1..end].replace("\\\"", "\"")));
            code.push_str("\"\"");
            end + 1
        } else if let Some(after) = rest.strip_prefix('\'') {
            // A character, else a lifetime.
            let inner = after.chars().next().unwrap_or(' ');
            let end = match inner {
                '\\' => 3 + rest[3..].find('\'').unwrap_or(0),
                other => 1 + other.len_utf8(),
            };
            if rest.get(end..).is_some_and(|after| after.starts_with('\'')) {
                code.push_str("' '");
                end + 1
            } else {
                code.push('\'');
                1
            }
        } else {
            let first = rest.chars().next().unwrap();
            code.push(first);
            at += first.len_utf8();
            continue;
        };
        code.push_str(&blank(&rest[..length]));
        at += length;
    }
    (code, strings)
}

/// The modules that code speaks of by `crate::`, with their lines.
fn uses(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = code[at + "crate::".len()..].trim_start();
        let names: Vec<&str> = match rest.strip_prefix('{') {
            None => vec![rest],
            Some(group) => {
                let (mut depth, mut start, mut names) = (0, 0, Vec::new());
                for (index, character) in group.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => {
                            names.push(&group[start..index]);
                            break;
                        }
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            names.push(&group[start..index]);
                            start = index + 1;
                        }
                        _ => {}
                    }
                }
                names
            }
        };
        for name in names {
            let name: String = name
                .trim_start()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            if !name.is_empty() {
                found.push((line(code, at), name));
            }
        }
    }
    found
}

#[test]
fn modules_are_used_in_one_direction() {
    let mut wrong = Vec::new();
    for file in files() {
        if ["lib", "main"].contains(&file.module.as_str()) {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(module, _)| *module == file.module) else {
            panic!(
                "{}: give the module `{}` its place in MAY_USE",
                file.path.display(),
                file.module
            );
        };
        for (line, used) in uses(&file.code) {
            if used != file.module && !allowed.contains(&used.as_str()) {
                let path = file.path.display();
                wrong.push(format!(
                    "{path}:{line}: `{}` may not use `{used}`",
                    file.module
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_command_line_prints() {
    let words = [
        "println!",
        "print!",
        "eprintln!",
        "eprint!",
        "dbg!",
        "io::stdout()",
        "io::stderr()",
    ];
    let mut wrong = Vec::new();
    for file in files() {
        if ["cli", "main"].contains(&file.module.as_str()) {
            continue;
        }
        for word in words {
            for (at, _) in file.code.match_indices(word) {
                wrong.push(format!(
                    "{}:{}: {word}",
                    file.path.display(),
                    line(&file.code, at)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The modules that write SQL. A placeholder between quotes, or a quote that is doubled, is quoting by hand.
#[test]
fn only_one_file_quotes_for_sql() {
    let writes_sql = [
        "kind", "diff", "plan", "pg", "scratch", "migrate", "author", "project", "sql", "facts",
        "lint", "tools",
    ];
    let mut wrong = Vec::new();
    for file in files() {
        if !writes_sql.contains(&file.module.as_str()) || file.path.ends_with("sql/quote.rs") {
            continue;
        }
        for (line, text) in &file.strings {
            let by_hand = ["'{}'", "\"{}\"", "$${}$$"]
                .iter()
                .any(|quoted| without_names(text).contains(quoted))
                || text == "''"
                || text == "\"\"";
            if by_hand {
                wrong.push(format!("{}:{line}: {text:?}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `{name}` as `{}`.
fn without_names(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for character in text.chars() {
        match character {
            '{' => {
                inside = true;
                out.push('{');
            }
            '}' => {
                inside = false;
                out.push('}');
            }
            other if inside && (other.is_alphanumeric() || "_.:".contains(other)) => {}
            other => out.push(other),
        }
    }
    out
}

#[test]
fn the_check_sees_what_it_looks_for() {
    let text = "use crate::{kind::{self, Kind}, pg}; // crate::cli\nfn a<'a>() { let _ = (\"crate::plan\", '\"', \
                r#\"x \"y\" z\"#); crate::scratch::b('\\''); }";
    let (code, strings) = apart(text);
    let names: Vec<String> = uses(&code).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["kind", "pg", "scratch"]);
    assert_eq!(strings[1], (2, "x \"y\" z".to_owned()));
    assert_eq!(without_names("a '{name}' \"{}\""), "a '{}' \"{}\"");
}
