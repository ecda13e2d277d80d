//! What costs later: types, keys, indexes, names.

use super::At;
use crate::facts::read::{Action, Column, Command, Constraint, CreateIndex, Demand};
use crate::facts::{Relation, RelationKind};
use crate::model::QualifiedName;
use crate::sql::lexer::significant;
use crate::sql::quote::unquote_ident;

/// PostgreSQL cuts names after so many bytes.
const LONGEST_NAME: usize = 63;

/// From which share of its numbers on a key is near its end.
const NEAR: f64 = 0.7;

pub(super) fn judge(at: &mut At<'_>) {
    names(at);
    match at.command.clone() {
        Command::CreateTable(table) => {
            if table.temporary {
                return;
            }
            let object = at.full(&table.name);
            for column in &table.columns {
                typed(at, &object, column);
            }
            keys(at, &object, &table.columns, &table.constraints);
            let has_key = table
                .constraints
                .iter()
                .any(|it| matches!(it.demand, Demand::PrimaryKey(_)));
            if !has_key
                && !table.other_columns
                && !table.foreign
                && table.partition_of.is_none()
                && table.inherits.is_empty()
                && !at.later_key(&table.name)
            {
                at.say(
                    "table-without-key",
                    &object,
                    format!("{object} has no primary key"),
                );
            }
            for constraint in &table.constraints {
                let indexes = table.constraints.clone();
                unindexed(at, &table.name, constraint, None, &indexes);
            }
        }
        Command::AlterTable(alter) if alter.kind != "index" => {
            let object = at.full(&alter.name);
            let relation = at.world.relation(&alter.name).cloned();
            for action in &alter.actions {
                match action {
                    Action::AddColumn(column, own) => {
                        typed(at, &object, column);
                        keys(at, &object, std::slice::from_ref(column), own);
                        for constraint in own {
                            unindexed(at, &alter.name, constraint, relation.as_ref(), own);
                        }
                    }
                    Action::Type {
                        column, type_name, ..
                    } => {
                        let column = Column {
                            name: column.clone(),
                            type_name: type_name.clone(),
                            ..Column::default()
                        };
                        typed(at, &object, &column);
                    }
                    Action::AddConstraint(constraint) => {
                        let own = std::slice::from_ref(constraint);
                        unindexed(at, &alter.name, constraint, relation.as_ref(), own);
                    }
                    _ => {}
                }
            }
        }
        Command::CreateIndex(index) => indexed(at, &index),
        Command::Publication {
            tables,
            changes: true,
            ..
        } => {
            for table in &tables {
                let keyless = at.world.relation(table).is_some_and(|relation| {
                    relation.kind == RelationKind::Table
                        && relation.all_indexes
                        && relation.primary_key().is_none()
                        && !relation.identified
                });
                if keyless && !at.later_key(table) {
                    let object = at.full(table);
                    at.say("publication-without-key", &object, format!("updates and deletes of {object} fail: it has no primary key and no replica identity"));
                }
            }
        }
        _ => {}
    }
    ending(at);
}

