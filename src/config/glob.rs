//! Shell globs over dotted paths: what the patterns of a scope match.

use crate::kdl::{Path, quoted_part};

/// What a pattern with `{a,b}` stands for; `\{` is the letter itself.
pub(super) fn alternatives(pattern: &str) -> Vec<String> {
    let Some((open, close)) = braces(pattern) else {
        return vec![pattern.to_owned()];
    };
    let (before, behind) = (&pattern[..open], &pattern[close + 1..]);
    parted(&pattern[open + 1..close])
        .into_iter()
        .flat_map(|inner| alternatives(&format!("{before}{inner}{behind}")))
        .collect()
}

/// Where the first braces with a comma in them stand.
fn braces(pattern: &str) -> Option<(usize, usize)> {
    let mut depth: Vec<(usize, bool)> = Vec::new();
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut escaped = false;
    for (at, letter) in pattern.char_indices() {
        match letter {
            _ if escaped => {}
            '{' => depth.push((at, false)),
            ',' => {
                if let Some((_, comma)) = depth.last_mut() {
                    *comma = true;
                }
            }
            '}' => {
                if let Some((open, true)) = depth.pop() {
                    found.push((open, at));
                }
            }
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
    }
    found.into_iter().min()
}

/// The parts between the commas, those inside of further braces aside.
fn parted(inner: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut escaped) = (0_usize, 0, false);
    let mut parts = Vec::new();
    for (at, letter) in inner.char_indices() {
        match letter {
            _ if escaped => {}
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&inner[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
    }
    parts.push(&inner[begin..]);
    parts
}

/// Shell globs: `*` any letters (dots too), `?` one, `[a-z]` and `[!a-z]` one of a set, `\x` the letter itself.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    // Where to go on after a mismatch: behind the last `*`, one letter further.
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    loop {
        if pattern.get(p) == Some(&'*') {
            back = Some((p + 1, t));
            p += 1;
            continue;
        }
        match (p < pattern.len(), text.get(t)) {
            (false, None) => return true,
            (true, Some(letter)) => {
                if let Some(length) = one(&pattern[p..], *letter) {
                    p += length;
                    t += 1;
                    continue;
                }
            }
            _ => {}
        }
        match back {
            Some((star, from)) if from < text.len() => {
                (p, t) = (star, from + 1);
                back = Some((star, from + 1));
            }
            _ => return false,
        }
    }
}

/// A pattern whose parts have SQL quotes only where paths have them: around a dot or a quote.
pub(super) fn spelled(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    let mut begins = true;
    while let Some(letter) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix('"').filter(|_| begins)
            && let Some((part, behind)) = quoted_part(quoted)
            && (behind.is_empty() || behind.starts_with(['.', ',', '}', '(']))
        {
            out.push_str(&Path(vec![part]).to_string());
            (rest, begins) = (behind, false);
            continue;
        }
        out.push(letter);
        rest = &rest[letter.len_utf8()..];
        begins = matches!(letter, '.' | ',' | '{');
    }
    out
}

/// How many letters of the pattern match this one letter; none when they do not.
fn one(pattern: &[char], letter: char) -> Option<usize> {
    match pattern {
        ['?', ..] => Some(1),
        ['\\', literal, ..] => (*literal == letter).then_some(2),
        ['[', rest @ ..] => {
            let (negated, set) = match rest {
                ['!' | '^', set @ ..] => (true, set),
                set => (false, set),
            };
            // A `]` that comes first belongs to the set.
            let Some(end) = set
                .iter()
                .skip(1)
                .position(|end| *end == ']')
                .map(|at| at + 1)
            else {
                return (letter == '[').then_some(1);
            };
            let mut found = false;
            let mut at = 0;
            while at < end {
                if at + 2 < end && set[at + 1] == '-' {
                    found |= (set[at]..=set[at + 2]).contains(&letter);
                    at += 3;
                } else {
                    found |= set[at] == letter;
                    at += 1;
                }
            }
            (found != negated).then_some(1 + usize::from(negated) + end + 1)
        }
        [literal, ..] => (*literal == letter).then_some(1),
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (pattern, text, matches) in [
            ("auth.*_backup", "auth.users_backup", true),
            ("auth.*_backup", "auth.users", false),
            ("*", "", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]", "]", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("*a*b*", "xxaxxbx", true),
            ("*ab", "aab", true),
            ("[a", "[a", true),
            ("", "a", false),
            ("a.{b,c*}", "a.cd", true),
            ("a.{b,c*}", "a.d", false),
            ("{a,b{1,2}}.t", "b2.t", true),
            ("\\{a,b}", "{a,b}", true),
            ("{a}", "{a}", true),
        ] {
            let matches_one = alternatives(pattern).iter().any(|it| glob(it, text));
            assert_eq!(matches_one, matches, "{pattern} {text}");
        }
    }

    #[test]
    fn quotes_stand_where_paths_have_them() {
        for (pattern, same) in [
            (r#""other"."dep""#, "other.dep"),
            (r#""Odd.sch"."t.backup""#, r#""Odd.sch"."t.backup""#),
            (r#"{"a","b.c"}.t"#, r#"{a,"b.c"}.t"#),
            (r#"a."say ""so""""#, r#"a."say ""so""""#),
            (r#"a"b.c"#, r#"a"b.c"#),
        ] {
            assert_eq!(spelled(pattern), same);
        }
    }
}
