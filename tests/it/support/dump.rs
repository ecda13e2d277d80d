//! The judge: two databases are the same when `pg_dump --schema-only` says the same of them, leaving out what is no
//! part of the schema (comments of the dump, session settings, order) and the physical order of a table's columns.

use std::fmt::Write;

/// A dump as a sorted list of entries, one for each object, comparable line by line.
///
/// Left out: `\restrict`, dump comments, `SET`, the history schema `schemactl`, and the order of entries, of the
/// statements of an entry and of the columns and constraints inside CREATE TABLE. A default tablespace or access
/// method, which pg_dump sets beforehand, is written to the statement that it is meant for.
pub(crate) fn normalise_dump(dump: &str) -> String {
    let mut entries: Vec<(String, Vec<String>)> = vec![(String::new(), Vec::new())];
    let mut tablespace = String::new();
    let mut method = String::from("heap");
    let mut authorised: Option<String> = None;
    for piece in pieces(dump) {
        let statement = match piece {
            Piece::Heading(heading) => {
                entries.push((heading, Vec::new()));
                continue;
            }
            Piece::Statement(statement) => statement,
        };
        if let Some(value) = statement.strip_prefix("SET default_tablespace = ") {
            tablespace = value.trim_matches(['\'', '"']).to_owned();
            continue;
        }
        if let Some(value) = statement.strip_prefix("SET default_table_access_method = ") {
            method = value.trim_matches(['\'', '"']).to_owned();
            continue;
        }
        if statement.starts_with("SET SESSION AUTHORIZATION ") {
            authorised = Some(statement);
            continue;
        }
        if statement == "RESET SESSION AUTHORIZATION" {
            authorised = None;
            continue;
        }
        if statement.starts_with("SET ") || statement.starts_with("SELECT pg_catalog.set_config(") {
            continue;
        }
        let mut text = sort_statistics(&sort_policy_roles(&sort_columns(&statement)));
        text = sort_published(&sort_members(&text));
        if let Some(who) = &authorised {
            text = format!("{who}: {text}");
        }
        let is_table = [
            "CREATE TABLE",
            "CREATE UNLOGGED TABLE",
            "CREATE MATERIALIZED VIEW",
        ]
        .iter()
        .any(|s| text.starts_with(s));
        let has_storage = is_table
            || text.starts_with("CREATE INDEX")
            || text.starts_with("CREATE UNIQUE INDEX")
            || text.contains("ADD CONSTRAINT");
        if has_storage && !tablespace.is_empty() {
            let _ = write!(text, " [tablespace {tablespace}]");
        }
        if is_table && method != "heap" {
            let _ = write!(text, " [access method {method}]");
        }
        entries.last_mut().expect("never empty").1.push(text);
    }
    let history = |heading: &str| {
        heading.ends_with("; Schema: schemactl")
            || heading.contains("Name: schemactl; Type: SCHEMA")
            || heading.contains("Name: SCHEMA schemactl;")
    };
    entries.retain(|(heading, statements)| !statements.is_empty() && !history(heading));
    let mut texts: Vec<String> = entries
        .into_iter()
        .map(|(_, mut statements)| {
            // The first makes the object, the others (storage, statistics, grants) come in column order.
            statements[1..].sort();
            if statements[0].starts_with("GRANT") || statements[0].starts_with("REVOKE") {
                statements.sort();
            }
            statements.join(";\n") + ";\n"
        })
        .collect();
    texts.sort();
    texts.join("\n")
}

/// Fails with the lines that differ where the two dumps do not describe the same schema.
#[track_caller]
pub(crate) fn assert_same_dump(left: &str, right: &str) {
    let (left, right) = (normalise_dump(left), normalise_dump(right));
    if left == right {
        return;
    }
    let difference = similar::TextDiff::from_lines(&left, &right);
    let shown = difference
        .unified_diff()
        .context_radius(4)
        .header("left", "right")
        .to_string();
    panic!("the two databases differ\n{shown}");
}

enum Piece {
    /// `Name: …; Type: …; Schema: …` of the dump's comment before an object.
    Heading(String),
    /// One statement without its semicolon.
    Statement(String),
}

