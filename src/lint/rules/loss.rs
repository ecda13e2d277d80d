//! What is gone afterwards: rows, values, names that programs know, guarantees.

use super::At;
use crate::facts::read::{Action, AlterAction, AlterTable, Command, TypeAction};

pub(super) fn judge(at: &mut At<'_>) {
    match at.command.clone() {
        Command::Drop(removal) => {
            for name in &removal.names {
                let object = match removal.kind {
                    "schema" | "extension" | "database" | "role" | "server" => name.name.clone(),
                    _ => at.full(name),
                };
                match removal.kind {
                    "table" if at.was_there(name) => {
                        let message = format!("{} is dropped with its rows", at.sized(name));
                        at.say("drop-table", &object, message);
                    }
                    "sequence" if at.was_there(name) => {
                        at.say(
                            "drop-sequence",
                            &object,
                            format!("{object} is dropped with its position"),
                        );
                    }
                    "schema" => at.say(
                        "drop-schema",
                        &object,
                        format!("schema {object} is dropped"),
                    ),
                    "extension" => {
                        at.say(
                            "drop-extension",
                            &object,
                            format!("extension {object} is dropped with all that it holds"),
                        );
                    }
                    "database" => at.say(
                        "drop-database",
                        &object,
                        format!("database {object} is dropped"),
                    ),
                    "view" | "materialized view" | "function" | "procedure" | "routine"
                    | "aggregate" | "type" | "domain" | "operator"
                        if at.was_there(name) =>
                    {
                        at.say(
                            "drop-object",
                            &object,
                            format!("{} {object} is dropped", removal.kind),
                        );
                    }
                    _ => {}
                }
                if removal.cascade && (removal.kind == "schema" || at.was_there(name)) {
                    let message = format!(
                        "whatever depends on {} {object} is dropped too",
                        removal.kind
                    );
                    at.say("drop-cascade", object, message);
                }
            }
        }
        Command::Truncate { tables, cascade } => {
            for table in &tables {
                if at.was_there(table) {
                    let (object, sized) = (at.full(table), at.sized(table));
                    at.say("truncate", &object, format!("{sized} is emptied"));
                    if cascade {
                        at.say(
                            "drop-cascade",
                            &object,
                            format!("tables that refer to {object} are emptied too"),
                        );
                    }
                }
            }
        }
        Command::Write {
            verb: "delete",
            table,
            filtered: false,
        } if at.was_there(&table) => {
            let (object, sized) = (at.full(&table), at.sized(&table));
            at.say(
                "delete-all-rows",
                object,
                format!("every row of {sized} is deleted"),
            );
        }
        Command::CreateTable(table) if table.unlogged => {
            let object = at.full(&table.name);
            at.say(
                "unlogged-table",
                &object,
                format!("{object} is empty after a crash, and on every replica"),
            );
        }
        Command::AlterTable(alter) => {
            for action in &alter.actions {
                act(at, &alter, action);
            }
        }
        Command::AlterType { name, action } => {
            let object = at.full(&name);
            match action {
                TypeAction::RenameValue(value) => {
                    at.say(
                        "rename-object",
                        &object,
                        format!("programs that run know the value {value} of {object}"),
                    );
                }
                TypeAction::Attribute(Some(attribute)) => {
                    let path = format!("{object}.{attribute}");
                    at.say(
                        "drop-attribute",
                        &path,
                        format!("{path} is dropped with its values"),
                    );
                }
                TypeAction::Rename => {
                    at.say(
                        "rename-object",
                        &object,
                        format!("programs that run know {object} by its old name"),
                    );
                }
                _ => {}
            }
        }
        Command::Alter { kind, name, action } => {
            let object = match kind {
                "schema" => name.name.clone(),
                _ => at.full(&name),
            };
            if matches!(action, AlterAction::Rename | AlterAction::SetSchema) && at.was_there(&name)
            {
                at.say(
                    "rename-object",
                    &object,
                    format!("programs that run know {kind} {object} by its old name"),
                );
            }
            if action == AlterAction::Owner {
                at.say(
                    "change-owner",
                    &object,
                    format!("{kind} {object} gets another owner"),
                );
            }
        }
        _ => {}
    }
}

fn act(at: &mut At<'_>, alter: &AlterTable, action: &Action) {
    let table = &alter.name;
    let object = at.full(table);
    let index = alter.kind == "index";
    if index || !at.was_there(table) {
        return;
    }
    match action {
        Action::DropColumn { column, cascade } => {
            let path = format!("{object}.{column}");
            at.say(
                "drop-column",
                &path,
                format!("{path} is dropped with its values"),
            );
            if *cascade {
                at.say(
                    "drop-cascade",
                    &path,
                    format!("whatever depends on {path} is dropped too"),
                );
            }
        }
        Action::DropConstraint { name, cascade } => {
            let path = format!("{object}.{name}");
            let relation = at.world.relation(table);
            if !relation.is_some_and(|it| it.repeats_not_null(name)) {
                at.say(
                    "drop-constraint",
                    &path,
                    format!("nothing guards what {name} of {object} guarded"),
                );
            }
            if *cascade {
                at.say(
                    "drop-cascade",
                    &path,
                    format!("whatever depends on {path} is dropped too"),
                );
            }
        }
        Action::Type {
            column, type_name, ..
        } => {
            let path = format!("{object}.{column}");
            let lost = at.facts.loses.iter().any(|it| it.contains(&path));
            if lost {
                at.say("narrow-type", &path, format!("values of {path} may not fit {type_name}: the statement fails, or cuts them"));
            }
        }
        Action::Logged(false) => {
            at.say(
                "unlogged-table",
                &object,
                format!("{object} is empty after a crash, and on every replica"),
            );
        }
        Action::Rename(_) | Action::SetSchema(_) => {
            let code = match alter.kind {
                "table" | "foreign table" => "rename-table",
                _ => "rename-object",
            };
            at.say(
                code,
                &object,
                format!(
                    "programs that run know {} {object} by its old name",
                    alter.kind
                ),
            );
        }
        Action::RenameColumn { from, .. } => {
            let path = format!("{object}.{from}");
            at.say(
                "rename-column",
                &path,
                format!("programs that run know {path} by its old name"),
            );
        }
        Action::DropNotNull(column) => {
            let path = format!("{object}.{column}");
            at.say(
                "drop-not-null",
                &path,
                format!("programs that run do not expect null in {path}"),
            );
        }
        Action::Trigger(true) => {
            at.say(
                "disable-trigger",
                &object,
                format!("triggers of {object} are switched off, for all sessions"),
            );
        }
        Action::Owner(_) => {
            at.say(
                "change-owner",
                &object,
                format!("{} {object} gets another owner", alter.kind),
            );
        }
        _ => {}
    }
}
