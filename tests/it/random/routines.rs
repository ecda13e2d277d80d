//! Functions, procedures, aggregates and operators. The first die of a function says what it is for; those that columns
//! call give back what they are given, so that values keep passing the tests.

use super::model::{Key, Model, Sort, Thing};
use super::sql::{ident, path, text};
use super::types::{Group, Type};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A number for a number.
    Int,
    /// A text for a text.
    Text,
    /// How many rows a relation has.
    Count,
    /// A text for a row of a table.
    Row,
    Trigger,
    EventTrigger,
    /// A value of a type of the schema for one.
    Type,
    /// Rows.
    Set,
    Procedure,
    /// Whether two values go together: for operators.
    Pair,
}

const SHAPES: &[Shape] = &[
    Shape::Int,
    Shape::Int,
    Shape::Text,
    Shape::Count,
    Shape::Count,
    Shape::Row,
    Shape::Trigger,
    Shape::Trigger,
    Shape::EventTrigger,
    Shape::Type,
    Shape::Type,
    Shape::Set,
    Shape::Set,
    Shape::Procedure,
    Shape::Pair,
    Shape::Pair,
];

pub(super) fn shape_of_die(die: u8) -> Shape {
    SHAPES[usize::from(die) % SHAPES.len()]
}

/// Whether a function runs with the rights of its owner.
pub(super) fn has_rights_of_owner(thing: &Thing) -> bool {
    thing.dice[3] & 2 == 2
}

pub(super) fn shape(thing: &Thing) -> Shape {
    shape_of_die(thing.dice[0])
}

pub(super) fn is_shape(model: &Model, key: Key, wanted: Shape) -> bool {
    let thing = model.get(key);
    thing.sort == Sort::Function && shape(thing) == wanted
}

/// The types of the arguments, as a reference to the routine names them.
pub(super) fn arguments(model: &Model, thing: &Thing) -> Vec<String> {
    match shape(thing) {
        Shape::Int => vec![["integer", "bigint", "numeric"][usize::from(thing.die(1, 3))].into()],
        Shape::Text => vec![["text", "character varying"][usize::from(thing.die(1, 2))].into()],
        Shape::Row => vec![path(model, thing.uses[0])],
        Shape::Type => {
            let ty = model.user_type(thing.uses[0]).sql;
            if thing.die(1, 2) == 1 {
                vec![ty, "integer".into()]
            } else {
                vec![ty]
            }
        }
        Shape::Set => vec!["integer".into()],
        Shape::Procedure => vec!["integer".into(), "text".into()],
        Shape::Pair => {
            let ty = pair_type(model, thing);
            vec![ty.clone(), ty]
        }
        Shape::Count | Shape::Trigger | Shape::EventTrigger => Vec::new(),
    }
}

pub(super) fn pair_type(model: &Model, thing: &Thing) -> String {
    match thing.uses.first() {
        Some(ty) => model.user_type(*ty).sql,
        None => ["integer", "text", "numeric"][usize::from(thing.die(1, 3))].into(),
    }
}

pub(super) fn signature(model: &Model, key: Key) -> String {
    let thing = model.get(key);
    format!(
        "{}({})",
        path(model, key),
        arguments(model, thing).join(", ")
    )
}

/// A call that gives back the value, where the function takes such a value.
pub(super) fn call(model: &Model, key: Key, ty: &Type, expression: &str) -> Option<String> {
    let thing = model.get(key);
    if thing.sort != Sort::Function {
        return None;
    }
    let name = path(model, key);
    let argument = || arguments(model, thing)[0].clone();
    match shape(thing) {
        Shape::Int if ty.group == Group::Int => {
            Some(format!("{name}(({expression})::{})", argument()))
        }
        Shape::Text if ty.group == Group::Text => {
            Some(format!("{name}(({expression})::{})", argument()))
        }
        Shape::Type if ty.user == thing.uses.first().copied() && ty.group != Group::UserArray => {
            Some(format!("{name}({expression})"))
        }
        _ => None,
    }
}

/// A call that is a test which every value passes.
pub(super) fn test_call(model: &Model, key: Key, ty: &Type, expression: &str) -> Option<String> {
    let called = call(model, key, ty, expression)?;
    Some(match shape(model.get(key)) {
        Shape::Int => format!("{called} > 0"),
        Shape::Text => format!("{called} <> ''"),
        _ => format!("{called} IS NOT NULL OR ({expression}) IS NULL"),
    })
}