/// The dump in order, cut at semicolons outside of quotes and bodies. pg_dump's comments stand between statements.
fn pieces(dump: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = dump;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return found;
        }
        if rest.starts_with("--") || rest.starts_with('\\') {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            if let Some(heading) = line
                .strip_prefix("-- ")
                .filter(|text| text.starts_with("Name: "))
            {
                let heading = heading.split("; Owner: ").next().unwrap_or(heading);
                found.push(Piece::Heading(heading.to_owned()));
            }
            rest = after;
            continue;
        }
        let end = top_level(rest, b';', 1).first().copied();
        let end = end.unwrap_or(rest.len());
        found.push(Piece::Statement(rest[..end].trim_end().to_owned()));
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}

/// Offsets of `wanted` outside of quotes, dollar quotes, comments, parentheses and BEGIN ATOMIC bodies; for `)`, that of
/// the one that closes what was opened before the text. No more than `most` are looked for.
fn top_level(text: &str, wanted: u8, most: usize) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut depth, mut blocks) = (0, 0i32, 0i32);
    while at < bytes.len() && found.len() < most {
        let rest = &text[at..];
        match bytes[at] {
            b'\'' => {
                let escapes = at > 0 && bytes[at - 1] == b'E';
                at += 1;
                while at < bytes.len() && bytes[at] != b'\'' {
                    at += if escapes && bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'"' => at += 1 + rest[1..].find('"').unwrap_or(rest.len() - 1),
            b'-' if rest.starts_with("--") => at += rest.find('\n').unwrap_or(rest.len() - 1),
            b'$' => {
                let tag = rest[1..]
                    .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .map(|end| &rest[..=end + 1]);
                if let Some(tag) = tag.filter(|tag| {
                    tag.ends_with('$') && !tag[1..].starts_with(|c: char| c.is_ascii_digit())
                }) {
                    at += tag.len() * 2 - 1 + rest[tag.len()..].find(tag).unwrap_or(0);
                }
            }
            b'(' => depth += 1,
            b')' if depth == 0 && wanted == b')' => return vec![at],
            b')' => depth -= 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                let end = rest
                    .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
                    .unwrap_or(rest.len());
                match &rest[..end] {
                    "BEGIN" if rest[end..].trim_start().starts_with("ATOMIC") => blocks += 1,
                    "CASE" if blocks > 0 => blocks += 1,
                    "END" if blocks > 0 => blocks -= 1,
                    _ => {}
                }
                at += end - 1;
                // `E'…'` needs its quote seen with the letter before it.
            }
            byte if byte == wanted && depth == 0 && blocks == 0 => found.push(at),
            _ => {}
        }
        at += 1;
    }
    found
}

/// The roles of a policy, sorted: pg_dump prints them as they lie in `pg_authid`, which any change of a role changes.
fn sort_policy_roles(statement: &str) -> String {
    let roles = |statement: &str| {
        let start = statement
            .find(" TO ")
            .filter(|_| statement.starts_with("CREATE POLICY "))?
            + 4;
        let rest = statement.get(start..)?;
        let ends = [" USING (", " WITH CHECK ("];
        let length = ends.iter().filter_map(|end| rest.find(end)).min();
        Some((start, start + length.unwrap_or(rest.len())))
    };
    let Some((start, end)) = roles(statement) else {
        return statement.to_owned();
    };
    let (head, rest) = statement.split_at(start);
    let (names, tail) = rest.split_at(end - start);
    let mut names: Vec<&str> = names.split(", ").collect();
    names.sort_unstable();
    format!("{head}{}{tail}", names.join(", "))
}

/// The elements between the parentheses of CREATE TABLE, sorted.
fn sort_columns(statement: &str) -> String {
    let is_table = [
        "CREATE TABLE ",
        "CREATE UNLOGGED TABLE ",
        "CREATE FOREIGN TABLE ",
    ]
    .iter()
    .any(|s| statement.starts_with(s));
    let Some(open) = statement.find("(\n").filter(|_| is_table) else {
        return statement.to_owned();
    };
    let inner = &statement[open + 1..];
    let Some(close) = top_level(inner, b')', 1).first().copied() else {
        return statement.to_owned();
    };
    format!(
        "{}(\n    {}\n{}",
        &statement[..open],
        sorted(&inner[..close]).join("\n    "),
        &inner[close..]
    )
}

