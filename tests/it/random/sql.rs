//! A schema as a script for psql: what others stand on first, then rows, then what would be in their way, then owners,
//! comments and rights, and event triggers last.

use std::fmt::Write;

use super::model::{Key, Model, PUBLIC, Sort, Thing};
use super::types::{Group, Type};

/// The roles that the cases have; the first is whoever runs the script.
pub(super) const ROLES: [&str; 4] = ["postgres", "case_owner", "case_reader", "case_writer"];

pub(super) fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(super) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// The name with its schema, for what stands in one; of a part the name alone.
pub(super) fn path(model: &Model, key: Key) -> String {
    let thing = model.get(key);
    if thing.sort.in_schema() || thing.sort == Sort::Partition {
        let mut schema = thing.parent;
        while model.get(schema).sort != Sort::Schema {
            schema = model.get(schema).parent;
        }
        format!("{}.{}", ident(&model.get(schema).name), ident(&thing.name))
    } else {
        ident(&thing.name)
    }
}

pub(super) fn names(model: &Model, columns: &[Key]) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|column| ident(&model.get(*column).name))
        .collect();
    names.join(", ")
}

/// The whole script.
pub(super) fn script(model: &Model) -> String {
    let mut out = String::new();
    let order = model.order().unwrap_or_default();
    let all = || order.iter().map(|key| (*key, model.get(*key)));
    for (key, thing) in all() {
        if thing.sort == Sort::DefaultPrivilege && thing.die(3, 2) == 1 {
            continue;
        }
        if let Some(statement) = made_first(model, key, thing) {
            let _ = writeln!(out, "{statement};");
        }
    }
    for (key, thing) in all() {
        if thing.sort == Sort::Table && !model.without_rows.contains(&key) {
            out.push_str(&rows(model, key));
        }
    }
    for (key, thing) in all() {
        for statement in made_later(model, key, thing) {
            let _ = writeln!(out, "{statement};");
        }
    }
    for (key, thing) in all() {
        for statement in super::facets::facets(model, key, thing) {
            let _ = writeln!(out, "{statement};");
        }
    }
    for (_, thing) in all() {
        if thing.sort == Sort::DefaultPrivilege && thing.die(3, 2) == 1 {
            let _ = writeln!(out, "{};", super::facets::default_privilege(model, thing));
        }
    }
    for (key, thing) in all() {
        if thing.sort == Sort::EventTrigger {
            for statement in super::parts::event_trigger(model, key, thing) {
                let _ = writeln!(out, "{statement};");
            }
        }
    }
    out
}

fn made_first(model: &Model, key: Key, thing: &Thing) -> Option<String> {
    let name = path(model, key);
    Some(match thing.sort {
        Sort::Schema if key == PUBLIC => return None,
        Sort::Schema => format!("CREATE SCHEMA {name}"),
        Sort::Extension => format!(
            "CREATE EXTENSION {} SCHEMA {}",
            ident(&thing.name),
            path(model, thing.parent)
        ),
        Sort::DefaultPrivilege => super::facets::default_privilege(model, thing),
        Sort::Collation => match thing.die(0, 3) {
            0 => format!("CREATE COLLATION {name} FROM \"C\""),
            1 => format!("CREATE COLLATION {name} (provider = icu, locale = 'en-u-kn-true')"),
            _ => format!("CREATE COLLATION {name} (provider = icu, locale = 'de')"),
        },
        Sort::Enum => {
            let labels: Vec<String> = model.labels(key).into_iter().map(text).collect();
            format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", "))
        }
        Sort::Domain => domain(model, key, thing),
        Sort::Composite => {
            let attributes: Vec<String> = model
                .attributes(key)
                .iter()
                .map(|(name, ty)| format!("{} {}", ident(name), ty.sql))
                .collect();
            format!("CREATE TYPE {name} AS ({})", attributes.join(", "))
        }
        Sort::Range => format!(
            "CREATE TYPE {name} AS RANGE (subtype = {})",
            model.range_subtype(key)
        ),
        Sort::Sequence => sequence(model, key, thing),
        Sort::Table => table(model, key, thing),
        Sort::Partition => partition(model, key, thing),
        Sort::Unique => unique(model, key, thing),
        Sort::Check => super::parts::check(model, thing),
        Sort::View | Sort::MaterializedView => super::views::view(model, key, thing),
        Sort::Function => super::routines::function(model, key, thing),
        Sort::Aggregate => super::routines::aggregate(model, key, thing),
        Sort::Operator => super::routines::operator(model, key, thing),
        Sort::TextSearch => format!(
            "CREATE TEXT SEARCH CONFIGURATION {name} (COPY = {})",
            ["english", "simple", "german"][usize::from(thing.die(0, 3))]
        ),
        _ => return None,
    })
}

