//! `check --explain`: what it means that the files do not say something, rule by rule, and what it is about here.

use super::answer::Silent;
use crate::config::{Database, ManageObjects, ScopeLine, Strictness};
use crate::kind::Object;
use crate::kind::language::Desired;
use crate::model::{Kind, ObjectId};
use crate::project::host_names;

/// One rule.
impl From<Line> for Silent {
    fn from(line: Line) -> Silent {
        Silent {
            about: line.about.to_owned(),
            means: line.means,
            by: line.by,
            here: line.here,
        }
    }
}

#[derive(Debug)]
pub(super) struct Line {
    /// What is not said.
    pub(super) about: &'static str,
    /// What that means.
    pub(super) means: String,
    /// The words of the project file that decide it, as they hold; empty where none do.
    pub(super) by: String,
    /// What it is about in these files; empty where nothing is.
    pub(super) here: String,
}

/// How many names a line shows.
const SHOWN: usize = 5;

/// The rules that hold for a database of the project; `text` is the project file, where the reasons of a scope stand.
pub(super) fn explain(
    database: &Database,
    history_schema: &str,
    text: &str,
    desired: &Desired,
) -> Vec<Line> {
    let manage = &database.manage;
    let everything = database.scope.owns_everything();
    let mut lines = Vec::new();
    let mut line = |about, means: &str, by: &str, here: String| {
        lines.push(Line {
            about,
            means: means.to_owned(),
            by: by.to_owned(),
            here,
        });
    };
    let managed = |word: &str, strictness: Strictness| match strictness {
        Strictness::Exact => format!("manage {{ {word} exact }}"),
        Strictness::Declared => format!("manage {{ {word} declared }}"),
    };
    let schemas: Vec<String> = desired.schemas.iter().cloned().collect();
    line(
        "other schemas",
        if everything {
            "all are the project's: what is recorded and not declared is dropped, as a hazard that asks"
        } else {
            "left alone, not even listed; one that the project had before is dropped, as a hazard that asks"
        },
        if everything {
            "scope { only schema=\"*\" }"
        } else {
            ""
        },
        format!("declared: {}", some(&schemas)),
    );
    line(
        "objects",
        match manage.objects {
            ManageObjects::History => {
                "the history decides: what a migration left is dropped, as a hazard that asks; what nobody made is drift"
            }
            ManageObjects::Declared => "left alone",
            ManageObjects::Exact => "dropped, as a hazard that asks",
        },
        match manage.objects {
            ManageObjects::History => "manage { objects history }",
            ManageObjects::Declared => "manage { objects declared }",
            ManageObjects::Exact => "manage { objects exact }",
        },
        String::new(),
    );
    for it in database
        .scope
        .lines()
        .filter(|it| it.pattern.value != "*" || it.kind != "schema")
    {
        line(
            "scope",
            &scope_means(&it),
            &it.text,
            scope_here(&it, database, text, desired),
        );
    }
    let hosts: Vec<&str> = host_names().collect();
    line(
        "hosts",
        "what a hosted database has of its host is left alone where nobody declares it; `inspect` and `init --from` leave \
         it out, with the reason",
        "",
        format!("known: {}", hosts.join(", ")),
    );
    line(
        "never in hand",
        "the history, and the members of extensions but for what is said of them",
        "",
        format!("history: schema {history_schema}"),
    );
    let whole: Vec<&ObjectId> = desired
        .objects
        .keys()
        .filter(|id| !id.kind.is_facet() && is_whole(id))
        .collect();
    let said = |kind: Kind| {
        let with = |id: &ObjectId| {
            desired
                .objects
                .keys()
                .any(|facet| facet.kind == kind && facet.parent.as_deref() == Some(id))
        };
        let count = whole.iter().filter(|id| with(id)).count();
        format!(
            "said of {count} of {} objects, their parts apart",
            whole.len()
        )
    };
    let strict = |strictness: Strictness, exact: &'static str| match strictness {
        Strictness::Exact => exact,
        Strictness::Declared => "left as they are in the database",
    };
    line(
        "owners",
        match manage.owners {
            Strictness::Exact => "the role that applies",
            Strictness::Declared => {
                "left as they are; a new object belongs to the role that applies"
            }
        },
        &managed("owners", manage.owners),
        said(Kind::Owner),
    );
    line(
        "comments",
        strict(manage.comments, "none: what is there is taken away"),
        &managed("comments", manage.comments),
        said(Kind::Comment),
    );
    line(
        "grants",
        strict(
            manage.grants,
            "PostgreSQL's defaults and the default privileges: what goes beyond is revoked, what lacks is granted",
        ),
        &managed("grants", manage.grants),
        said(Kind::Grant),
    );
    line(
        "default privileges",
        strict(
            manage.default_privileges,
            "none: what is there is taken away",
        ),
        &managed("default-privileges", manage.default_privileges),
        String::new(),
    );
    let unnamed: Vec<String> = desired
        .objects
        .iter()
        .filter(|(_, object)| object.unnamed)
        .map(|(id, _)| id.path())
        .collect();
    line(
        "names of parts",
        if everything {
            "PostgreSQL's, or the project's pattern"
        } else {
            "any name fits; a new part gets PostgreSQL's, or the project's pattern"
        },
        "",
        count(&unnamed, "without a name"),
    );
    let partitioned: Vec<String> = desired
        .objects
        .iter()
        .filter(|(_, object)| matches!(&object.object, Object::Table(table) if table.partition_by.is_some()))
        .filter(|(id, _)| !desired.exact_partitions.contains(*id))
        .map(|(id, _)| id.path())
        .collect();
    line(
        "partitions",
        match manage.partitions {
            Strictness::Exact => {
                "as other tables: what is recorded and not declared is dropped, as a hazard that asks; what nobody made is drift"
            }
            Strictness::Declared => {
                "left alone: what a table has beside the declared ones was made at run time; with `partitions=exact` on \
                 the table, one that nobody declares is drift, as any other table"
            }
        },
        &managed("partitions", manage.partitions),
        match manage.partitions {
            Strictness::Exact => String::new(),
            Strictness::Declared => count(&partitioned, "without `partitions=exact`"),
        },
    );
    let versions: Vec<String> = desired
        .objects
        .iter()
        .filter(
            |(_, object)| matches!(&object.object, Object::Extension(it) if it.version.is_empty()),
        )
        .map(|(id, _)| id.name.to_string())
        .collect();
    line(
        "extension versions",
        "any; a new extension gets the server's default",
        "",
        count(&versions, "without a version"),
    );
    line(
        "column order",
        match manage.column_order {
            true => {
                "as in the files: another order is told and refused, PostgreSQL moves no column"
            }
            false => "no difference; new columns come last",
        },
        if manage.column_order {
            "manage { column-order exact }"
        } else {
            "manage { column-order ignore }"
        },
        String::new(),
    );
    line(
        "roles, settings",
        "only what is said; a role is made where it is missing, never dropped",
        &managed("settings", manage.settings),
        String::new(),
    );
    line(
        "everything else",
        "PostgreSQL's default: storage, statistics, parameters, options, states",
        "",
        String::new(),
    );
    lines
}

