//! Who waits for a statement, and what it cannot do where it stands.

use super::{At, named};
use crate::facts::read::{Action, AlterTable, Command, Constraint, Demand};
use crate::facts::{LockMode, Work};
use crate::model::QualifiedName;
use crate::sql::lexer::significant;

pub(super) fn judge(at: &mut At<'_>) {
    place(at);
    under_lock(at);
    match at.command.clone() {
        Command::CreateIndex(index)
            if !index.concurrently && !index.only && at.facts.does(Work::BuildIndex) =>
        {
            let object = at.full(&index.table);
            let message = format!(
                "an index is built on {} and writes wait",
                at.sized(&index.table)
            );
            at.say("index-not-concurrent", object, message);
        }
        Command::Drop(removal) if removal.kind == "index" => {
            for name in &removal.names {
                let table = at.world.index(name).map(|(table, _)| table.clone());
                if table.as_ref().is_some_and(|table| !at.was_there(table)) {
                    continue;
                }
                let object = at.full(name);
                at.say("drop-index", &object, format!("index {object} is dropped"));
                if !removal.concurrently {
                    let whose = table.map_or("its table".to_owned(), |table| at.sized(&table));
                    let message =
                        format!("dropping index {object} locks {whose} against everybody");
                    at.say("drop-index-not-concurrent", object, message);
                }
            }
        }
        Command::Reindex {
            what,
            name,
            concurrently: false,
        } => {
            let object = name.map_or_else(|| what.to_owned(), |name| at.full(&name));
            let message =
                format!("REINDEX of {object}: writes wait, and reads that would use the index");
            at.say("reindex-not-concurrent", object, message);
        }
        Command::Refresh {
            view,
            concurrently: false,
            data: true,
        } if at.was_there(&view) => {
            let message = format!("readers of {} wait while its query runs", at.sized(&view));
            let object = at.full(&view);
            at.say("refresh-not-concurrent", object, message);
        }
        Command::Cluster { table } => {
            let object = table
                .as_ref()
                .map_or("every table".to_owned(), |it| at.full(it));
            at.say(
                "cluster",
                &object,
                format!("{object} is written anew while everybody waits"),
            );
        }
        Command::Vacuum { full: true, tables } => {
            let mut tables: Vec<String> = tables.iter().map(|table| at.full(table)).collect();
            if tables.is_empty() {
                tables.push("every table".to_owned());
            }
            for object in tables {
                at.say(
                    "vacuum-full",
                    &object,
                    format!("{object} is written anew while everybody waits"),
                );
            }
        }
        Command::Lock { tables, mode } => {
            let waits = LockMode::from_sql(&mode).is_none_or(LockMode::blocks_writes);
            for table in tables.iter().filter(|_| waits) {
                if at.was_there(table) {
                    let object = at.full(table);
                    let mode = mode.to_uppercase();
                    at.say(
                        "lock-table",
                        &object,
                        format!("{object} is locked in {mode} mode to the end of the transaction"),
                    );
                }
            }
        }
        Command::Write {
            verb: "update",
            table,
            filtered: false,
        } if at.was_there(&table) => {
            let message = format!(
                "every row of {} is written in one transaction",
                at.sized(&table)
            );
            let object = at.full(&table);
            at.say("update-all-rows", object, message);
        }
        Command::AlterDomain { name, checks: true } => {
            let used = at.facts.work.len();
            if used > 0 || !at.world.whole {
                let object = at.full(&name);
                let message = match used {
                    0 => format!("every table that uses {object} is read while its writers wait"),
                    count => format!(
                        "{count} tables that use {object} are read while their writers wait"
                    ),
                };
                at.say("domain-scan", object, message);
            }
        }
        Command::CreateTable(table) if table.partition_of.is_some() => {
            for (name, _) in at.facts.work.clone() {
                let message = format!(
                    "the default partition {} is read while everybody waits",
                    at.sized(&name)
                );
                at.say("attach-partition-scan", name.to_string(), message);
            }
        }
        Command::AlterTable(alter) => {
            for action in &alter.actions {
                act(at, &alter, action);
            }
        }
        _ => {}
    }
}