fn made_later(model: &Model, key: Key, thing: &Thing) -> Vec<String> {
    match thing.sort {
        Sort::Table => table_later(model, key, thing),
        Sort::Column => column_later(model, key, thing),
        Sort::Sequence => thing
            .columns
            .first()
            .map(|column| {
                format!(
                    "ALTER SEQUENCE {} OWNED BY {}.{}",
                    path(model, key),
                    path(model, model.get(*column).parent),
                    ident(&model.get(*column).name)
                )
            })
            .into_iter()
            .collect(),
        _ => super::parts::made_later(model, key, thing),
    }
}

fn domain(model: &Model, key: Key, thing: &Thing) -> String {
    let base = model.domain_base(key);
    let mut sql = format!("CREATE DOMAIN {} AS {}", path(model, key), base.sql);
    if thing.die(2, 3) > 0 {
        let _ = write!(sql, " DEFAULT {}", model.constant(&base, 0));
    }
    if thing.die(2, 3) == 2 {
        sql.push_str(" NOT NULL");
    }
    if thing.die(3, 3) > 0 {
        let mut test = model.test(&base, "VALUE", thing.dice[4]);
        if let Some(call) = thing
            .helper
            .and_then(|function| super::routines::test_call(model, function, &base, "VALUE"))
        {
            test = call;
        }
        let _ = write!(
            sql,
            " CONSTRAINT {} CHECK ({test})",
            ident(&format!(
                "{}_ok",
                thing.name.chars().take(8).collect::<String>()
            ))
        );
    }
    sql
}

fn sequence(model: &Model, key: Key, thing: &Thing) -> String {
    let mut sql = format!("CREATE SEQUENCE {}", path(model, key));
    sql.push_str(["", " AS integer", " AS smallint"][usize::from(thing.die(0, 3))]);
    sql.push_str(["", " INCREMENT 5", " INCREMENT 2"][usize::from(thing.die(1, 3))]);
    sql.push_str(["", " MAXVALUE 30000", " MAXVALUE 1000"][usize::from(thing.die(2, 3))]);
    sql.push_str(["", " START 100", " START 7"][usize::from(thing.die(3, 3))]);
    sql.push_str(["", " CACHE 10"][usize::from(thing.die(4, 2))]);
    sql.push_str(["", " CYCLE"][usize::from(thing.die(5, 2))]);
    sql
}

fn table(model: &Model, key: Key, thing: &Thing) -> String {
    let columns: Vec<String> = model
        .columns(key)
        .into_iter()
        .map(|column| format!("    {}", column_definition(model, column)))
        .collect();
    let unlogged = if model.is_unlogged(key) {
        " UNLOGGED"
    } else {
        ""
    };
    let mut sql = format!(
        "CREATE{unlogged} TABLE {} (\n{}\n)",
        path(model, key),
        columns.join(",\n")
    );
    if let Some(parent) = thing.uses.first() {
        let _ = write!(sql, " INHERITS ({})", path(model, *parent));
    }
    if let Some(column) = model.partition_column(key) {
        let _ = write!(
            sql,
            " PARTITION BY {} ({})",
            ["RANGE", "LIST", "HASH"][usize::from(thing.dice[0] / 8 % 3)],
            ident(&model.get(column).name)
        );
    } else if thing.die(2, 5) > 0 {
        sql.push_str(
            [
                "",
                " WITH (fillfactor = 70)",
                " WITH (autovacuum_enabled = false)",
                " WITH (fillfactor = 90, toast_tuple_target = 1000)",
                " WITH (parallel_workers = 2, autovacuum_vacuum_scale_factor = 0.05)",
            ][usize::from(thing.die(2, 5))],
        );
    }
    sql
}

