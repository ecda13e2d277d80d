//! Parts of tables and what stands beside them: checks, keys to other tables, indexes, triggers, rules, policies,
//! publications, statistics.

use super::model::{Key, Model, Sort, Thing};
use super::routines;
use super::sql::{ROLES, ident, names, path};
use super::types::Group;

/// A test over the columns of a thing, by its helper where that takes such values.
fn test(model: &Model, thing: &Thing, prefix: &str, die: usize) -> String {
    let tests: Vec<String> = thing
        .columns
        .iter()
        .map(|column| {
            let ty = model.type_of(*column);
            let expression = format!("{prefix}{}", ident(&model.get(*column).name));
            thing
                .helper
                .and_then(|helper| routines::test_call(model, helper, &ty, &expression))
                .unwrap_or_else(|| model.test(&ty, &expression, thing.dice[die]))
        })
        .map(|test| format!("({test})"))
        .collect();
    if tests.is_empty() {
        return "true".into();
    }
    tests.join(["", " AND "][usize::from(tests.len() > 1)])
}

pub(super) fn check(model: &Model, thing: &Thing) -> String {
    let name = format!("CONSTRAINT {} ", ident(&thing.name));
    let partitioned = model.partition_column(thing.parent).is_some();
    let options = match thing.die(1, 6) {
        4 => " NOT VALID",
        5 if !partitioned => " NO INHERIT",
        _ => "",
    };
    format!(
        "ALTER TABLE {} ADD {name}CHECK ({}){options}",
        path(model, thing.parent),
        test(model, thing, "", 0)
    )
}

pub(super) fn made_later(model: &Model, key: Key, thing: &Thing) -> Vec<String> {
    match thing.sort {
        Sort::ForeignKey => vec![foreign_key(model, thing)],
        Sort::Exclude => {
            let column = thing.columns[0];
            let (method, operator) = match model.type_of(column).group {
                Group::Range => ("gist", "&&"),
                _ => ("btree", "="),
            };
            let filter = match thing.die(0, 3) {
                2 => format!(" WHERE ({})", test(model, thing, "", 1)),
                1 => " DEFERRABLE INITIALLY DEFERRED".into(),
                _ => String::new(),
            };
            vec![format!(
                "ALTER TABLE {} ADD CONSTRAINT {} EXCLUDE USING {method} ({} WITH {operator}){filter}",
                path(model, thing.parent),
                ident(&thing.name),
                ident(&model.get(column).name)
            )]
        }
        Sort::Index => {
            let mut out = vec![index(model, thing)];
            if clusters(model, key) {
                out.push(format!(
                    "ALTER TABLE {} CLUSTER ON {}",
                    path(model, thing.parent),
                    ident(&thing.name)
                ));
            }
            out
        }
        Sort::Trigger => trigger(model, thing),
        Sort::Rule => vec![rule(model, thing)],
        Sort::Policy => vec![policy(model, thing)],
        Sort::Publication => vec![publication(model, key, thing)],
        Sort::Statistics => vec![statistics(model, key, thing)],
        Sort::TextSearch if thing.die(1, 3) > 0 => vec![format!(
            "ALTER TEXT SEARCH CONFIGURATION {} ALTER MAPPING FOR asciiword, word WITH {}",
            path(model, key),
            ["simple", "simple", "english_stem, simple"][usize::from(thing.die(1, 3))]
        )],
        _ => Vec::new(),
    }
}

