//! How values are spelled in KDL (rule R9): bare where that is safe, raw where the text has a quote or a backslash, else
//! quoted with escapes. Whatever is written here reads back to the same value.

/// Words that KDL refuses as bare texts.
pub(super) const RESERVED: [&str; 6] = ["true", "false", "null", "inf", "nan", "-inf"];

/// Whether a text may stand without quotes: `[A-Za-z_][A-Za-z0-9_.-]*` and no reserved word.
pub(super) fn is_bare(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter))
        && !RESERVED.contains(&text)
}

/// Whether KDL ends a line at this character.
pub(super) fn is_newline(letter: char) -> bool {
    matches!(
        letter,
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Whether KDL takes this character as a space inside a line.
pub(super) fn is_space(letter: char) -> bool {
    matches!(
        letter,
        '\t' | ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// Whether this character may only stand in a file as an escape.
pub(super) fn is_forbidden(letter: char) -> bool {
    matches!(
        letter,
        '\u{0}'..='\u{08}'
            | '\u{0E}'..='\u{1F}'
            | '\u{7F}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
    )
}

/// A text as KDL writes it on one line.
pub fn text_literal(text: &str) -> String {
    if is_bare(text) {
        return text.to_owned();
    }
    let must_escape = text
        .chars()
        .any(|letter| is_newline(letter) || is_forbidden(letter) || letter == '\t');
    if must_escape || text.starts_with("\"\"") || text == "\"" {
        return escaped(text);
    }
    if text.contains(['"', '\\']) {
        let hashes = hashes_for(text, "\"");
        return format!("{hashes}\"{text}\"{hashes}");
    }
    format!("\"{text}\"")
}

/// The fewest `#` with which `quotes` + `#` does not occur in the text.
fn hashes_for(text: &str, quotes: &str) -> String {
    let mut hashes = "#".to_owned();
    while text.contains(&format!("{quotes}{hashes}")) {
        hashes.push('#');
    }
    hashes
}

/// A text in plain quotes, everything special escaped.
fn escaped(text: &str) -> String {
    let mut literal = "\"".to_owned();
    for letter in text.chars() {
        match letter {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            other if is_newline(other) || is_forbidden(other) => {
                literal.push_str(&format!("\\u{{{:x}}}", u32::from(other)));
            }
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}

/// SQL as KDL writes it: a number, `#true`, `#false`, `#null` where that reads back as the same SQL, else a text.
pub fn sql_literal(sql: &str) -> String {
    match sql {
        "true" => "#true".to_owned(),
        "false" => "#false".to_owned(),
        "NULL" => "#null".to_owned(),
        number if is_number(number) => number.to_owned(),
        text => text_literal(text),
    }
}

/// Whether SQL and KDL both read this as the same decimal number.
pub(super) fn is_number(text: &str) -> bool {
    fn digits(text: &str) -> Option<&str> {
        let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        (rest.len() < text.len()).then_some(rest)
    }
    let after = |text: &str| -> Option<bool> {
        // Beyond this the crate refuses the digits.
        if text.len() > 38 {
            return None;
        }
        let mut rest = digits(text.strip_prefix('-').unwrap_or(text))?;
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = digits(fraction)?;
        }
        if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
            rest = digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))?;
        }
        Some(rest.is_empty())
    };
    after(text).unwrap_or(false)
}

/// A `"""` text of `lines` at `indent`, or `None` where reading it back would not give `lines` again (carriage returns,
/// lines of spaces only, forbidden characters).
pub(super) fn lines_literal(lines: &str, indent: &str) -> Option<String> {
    // The crate takes a raw text of one quote for a mistake.
    let fits = lines != "\""
        && lines
            .split('\n')
            .all(|line| line.is_empty() || !line.chars().all(char::is_whitespace))
        && !lines
            .chars()
            .any(|letter| is_forbidden(letter) || (is_newline(letter) && letter != '\n'));
    if !fits {
        return None;
    }
    // An editor takes blanks at the end of a line away: the last one is an escape.
    let guarded = lines
        .split('\n')
        .any(|line| line.ends_with(char::is_whitespace));
    let hashes = if lines.contains(['"', '\\']) && !guarded {
        hashes_for(lines, "\"\"\"")
    } else {
        String::new()
    };
    let mut literal = format!("{hashes}\"\"\"\n");
    for line in lines.split('\n') {
        if !line.is_empty() {
            literal.push_str(indent);
            match guarded {
                true => literal.push_str(&guarded_line(line)),
                false => literal.push_str(line),
            }
        }
        literal.push('\n');
    }
    literal.push_str(&format!("{indent}\"\"\"{hashes}"));
    Some(literal)
}

/// A line of a `"""` text with escapes: of what would end the text or be an escape itself, and of a blank at its end.
fn guarded_line(line: &str) -> String {
    let mut written = line.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    match written.chars().last() {
        Some(' ') => written.replace_range(written.len() - 1.., "\\s"),
        Some('\t') => written.replace_range(written.len() - 1.., "\\t"),
        Some(blank) if blank.is_whitespace() => {
            written.truncate(written.len() - blank.len_utf8());
            written.push_str(&format!("\\u{{{:x}}}", u32::from(blank)));
        }
        _ => {}
    }
    written
}
