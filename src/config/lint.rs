//! `lint { … }` and `validate { … }`: read and checked here, used where migrations are judged and run.

use crate::kdl::{Diagnostic, NodeReader, Spanned};

/// How loud a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It stops.
    Error,
    /// It is said.
    Warn,
    /// It is silent.
    Off,
}

/// `allow w on=p reason=x until=x`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The rule.
    pub rule: Spanned<String>,
    /// The object; none: all.
    pub on: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The last day.
    pub until: Option<jiff::civil::Date>,
}

/// `rule n when=s message=x`: a rule of the project's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintRule {
    /// Its name.
    pub name: Spanned<String>,
    /// When it speaks.
    pub when: Spanned<String>,
    /// What it says.
    pub message: Option<String>,
}

/// `lint { … }`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lint {
    /// Rules with another loudness, in order.
    pub severities: Vec<(Spanned<String>, Severity)>,
    /// Exceptions.
    pub allowances: Vec<Allowance>,
    /// Own rules.
    pub rules: Vec<LintRule>,
}

impl Lint {
    /// Reads and finishes the node.
    pub(super) fn read(mut n: NodeReader<'_>) -> Self {
        let mut lint = Self::default();
        for mut child in n.children("severity") {
            let severity = child.word_argument("severity", &["error", "warn", "off"]);
            let rules = child.arguments();
            if rules.is_empty() {
                child.missing("at least one rule");
            }
            child.finish();
            let severity = match severity.map(|word| word.value) {
                Some("error") => Severity::Error,
                Some("warn") => Severity::Warn,
                Some(_) => Severity::Off,
                None => continue,
            };
            lint.severities
                .extend(rules.into_iter().map(|rule| (rule, severity)));
        }
        lint.allowances = n.children("allow").into_iter().filter_map(allow).collect();
        lint.rules = n.children("rule").into_iter().filter_map(rule).collect();
        n.finish();
        lint
    }
}

fn allow(mut n: NodeReader<'_>) -> Option<Allowance> {
    let rule = n.name();
    let on = n.path("on").map(|path| path.to_string());
    let reason = n.text("reason").map(|text| text.value);
    let until = n.text("until").and_then(|text| {
        let date = text.parse::<jiff::civil::Date>().ok();
        if date.is_none() {
            n.report(
                Diagnostic::error("config::date", format!("`{}` is no date", text.value))
                    .at(text.span, "here")
                    .help("year, month, day in quotes: \"2027-01-31\""),
            );
        }
        date
    });
    n.finish();
    Some(Allowance {
        rule: rule?,
        on,
        reason,
        until,
    })
}

fn rule(mut n: NodeReader<'_>) -> Option<LintRule> {
    let name = n.name();
    let when = n.sql("when");
    if when.is_none() && !n.has("when") {
        n.missing("`when=`");
    }
    let message = n.text("message").map(|text| text.value);
    n.finish();
    Some(LintRule {
        name: name?,
        when: when?,
        message,
    })
}

/// `row-counts same|any exact-below=#`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCounts {
    /// Whether they must stay.
    pub same: bool,
    /// Tables under this many rows are counted, others estimated.
    pub exact_below: Option<i64>,
}

/// `require-query n s`: must give true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredQuery {
    /// Its name.
    pub name: Spanned<String>,
    /// The query.
    pub query: Spanned<String>,
}

/// `validate { … }`: what is checked around every apply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validate {
    /// Row counts.
    pub row_counts: Option<RowCounts>,
    /// Whether every foreign key must be valid.
    pub foreign_keys: bool,
    /// Whether every index must be valid.
    pub indexes: bool,
    /// Whether new objects must be the planned ones.
    pub new_objects_as_planned: bool,
    /// Whether constraints must be the planned ones.
    pub constraints_as_planned: bool,
    /// Own queries.
    pub queries: Vec<RequiredQuery>,
}

/// Whether a text is one statement that asks; what it calls is run where nothing can be changed.
fn asks_only(text: &str) -> bool {
    const ASKING: [&str; 4] = ["select", "with", "values", "table"];
    let Ok(script) = crate::sql::split::split(text) else {
        return false;
    };
    let [statement] = &script.statements[..] else {
        return false;
    };
    let first = statement.leading_words(1);
    first.iter().any(|word| ASKING.contains(&&**word))
}

impl Validate {
    /// Reads and finishes the node.
    pub(super) fn read(mut n: NodeReader<'_>) -> Self {
        let row_counts = n.attribute("row-counts").and_then(|mut n| {
            let word = n.word_argument("demand", &["same", "any"]);
            let exact_below = n.number("exact-below").and_then(|number| {
                if number.value < 0 {
                    n.report(
                        Diagnostic::error("kdl::wrong-type", "`exact-below` takes a count")
                            .at(number.span, "less than nothing")
                            .help("write under how many rows a table is counted: `exact-below=1000000`"),
                    );
                    return None;
                }
                Some(number.value)
            });
            n.finish();
            word.map(|word| RowCounts {
                same: word.value == "same",
                exact_below,
            })
        });
        let mut queries = Vec::new();
        for mut child in n.children("require-query") {
            let (name, query) = (child.name(), child.sql_argument());
            child.finish();
            let Some((name, query)) = name.zip(query) else {
                continue;
            };
            if !asks_only(&query.value) {
                n.report(
                    Diagnostic::error(
                        "kdl::not-a-query",
                        format!("require-query `{}` is not one query", name.value),
                    )
                    .at(query.span, "this would do something")
                    .help("write one SELECT that gives true: it is asked in the migration's transaction, before it commits"),
                );
            }
            let before = queries
                .iter()
                .find(|it: &&RequiredQuery| it.name.value == name.value);
            if let Some(before) = before {
                n.report(
                    Diagnostic::error(
                        "kdl::duplicate",
                        format!("require-query `{}` stands twice", name.value),
                    )
                    .at(name.span, "again here")
                    .at(before.name.span, "first here")
                    .help("give each query a name of its own"),
                );
            }
            queries.push(RequiredQuery { name, query });
        }
        let planned = ["as-planned", "allow"];
        let is = |word: Option<Spanned<&str>>, wanted: &str| {
            word.is_some_and(|word| word.value == wanted)
        };
        let validate = Self {
            row_counts,
            foreign_keys: is(n.word("foreign-keys", &["valid"]), "valid"),
            indexes: is(n.word("indexes", &["valid"]), "valid"),
            new_objects_as_planned: is(n.word("new-objects", &planned), "as-planned"),
            constraints_as_planned: is(n.word("constraints", &planned), "as-planned"),
            queries,
        };
        n.finish();
        validate
    }
}
