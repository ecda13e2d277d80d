//! `names { require "regex" kinds=… }`: what a statement makes or renames has a name that the project's expressions take,
//! whole. What was called otherwise before stays as it is.

use regex::Regex;

use super::Source;
use super::rules::Raw;
use super::walk::Walked;
use crate::config::RequiredName;
use crate::facts::World;
use crate::facts::read::{Action, Command, Constraint, Demand};

/// A name that a statement gives.
struct Given {
    kind: &'static str,
    /// What the object belongs to, `auth.users`; empty where it stands alone.
    holder: String,
    name: String,
}

/// Adds a hazard to every statement that gives a name that a demand of its kind does not take.
pub fn judge_names<'s>(
    sources: impl IntoIterator<Item = &'s Source>,
    walked: &mut [Walked],
    world: &World,
    required: &[RequiredName],
) {
    let demands: Vec<(&RequiredName, Regex)> = required
        .iter()
        .filter_map(|demand| Some((demand, demand.whole()?)))
        .collect();
    if demands.is_empty() {
        return;
    }
    for (source, walked) in sources.into_iter().zip(walked) {
        for (statement, judged) in source.statements.iter().zip(&mut walked.statements) {
            for given in names(&statement.command, world) {
                let refusing = demands.iter().find(|(demand, regex)| {
                    let speaks = demand.kinds.is_empty()
                        || demand.kinds.iter().any(|kind| kind == given.kind);
                    speaks && !regex.is_match(&given.name)
                });
                let Some((demand, _)) = refusing else {
                    continue;
                };
                let object = match given.holder.as_str() {
                    "" => given.name.clone(),
                    holder => format!("{holder}.{}", given.name),
                };
                judged.raws.push(Raw {
                    code: "name-required",
                    object,
                    message: format!(
                        "the {} `{}` is not called as `{}` demands",
                        given.kind.replace('-', " "),
                        given.name,
                        demand.regex.value
                    ),
                });
            }
        }
    }
}

fn names(command: &Command, world: &World) -> Vec<Given> {
    let given = |kind, holder: &str, name: &str| Given {
        kind,
        holder: holder.to_owned(),
        name: name.to_owned(),
    };
    let qualified = |kind, name| {
        let name = world.resolve(name);
        given(kind, name.schema.as_str(), &name.name)
    };
    match command {
        Command::CreateTable(table) => {
            let holder = world.resolve(&table.name).to_string();
            let columns = table.columns.iter();
            std::iter::once(qualified("table", &table.name))
                .chain(columns.map(|column| given("column", &holder, &column.name)))
                .chain(constraints(&table.constraints, &holder))
                .collect()
        }
        Command::AlterTable(alter) => {
            let name = world.resolve(&alter.name);
            let holder = name.to_string();
            let kind = match alter.kind {
                "materialized view" => "materialized-view",
                "foreign table" => "table",
                other => other,
            };
            let mut found = Vec::new();
            for action in &alter.actions {
                match action {
                    Action::AddColumn(column, own) => {
                        found.push(given("column", &holder, &column.name));
                        found.extend(constraints(own, &holder));
                    }
                    Action::AddConstraint(constraint) => {
                        found.extend(constraints(std::slice::from_ref(constraint), &holder));
                    }
                    Action::Rename(to) => {
                        let schema = name.schema.as_str();
                        found.push(given(kind, schema, to));
                    }
                    Action::RenameColumn { to, .. } => found.push(given("column", &holder, to)),
                    _ => {}
                }
            }
            found
        }
        Command::CreateIndex(index) => {
            let holder = world.resolve(&index.table).to_string();
            let name = index.name.as_ref();
            name.map(|name| given("index", &holder, name))
                .into_iter()
                .collect()
        }
        Command::MakePart {
            kind,
            name,
            table,
            altered: false,
        } => vec![given(kind, &world.resolve(table).to_string(), name)],
        Command::CreateStatistics { name, .. } => name
            .iter()
            .map(|name| qualified("statistics", name))
            .collect(),
        Command::CreateView {
            name, materialized, ..
        } => {
            let kind = match materialized {
                true => "materialized-view",
                false => "view",
            };
            vec![qualified(kind, name)]
        }
        Command::CreateRoutine(routine) => vec![qualified("function", &routine.name)],
        Command::CreateType { name } => vec![qualified("type", name)],
        Command::CreateDomain { name, .. } => vec![qualified("domain", name)],
        Command::Sequence { name, made: true } => vec![qualified("sequence", name)],
        Command::CreateSchema { name, .. } => vec![given("schema", "", name)],
        Command::Publication { name, .. } => vec![given("publication", "", name)],
        Command::Role {
            name,
            altered: false,
            ..
        } => vec![given("role", "", name)],
        _ => Vec::new(),
    }
}

/// The constraints that are given a name.
fn constraints(constraints: &[Constraint], holder: &str) -> Vec<Given> {
    let kind = |demand: &Demand| match demand {
        Demand::PrimaryKey(_) => "primary-key",
        Demand::Unique(_) => "unique",
        Demand::ForeignKey { .. } => "foreign-key",
        Demand::Check(_) => "check",
        Demand::Exclude => "exclude",
        Demand::NotNull(_) => "not-null",
    };
    let named = constraints.iter().filter_map(|constraint| {
        Some(Given {
            kind: kind(&constraint.demand),
            holder: holder.to_owned(),
            name: constraint.name.clone()?,
        })
    });
    named.collect()
}