fn foreign_key(model: &Model, thing: &Thing) -> String {
    let unique = model.get(thing.uses[0]);
    let target = unique.parent;
    let action = |die: usize| {
        ["", " CASCADE", " SET NULL", " RESTRICT", " SET DEFAULT"][usize::from(thing.die(die, 5))]
    };
    let mut options = String::new();
    if thing.die(2, 4) == 3 {
        options.push_str(" MATCH FULL");
    }
    if !action(0).is_empty() {
        options.push_str(&format!(" ON DELETE{}", action(0)));
        if action(0) == " SET NULL" && thing.die(4, 2) == 1 && thing.columns.len() > 1 {
            options.push_str(&format!(" ({})", names(model, &thing.columns[..1])));
        }
    }
    if !action(1).is_empty() {
        options.push_str(&format!(" ON UPDATE{}", action(1)));
    }
    options.push_str(
        ["", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"][usize::from(thing.die(3, 4))],
    );
    if thing.die(5, 6) == 5 && model.partition_column(thing.parent).is_none() {
        options.push_str(" NOT VALID");
    }
    format!(
        "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}){options}",
        path(model, thing.parent),
        ident(&thing.name),
        names(model, &thing.columns),
        path(model, target),
        names(model, &unique.columns)
    )
}

/// Whether a table is clustered on this index: the first that can be, where the table's die says so.
fn clusters(model: &Model, key: Key) -> bool {
    let table = model.get(key).parent;
    let can = |index: &Key| {
        let index = model.get(*index);
        index.die(0, 6) < 4 && index.die(3, 4) != 3
    };
    model.get(table).sort == Sort::Table
        && model.get(table).die(5, 5) == 4
        && model.partition_column(table).is_none()
        && model
            .parts(table, Sort::Index)
            .iter()
            .find(|index| can(index))
            == Some(&key)
}

fn index(model: &Model, thing: &Thing) -> String {
    let on_table = model.get(thing.parent).sort == Sort::Table;
    let partition = on_table
        .then(|| model.partition_column(thing.parent))
        .flatten();
    let is_point = |column: &Key| model.type_of(*column).group == Group::Point;
    let columns: Vec<Key> = thing
        .columns
        .iter()
        .enumerate()
        .filter(|(at, column)| *at == 0 || !is_point(column))
        .map(|(_, column)| *column)
        .collect();
    let mut keys: Vec<(String, Option<Group>)> = if on_table {
        let key = |column: &Key| {
            (
                ident(&model.get(*column).name),
                Some(model.type_of(*column).group),
            )
        };
        columns.iter().map(key).collect()
    } else {
        super::views::outputs(model, thing.parent)
            .into_iter()
            .filter(|(_, ty)| ty.as_ref().is_none_or(super::types::Type::is_comparable))
            .take(1 + usize::from(thing.die(6, 2)))
            .map(|(name, ty)| (ident(&name), ty.map(|ty| ty.group)))
            .collect()
    };
    let group = keys[0].1;
    let special = match (thing.die(0, 6), group) {
        (
            4,
            Some(Group::Json | Group::IntArray | Group::TextArray | Group::Vector | Group::Hstore),
        ) => Some("gin"),
        (4, Some(Group::Range | Group::Point)) | (5, Some(Group::Point)) => Some("gist"),
        (4, Some(Group::Int | Group::Date | Group::Num)) => Some("brin"),
        (5, Some(Group::Int | Group::Text | Group::Uuid)) => Some("hash"),
        (5, Some(Group::Range | Group::Inet)) => Some("spgist"),
        _ => None,
    };
    if special.is_some() || group == Some(Group::Point) {
        keys.truncate(1);
    }
    let method = special.unwrap_or(if group == Some(Group::Point) {
        "gist"
    } else {
        "btree"
    });
    let expression = on_table && method == "btree" && thing.die(3, 4) == 2;
    let helper = thing.helper.filter(|_| on_table);
    let list: Vec<String> = keys
        .iter()
        .enumerate()
        .map(|(at, (name, group))| {
            let mut key = name.clone();
            let ty = on_table.then(|| model.type_of(columns[at]));
            if let (true, Some(ty)) = (expression, &ty) {
                key = helper
                    .and_then(|helper| routines::call(model, helper, ty, name))
                    .unwrap_or_else(|| match group {
                        Some(Group::Text) => format!("lower({name})"),
                        _ => format!("({})", model.test(ty, name, thing.dice[5])),
                    });
            }
            if method != "btree" {
                return key;
            }
            if *group == Some(Group::Text) && thing.die(4, 6) == 4 {
                key.push_str(" COLLATE \"C\"");
            }
            if *group == Some(Group::Text)
                && thing.die(4, 6) == 5
                && ty
                    .as_ref()
                    .is_some_and(|ty| ty.sql == "text" && !expression)
            {
                key.push_str(" text_pattern_ops");
            }
            key.push_str(["", " DESC", "", " DESC NULLS LAST"][usize::from(thing.die(2, 4))]);
            key
        })
        .collect();
    let covers = partition.is_none_or(|column| thing.columns.contains(&column));
    let unique = method == "btree" && thing.die(1, 3) == 1 && !expression && covers && on_table;
    let mut sql = format!(
        "CREATE {}INDEX {} ON {} USING {method} ({})",
        if unique { "UNIQUE " } else { "" },
        ident(&thing.name),
        path(model, thing.parent),
        list.join(", ")
    );
    if unique && thing.die(7, 4) == 3 {
        sql.push_str(" NULLS NOT DISTINCT");
    } else if method == "btree" && thing.die(7, 5) == 4 && on_table {
        sql.push_str(" WITH (fillfactor = 60)");
    }
    if on_table && thing.die(3, 4) == 3 && method != "brin" {
        let test = model.test(&model.type_of(thing.columns[0]), &keys[0].0, thing.dice[5]);
        sql.push_str(&format!(" WHERE {test}"));
    }
    sql
}

fn trigger(model: &Model, thing: &Thing) -> Vec<String> {
    let on_table = model.get(thing.parent).sort == Sort::Table;
    let name = ident(&thing.name);
    let function = path(model, thing.uses[0]);
    let table = path(model, thing.parent);
    let mut events = vec!["INSERT".to_owned()];
    match thing.die(1, 4) {
        1 => events = vec!["UPDATE".into()],
        2 => events.push("UPDATE".into()),
        3 => events.push("DELETE".into()),
        _ => {}
    }
    if !on_table {
        return vec![format!(
            "CREATE TRIGGER {name} INSTEAD OF {} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}('an argument')",
            events.join(" OR ")
        )];
    }
    if !thing.columns.is_empty() {
        for event in &mut events {
            if event == "UPDATE" {
                event.push_str(&format!(" OF {}", names(model, &thing.columns)));
            }
        }
    }
    let partitioned = model.partition_column(thing.parent).is_some();
    let constraint = thing.die(5, 5) == 4 && !partitioned;
    let row = thing.die(2, 2) == 0 || constraint;
    let (word, timing) = match (constraint, thing.die(0, 2)) {
        (true, _) => ("CONSTRAINT TRIGGER", "AFTER"),
        (_, 0) => ("TRIGGER", "BEFORE"),
        _ => ("TRIGGER", "AFTER"),
    };
    let mut sql = format!(
        "CREATE {word} {name} {timing} {} ON {table}",
        events.join(" OR ")
    );
    if constraint && thing.die(6, 2) == 1 {
        sql.push_str(" DEFERRABLE INITIALLY DEFERRED");
    }
    if !row && timing == "AFTER" && events == ["INSERT"] && thing.die(6, 2) == 1 {
        sql.push_str(" REFERENCING NEW TABLE AS fresh");
    }
    sql.push_str(if row {
        " FOR EACH ROW"
    } else {
        " FOR EACH STATEMENT"
    });
    let sees_new = !events.iter().any(|event| event == "DELETE");
    let stored = thing
        .columns
        .iter()
        .any(|column| model.is_generated(*column));
    if row && thing.die(3, 3) > 0 && sees_new && !stored && !thing.columns.is_empty() {
        sql.push_str(&format!(" WHEN ({})", test(model, thing, "new.", 3)));
    }
    sql.push_str(&format!(" EXECUTE FUNCTION {function}()"));
    let mut out = vec![sql];
    let state =
        ["", "", "", "DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"][usize::from(thing.die(4, 6))];
    if !state.is_empty() && !partitioned {
        out.push(format!("ALTER TABLE {table} {state} TRIGGER {name}"));
    }
    out
}

fn rule(model: &Model, thing: &Thing) -> String {
    let on_table = model.get(thing.parent).sort == Sort::Table;
    let event = ["DELETE", "UPDATE", "INSERT"][usize::from(thing.die(0, 3))];
    let filter = match thing.columns.first() {
        Some(column) if on_table && thing.die(1, 2) == 1 => {
            let row = if event == "DELETE" { "old" } else { "new" };
            let expression = format!("{row}.{}", ident(&model.get(*column).name));
            format!(
                " WHERE {}",
                model.test(&model.type_of(*column), &expression, thing.dice[3])
            )
        }
        _ => String::new(),
    };
    let action = match (thing.die(2, 3), filter.is_empty()) {
        (1, _) | (_, false) => "DO INSTEAD NOTHING",
        (2, _) => "DO ALSO SELECT 1 AS done",
        _ => "DO ALSO NOTIFY \"a Channel\"",
    };
    format!(
        "CREATE RULE {} AS ON {event} TO {}{filter} {action}",
        ident(&thing.name),
        path(model, thing.parent)
    )
}

fn policy(model: &Model, thing: &Thing) -> String {
    let kind = ["", " AS RESTRICTIVE"][usize::from(thing.die(0, 2))];
    let command = ["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"][usize::from(thing.die(1, 5))];
    let role = ["PUBLIC", ROLES[2], ROLES[3]][usize::from(thing.die(2, 3))];
    let test = test(model, thing, "", 3);
    let mut sql = format!(
        "CREATE POLICY {} ON {}{kind} FOR {command} TO {role}",
        ident(&thing.name),
        path(model, thing.parent)
    );
    if command != "INSERT" {
        sql.push_str(&format!(" USING ({test})"));
    }
    if command == "INSERT" || (thing.die(4, 2) == 1 && matches!(command, "ALL" | "UPDATE")) {
        sql.push_str(&format!(" WITH CHECK ({test})"));
    }
    sql
}

fn publication(model: &Model, key: Key, thing: &Thing) -> String {
    let mut lists: Vec<String> = Vec::new();
    for (at, table) in thing.uses.iter().enumerate() {
        let is_parent = !model
            .keys(|child| child.sort == Sort::Table && child.uses.contains(table))
            .is_empty();
        let mut item = format!(
            "{}{}",
            if is_parent { "ONLY " } else { "" },
            path(model, *table)
        );
        let own: Vec<Key> = thing
            .columns
            .iter()
            .copied()
            .filter(|column| model.get(*column).parent == *table && !model.is_generated(*column))
            .collect();
        let partitioned = model.partition_column(*table).is_some();
        if at == 0 && !own.is_empty() && thing.die(1, 3) == 1 && !partitioned {
            item.push_str(&format!(" ({})", names(model, &own)));
        }
        let plain = own.first().filter(|column| {
            let ty = model.type_of(**column);
            ty.user.is_none() && matches!(ty.group, Group::Int | Group::Text | Group::Num)
        });
        if let Some(column) = plain
            && thing.die(2, 3) == 2
            && !partitioned
        {
            let name = ident(&model.get(*column).name);
            item.push_str(&format!(
                " WHERE ({})",
                model.test(&model.type_of(*column), &name, 0)
            ));
        }
        lists.push(item);
    }
    let options = [
        "",
        " WITH (publish = 'insert, update')",
        " WITH (publish_via_partition_root = true)",
    ][usize::from(thing.die(3, 3))];
    match thing.die(0, 6) {
        4 => format!(
            "CREATE PUBLICATION {} FOR ALL TABLES{options}",
            path(model, key)
        ),
        5 => format!(
            "CREATE PUBLICATION {} FOR TABLES IN SCHEMA {}{options}",
            path(model, key),
            path(model, model.get(thing.uses[0]).parent)
        ),
        _ => format!(
            "CREATE PUBLICATION {} FOR TABLE {}{options}",
            path(model, key),
            lists.join(", ")
        ),
    }
}

fn statistics(model: &Model, key: Key, thing: &Thing) -> String {
    let kinds =
        ["", " (ndistinct)", " (dependencies, mcv)", " (mcv)"][usize::from(thing.die(0, 4))];
    let table = model.get(thing.columns[0]).parent;
    let first = ident(&model.get(thing.columns[0]).name);
    let list = if thing.die(1, 3) == 2 {
        let test = model.test(&model.type_of(thing.columns[0]), &first, thing.dice[2]);
        format!("({test}), {}", names(model, &thing.columns[1..]))
    } else {
        names(model, &thing.columns)
    };
    format!(
        "CREATE STATISTICS {}{kinds} ON {list} FROM {}",
        path(model, key),
        path(model, table)
    )
}

pub(super) fn event_trigger(model: &Model, key: Key, thing: &Thing) -> Vec<String> {
    let event = ["ddl_command_end", "ddl_command_start", "sql_drop"][usize::from(thing.die(0, 3))];
    let tags = ["", " WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE')"]
        [usize::from(thing.die(1, 2)) * usize::from(event != "sql_drop")];
    let name = path(model, key);
    let mut out = vec![format!(
        "CREATE EVENT TRIGGER {name} ON {event}{tags} EXECUTE FUNCTION {}()",
        path(model, thing.uses[0])
    )];
    if thing.die(2, 3) == 2 {
        out.push(format!("ALTER EVENT TRIGGER {name} DISABLE"));
    }
    out
}