/// A part of a partitioned table, which may be partitioned again, by hash.
fn partition(model: &Model, key: Key, thing: &Thing) -> String {
    let table = model.get(thing.parent);
    let number = usize::from(thing.dice[7]);
    let bound = match table.dice[0] / 8 % 3 {
        2 => format!("FOR VALUES WITH (MODULUS 16, REMAINDER {number})"),
        _ if number == 0 => "DEFAULT".to_owned(),
        0 => format!(
            "FOR VALUES FROM ({}) TO ({})",
            number * 100,
            number * 100 + 60 + usize::from(thing.die(1, 4)) * 10
        ),
        _ => format!(
            "FOR VALUES IN ({}, {})",
            number * 10,
            number * 10 + 1 + usize::from(thing.die(1, 4))
        ),
    };
    format!(
        "CREATE TABLE {} PARTITION OF {} {bound}",
        path(model, key),
        path(model, thing.parent)
    )
}

pub(super) fn column_definition(model: &Model, column: Key) -> String {
    let thing = model.get(column);
    let ty = model.type_of(column);
    let mut sql = format!("{} ", ident(&thing.name));
    if model.is_serial(column) {
        sql.push_str(match ty.sql.as_str() {
            "bigint" => "bigserial",
            "smallint" => "smallserial",
            _ => "serial",
        });
        return sql;
    }
    sql.push_str(&ty.sql);
    let plain_text = ty.group == Group::Text && ty.user.is_none();
    if plain_text && thing.die(5, 6) == 1 {
        sql.push_str(" COLLATE \"C\"");
    }
    if plain_text
        && let Some(helper) = thing.helper
        && model.get(helper).sort == Sort::Collation
    {
        sql = sql.replace(" COLLATE \"C\"", "");
        let _ = write!(sql, " COLLATE {}", path(model, helper));
    }
    if model.is_generated(column) {
        let _ = write!(
            sql,
            " GENERATED ALWAYS AS ({}) STORED",
            generated(model, column, &ty)
        );
    } else if model.is_identity(column) {
        let always = if thing.die(4, 6) == 2 {
            "ALWAYS"
        } else {
            "BY DEFAULT"
        };
        let options = ["", " (START WITH 50 INCREMENT BY 5)", " (CACHE 3 CYCLE)"]
            [usize::from(thing.die(6, 3))];
        let _ = write!(sql, " GENERATED {always} AS IDENTITY{options}");
    } else if let Some(default) = default(model, column, &ty, false) {
        let _ = write!(sql, " DEFAULT {default}");
    }
    if thing.die(2, 4) == 1 && !model.is_identity(column) {
        sql.push_str(" NOT NULL");
    }
    sql
}

fn generated(model: &Model, column: Key, ty: &Type) -> String {
    let thing = model.get(column);
    let source = thing.columns[0];
    let (name, from) = (ident(&model.get(source).name), model.type_of(source));
    let die = thing.dice[3];
    let expression = match (ty.group, from.group) {
        (Group::Int, Group::Int) => ["{} + 0", "abs({})", "{} * 1", "greatest({}, 1)"]
            [usize::from(die) % 4]
            .replace("{}", &name),
        (Group::Text, Group::Text) => [
            "lower({})",
            "{} || ''",
            "coalesce({}, 'v1')",
            "substr({}, 1, 5)",
        ][usize::from(die) % 4]
            .replace("{}", &name),
        (Group::Bool, _) => model.test(&from, &name, die),
        _ => name.clone(),
    };
    let called = thing
        .helper
        .and_then(|function| super::routines::call(model, function, &from, &name));
    let expression = match called {
        Some(call) if from.group == ty.group => call,
        _ => expression,
    };
    if ty.group == Group::Bool {
        return expression;
    }
    format!("({expression})::{}", ty.sql)
}

/// The default of a column; `later` asks for the one that stands on another object.
fn default(model: &Model, column: Key, ty: &Type, later: bool) -> Option<String> {
    let thing = model.get(column);
    if later {
        let helper = thing.helper?;
        return match model.get(helper).sort {
            Sort::Sequence if ty.group == Group::Int && ty.user.is_none() => {
                Some(format!("nextval({}::regclass)", text(&path(model, helper))))
            }
            Sort::Function => super::routines::call(model, helper, ty, &model.constant(ty, 0))
                .map(|call| format!("({call})::{}", ty.sql)),
            _ => None,
        };
    }
    match thing.die(3, 4) {
        1 => Some(model.constant(ty, 0)),
        2 => Some(match ty.group {
            Group::Date => "now()".into(),
            Group::Uuid => "gen_random_uuid()".into(),
            Group::Int if ty.user.is_none() => "(1 + 1)".into(),
            Group::Text if ty.user.is_none() => "lower('V1')".into(),
            Group::Bool => "(1 > 2)".into(),
            _ => "NULL".into(),
        }),
        3 => Some(match ty.group {
            Group::Date => "CURRENT_TIMESTAMP".into(),
            Group::Json => "jsonb_build_object('a', 1)".into(),
            _ => model.constant(ty, 1),
        }),
        _ => None,
    }
}

