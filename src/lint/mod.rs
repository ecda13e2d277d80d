//! Hazards of migration files, generated and hand-written: what they do to a database that is in use.
//!
//! The rule: one catalogue of codes. Every finding has an entry there and a section in docs/hazards.md; how loud it is, and
//! what is excepted, the project file and the files say, each with a reason.

pub mod catalogue;
mod error;
mod inside;
pub mod live;
mod names;
pub mod own;
mod rules;
mod source;
mod walk;

pub use error::{LintError, near};
pub use inside::{Reached, reached};
pub use names::judge_names;
pub use source::{Allow, Source, Statement, Told};
pub use walk::{Judged, Walked, walk};

use jiff::civil::Date;

use crate::config::{Lint, Severity};
use crate::kind::HazardClass;

/// A hazard of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The code, or the name of an own rule.
    pub code: String,
    /// What is at stake.
    pub class: HazardClass,
    /// How loud it is.
    pub severity: Severity,
    /// The line, from 1.
    pub line: usize,
    /// The object, `auth.users.email`; empty where there is none.
    pub object: String,
    /// What happens.
    pub message: String,
    /// The reason of the exception that covers it.
    pub allowed: Option<String>,
}

/// All that was found in a file.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Hazards that are not silent, by line; those that are allowed too.
    pub findings: Vec<Finding>,
    /// Exceptions of the file that cover nothing: line and code.
    pub unused: Vec<(usize, String)>,
}

/// What the project, the command line and the day say of findings.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// `lint { … }`.
    pub lint: &'a Lint,
    /// `--allow CODE:OBJECT`.
    pub allowed: &'a [String],
    /// The day, for exceptions that end.
    pub today: Date,
}

/// A place where an own rule speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken<'a> {
    /// The number of the statement in its file.
    pub statement: usize,
    /// The rule.
    pub rule: &'a str,
    /// What it says.
    pub message: Option<&'a str>,
}

impl Rules<'_> {
    /// How loud a code is.
    pub fn severity(&self, code: &str) -> Severity {
        let said = self
            .lint
            .severities
            .iter()
            .rev()
            .find(|(word, _)| word.value == code);
        said.map(|(_, severity)| *severity)
            .or(catalogue::find(code).map(|entry| entry.severity))
            // An own rule is written because somebody means it.
            .unwrap_or(Severity::Error)
    }

    /// The reason for which the project or the command line allows it; an exception that has ended, as words.
    fn reason(&self, code: &str, object: &str) -> (Option<String>, Option<String>) {
        let within = |on: &str| {
            object == on
                || object
                    .strip_prefix(on)
                    .is_some_and(|rest| rest.starts_with('.'))
        };
        let named = self.allowed.iter().any(|word| {
            word.split_once(':')
                .is_some_and(|(allowed, on)| allowed == code && within(on))
        });
        if named {
            return (Some("--allow".to_owned()), None);
        }
        let mut ended = None;
        for allowance in &self.lint.allowances {
            if allowance.rule.value != code || !allowance.on.as_deref().is_none_or(within) {
                continue;
            }
            match allowance.until {
                Some(until) if until < self.today => {
                    ended = Some(format!("it was allowed until {until}"))
                }
                _ => return (Some(allowance.reason.clone().unwrap_or_default()), None),
            }
        }
        (None, ended)
    }
}

/// The findings of a file, each as loud as it shall be.
pub fn judge(
    source: &Source,
    walked: &Walked,
    spoken: &[Spoken<'_>],
    rules: &Rules<'_>,
) -> Findings {
    let mut findings = Findings::default();
    let mut used = vec![false; source.allows.len()];
    let mut add = |code: &str, line: usize, object: &str, message: String, class: HazardClass| {
        let severity = rules.severity(code);
        if severity == Severity::Off {
            // An exception for what is silent is needed where it is not.
            for (used, allow) in used.iter_mut().zip(&source.allows) {
                *used |= allow.code == code;
            }
            return;
        }
        let mut covered = None;
        for (used, allow) in used.iter_mut().zip(&source.allows) {
            let here = allow.statement.is_none_or(|statement| statement == line);
            if allow.code == code && here {
                *used = true;
                covered.get_or_insert_with(|| allow.reason.clone());
            }
        }
        let (allowed, ended) = rules.reason(code, object);
        let message = match ended {
            Some(ended) => format!("{message}; {ended}"),
            None => message,
        };
        findings.findings.push(Finding {
            code: code.to_owned(),
            class,
            severity,
            line,
            object: object.to_owned(),
            message,
            allowed: covered.or(allowed),
        });
    };
    for judged in &walked.statements {
        for raw in &judged.raws {
            if let Some(entry) = catalogue::find(raw.code) {
                add(
                    raw.code,
                    judged.line,
                    &raw.object,
                    raw.message.clone(),
                    entry.class,
                );
            }
        }
    }
    for told in &source.told {
        let found = walked.statements.iter().any(|judged| {
            judged.raws.iter().any(|raw| {
                raw.code == told.code
                    && (raw.object == told.object || raw.object.ends_with(&told.object))
            })
        });
        if let (false, Some(entry)) = (found, catalogue::find(&told.code)) {
            add(
                &told.code,
                1,
                &told.object,
                told.detail.clone(),
                entry.class,
            );
        }
    }
    for spoken in spoken {
        if let Some(judged) = walked.statements.get(spoken.statement) {
            let message = spoken
                .message
                .unwrap_or("the project's own rule speaks")
                .to_owned();
            add(
                spoken.rule,
                judged.line,
                &judged.object,
                message,
                HazardClass::Design,
            );
        }
    }
    findings.findings.sort_by_key(|finding| finding.line);
    findings.unused = source
        .allows
        .iter()
        .zip(used)
        .filter(|(_, used)| !used)
        .map(|(allow, _)| (allow.line, allow.code.clone()))
        .collect();
    findings
}