/// Names that are cut, and names whose schema the search path decides.
fn names(at: &mut At<'_>) {
    for token in significant(at.sql) {
        if token.is_ident() {
            let name = unquote_ident(token.text);
            if name.len() > LONGEST_NAME {
                let message = format!(
                    "the name {name} has {} bytes, PostgreSQL keeps {LONGEST_NAME}",
                    name.len()
                );
                at.say("identifier-too-long", name, message);
            }
        }
    }
    if at.path_said {
        return;
    }
    let bare: Vec<QualifiedName> = match at.command {
        Command::CreateTable(table) if !table.temporary => vec![table.name.clone()],
        Command::AlterTable(alter) => vec![alter.name.clone()],
        Command::CreateIndex(index) => vec![index.table.clone()],
        Command::CreateView { name, .. }
        | Command::CreateType { name }
        | Command::CreateDomain { name, .. }
        | Command::AlterType { name, .. }
        | Command::AlterDomain { name, .. }
        | Command::Sequence { name, .. }
        | Command::AlterRoutine { name, .. } => vec![name.clone()],
        Command::CreateRoutine(routine) => vec![routine.name.clone()],
        Command::MakePart { table, .. }
        | Command::DropPart { table, .. }
        | Command::Write { table, .. } => {
            vec![table.clone()]
        }
        Command::Truncate { tables, .. } => tables.clone(),
        Command::Drop(removal)
            if [
                "table",
                "index",
                "view",
                "materialized view",
                "sequence",
                "type",
                "domain",
                "function",
                "procedure",
            ]
            .contains(&removal.kind) =>
        {
            removal.names.clone()
        }
        _ => Vec::new(),
    };
    for name in bare {
        let temporary = at
            .world
            .relation(&QualifiedName::new("pg_temp", &name.name))
            .is_some();
        if name.schema.is_empty() && !temporary {
            let message = format!("which {} is meant depends on the search path", name.name);
            at.say("unqualified-name", name.name, message);
        }
    }
}

fn typed(at: &mut At<'_>, table: &str, column: &Column) {
    let path = format!("{table}.{}", column.name);
    let name = column.type_name.trim_end_matches("[]");
    let (code, advice) = if name.starts_with("timestamp") && !name.ends_with("with time zone") {
        (
            "timestamp-without-zone",
            "it names no moment: timestamptz does",
        )
    } else if name.starts_with("time")
        && name.ends_with(" with time zone")
        && !name.starts_with("timestamp")
    {
        (
            "time-with-zone",
            "a zone without a day says nothing of summer time",
        )
    } else if name == "character" || name.starts_with("character(") {
        (
            "char-type",
            "it pads with blanks that comparisons pass over: text does not",
        )
    } else if name.starts_with("character varying(") {
        (
            "varchar-limit",
            "a larger limit is a change of type: text with a check is not",
        )
    } else if name == "json" {
        ("json-type", "it has no equality and no indexes: jsonb has")
    } else if name == "money" {
        (
            "money-type",
            "it is as exact as the server's locale: numeric is exact",
        )
    } else {
        return;
    };
    at.say(code, &path, format!("{path} is {name}: {advice}"));
}

/// Small keys and serial columns.
fn keys(at: &mut At<'_>, table: &str, columns: &[Column], constraints: &[Constraint]) {
    for column in columns {
        let path = format!("{table}.{}", column.name);
        if column.serial {
            at.say(
                "serial-column",
                &path,
                format!("{path} is serial: an identity column has one owner and one rule"),
            );
        }
        let is_key = constraints.iter().any(
            |it| matches!(&it.demand, Demand::PrimaryKey(keys) if *keys == [column.name.clone()]),
        );
        let small = matches!(column.type_name.as_str(), "integer" | "smallint");
        if small && is_key && (column.serial || column.identity || column.default.is_some()) {
            at.say(
                "small-key",
                &path,
                format!(
                    "{path} is {}: its numbers run out, and a change of type writes the table anew",
                    column.type_name
                ),
            );
        }
    }
}

/// A foreign key whose columns no index leads with: deletes above read the whole table.
fn unindexed(
    at: &mut At<'_>,
    table: &QualifiedName,
    constraint: &Constraint,
    relation: Option<&Relation>,
    beside: &[Constraint],
) {
    let Demand::ForeignKey { columns, .. } = &constraint.demand else {
        return;
    };
    let leads = |keys: &[String]| {
        keys.len() >= columns.len()
            && columns.iter().all(|column| {
                keys[..columns.len()]
                    .iter()
                    .any(|key| key.trim_end_matches(" DESC") == column)
            })
    };
    let by_constraint = beside.iter().any(|it| match &it.demand {
        Demand::PrimaryKey(keys) | Demand::Unique(keys) => leads(keys),
        _ => false,
    });
    let there = match relation {
        Some(relation) => {
            !relation.all_indexes
                || relation
                    .indexes
                    .iter()
                    .any(|index| index.predicate.is_none() && leads(&index.keys))
        }
        // A table that nobody saw may have one.
        None => {
            at.world.relation(table).is_none() && !matches!(at.command, Command::CreateTable(_))
        }
    };
    let full = at.world.resolve(table);
    let later = at.later.iter().any(|command| {
        matches!(command, Command::CreateIndex(index)
            if index.table.name == full.name && at.world.resolve(&index.table) == full && index.predicate.is_none() && leads(&index.keys))
    });
    if !by_constraint && !there && !later {
        let path = match &constraint.name {
            Some(name) => format!("{full}.{name}"),
            None => full.to_string(),
        };
        let message = format!(
            "no index of {full} leads with {}: a delete above reads the whole table",
            columns.join(", ")
        );
        at.say("foreign-key-without-index", path, message);
    }
}

