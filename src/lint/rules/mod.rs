//! What the hazards of one statement are: from what it is, what is known of the relations before it, and what its
//! transaction has done already.

mod design;
mod locking;
mod loss;
mod rights;

use std::collections::{BTreeMap, BTreeSet};

use super::inside::Run;
use crate::facts::read::{Command, Demand};
use crate::facts::{Facts, LockMode, World};
use crate::kind::HazardClass;
use crate::model::QualifiedName;

/// A hazard that was found, before anybody asked how loud it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) code: &'static str,
    /// The object, `auth.users.email`.
    pub(super) object: String,
    pub(super) message: String,
}

/// What the transaction of a file has done so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Transaction {
    /// Whether there is one.
    pub(super) open: bool,
    /// Relations that were there before and are locked so that readers wait, with the line.
    pub(super) exclusive: BTreeMap<QualifiedName, usize>,
    /// Constraints that were added NOT VALID: table and name.
    pub(super) unproven: Vec<(QualifiedName, String)>,
    /// Values that were added to enums.
    pub(super) values: Vec<String>,
    /// Whether `several-tables-locked` was said.
    pub(super) told_several: bool,
    /// Keys of which it was said that they are near their end.
    pub(super) told_keys: BTreeSet<String>,
}

/// A statement and all that its judgement stands on.
pub(super) struct At<'a> {
    pub(super) sql: &'a str,
    pub(super) line: usize,
    pub(super) command: &'a Command,
    pub(super) facts: &'a Facts,
    /// What was known before it.
    pub(super) world: &'a World,
    pub(super) transaction: &'a mut Transaction,
    /// The statements that follow, in this file and in those of its plan.
    pub(super) later: &'a [&'a Command],
    /// Whether the file sets a search path.
    pub(super) path_said: bool,
    pub(super) found: Vec<Raw>,
}

impl At<'_> {
    pub(super) fn say(
        &mut self,
        code: &'static str,
        object: impl Into<String>,
        message: impl Into<String>,
    ) {
        let raw = Raw {
            code,
            object: object.into(),
            message: message.into(),
        };
        if !self.found.contains(&raw) {
            self.found.push(raw);
        }
    }

    /// The full name for people and allowances.
    pub(super) fn full(&self, name: &QualifiedName) -> String {
        self.world.resolve(name).to_string()
    }

    /// Whether others may use it already.
    pub(super) fn was_there(&self, name: &QualifiedName) -> bool {
        self.world.was_there(name)
    }

    /// `auth.users: 12,408 rows, 3.1 MB`, where that is known.
    pub(super) fn sized(&self, name: &QualifiedName) -> String {
        let full = self.full(name);
        let Some(size) = self.world.size(name) else {
            return full;
        };
        let bytes = crate::facts::bytes(size.bytes);
        match size.rows {
            Some(rows) => format!("{full} ({} rows, {bytes})", crate::facts::rows(rows)),
            None => format!("{full} ({bytes})"),
        }
    }
}

/// All hazards of a statement; the transaction learns of it.
pub(super) fn judge(at: &mut At<'_>) {
    locking::judge(at);
    loss::judge(at);
    rights::judge(at);
    design::judge(at);
    remember(at);
}

/// What a statement that runs inside of this one does to rights.
pub(super) fn judge_rights(at: &mut At<'_>, sql: &str, command: &Command) {
    let mut inner = At {
        sql,
        line: at.line,
        command,
        facts: at.facts,
        world: at.world,
        transaction: at.transaction,
        later: at.later,
        path_said: at.path_said,
        found: Vec::new(),
    };
    loss::judge(&mut inner);
    rights::judge(&mut inner);
    let is_of_rights = |raw: &Raw| {
        super::catalogue::find(raw.code).is_some_and(|it| it.class == HazardClass::Authorization)
    };
    let found = inner.found.into_iter().filter(is_of_rights);
    for raw in found {
        if !at.found.contains(&raw) {
            at.found.push(raw);
        }
    }
}

/// What a statement runs and nobody can read before.
pub(super) fn tell_unread(at: &mut At<'_>, run: &Run) {
    for (routine, text) in &run.unread {
        let short: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = short.chars().take(80).collect();
        let object = match routine {
            Some(name) => name.clone(),
            None => format!("line {}", at.line),
        };
        let message =
            format!("what `{short}` runs is known only as it runs: it may change who may do what");
        at.say("unread-statement", object, message);
    }
}

fn remember(at: &mut At<'_>) {
    for (name, mode) in &at.facts.locks {
        if *mode == LockMode::AccessExclusive {
            let line = at.line;
            at.transaction.exclusive.entry(name.clone()).or_insert(line);
        }
    }
    use crate::facts::read::{Action, TypeAction};
    match at.command {
        Command::AlterTable(alter) => {
            for action in &alter.actions {
                if let Action::AddConstraint(constraint) = action
                    && constraint.not_valid
                    && at.world.was_there(&alter.name)
                {
                    let table = at.world.resolve(&alter.name);
                    let name = constraint.name.clone().unwrap_or_default();
                    at.transaction.unproven.push((table, name));
                }
            }
        }
        Command::AlterType {
            action: TypeAction::AddValue { value, .. },
            ..
        } => at.transaction.values.push(value.clone()),
        _ => {}
    }
}

/// The name of a constraint for people.
pub(super) fn named(name: Option<&String>, demand: &Demand) -> String {
    let what = match demand {
        Demand::PrimaryKey(_) => "primary key",
        Demand::Unique(_) => "unique constraint",
        Demand::ForeignKey { .. } => "foreign key",
        Demand::Check(_) => "check",
        Demand::Exclude => "exclusion constraint",
        Demand::NotNull(_) => "not-null constraint",
    };
    match name {
        Some(name) => format!("{what} {name}"),
        None => what.to_owned(),
    }
}