/// What PostgreSQL refuses in a transaction, and what it refuses of a value that is not committed.
fn place(at: &mut At<'_>) {
    if at.facts.outside && at.transaction.open {
        let words = first_words(at.sql);
        at.say(
            "concurrently-in-transaction",
            "",
            format!("{words} … runs outside a transaction only"),
        );
    }
    let used = at.transaction.values.iter().find(|value| {
        significant(at.sql).iter().any(|token| {
            token.is_string()
                && crate::sql::quote::unquote_literal(token.text).as_deref() == Some(value.as_str())
        })
    });
    if let Some(value) = used.cloned() {
        let message = format!("the value {value} is used in the transaction that adds it");
        at.say("enum-value-in-transaction", value, message);
    }
}

/// The first words of a statement in capitals.
fn first_words(sql: &str) -> String {
    let words: Vec<String> = significant(sql)
        .iter()
        .take(3)
        .take_while(|token| token.kind == crate::sql::lexer::TokenKind::Word)
        .map(|token| token.text.to_uppercase())
        .collect();
    words.join(" ")
}

/// Long work while others wait for what the transaction locked before.
fn under_lock(at: &mut At<'_>) {
    if !at.transaction.open {
        return;
    }
    let held = at.transaction.exclusive.clone();
    let works = at
        .facts
        .work
        .iter()
        .map(|(name, work)| (name.clone(), *work))
        .next();
    if let (Some((locked, line)), Some((worked, work))) = (held.first_key_value(), works) {
        let message = match work {
            Work::Scan => format!(
                "{locked} is locked against everybody since line {line} while {} is read",
                at.sized(&worked)
            ),
            Work::WriteRows => format!(
                "{locked} is locked against everybody since line {line} while the rows of {} are written",
                at.sized(&worked)
            ),
            Work::BuildIndex => format!(
                "{locked} is locked against everybody since line {line} while an index is built on {}",
                at.sized(&worked)
            ),
            Work::Rewrite => format!(
                "{locked} is locked against everybody since line {line} while {} is written anew",
                at.sized(&worked)
            ),
        };
        at.say("work-under-lock", worked.to_string(), message);
    }
    let strongest = at
        .facts
        .locks
        .iter()
        .find(|(name, mode)| **mode == LockMode::AccessExclusive && !held.contains_key(*name));
    let apart = |name: &QualifiedName| {
        // Partitions go with their table.
        !at.world
            .tree(name)
            .iter()
            .skip(1)
            .any(|it| held.contains_key(it))
            && !held.keys().any(|it| at.world.tree(it).contains(name))
    };
    if let (Some((first, line)), Some((name, _))) = (held.first_key_value(), strongest)
        && !at.transaction.told_several
        && apart(name)
    {
        let message = format!(
            "{name} is locked against everybody while {first} is since line {line}: others that use both may deadlock"
        );
        let name = name.to_string();
        at.transaction.told_several = true;
        at.say("several-tables-locked", name, message);
    }
}