fn indexed(at: &mut At<'_>, index: &CreateIndex) {
    let object = match &index.name {
        Some(name) => format!("{}.{name}", at.full(&index.table)),
        None => at.full(&index.table),
    };
    if index.keys.len() > 3 && !index.unique {
        at.say(
            "wide-index",
            &object,
            format!(
                "an index over {} columns serves few queries and slows every write",
                index.keys.len()
            ),
        );
    }
    let method = index.method.as_deref().unwrap_or("btree");
    let mine: Vec<String> = index.keys.iter().map(|key| key.replace('"', "")).collect();
    let twin = at.world.relation(&index.table).and_then(|relation| {
        relation.indexes.iter().find(|other| {
            let same = other.keys.iter().map(|key| key.replace('"', ""));
            let prefix = method == "btree" && !index.unique && other.keys.len() > mine.len();
            let compared = same.take(mine.len()).eq(mine.iter().cloned());
            other.method == method
                && other.predicate.as_deref().map(plain) == index.predicate.as_deref().map(plain)
                && Some(&other.name) != index.name.as_ref()
                && compared
                && (other.keys.len() == mine.len() && (other.unique || !index.unique) || prefix)
        })
    });
    if let Some(twin) = twin {
        let other = match twin.name.is_empty() {
            true => "a constraint's index".to_owned(),
            false => format!("index {}", twin.name),
        };
        let message = format!("{other} over {} does the same", twin.keys.join(", "));
        at.say("duplicate-index", object, message);
    }
}

/// A condition without blanks and parentheses, for a comparison that never has to be right.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && !"()".contains(*letter))
        .collect::<String>()
        .to_lowercase()
}

/// Keys of the tables that the statement touches, whose numbers run out.
fn ending(at: &mut At<'_>) {
    let touched: Vec<QualifiedName> = at.facts.locks.keys().cloned().collect();
    for name in touched {
        let counters = at.world.relation(&name).map(|it| it.counters.clone());
        for (column, last, most) in counters.unwrap_or_default() {
            let share = last as f64 / most as f64;
            let path = format!("{name}.{column}");
            if share >= NEAR && at.transaction.told_keys.insert(path.clone()) {
                let message = format!(
                    "{path} is at {} of {}: {:.0} % are gone",
                    crate::facts::rows(last as f64),
                    crate::facts::rows(most as f64),
                    share * 100.0
                );
                at.say("key-near-end", path, message);
            }
        }
    }
}

impl At<'_> {
    /// Whether the statements that follow give the table a primary key or a replica identity, or make it a partition, whose
    /// key is its table's.
    fn later_key(&self, table: &QualifiedName) -> bool {
        let full = self.world.resolve(table);
        self.later.iter().any(|command| {
            let Command::AlterTable(alter) = command else {
                return false;
            };
            let own = alter.name.name == full.name && self.world.resolve(&alter.name) == full;
            alter.actions.iter().any(|it| match it {
                Action::AddConstraint(constraint) => {
                    own && matches!(constraint.demand, Demand::PrimaryKey(_))
                }
                Action::ReplicaIdentity => own,
                Action::Attach { partition, .. } => {
                    partition.name == full.name && self.world.resolve(partition) == full
                }
                _ => false,
            })
        })
    }
}
