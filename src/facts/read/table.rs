//! CREATE TABLE, ALTER TABLE and CREATE INDEX.

use super::command::{
    Action, AlterTable, Column, Command, Constraint, CreateIndex, CreateTable, Demand,
};
use super::cursor::Cursor;
use crate::sql::types::{canonical_type, serial_type};

/// What ends the type of a column.
pub(super) const AFTER_TYPE: &[&str] = &[
    "constraint",
    "not",
    "null",
    "default",
    "generated",
    "primary",
    "unique",
    "references",
    "check",
    "collate",
    "storage",
    "compression",
    "options",
    "deferrable",
    "initially",
    "using",
];

/// What ends an expression of a column.
const AFTER_EXPRESSION: &[&str] = &[
    "constraint",
    "not null",
    "null",
    "default",
    "generated",
    "primary key",
    "unique",
    "references",
    "check",
    "collate",
    "deferrable",
    "not deferrable",
    "initially",
];

pub(super) fn create(at: &mut Cursor<'_>, temporary: bool, unlogged: bool) -> Option<Command> {
    let foreign = at.take("foreign table");
    at.take("if not exists");
    let mut table = CreateTable {
        name: at.name()?,
        temporary,
        unlogged,
        foreign,
        ..CreateTable::default()
    };
    if at.take("partition of") {
        table.partition_of = at.name();
    } else if at.take("of") {
        at.name();
        table.other_columns = true;
    }
    if let Some(mut parts) = at.group() {
        for mut part in parts.list() {
            if part.take("like") {
                table.like.extend(part.name());
                table.other_columns = true;
            } else if let Some(constraint) = constraint(&mut part.clone(), true) {
                table.constraints.push(constraint);
            } else if table.partition_of.is_none() || !table.other_columns {
                let (column, own) = column(&mut part, table.partition_of.is_some());
                table.columns.extend(column);
                table.constraints.extend(own);
            }
        }
    }
    table.default_partition = table.partition_of.is_some() && at.take("default");
    while !at.is_done() {
        if at.take("inherits") {
            if let Some(mut parents) = at.group() {
                table.inherits = parents.names();
            }
        } else if at.take("partition by") {
            table.partitioned = true;
        } else if at.take("as") {
            table.other_columns = true;
            break;
        } else {
            at.skip_one();
        }
    }
    let keys: Vec<String> = table
        .constraints
        .iter()
        .filter_map(|it| match &it.demand {
            Demand::PrimaryKey(columns) => Some(columns.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    for column in &mut table.columns {
        column.not_null |= keys.contains(&column.name);
    }
    Some(Command::CreateTable(table))
}

/// A column with its own constraints; a partition's column has no type.
fn column(at: &mut Cursor<'_>, typeless: bool) -> (Option<Column>, Vec<Constraint>) {
    let mut own = Vec::new();
    let Some(name) = at.ident() else {
        return (None, own);
    };
    let mut column = Column {
        name,
        ..Column::default()
    };
    if !typeless {
        let written = at.type_name(AFTER_TYPE);
        column.serial = serial_type(written).is_some();
        column.type_name =
            serial_type(written).map_or_else(|| canonical_type(written), str::to_owned);
        column.not_null = column.serial;
    }
    let mut named = None;
    while !at.is_done() {
        if at.take("constraint") {
            named = at.ident();
        } else if at.take("not null") {
            column.not_null = true;
        } else if at.take("default") {
            column.default = Some(at.expression(AFTER_EXPRESSION).to_owned());
        } else if at.take("generated") {
            at.take_any(&["always", "by default"]);
            at.take("as");
            if at.take("identity") {
                column.identity = true;
                column.not_null = true;
                at.group();
            } else {
                at.group();
                column.virtual_column = at.take("virtual");
                column.stored = at.take("stored");
            }
        } else if at.take("primary key") {
            column.not_null = true;
            let columns = vec![column.name.clone()];
            own.push(plain(named.take(), Demand::PrimaryKey(columns)));
        } else if at.take("unique") {
            at.take_any(&["nulls not distinct", "nulls distinct"]);
            let columns = vec![column.name.clone()];
            own.push(plain(named.take(), Demand::Unique(columns)));
        } else if at.take("check") {
            if let Some(mut group) = at.group() {
                own.push(plain(named.take(), Demand::Check(group.rest().to_owned())));
            }
        } else if at.take("references") {
            if let Some(references) = at.name() {
                let columns = vec![column.name.clone()];
                own.push(plain(
                    named.take(),
                    Demand::ForeignKey {
                        columns,
                        references,
                    },
                ));
            }
            at.group();
        } else {
            // ON DELETE SET NULL and SET DEFAULT say nothing of the column.
            if at.take_any(&["on delete set", "on update set"]).is_none() {
                at.take("not");
            }
            at.skip_one();
        }
    }
    (Some(column), own)
}

fn plain(name: Option<String>, demand: Demand) -> Constraint {
    Constraint {
        name,
        demand,
        not_valid: false,
        using_index: None,
    }
}

/// A table constraint; `None` where it is none. `bare`: without ADD before it, where a column may be called as a keyword
/// that needs no parenthesis.
pub(super) fn constraint(at: &mut Cursor<'_>, bare: bool) -> Option<Constraint> {
    let name = match at.take("constraint") {
        true => Some(at.ident()?),
        false => None,
    };
    let not_valid = at.has("not valid");
    let mut using_index = None;
    let mut keys = |at: &mut Cursor<'_>| {
        at.take_any(&["nulls not distinct", "nulls distinct"]);
        if at.take("using index") {
            using_index = at.ident();
        }
        at.column_list()
    };
    let demand = if at.take("primary key") {
        Demand::PrimaryKey(keys(at))
    } else if at.take("unique") {
        Demand::Unique(keys(at))
    } else if at.take("foreign key") {
        let columns = at.column_list();
        at.take("references");
        Demand::ForeignKey {
            columns,
            references: at.name()?,
        }
    } else if at.take("check") {
        Demand::Check(at.group()?.rest().to_owned())
    } else if at.take("exclude") {
        Demand::Exclude
    } else if (name.is_some() || !bare) && at.take("not null") {
        Demand::NotNull(at.ident()?)
    } else {
        return None;
    };
    Some(Constraint {
        name,
        demand,
        not_valid,
        using_index,
    })
}

pub(super) fn create_index(at: &mut Cursor<'_>, unique: bool) -> Option<Command> {
    let concurrently = at.take("concurrently");
    at.take("if not exists");
    let name = match at.sees("on") {
        true => None,
        false => at.ident(),
    };
    if !at.take("on") {
        return None;
    }
    let only = at.take("only");
    let table = at.name()?;
    let method = match at.take("using") {
        true => at.ident(),
        false => None,
    };
    let keys = at
        .group()?
        .list()
        .iter_mut()
        .map(|key| key.rest().to_owned())
        .collect();
    let include = match at.take("include") {
        true => at.column_list(),
        false => Vec::new(),
    };
    let predicate = at.seek("where").then(|| at.rest().to_owned());
    Some(Command::CreateIndex(CreateIndex {
        name,
        table,
        unique,
        concurrently,
        only,
        method,
        keys,
        include,
        predicate,
    }))
}

pub(super) fn alter(at: &mut Cursor<'_>, kind: &'static str) -> Option<Command> {
    // ALTER TABLE ALL IN TABLESPACE moves what nobody named.
    if at.sees("all in tablespace") {
        return None;
    }
    at.take("if exists");
    let only = at.take("only");
    let name = at.name()?;
    at.take_sign("*");
    let actions = at.list().iter_mut().map(action).collect();
    Some(Command::AlterTable(AlterTable {
        kind,
        name,
        only,
        actions,
    }))
}

fn action(at: &mut Cursor<'_>) -> Action {
    read_action(at).unwrap_or(Action::Other)
}

fn read_action(at: &mut Cursor<'_>) -> Option<Action> {
    let verb = at.next()?.text.to_ascii_lowercase();
    Some(match verb.as_str() {
        "add" => {
            if let Some(constraint) = constraint(&mut at.clone(), false) {
                return Some(Action::AddConstraint(constraint));
            }
            at.take("column");
            at.take("if not exists");
            let (column, own) = column(at, false);
            Action::AddColumn(column?, own)
        }
        "drop" => {
            let constraint = at.take("constraint");
            if !constraint {
                at.take("column");
            }
            at.take("if exists");
            let name = at.ident()?;
            let cascade = at.take("cascade");
            match constraint {
                true => Action::DropConstraint { name, cascade },
                false => Action::DropColumn {
                    column: name,
                    cascade,
                },
            }
        }
        "alter" => return alter_column(at),
        "validate" => {
            at.take("constraint");
            Action::Validate(at.ident()?)
        }
        "rename" => rename(at)?,
        "owner" => {
            at.take("to");
            Action::Owner(at.ident()?)
        }
        "enable" | "disable" => {
            let off = verb == "disable";
            at.take_any(&["replica", "always"]);
            if at.take("row level security") {
                Action::RowSecurity {
                    enabled: Some(!off),
                    less: off,
                }
            } else if at.take("rule") {
                Action::Rule
            } else {
                Action::Trigger(off)
            }
        }
        "force" => Action::RowSecurity {
            enabled: None,
            less: false,
        },
        "no" if at.take("force") => Action::RowSecurity {
            enabled: None,
            less: true,
        },
        "no" if at.take("inherit") => Action::Inherit(at.name()?, false),
        "inherit" => Action::Inherit(at.name()?, true),
        "cluster" => Action::ClusterOn,
        "replica" => Action::ReplicaIdentity,
        "set" | "reset" => set(at)?,
        "attach" => {
            at.take("partition");
            let partition = at.name()?;
            Action::Attach {
                partition,
                default: at.take("default"),
            }
        }
        "detach" => {
            at.take("partition");
            let partition = at.name()?;
            Action::Detach {
                partition,
                concurrently: at.take("concurrently"),
                finalize: at.take("finalize"),
            }
        }
        _ => Action::Other,
    })
}

fn set(at: &mut Cursor<'_>) -> Option<Action> {
    Some(if at.take("schema") {
        Action::SetSchema(at.ident()?)
    } else if at.take("tablespace") {
        Action::Move("tablespace")
    } else if at.take("access method") {
        Action::Move("access method")
    } else if at.take("logged") {
        Action::Logged(true)
    } else if at.take("unlogged") {
        Action::Logged(false)
    } else if at.take("without cluster") {
        Action::ClusterOn
    } else if let Some(mut options) = at.group() {
        let names = options.list();
        let name = |mut option: Cursor<'_>| {
            let first = option.ident()?;
            match option.take_sign(".") {
                true => option.ident().map(|name| format!("{first}.{name}")),
                false => Some(first),
            }
        };
        Action::Options(names.into_iter().filter_map(name).collect())
    } else {
        Action::Other
    })
}

fn rename(at: &mut Cursor<'_>) -> Option<Action> {
    if at.take("to") {
        return Some(Action::Rename(at.ident()?));
    }
    let constraint = at.take("constraint");
    if !constraint {
        at.take("column");
    }
    let from = at.ident()?;
    at.take("to");
    let to = at.ident()?;
    Some(match constraint {
        true => Action::RenameConstraint { from, to },
        false => Action::RenameColumn { from, to },
    })
}

fn alter_column(at: &mut Cursor<'_>) -> Option<Action> {
    if at.take("constraint") {
        return Some(Action::AlterConstraint(at.ident()?));
    }
    at.take("column");
    let column = at.ident()?;
    let other = |what| Action::Column {
        column: column.clone(),
        what,
    };
    Some(if at.take("set data type") || at.take("type") {
        let type_name = canonical_type(at.type_name(&["collate", "using"]));
        at.until(&["using"]);
        let using = at.take("using").then(|| at.rest().to_owned());
        Action::Type {
            column,
            type_name,
            using,
        }
    } else if at.take("set not null") {
        Action::SetNotNull(column)
    } else if at.take("drop not null") {
        Action::DropNotNull(column)
    } else if at.take("set default") {
        let default = Some(at.rest().to_owned());
        Action::Default { column, default }
    } else if at.take("drop default") {
        Action::Default {
            column,
            default: None,
        }
    } else if at.take("set statistics") {
        other("statistics")
    } else if at.take("set storage") {
        other("storage")
    } else if at.take("set compression") {
        other("compression")
    } else if at.take("set expression") {
        other("expression")
    } else if at.take("drop expression") {
        other("drop expression")
    } else if at.take("add generated") || at.take("set generated") || at.take("drop identity") {
        other("identity")
    } else if at.take_any(&["set", "reset"]).is_some() && at.group().is_some() {
        other("options")
    } else {
        other("identity")
    })
}