fn act(at: &mut At<'_>, alter: &AlterTable, action: &Action) {
    let table = &alter.name;
    let object = at.full(table);
    if !at.was_there(table) {
        return;
    }
    let waits = |at: &At<'_>| format!("{} is written anew while everybody waits", at.sized(table));
    match action {
        Action::AddColumn(column, own) => {
            let path = format!("{object}.{}", column.name);
            if column.not_null
                && column.default.is_none()
                && !column.serial
                && !column.identity
                && !column.stored
                && !column.virtual_column
            {
                let message = format!(
                    "{path} refuses null, and the rows of {} have no value",
                    at.sized(table)
                );
                at.say("required-column", &path, message);
            }
            let rewritten = waits(at);
            if column.serial || column.identity {
                at.say("identity-rewrite", path, rewritten);
            } else if column.stored {
                at.say("generated-rewrite", path, rewritten);
            } else if at.facts.does(Work::Rewrite) && adds_alone(alter) {
                at.say("default-rewrite", path, rewritten);
            }
            for constraint in own {
                constrain(at, alter, constraint, column.default.is_none());
            }
        }
        Action::Type {
            column, type_name, ..
        } if at.facts.does(Work::Rewrite) => {
            let message = format!("{} becomes {type_name}: {}", column, waits(at));
            at.say("type-rewrite", format!("{object}.{column}"), message);
        }
        Action::SetNotNull(column) => {
            let proven = at
                .world
                .relation(table)
                .is_some_and(|relation| relation.refuses_null(column, &alter.dropped()));
            if !proven {
                let message = format!("{} is read while everybody waits", at.sized(table));
                at.say("not-null-scan", format!("{object}.{column}"), message);
            }
        }
        Action::AddConstraint(constraint) => constrain(at, alter, constraint, false),
        Action::Validate(name) => {
            let added = at.transaction.open
                && at
                    .transaction
                    .unproven
                    .iter()
                    .any(|(of, added)| of.to_string() == object && added == name);
            if added {
                let message = format!(
                    "{} is read under the lock that ADD CONSTRAINT {name} took",
                    at.sized(table)
                );
                at.say("validate-with-add", format!("{object}.{name}"), message);
            }
        }
        Action::Move(what) => {
            let message = format!("SET {}: {}", what.to_uppercase(), waits(at));
            at.say("move-table", object, message);
        }
        Action::Logged(logged) => {
            let message = format!(
                "SET {}: {}",
                if *logged { "LOGGED" } else { "UNLOGGED" },
                waits(at)
            );
            at.say("move-table", &object, message);
        }
        Action::Attach { partition, .. } => {
            for (name, work) in at.facts.work.clone() {
                if work == Work::Scan {
                    let message = format!(
                        "{} is read while its readers and writers wait",
                        at.sized(&name)
                    );
                    at.say("attach-partition-scan", at.full(partition), message);
                }
            }
        }
        Action::Detach {
            partition,
            concurrently: false,
            finalize: false,
        } if at.world.is_since(14) => {
            let message = format!("everybody who uses {object} waits until the transaction ends");
            at.say("detach-partition-blocks", at.full(partition), message);
        }
        _ => {}
    }
}

/// Whether the only action that may write the table anew is ADD COLUMN.
fn adds_alone(alter: &AlterTable) -> bool {
    !alter.actions.iter().any(|action| {
        matches!(
            action,
            Action::Type { .. } | Action::Move(_) | Action::Logged(_)
        )
    })
}

/// A constraint that comes to a table with rows; `empty`: on a column that has no values yet.
fn constrain(at: &mut At<'_>, alter: &AlterTable, constraint: &Constraint, empty: bool) {
    let object = at.full(&alter.name);
    // Partitions may give those that they have.
    let builds = constraint.using_index.is_none() && at.facts.does(Work::BuildIndex);
    let path = match &constraint.name {
        Some(name) => format!("{object}.{name}"),
        None => object,
    };
    let what = named(constraint.name.as_ref(), &constraint.demand);
    let table = at.sized(&alter.name);
    match &constraint.demand {
        Demand::ForeignKey { references, .. } => {
            if at.facts.does(Work::Scan) && !empty {
                let other = at.full(references);
                at.say("foreign-key-validated", path, format!("{what}: writers of {table} and of {other} wait while every row is looked up"));
            }
        }
        Demand::Check(_) | Demand::NotNull(_) => {
            if !constraint.not_valid && !empty {
                at.say(
                    "check-validated",
                    path,
                    format!("{what}: everybody waits while {table} is read"),
                );
            }
        }
        Demand::Unique(_) => {
            if builds && !empty {
                at.say(
                    "unique-builds-index",
                    path,
                    format!("{what}: everybody waits while an index is built on {table}"),
                );
            }
        }
        Demand::PrimaryKey(_) => {
            if builds {
                at.say(
                    "primary-key-builds-index",
                    path,
                    format!("{what}: everybody waits while an index is built on {table}"),
                );
            } else if constraint.using_index.is_some()
                && at.facts.does(Work::Scan)
                && at.facts.assumed.is_empty()
            {
                at.say("not-null-scan", path, format!("{what}: its columns take null now, so everybody waits while {table} is read"));
            }
        }
        Demand::Exclude => {
            at.say(
                "exclude-builds-index",
                path,
                format!("{what}: everybody waits while an index is built on {table}"),
            );
        }
    }
}