/// The columns of extended statistics, sorted: PostgreSQL prints them in the order that they have in the table.
fn sort_statistics(statement: &str) -> String {
    let start = statement.find(" ON ").map(|at| at + 4);
    let (Some(start), Some(end), true) = (
        start,
        statement.rfind(" FROM "),
        statement.starts_with("CREATE STATISTICS "),
    ) else {
        return statement.to_owned();
    };
    match statement.get(start..end) {
        Some(list) => format!(
            "{}{}{}",
            &statement[..start],
            sorted(list).join(", "),
            &statement[end..]
        ),
        None => statement.to_owned(),
    }
}

/// The members of an operator class or family, sorted: of one number they come as they lie in the catalog.
fn sort_members(statement: &str) -> String {
    let begins = [
        ("ALTER OPERATOR FAMILY ", " ADD\n"),
        ("CREATE OPERATOR CLASS ", " AS\n"),
    ];
    let found = begins.iter().find_map(|(head, word)| {
        let at = statement
            .find(word)
            .filter(|_| statement.starts_with(head))?;
        Some(statement.split_at(at + word.len()))
    });
    match found {
        Some((head, list)) => format!("{head}    {}", sorted(list).join(",\n    ")),
        None => statement.to_owned(),
    }
}

/// The columns that a publication has of a table come in the order of the table's.
fn sort_published(statement: &str) -> String {
    let list = statement
        .starts_with("ALTER PUBLICATION ")
        .then(|| statement.split_once(" ADD TABLE ONLY "))
        .flatten()
        .and_then(|(head, rest)| {
            let open = rest
                .find(" (")
                .filter(|at| !rest[..*at].contains(" WHERE"))?;
            let close = open + rest[open..].find(')')?;
            Some((head, rest, open + 2, close))
        });
    match list {
        Some((head, rest, open, close)) => format!(
            "{head} ADD TABLE ONLY {}{}{}",
            &rest[..open],
            sorted(&rest[open..close]).join(", "),
            &rest[close..]
        ),
        None => statement.to_owned(),
    }
}

/// The elements of a list, sorted.
fn sorted(list: &str) -> Vec<String> {
    let mut elements = Vec::new();
    let mut from = 0;
    for cut in top_level(list, b',', usize::MAX) {
        elements.push(list[from..cut].trim().to_owned());
        from = cut + 1;
    }
    elements.push(list[from..].trim().to_owned());
    elements.sort();
    elements
}

#[test]
fn the_order_of_columns_is_no_difference_but_their_type_is() {
    let one = "--\n-- Name: t; Type: TABLE; Schema: public; Owner: postgres\n--\n\nCREATE TABLE public.t (\n    a integer,\n    b text DEFAULT 'x,;)'::text,\n    CONSTRAINT c CHECK ((a > 0))\n);\n\n\nALTER TABLE public.t OWNER TO postgres;\n";
    let two = one
        .replace("    a integer,\n", "")
        .replace("    CONSTRAINT", "    a integer,\n    CONSTRAINT");
    assert_ne!(one, two);
    assert_same_dump(one, &two);
    let other = two.replace("a integer", "a bigint");
    assert!(std::panic::catch_unwind(|| assert_same_dump(one, &other)).is_err());
}

#[test]
fn bodies_are_compared_to_the_letter_and_settings_reach_what_they_are_for() {
    let body = "CREATE FUNCTION public.f() RETURNS integer\n    LANGUAGE sql\n    AS $_$\n-- a comment; of the body\nselect 1 /* $$ */;\n$_$;\n";
    assert!(normalise_dump(body).contains("-- a comment; of the body\nselect 1"));
    let atomic = "CREATE FUNCTION public.f() RETURNS integer\n    LANGUAGE sql\n    BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 END;\nEND;\nSET row_security = off;\n";
    assert_eq!(
        normalise_dump(atomic),
        atomic.replace("SET row_security = off;\n", "")
    );
    let heap =
        "SET default_table_access_method = heap;\nCREATE TABLE public.t (\n    a integer\n);\n";
    assert_ne!(
        normalise_dump(heap),
        normalise_dump(&heap.replace("heap", "other"))
    );
}
