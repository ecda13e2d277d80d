//! Which objects are the project's: patterns over exact paths, the last match wins. A pattern of a schema or a relation
//! decides for everything inside it too.

use crate::kdl::{Diagnostic, NodeReader, Path, Span, Spanned};
use crate::model::ObjectId;

/// Kinds that a pattern may name.
const KINDS: [&str; 45] = [
    "access-method",
    "aggregate",
    "base-type",
    "cast",
    "check",
    "collation",
    "column",
    "composite",
    "conversion",
    "domain",
    "enum",
    "event-trigger",
    "exclude",
    "extension",
    "foreign-data-wrapper",
    "foreign-key",
    "foreign-table",
    "function",
    "index",
    "language",
    "materialized-view",
    "operator",
    "operator-class",
    "operator-family",
    "partition",
    "policy",
    "primary-key",
    "procedure",
    "publication",
    "range",
    "role",
    "rule",
    "schema",
    "sequence",
    "server",
    "statistics",
    "subscription",
    "table",
    "text-search-configuration",
    "text-search-dictionary",
    "text-search-parser",
    "text-search-template",
    "transform",
    "trigger",
    "unique",
];
/// `view` and `user-mapping` complete the list.
const MORE_KINDS: [&str; 2] = ["user-mapping", "view"];
/// The reason where no line decides.
const SILENT: &str = "no pattern speaks of it";
/// Kinds whose paths end with arguments.
const ROUTINES: [&str; 3] = ["aggregate", "function", "procedure"];
/// Kinds whose paths are names alone, or names with something behind them.
const IN_DATABASE: [&str; 14] = [
    "access-method",
    "cast",
    "event-trigger",
    "extension",
    "foreign-data-wrapper",
    "language",
    "publication",
    "role",
    "schema",
    "server",
    "subscription",
    "transform",
    "user-mapping",
    "operator",
];
/// Kinds whose paths are `schema.relation.name`.
const IN_RELATIONS: [&str; 9] = [
    "check",
    "column",
    "exclude",
    "foreign-key",
    "policy",
    "primary-key",
    "rule",
    "trigger",
    "unique",
];
/// Kinds that hold others under `schema.relation.`.
const RELATIONS: [&str; 4] = ["table", "view", "materialized-view", "foreign-table"];

/// One line of `scope { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// `only` or `ignore`.
    only: bool,
    kind: String,
    pattern: Spanned<String>,
    /// The patterns that its braces stand for; itself where it has none.
    globs: Vec<String>,
    /// Whether the kind is all that it says: `kind=trigger`.
    by_kind: bool,
}

/// One line of a scope, for people.
#[derive(Debug, Clone)]
pub struct ScopeLine<'a> {
    /// `only` or `ignore`.
    pub only: bool,
    /// The kind that it is about.
    pub kind: &'a str,
    /// Its pattern, with its place in the project file.
    pub pattern: &'a Spanned<String>,
    /// As it would be written.
    pub text: String,
}

/// The patterns in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    lines: Vec<Line>,
}

/// Whether an object is the project's, and which line says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether the object is managed.
    pub included: bool,
    /// The reason for people: `ignore table="auth.*_backup"`.
    pub reason: String,
}

impl Decision {
    /// Whether the object is managed, or `None` where no pattern speaks of it.
    fn said(&self) -> Option<bool> {
        (self.reason != SILENT).then_some(self.included)
    }
}

impl Scope {
    /// Reads `scope { only|ignore kind=w|KIND=pattern … }`.
    pub(super) fn read(mut n: NodeReader<'_>) -> Self {
        let mut lines = Vec::new();
        for mut child in n.children_any(&["only", "ignore"]) {
            let only = child.kind() == "only";
            for word in KINDS.into_iter().chain(MORE_KINDS) {
                if let Some(pattern) = child.text(word) {
                    lines.push(Line::new(only, word, pattern, false));
                }
            }
            let words: Vec<&'static str> = KINDS.into_iter().chain(MORE_KINDS).collect();
            if let Some(kind) = child.word("kind", &words) {
                let pattern = Spanned::new("*".to_owned(), kind.span);
                lines.push(Line::new(only, kind.value, pattern, true));
            }
            if child.node().entries.is_empty() && !child.is_recording() {
                child.report(
                    Diagnostic::error(
                        "kdl::missing",
                        format!("`{}` needs a pattern", child.kind()),
                    )
                    .at(child.span(), "here")
                    .help("for example `only schema=auth` or `ignore table=\"auth.*_backup\"`"),
                );
            }
            child.finish();
        }
        for line in lines
            .iter()
            .filter(|line| !line.by_kind && line.matches_nothing())
        {
            let form = match IN_RELATIONS.contains(&line.kind.as_str()) {
                true => "schema.table.name",
                false => "schema.name",
            };
            n.report(
                Diagnostic::error(
                    "config::scope",
                    format!("no {} has the path `{}`", line.kind, line.pattern.value),
                )
                .at(line.pattern.span, "matches nothing")
                .help(format!(
                    "the path of a {} is `{form}`; `*.{}` is one of that name anywhere",
                    line.kind, line.pattern.value
                )),
            );
        }
        n.finish();
        lines.sort_by_key(|line| line.pattern.span);
        Self { lines }
    }