pub(super) fn function(model: &Model, key: Key, thing: &Thing) -> String {
    let name = path(model, key);
    let shape = shape(thing);
    let (language, atomic) = match thing.die(2, 3) {
        _ if matches!(shape, Shape::Trigger | Shape::EventTrigger) => ("plpgsql", false),
        0 => ("sql", false),
        1 => ("sql", true),
        _ => ("plpgsql", false),
    };
    let types = arguments(model, thing);
    let named: Vec<String> = types
        .iter()
        .enumerate()
        .map(|(index, ty)| match (shape, index) {
            (Shape::Procedure, 1) => format!("INOUT \"what else\" {ty}"),
            (Shape::Type, 1) => format!("again {ty} DEFAULT 1"),
            (Shape::Set, 0) => format!("\"limit\" {ty} DEFAULT 5"),
            _ => format!("a{index} {ty}"),
        })
        .collect();
    let nested = |value: String| match thing.helper {
        Some(helper) if is_shape(model, helper, shape) => match shape {
            Shape::Int | Shape::Text => {
                let argument = &arguments(model, model.get(helper))[0];
                format!(
                    "({}(({value})::{argument}))::{}",
                    path(model, helper),
                    types[0]
                )
            }
            _ => value,
        },
        _ => value,
    };
    let (returns, value) = match shape {
        Shape::Int => (
            types[0].clone(),
            nested(["a0", "a0 + 0", "abs(a0)"][usize::from(thing.die(4, 3))].into()),
        ),
        Shape::Text => (
            types[0].clone(),
            nested(["a0", "a0 || ''", "lower(a0)"][usize::from(thing.die(4, 3))].into()),
        ),
        Shape::Count => {
            let source = path(model, thing.uses[0]);
            let filter = match thing.columns.first() {
                Some(column) => {
                    let ty = model.type_of(*column);
                    let test = model.test(&ty, &ident(&model.get(*column).name), thing.dice[4]);
                    format!(" WHERE {test}")
                }
                None => String::new(),
            };
            (
                "bigint".into(),
                format!("(SELECT count(*) FROM {source}{filter})"),
            )
        }
        Shape::Row => {
            let column = thing
                .columns
                .first()
                .map(|column| ident(&model.get(*column).name));
            let value = match column {
                Some(column) => format!("(a0).{column}::text"),
                None => "a0::text".into(),
            };
            ("text".into(), value)
        }
        Shape::Type => (types[0].clone(), "a0".into()),
        Shape::Pair => (
            "boolean".into(),
            ["a0 = a1", "a0 <> a1", "NOT a0 <> a1"][usize::from(thing.die(4, 3))].into(),
        ),
        Shape::Trigger => ("trigger".into(), String::new()),
        Shape::EventTrigger => ("event_trigger".into(), String::new()),
        Shape::Set => {
            let source = thing.uses[0];
            let columns = model.columns(source);
            let chosen = &columns[..columns.len().min(1 + usize::from(thing.die(4, 3)))];
            if thing.die(1, 2) == 1 {
                (
                    format!("SETOF {}", path(model, source)),
                    format!("SELECT * FROM {} LIMIT \"limit\"", path(model, source)),
                )
            } else {
                let outputs: Vec<String> = chosen
                    .iter()
                    .enumerate()
                    .map(|(index, column)| format!("o{index} {}", model.type_of(*column).sql))
                    .collect();
                let list: Vec<String> = chosen
                    .iter()
                    .map(|column| format!("q.{}", ident(&model.get(*column).name)))
                    .collect();
                (
                    format!("TABLE({})", outputs.join(", ")),
                    format!(
                        "SELECT {} FROM {} q LIMIT \"limit\"",
                        list.join(", "),
                        path(model, source)
                    ),
                )
            }
        }
        Shape::Procedure => (String::new(), "\"what else\" || a0::text".into()),
    };
    let body = match (shape, language, atomic) {
        (Shape::Trigger, ..) => format!(
            "AS $body$\nbegin\n  -- {}\n  return coalesce(new, old);\nend\n$body$",
            ["nothing; to do", "the other\\way", "it's $$ done"][usize::from(thing.die(4, 3))]
        ),
        (Shape::EventTrigger, ..) => "AS $body$ begin end $body$".to_owned(),
        (Shape::Set, _, true) => format!("BEGIN ATOMIC {value}; END"),
        (Shape::Set, "plpgsql", _) => format!("AS $body$ begin return query {value}; end $body$"),
        (Shape::Set, ..) => format!("AS {}", text(&value)),
        (Shape::Procedure, "plpgsql", _) => {
            format!("AS $body$ begin \"what else\" := {value}; end $body$")
        }
        (_, "plpgsql", _) => format!("AS $body$\nbegin\n  return {value};\nend\n$body$"),
        (_, _, true) if thing.die(5, 2) == 1 && shape != Shape::Procedure => {
            format!("RETURN {value}")
        }
        (_, _, true) => format!("BEGIN ATOMIC SELECT {value}; END"),
        _ => format!("AS {}", text(&format!("SELECT {value}"))),
    };
    if shape == Shape::Procedure {
        let options = [
            "",
            " SECURITY DEFINER",
            " SET search_path TO 'pg_catalog', ''",
        ][usize::from(thing.die(3, 3))];
        return format!(
            "CREATE PROCEDURE {name}({}) LANGUAGE {language}{options} {body}",
            named.join(", ")
        );
    }
    let volatility = match shape {
        Shape::Count | Shape::Set => ["STABLE", "VOLATILE"][usize::from(thing.die(6, 2))],
        Shape::Trigger | Shape::EventTrigger => "VOLATILE",
        _ => "IMMUTABLE",
    };
    let mut options = String::new();
    let bits = thing.dice[3];
    if bits & 1 == 1 && !matches!(shape, Shape::Trigger | Shape::EventTrigger) {
        options.push_str(" STRICT");
    }
    options.push_str(if has_rights_of_owner(thing) {
        " SECURITY DEFINER"
    } else {
        ""
    });
    options.push_str(if bits & 4 == 4 { " PARALLEL SAFE" } else { "" });
    options.push_str(if bits & 8 == 8 { " COST 17" } else { "" });
    options.push_str(if bits & 16 == 16 { " LEAKPROOF" } else { "" });
    options.push_str(if bits & 32 == 32 {
        " SET work_mem TO '4MB'"
    } else {
        ""
    });
    if bits & 64 == 64 && shape == Shape::Set {
        options.push_str(" ROWS 7");
    }
    format!(
        "CREATE FUNCTION {name}({}) RETURNS {returns} LANGUAGE {language} {volatility}{options} {body}",
        named.join(", ")
    )
}

