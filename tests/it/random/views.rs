//! Views and materialized views, on tables and on one another.

use super::model::{Key, Model, Sort, Thing};
use super::routines::{self, Shape};
use super::sql::{ident, names, path};
use super::types::Type;

/// What a relation gives: names, and types where they are those of columns.
pub(super) fn outputs(model: &Model, key: Key) -> Vec<(String, Option<Type>)> {
    let thing = model.get(key);
    if thing.sort == Sort::Table {
        return model
            .columns(key)
            .into_iter()
            .map(|column| (model.get(column).name.clone(), Some(model.type_of(column))))
            .collect();
    }
    let source = thing.uses[0];
    let mut found: Vec<(String, Option<Type>)> = if model.get(source).sort == Sort::Table {
        thing
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| {
                let name = if thing.die(2, 2) == 1 {
                    format!("c{index}")
                } else {
                    model.get(*column).name.clone()
                };
                (name, Some(model.type_of(*column)))
            })
            .collect()
    } else {
        let below = outputs(model, source);
        let count = below.len().min(1 + usize::from(thing.die(2, 4)));
        below[..count].to_vec()
    };
    if computed(model, thing).is_some() {
        found.push((format!("computed {key}"), None));
    }
    found
}

/// The column that a function adds.
fn computed(model: &Model, thing: &Thing) -> Option<String> {
    let helper = thing.helper?;
    let function = model.get(helper);
    let source = thing.uses[0];
    if function.sort != Sort::Function {
        return None;
    }
    match routines::shape(function) {
        Shape::Count => Some(format!("{}()", path(model, helper))),
        Shape::Row if function.uses[0] == source => Some(format!("{}(s.*)", path(model, helper))),
        _ if model.get(source).sort == Sort::Table => thing.columns.iter().find_map(|column| {
            let name = format!("s.{}", ident(&model.get(*column).name));
            routines::call(model, helper, &model.type_of(*column), &name)
        }),
        _ => None,
    }
}

pub(super) fn view(model: &Model, key: Key, thing: &Thing) -> String {
    let source = thing.uses[0];
    let on_table = model.get(source).sort == Sort::Table;
    let outputs = outputs(model, key);
    let inputs: Vec<String> = if on_table {
        thing
            .columns
            .iter()
            .map(|column| ident(&model.get(*column).name))
            .collect()
    } else {
        outputs.iter().map(|(name, _)| ident(name)).collect()
    };
    let mut list: Vec<String> = Vec::new();
    let computed = computed(model, thing);
    for (index, (name, _)) in outputs.iter().enumerate() {
        let name = ident(name);
        match &computed {
            Some(call) if index + 1 == outputs.len() => list.push(format!("{call} AS {name}")),
            _ if inputs[index] == name => list.push(format!("s.{name}")),
            _ => list.push(format!("s.{} AS {name}", inputs[index])),
        }
    }
    let list = list.join(", ");
    let from = format!("{} s", path(model, source));
    let filter = thing.columns.first().map(|column| {
        let expression = format!("s.{}", ident(&model.get(*column).name));
        model.test(&model.type_of(*column), &expression, thing.dice[3])
    });
    let comparable = outputs
        .iter()
        .all(|(_, ty)| ty.as_ref().is_none_or(Type::is_comparable));
    let key_columns = model
        .primary_key(source)
        .filter(|unique| on_table && model.get(*unique).die(1, 4) != 2)
        .filter(|_| model.partition_column(source).is_none())
        .map(|unique| model.get(unique).columns.clone());
    let query = match (thing.die(0, 9), filter, key_columns) {
        (1 | 2, Some(filter), _) => format!("SELECT {list} FROM {from} WHERE {filter}"),
        (3, ..) if comparable => format!("SELECT DISTINCT {list} FROM {from}"),
        (4, ..) => format!("WITH q AS (SELECT {list} FROM {from}) SELECT * FROM q"),
        (5, ..) => format!("SELECT {list} FROM {from} UNION ALL SELECT {list} FROM {from}"),
        (6, _, Some(columns)) if computed.is_none() => {
            format!(
                "SELECT {list} FROM {from} GROUP BY s.{}",
                names(model, &columns).replace(", ", ", s.")
            )
        }
        (7, ..) => {
            let other = thing.uses.get(1).copied().unwrap_or(source);
            format!(
                "SELECT {list} FROM {from} WHERE EXISTS (SELECT 1 FROM {} o)",
                path(model, other)
            )
        }
        (8, ..) => format!("SELECT {list} FROM {from} LIMIT 7"),
        _ => format!("SELECT {list} FROM {from}"),
    };
    let name = path(model, key);
    if thing.sort == Sort::MaterializedView {
        let options = ["", " WITH (fillfactor = 50)"][usize::from(thing.die(1, 2))];
        let data = if is_filled(model, key) {
            ""
        } else {
            " WITH NO DATA"
        };
        return format!("CREATE MATERIALIZED VIEW {name}{options} AS {query}{data}");
    }
    let updatable = on_table && matches!(thing.die(0, 9), 0..=2) && computed.is_none();
    let options = match thing.die(1, 5) {
        1 => " WITH (security_barrier = true)",
        2 if updatable => " WITH (check_option = cascaded)",
        3 => " WITH (security_invoker = true)",
        4 if updatable => " WITH (check_option = local, security_barrier = true)",
        _ => "",
    };
    format!("CREATE VIEW {name}{options} AS {query}")
}

/// Whether a relation can be read: nothing below it is without its rows.
fn is_filled(model: &Model, key: Key) -> bool {
    let thing = model.get(key);
    let function = thing.helper.map(|helper| model.get(helper));
    let sources = thing
        .uses
        .iter()
        .chain(function.iter().flat_map(|it| &it.uses));
    (thing.sort != Sort::MaterializedView || thing.die(4, 2) == 0)
        && (thing.sort == Sort::Table
            || sources
                .into_iter()
                .all(|source| !model.get(*source).sort.is_relation() || is_filled(model, *source)))
}