    /// The same without what these lines (kind and pattern) name: they come after `*`, which speaks of everything, and
    /// before what the project says of something.
    #[must_use]
    pub fn without<'a>(&self, lines: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let (all, some): (Vec<Line>, Vec<Line>) = self
            .lines
            .iter()
            .cloned()
            .partition(|line| line.pattern.value == "*");
        let ignored = lines.into_iter().map(|(kind, pattern)| {
            let pattern = Spanned::new(pattern.to_owned(), Span::default());
            Line::new(false, kind, pattern, false)
        });
        Self {
            lines: all.into_iter().chain(ignored).chain(some).collect(),
        }
    }

    /// Whether `only schema="*"` puts the whole database into the project's hands.
    pub fn owns_everything(&self) -> bool {
        self.lines
            .iter()
            .any(|line| line.only && line.kind == "schema" && line.pattern.value == "*")
    }

    /// The lines in their order.
    pub fn lines(&self) -> impl Iterator<Item = ScopeLine<'_>> {
        self.lines.iter().map(|line| ScopeLine {
            only: line.only,
            kind: &line.kind,
            pattern: &line.pattern,
            text: line.to_string(),
        })
    }

    /// Whether the object of that kind and dotted path (`auth.users`, `auth.users.touch`) is managed.
    pub fn includes(&self, kind: &str, path: &str) -> bool {
        self.decide(kind, path).included
    }

    /// [`Self::includes`], or `None` where no pattern speaks of the object.
    pub fn says(&self, kind: &str, path: &str) -> Option<bool> {
        self.decide(kind, path).said()
    }

    /// [`Self::includes`] with the line that decides. The last line that matches wins; where none does, the object is
    /// out if an `only` speaks of its kind (or of schemas, and it is in one).
    pub fn decide(&self, kind: &str, path: &str) -> Decision {
        self.decide_within(kind, None, path)
    }

    /// [`Self::decide`] of an object, of which is known what relation it is in.
    pub fn decide_of(&self, id: &ObjectId) -> Decision {
        let relation = id.root();
        let relation = (relation != id).then(|| relation.kind.name());
        self.decide_within(id.kind.name(), relation, &id.path())
    }

    /// [`Self::says`] of an object, of which is known what relation it is in.
    pub fn says_of(&self, id: &ObjectId) -> Option<bool> {
        // Most scopes have no lines, and no path is made for them.
        match self.lines.is_empty() {
            true => None,
            false => self.decide_of(id).said(),
        }
    }

    fn decide_within(&self, kind: &str, relation: Option<&str>, path: &str) -> Decision {
        let parts = Path::parse(path).map_or_else(|_| vec![path.to_owned()], |path| path.0);
        for line in self.lines.iter().rev() {
            let matches = line
                .subject(kind, relation, &parts)
                .is_some_and(|subject| line.matches(&subject));
            if matches {
                let (included, reason) = (line.only, line.to_string());
                return Decision { included, reason };
            }
        }
        let shut_out = self
            .lines
            .iter()
            .find(|line| line.only && line.subject(kind, relation, &parts).is_some());
        match shut_out {
            Some(line) => Decision {
                included: false,
                reason: format!("not in `{line}`"),
            },
            None => Decision {
                included: true,
                reason: SILENT.to_owned(),
            },
        }
    }
}

impl Line {
    fn new(only: bool, kind: &str, pattern: Spanned<String>, by_kind: bool) -> Line {
        Line {
            only,
            kind: kind.to_owned(),
            globs: alternatives(&pattern.value),
            pattern,
            by_kind,
        }
    }

    /// Whether the pattern, or one of those that its braces stand for, is that of a path. One without arguments means a
    /// routine whatever its arguments are.
    fn matches(&self, subject: &str) -> bool {
        let name = match (
            ROUTINES.contains(&self.kind.as_str()),
            subject.split_once('('),
        ) {
            (true, Some((name, _))) if !self.pattern.value.contains('(') => name,
            _ => subject,
        };
        self.globs.iter().any(|pattern| glob(pattern, name))
    }

    /// Whether no path can match: those of the kind have more parts than the pattern.
    fn matches_nothing(&self) -> bool {
        let parts = match self.kind.as_str() {
            kind if IN_RELATIONS.contains(&kind) => 3,
            kind if IN_DATABASE.contains(&kind) => 1,
            _ => 2,
        };
        let name = self.pattern.value.split('(').next().unwrap_or_default();
        let open = name.contains(['*', '[', '?', '"', '\\']);
        !open
            && alternatives(name)
                .iter()
                .any(|name| name.split('.').count() < parts)
    }