/// What one line of the scope does.
fn scope_means(line: &ScopeLine<'_>) -> String {
    let kind = line.kind;
    match line.only {
        true if line.by_kind => {
            format!(
                "of all kinds, only this one (`{kind}`) and others that a line takes in are the project's"
            )
        }
        true => format!("of this kind (`{kind}`), only what fits is the project's"),
        false => match kind {
            "schema" => {
                "left out with all in it: not read, not made, not changed, not dropped".to_owned()
            }
            "table" | "view" | "materialized-view" | "foreign-table" => {
                "left out with all its parts: not read, not made, not changed, not dropped"
                    .to_owned()
            }
            _ => "left out: not read, not made, not changed, not dropped".to_owned(),
        },
    }
}

/// The reason of a line, which is the comment beside or above it, and what the files declare and it leaves out all the same.
fn scope_here(line: &ScopeLine<'_>, database: &Database, text: &str, desired: &Desired) -> String {
    let mut words = Vec::new();
    if let Some(reason) = reason(text, line.pattern.span.start) {
        words.push(format!("why: {reason}"));
    }
    // Of several `only` lines of a kind, the last one has the word.
    let has_word = !line.only
        || database
            .scope
            .lines()
            .filter(|it| it.only && it.by_kind == line.by_kind)
            .filter(|it| it.by_kind || it.kind == line.kind)
            .last()
            .is_some_and(|it| it.pattern.span == line.pattern.span);
    let holds_ours = |schema: &ObjectId| {
        let mut declared = desired.objects.keys();
        declared.any(|id| {
            id.parent.as_deref() == Some(schema) && database.scope.says_of(id, None) == Some(true)
        })
    };
    if has_word {
        let declared: Vec<String> = desired
            .objects
            .keys()
            .filter(|id| !id.kind.is_facet())
            .filter(|id| {
                let decision = database.scope.decide_of(id);
                let by = match line.only {
                    true if line.by_kind => decision.reason.starts_with("not in `only kind="),
                    true => decision.reason.starts_with("not in ") && id.kind.name() == line.kind,
                    false => decision.reason == line.text,
                };
                !decision.included && by
            })
            .filter(|id| is_whole(id) || id.kind.name() == line.kind)
            .filter(|id| id.kind != Kind::Schema || !holds_ours(id))
            .map(ObjectId::to_string)
            .collect();
        if !declared.is_empty() {
            words.push(format!("declared, and left out: {}", some(&declared)));
        }
    }
    words.join("; ")
}

/// The comment on the line of a place, else the comments right above it.
fn reason(text: &str, at: usize) -> Option<String> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    // A `//` within a pattern stands before its end; behind another line's `;` it is that one's.
    let behind = line.get(at - start..).unwrap_or_default();
    if let Some((own, comment)) = behind.rsplit_once(" // ")
        && own
            .trim_end_matches(['}', ' '])
            .split_once(';')
            .is_none_or(|(_, more)| more.trim().is_empty())
    {
        return Some(comment.trim().to_owned());
    }
    // `/* why */` before it, on its line or above.
    let before = text.get(..at)?;
    let before = before[..before.rfind(['\n', ';', '{']).map_or(0, |end| end + 1)].trim_end();
    let inline = text[start..at]
        .rsplit_once("*/")
        .map(|(comment, _)| comment);
    if let Some(comment) = inline.or_else(|| before.strip_suffix("*/"))
        && let Some((_, comment)) = comment.rsplit_once("/*")
    {
        let words: Vec<&str> = comment
            .split_whitespace()
            .filter(|word| *word != "*")
            .collect();
        return Some(words.join(" "));
    }
    let mut above: Vec<&str> = text[..start]
        .lines()
        .rev()
        .map_while(|line| line.trim().strip_prefix("//"))
        .map(str::trim)
        .collect();
    above.reverse();
    (!above.is_empty()).then(|| above.join(" "))
}

fn is_whole(id: &ObjectId) -> bool {
    id.parent
        .as_deref()
        .is_none_or(|parent| parent.kind == Kind::Schema)
}

fn count(names: &[String], what: &str) -> String {
    if names.is_empty() {
        return String::new();
    }
    format!("{} {what}: {}", names.len(), some(names))
}

fn some(names: &[String]) -> String {
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    if text.is_empty() {
        text.push_str("none");
    }
    text
}
