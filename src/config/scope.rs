//! Which objects are the project's: patterns over exact paths, the last match wins. A pattern of a schema or a relation
//! decides for everything inside it too, and no part is in whose relation is out.

use super::glob::{alternatives, glob, spelled};
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
    /// Whether the kind is all that it says.
    pub by_kind: bool,
    /// As it would be written.
    pub text: String,
}

/// The patterns in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    lines: Vec<Line>,
    /// What hosts and other tools have in the database: left out where nothing but `*` speaks of it.
    beside: Vec<Line>,
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
            let before = lines.len();
            for word in KINDS.into_iter().chain(MORE_KINDS) {
                if let Some(pattern) = child.text(word) {
                    lines.push(Line::new(only, word, pattern, false));
                }
            }
            let words: Vec<&'static str> = KINDS.into_iter().chain(MORE_KINDS).collect();
            if let Some(kind) = child.word("kind", &words) {
                if only && IN_RELATIONS.contains(&kind.value) {
                    let word = kind.value;
                    child.report(
                        Diagnostic::error(
                            "config::scope",
                            format!("`only kind={word}` leaves out the relations, and every {word} with them"),
                        )
                        .at(kind.span, "a part of a relation")
                        .help("`only` with a kind of its own, such as `only kind=table`, leaves out all others"),
                    );
                }
                let pattern = Spanned::new("*".to_owned(), kind.span);
                lines.push(Line::new(only, kind.value, pattern, true));
            }
            let is_empty = child.node().entries.is_empty() && child.node().children.is_empty();
            if lines.len() == before && is_empty && !child.is_recording() {
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
        Self {
            lines,
            beside: Vec::new(),
        }
    }

    /// The same without what these lines (kind and pattern) name: they have more to say than `*`, which speaks of
    /// everything, and nothing of what the project speaks of itself. The order of its own lines stays.
    #[must_use]
    pub fn without<'a>(&self, lines: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let ignored = lines.into_iter().map(|(kind, pattern)| {
            let pattern = Spanned::new(pattern.to_owned(), Span::default());
            Line::new(false, kind, pattern, false)
        });
        let mut scope = self.clone();
        scope.beside.extend(ignored);
        scope
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
            by_kind: line.by_kind,
            text: line.to_string(),
        })
    }

    /// The lines of which no object is: a name that is written otherwise, or what is gone. Roles are the cluster's, and what
    /// speaks of all is none of these.
    pub fn idle<'a>(&self, objects: impl Iterator<Item = &'a ObjectId>) -> Vec<String> {
        let mut idle: Vec<&Line> = self.lines.iter().collect();
        idle.retain(|line| line.pattern.value != "*" && line.kind != "role");
        for id in objects {
            if idle.is_empty() {
                break;
            }
            let root = id.root();
            let relation = (root != id).then(|| root.kind.name());
            let subject = Subject::new(id.kind.name(), relation, parts_of(id));
            let path = |line: &Line| line.subject(&subject);
            idle.retain(|line| !path(line).is_some_and(|path| line.matches(&path)));
        }
        idle.into_iter().map(ToString::to_string).collect()
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
    /// out if an `only` speaks of its kind (or of schemas, and it is in one), or names kinds alone.
    pub fn decide(&self, kind: &str, path: &str) -> Decision {
        let parts = Path::parse(path).map_or_else(|_| vec![path.to_owned()], |path| path.0);
        let parts: Vec<String> = parts.into_iter().map(spelled_part).collect();
        self.decide_among(&[Subject::new(kind, None, parts)])
    }

    /// [`Self::decide`] of an object, of which is known what it is in: what is a part of what is out is out.
    pub fn decide_of(&self, id: &ObjectId) -> Decision {
        self.decide_of_owned(id, None)
    }

    /// [`Self::decide_of`] of what goes with an object that it is no part of, as a sequence does with the column that owns
    /// it: a line that speaks of the table speaks of the sequence too.
    pub fn decide_of_owned(&self, id: &ObjectId, owner: Option<&ObjectId>) -> Decision {
        let root = id.root();
        let subject =
            |id: &ObjectId, relation| Subject::new(id.kind.name(), relation, parts_of(id));
        let owner = owner.map(|owner| subject(owner.root(), None));
        let whole: Vec<Subject<'_>> = [subject(root, None)].into_iter().chain(owner).collect();
        let whole = self.decide_among(&whole);
        if root == id || !whole.included {
            return whole;
        }
        self.decide_among(&[subject(id, Some(root.kind.name()))])
    }

    /// [`Self::says`] of an object, of which is known what relation it is in and what it goes with.
    pub fn says_of(&self, id: &ObjectId, owner: Option<&ObjectId>) -> Option<bool> {
        // Most scopes have no lines, and no path is made for them.
        match self.lines.is_empty() && self.beside.is_empty() {
            true => None,
            false => self.decide_of_owned(id, owner).said(),
        }
    }

    /// What the lines say of an object, which each may speak of in several ways.
    fn decide_among(&self, subjects: &[Subject<'_>]) -> Decision {
        let speaks = |line: &Line| {
            let mut own = subjects.iter().filter_map(|subject| line.subject(subject));
            own.any(|path| line.matches(&path))
        };
        let is_of_some = |line: &&Line| line.pattern.value != "*" && speaks(line);
        let found = match self.lines.iter().any(|line| is_of_some(&line)) {
            true => None,
            false => self.beside.iter().rfind(|line| speaks(line)),
        };
        if let Some(line) = found.or_else(|| self.lines.iter().rfind(|line| speaks(line))) {
            let (included, reason) = (line.only, line.to_string());
            return Decision { included, reason };
        }
        let shut_out = self.lines.iter().find(|line| {
            let mut own = subjects.iter().filter_map(|subject| line.subject(subject));
            line.only && (line.by_kind || own.next().is_some())
        });
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

/// What a line may speak of: an object by its kind and path.
struct Subject<'k> {
    kind: &'k str,
    /// The kind of what it is a part of, where that is known.
    relation: Option<&'k str>,
    parts: Vec<String>,
}

impl<'k> Subject<'k> {
    fn new(kind: &'k str, relation: Option<&'k str>, parts: Vec<String>) -> Self {
        Subject {
            kind,
            relation,
            parts,
        }
    }
}

/// The parts of an object's path, each as it is spelled there.
fn parts_of(id: &ObjectId) -> Vec<String> {
    let mut parts: Vec<String> = id
        .ancestors()
        .filter(|id| !id.name.is_empty())
        .map(|id| {
            let name = spelled_part(id.name.to_string());
            match id.kind.has_signature() {
                true => format!("{name}({})", id.signature),
                false => name,
            }
        })
        .collect();
    parts.reverse();
    parts
}

fn spelled_part(name: String) -> String {
    Path(vec![name]).to_string()
}

impl Line {
    fn new(only: bool, kind: &str, pattern: Spanned<String>, by_kind: bool) -> Line {
        Line {
            only,
            kind: kind.to_owned(),
            globs: alternatives(&spelled(&pattern.value)),
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
    fn subject(&self, subject: &Subject<'_>) -> Option<String> {
        let Subject {
            kind,
            relation,
            parts,
        } = subject;
        let kind = *kind;
        let dotted = |count: usize| parts.get(..count).map(|parts| parts.join("."));
        if self.kind == kind {
            return dotted(parts.len());
        }
        if kind == "schema" {
            return None;
        }
        if self.kind == "schema" && parts.len() > 1 {
            return dotted(1);
        }
        let is_in = match relation {
            Some(relation) => *relation == self.kind,
            None => parts.len() > 2 && RELATIONS.contains(&self.kind.as_str()),
        };
        is_in.then(|| dotted(2)).flatten()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdl::{Diagnostics, Sources};
    use crate::model::Kind;

    fn scope(text: &str) -> Scope {
        let diagnostics = Diagnostics::new();
        let sources = Sources::from_texts([("a.kdl", text)], &diagnostics);
        let node = sources.nodes().next().unwrap();
        let scope = Scope::read(NodeReader::new(node, &diagnostics));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        scope
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
    fn what_others_have_in_the_database_leaves_the_lines_in_their_order() {
        let both = [("schema", "cron"), ("schema", "storage")];
        let own = "only schema=\"*\"; only schema=storage; ignore kind=function; ignore view=\"*\"";
        let beside = scope(&format!("scope {{ {own} }}")).without(both);
        for (kind, path, reason) in [
            ("function", "a.f()", "ignore kind=function"),
            ("function", "storage.f()", "ignore kind=function"),
            ("view", "a.v", "ignore view=\"*\""),
            ("table", "a.t", "only schema=\"*\""),
            ("table", "storage.t", "only schema=storage"),
            ("table", "cron.t", "ignore schema=cron"),
        ] {
            assert_eq!(beside.decide(kind, path).reason, reason, "{kind} {path}");
        }
        let scope = scope("scope { only schema=a; ignore kind=function }");
        for scope in [scope.without([]), scope] {
            assert!(!scope.includes("function", "a.f()"));
        }
    }

    #[test]
    fn a_sequence_goes_with_the_table_that_owns_it_but_for_a_later_line_about_it() {
        let sequence = ObjectId::in_schema(Kind::Sequence, "a", "t_backup_id_seq");
        let table = ObjectId::in_schema(Kind::Table, "a", "t_backup");
        let column = table.child(Kind::Column, "id");
        let ignored = "ignore table=\"*.*_backup\"";
        for (lines, said) in [
            (ignored.to_owned(), Some(false)),
            (format!("only schema=a; {ignored}"), Some(false)),
            (
                format!("{ignored}; only sequence=a.t_backup_id_seq"),
                Some(true),
            ),
            ("only table=a.t_backup".to_owned(), Some(true)),
            ("only table=a.u".to_owned(), Some(false)),
            ("ignore table=a.u".to_owned(), None),
        ] {
            let scope = scope(&format!("scope {{ {lines} }}"));
            assert_eq!(scope.says_of(&sequence, Some(&column)), said, "{lines}");
        }
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
            ("only kind=trigger", 1),
            ("ignore kind=trigger", 0),
            ("only kind=view", 0),
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
    fn a_pattern_is_said_on_the_line_or_below() {
        let scope = scope("scope { ignore { table \"a.*\" }; only { kind view } }");
        let lines: Vec<String> = scope.lines().map(|line| line.text).collect();
        assert_eq!(lines, ["ignore table=\"a.*\"", "only kind=view"]);
    }

    #[test]
    fn kinds_alone_leave_out_all_others() {
        let scope = scope("scope { only kind=view; only kind=domain; ignore view=a.old }");
        let view = ObjectId::in_schema(Kind::View, "a", "v");
        let domain = ObjectId::in_schema(Kind::Domain, "a", "d");
        for (id, included) in [
            (view.clone(), true),
            (view.child(Kind::Column, "c"), true),
            (domain.child(Kind::DomainConstraint, "k"), true),
            (ObjectId::in_schema(Kind::View, "a", "old"), false),
            (ObjectId::in_schema(Kind::Table, "a", "v"), false),
            (
                ObjectId::in_schema(Kind::Table, "a", "t").child(Kind::Column, "c"),
                false,
            ),
            (ObjectId::top(Kind::Schema, "a"), false),
            (ObjectId::top(Kind::Extension, "citext"), false),
        ] {
            let decision = scope.decide_of(&id);
            assert_eq!(decision.included, included, "{id}: {}", decision.reason);
        }
    }

    #[test]
    fn a_part_is_out_with_its_relation_whatever_a_later_line_says() {
        let scope = scope("scope { ignore table=a.t; only trigger=\"a.*.x\" }");
        let trigger =
            |table: &str| ObjectId::in_schema(Kind::Table, "a", table).child(Kind::Trigger, "x");
        assert_eq!(scope.decide_of(&trigger("t")).reason, "ignore table=a.t");
        assert!(scope.decide_of(&trigger("u")).included);
    }

    #[test]
    fn parts_with_a_dot_stand_in_quotes_and_others_may() {
        let odd = ObjectId::in_schema(Kind::Table, "Odd.sch", "t.backup");
        let plain = ObjectId::in_schema(Kind::Table, "other", "dep");
        for (pattern, id) in [
            (r##"#""Odd.sch"."t.backup""#"##, &odd),
            (r##"#""Odd.sch".*"#"##, &odd),
            (r##"#""other"."dep""#"##, &plain),
            ("other.dep", &plain),
        ] {
            let scope = scope(&format!("scope {{ ignore table={pattern} }}"));
            assert!(!scope.decide_of(id).included, "{pattern}");
        }
    }

    #[test]
    fn silence_includes_all() {
        assert!(Scope::default().includes("table", "a.b"));
        assert!(scope("scope { only schema=\"*\" }").owns_everything());
        assert!(!scope("scope { ignore kind=policy }").includes("policy", "a.b.c"));
    }
}