    /// The path that this line's pattern is compared with for such an object; none where it does not speak of it.
    /// `relation` is the kind of the relation that it is in, where that is known.
    fn subject(&self, kind: &str, relation: Option<&str>, parts: &[String]) -> Option<String> {
        let dotted = |count: usize| {
            parts
                .get(..count)
                .map(|parts| Path(parts.to_vec()).to_string())
        };
        if self.kind == kind {
            return dotted(parts.len());
        }
        let in_schema = parts.len() > 1 && kind != "schema";
        if self.kind == "schema" && in_schema {
            return dotted(1);
        }
        let in_relation =
            parts.len() > 2 && kind != "schema" && relation.is_none_or(|it| it == self.kind);
        if RELATIONS.contains(&self.kind.as_str()) && in_relation {
            return dotted(2);
        }
        None
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = if self.only { "only" } else { "ignore" };
        if self.by_kind {
            return write!(formatter, "{word} kind={}", self.kind);
        }
        let pattern = crate::kdl::text_literal(&self.pattern.value);
        write!(formatter, "{word} {}={pattern}", self.kind)
    }
}

/// What a pattern with `{a,b}` stands for; `\{` is the letter itself.
fn alternatives(pattern: &str) -> Vec<String> {
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
fn glob(pattern: &str, text: &str) -> bool {
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
    use crate::kdl::{Diagnostics, Sources};

    fn scope(text: &str) -> Scope {
        let diagnostics = Diagnostics::new();
        let sources = Sources::from_texts([("a.kdl", text)], &diagnostics);
        let node = sources.nodes().next().unwrap();
        let scope = Scope::read(NodeReader::new(node, &diagnostics));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        scope
    }

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
    fn the_last_match_wins() {
        let scope = scope(
            "scope { only schema=auth; ignore table=\"auth.*_backup\"; only table=auth.keep_backup; ignore trigger=\"*.pgq_*\"; ignore role=\"rds*\" }",
        );
        for (kind, path, included) in [
            ("schema", "auth", true),
            ("schema", "core", false),
            ("table", "auth.users", true),
            ("table", "core.t", false),
            ("table", "auth.users_backup", false),
            ("table", "auth.keep_backup", true),
            ("index", "auth.users_backup.i", false),
            ("trigger", "auth.users.pgq_x", false),
            ("trigger", "auth.users.touch", true),
            ("role", "rds_admin", false),
            ("role", "app", true),
            ("extension", "citext", true),
        ] {
            assert_eq!(
                scope.includes(kind, path),
                included,
                "{kind} {path}: {}",
                scope.decide(kind, path).reason
            );
        }
        assert_eq!(
            scope.decide("table", "auth.a_backup").reason,
            "ignore table=\"auth.*_backup\""
        );
        assert_eq!(
            scope.decide("schema", "core").reason,
            "not in `only schema=auth`"
        );
        assert!(!scope.owns_everything());
    }

    #[test]
    fn a_routine_without_arguments_is_any_of_that_name() {
        let scope = scope("scope { ignore function=a.f; ignore procedure=\"a.p(integer)\" }");
        for (kind, path, included) in [
            ("function", "a.f()", false),
            ("function", "a.f(integer, text)", false),
            ("function", "a.g()", true),
            ("procedure", "a.p(integer)", false),
            ("procedure", "a.p(text)", true),
        ] {
            assert_eq!(scope.includes(kind, path), included, "{kind} {path}");
        }
    }

    #[test]
    fn a_pattern_that_no_path_can_match_is_a_mistake() {
        for (line, mistakes) in [
            ("ignore trigger=tt", 1),
            ("ignore trigger=a.tt", 1),
            ("ignore trigger=a.t.tt", 0),
            ("ignore trigger=\"*.tt\"", 0),
            ("ignore table=users", 1),
            ("ignore table=\"{a.b,users}\"", 1),
            ("ignore role=admin", 0),
            ("ignore function=f", 1),
        ] {
            let diagnostics = Diagnostics::new();
            let text = format!("scope {{ {line} }}");
            let sources = Sources::from_texts([("a.kdl", text)], &diagnostics);
            let node = sources.nodes().next().unwrap();
            Scope::read(NodeReader::new(node, &diagnostics));
            assert_eq!(diagnostics.sorted().len(), mistakes, "{line}");
        }
    }

    #[test]
    fn silence_includes_all() {
        assert!(Scope::default().includes("table", "a.b"));
        assert!(scope("scope { only schema=\"*\" }").owns_everything());
        assert!(!scope("scope { ignore kind=policy }").includes("policy", "a.b.c"));
    }
}