fn column_later(model: &Model, column: Key, thing: &Thing) -> Vec<String> {
    let ty = model.type_of(column);
    let alter = format!(
        "ALTER TABLE {} ALTER COLUMN {}",
        path(model, thing.parent),
        ident(&thing.name)
    );
    let mut out = Vec::new();
    if !model.is_generated(column)
        && !model.is_identity(column)
        && !model.is_serial(column)
        && let Some(default) = default(model, column, &ty, true)
    {
        out.push(format!("{alter} SET DEFAULT {default}"));
    }
    match thing.die(6, 8) {
        5 => out.push(format!("{alter} SET STATISTICS 200")),
        6 if ty.sql == "text" || ty.group == Group::Json => {
            out.push(format!("{alter} SET STORAGE EXTERNAL"));
        }
        7 if ty.sql == "text" || ty.group == Group::Json => {
            out.push(format!("{alter} SET COMPRESSION pglz"));
        }
        _ => {}
    }
    if thing.die(5, 9) == 8 && model.partition_column(thing.parent).is_none() {
        out.push(format!("{alter} SET (n_distinct = -0.5)"));
    }
    out
}

fn unique(model: &Model, key: Key, thing: &Thing) -> String {
    let table = thing.parent;
    let primary = model.primary_key(table) == Some(key);
    let mut columns = thing.columns.clone();
    columns.extend(
        model
            .partition_column(table)
            .filter(|column| !columns.contains(column)),
    );
    let mut sql = format!("ALTER TABLE {} ADD ", path(model, table));
    if thing.die(4, 3) > 0 {
        let _ = write!(sql, "CONSTRAINT {} ", ident(&thing.name));
    }
    sql.push_str(if primary { "PRIMARY KEY" } else { "UNIQUE" });
    if !primary && thing.die(1, 4) == 3 {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    let _ = write!(sql, " ({})", names(model, &columns));
    let included = thing
        .helper
        .filter(|column| !columns.contains(column) && thing.die(2, 2) == 1);
    if let Some(column) = included {
        let _ = write!(sql, " INCLUDE ({})", ident(&model.get(column).name));
    }
    if thing.die(3, 4) == 3 && model.partition_column(table).is_none() {
        sql.push_str(" WITH (fillfactor = 80)");
    }
    if thing.die(1, 4) == 2 {
        sql.push_str(
            [" DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"][usize::from(thing.dice[5] % 2)],
        );
    }
    sql
}

fn table_later(model: &Model, key: Key, thing: &Thing) -> Vec<String> {
    let name = path(model, key);
    let mut out = Vec::new();
    if thing.die(3, 5) >= 3 {
        out.push(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
    }
    if thing.die(3, 5) == 4 {
        out.push(format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"));
    }
    let full = thing.die(4, 6);
    if full == 4 {
        out.push(format!("ALTER TABLE {name} REPLICA IDENTITY FULL"));
    } else if full == 3 {
        out.push(format!("ALTER TABLE {name} REPLICA IDENTITY NOTHING"));
    }
    out
}

/// Two rows for a table; for one in parts as far as a part takes them.
fn rows(model: &Model, key: Key) -> String {
    let mut columns = Vec::new();
    let mut table = Some(key);
    while let Some(at) = table {
        columns.extend(model.columns(at));
        table = model.get(at).uses.first().copied();
    }
    columns.retain(|column| !model.is_generated(*column));
    if columns.is_empty() {
        return format!("INSERT INTO {} DEFAULT VALUES;\n", path(model, key));
    }
    let mut out = String::new();
    for row in 0..2 {
        let values: Vec<String> = columns
            .iter()
            .map(|column| text(&model.value(&model.type_of(*column), row)))
            .collect();
        let insert = format!(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})",
            path(model, key),
            names(model, &columns),
            values.join(", ")
        );
        if model.partition_column(key).is_some() {
            let _ = writeln!(
                out,
                "DO $do$ BEGIN {insert}; EXCEPTION WHEN check_violation THEN NULL; END $do$;"
            );
        } else {
            let _ = writeln!(out, "{insert};");
        }
    }
    out
}