pub(super) fn aggregate(model: &Model, key: Key, thing: &Thing) -> String {
    let mut options = String::new();
    if let Some(helper) = thing.helper
        && is_shape(model, helper, Shape::Int)
        && arguments(model, model.get(helper))[0] == "bigint"
    {
        options = format!(", FINALFUNC = {}", path(model, helper));
    }
    if thing.die(1, 2) == 1 {
        options.push_str(", INITCOND = '0'");
    }
    if thing.die(2, 2) == 1 {
        options.push_str(", PARALLEL = safe");
    }
    let function = ["int8larger", "int8smaller", "int8pl"][usize::from(thing.die(0, 3))];
    format!(
        "CREATE AGGREGATE {}(bigint) (SFUNC = {function}, STYPE = bigint{options})",
        path(model, key)
    )
}

/// The name of an operator, of letters that make neither a comment nor a sign.
pub(super) fn operator_name(key: Key) -> String {
    let letters = ['#', '&', '~', '@', '%'];
    let mut name = String::from("@#");
    let mut rest = key as usize;
    while rest > 0 {
        name.push(letters[rest % letters.len()]);
        rest /= letters.len();
    }
    name
}

pub(super) fn operator(model: &Model, key: Key, thing: &Thing) -> String {
    let function = thing.uses[0];
    let ty = pair_type(model, model.get(function));
    let mut options = String::new();
    let name = format!("{}.{}", path(model, thing.parent), operator_name(key));
    if thing.die(0, 2) == 1 {
        options.push_str(&format!(", COMMUTATOR = OPERATOR({name})"));
    }
    if thing.die(1, 3) == 1 {
        options.push_str(", RESTRICT = eqsel, JOIN = eqjoinsel");
    }
    format!(
        "CREATE OPERATOR {name} (FUNCTION = {}, LEFTARG = {ty}, RIGHTARG = {ty}{options})",
        path(model, function)
    )
}

/// What the routine is called in COMMENT and GRANT.
pub(super) fn word(thing: &Thing) -> &'static str {
    if shape(thing) == Shape::Procedure {
        "PROCEDURE"
    } else {
        "FUNCTION"
    }
}
