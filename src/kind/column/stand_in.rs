//! Values that stand in for those of a dropped column, when the way back makes it again over rows: what the keys, the
//! foreign keys and the checks of the state to return to let pass. They are for the schema; the true values are gone.

use std::fmt::Write;

use super::Column;
use super::convert::{Family, base, family, is_array};
use crate::kind::foreign_key::ForeignKey;
use crate::kind::{Catalog, Context, Object, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::{TokenKind, significant};
use crate::sql::quote::{ident, literal, qualified};

/// How a new column gets its values.
pub(super) enum Fill {
    /// The same for every row.
    Constant(String),
    /// An expression over the row.
    Rows(String),
    /// An expression over `numbered.n`, the number of the row, and what else it is drawn from.
    Numbered {
        value: String,
        source: String,
        /// The columns that rows of one number differ in.
        within: Vec<String>,
    },
}

/// How many values of a check are tried.
const TRIED_AT_MOST: usize = 24;

/// What fills the column; `None` where nothing is known of its type.
pub(super) fn fill(column: &Column, id: &ObjectId, context: &Context<'_>) -> Option<Fill> {
    let table = id.parent.as_deref()?;
    if table.kind != Kind::Table {
        return None;
    }
    let neutral = neutral(&column.data_type, context.after);
    let unique = is_unique(table, &id.name, context.after);
    if let Some(value) = as_referenced(table, &id.name, context) {
        return Some(Fill::Rows(or(value, neutral.as_deref())));
    }
    if let Some(fill) = from_referenced(table, &id.name, unique, neutral.as_deref(), context) {
        return Some(fill);
    }
    if unique && let Some(value) = numbered(&column.data_type, context.after) {
        return Some(Fill::Numbered {
            value,
            source: String::new(),
            within: told_apart_by(table, &id.name, context),
        });
    }
    let neutral = neutral?;
    Some(match that_passes(column, id, &neutral, context) {
        Some(value) => Fill::Rows(value),
        None => Fill::Constant(neutral),
    })
}

/// The value of a column in a row that is made up for a table without rows, over `numbered.n`, the number of the row; `None`
/// where nothing is known of its type, or what it refers to has no rows either.
pub(in crate::kind) fn made_up(
    column: &Column,
    id: &ObjectId,
    context: &Context<'_>,
) -> Option<String> {
    let table = id.parent.as_deref()?;
    let refers = foreign_keys(context.after)
        .any(|(from, key)| from == table && key.columns.iter().any(|own| **own == *id.name));
    if refers {
        return match from_referenced(table, &id.name, false, None, context)? {
            Fill::Rows(value) => Some(value),
            _ => None,
        };
    }
    if is_unique(table, &id.name, context.after)
        && let Some(value) = numbered(&column.data_type, context.after)
    {
        return Some(value);
    }
    let neutral = neutral(&column.data_type, context.after)?;
    Some(that_passes(column, id, &neutral, context).unwrap_or(neutral))
}

/// Whether the table has triggers, all of them awake in the usual way, so that they can be put to sleep and woken
/// together.
pub(in crate::kind) fn may_sleep(table: &ObjectId, context: &Context<'_>) -> bool {
    let mut triggers = [context.before, context.after]
        .into_iter()
        .flat_map(|catalog| catalog.children(table, Kind::Trigger))
        .peekable();
    triggers.peek().is_some()
        && triggers.all(|(_, object)| match object {
            Object::Trigger(trigger) => trigger.enabled == "origin",
            _ => false,
        })
}

fn or(value: String, neutral: Option<&str>) -> String {
    match neutral {
        Some(neutral) => format!("coalesce({value}, {neutral})"),
        None => value,
    }
}

fn foreign_keys(catalog: &Catalog) -> impl Iterator<Item = (&ObjectId, &ForeignKey)> {
    catalog
        .of_kind(Kind::ForeignKey)
        .filter_map(|(id, object)| match object {
            Object::ForeignKey(key) => Some((id.parent.as_deref()?, &**key)),
            _ => None,
        })
}

/// Whether a column is there all the while, with the same type.
fn stays(table: &ObjectId, column: &str, context: &Context<'_>) -> bool {
    let id = table.child(Kind::Column, column);
    match (context.before.get(&id), context.after.get(&id)) {
        (Some(Object::Column(before)), Some(Object::Column(after))) => {
            before.data_type == after.data_type
        }
        _ => false,
    }
}

/// The value that rows of another table refer to, found by the other columns of their key.
fn as_referenced(table: &ObjectId, column: &str, context: &Context<'_>) -> Option<String> {
    foreign_keys(context.after).find_map(|(from, key)| {
        let named = Some(key.references.schema.as_str()) == table.schema()
            && key.references.name == *table.name;
        if !named {
            return None;
        }
        let mut own = None;
        let mut links = Vec::new();
        for (theirs, ours) in key.columns.iter().zip(&key.referenced_columns) {
            if ours == column {
                own = Some(theirs).filter(|theirs| stays(from, theirs, context));
            } else if stays(from, theirs, context) && stays(table, ours, context) {
                links.push(format!(
                    "theirs.{} = {}.{}",
                    ident(theirs),
                    reference::name(table),
                    ident(ours)
                ));
            }
        }
        let own = ident(own?);
        if links.is_empty() {
            return None;
        }
        Some(format!(
            "(SELECT theirs.{own} FROM {} AS theirs WHERE {} ORDER BY 1 LIMIT 1)",
            reference::name(from),
            links.join(" AND ")
        ))
    })
}

/// A value of the row that the column's foreign key may refer to.
fn from_referenced(
    table: &ObjectId,
    column: &str,
    unique: bool,
    neutral: Option<&str>,
    context: &Context<'_>,
) -> Option<Fill> {
    let (key, parent) = foreign_keys(context.after)
        .filter(|(from, key)| *from == table && key.columns.iter().any(|own| own == column))
        .find_map(|(_, key)| {
            let parent =
                ObjectId::in_schema(Kind::Table, &key.references.schema, &key.references.name);
            let all = key
                .referenced_columns
                .iter()
                .all(|theirs| stays(&parent, theirs, context));
            all.then_some((key, parent))
        })?;
    let source = reference::name(&parent);
    let theirs = |own: &str| {
        let at = key.columns.iter().position(|it| it == own)?;
        Some(ident(key.referenced_columns.get(at)?))
    };
    let wanted = theirs(column)?;
    if unique && key.columns.len() == 1 {
        return Some(Fill::Numbered {
            value: "theirs.value".to_owned(),
            within: Vec::new(),
            source: format!(
                "\nJOIN (\n    SELECT {wanted} AS value, row_number() OVER (ORDER BY {wanted}) AS n\n    FROM {source}\n) AS theirs USING (n)"
            ),
        });
    }
    let links: Vec<String> = key
        .columns
        .iter()
        .filter(|own| *own != column && stays(table, own, context))
        .filter_map(|own| {
            let own_name = ident(own);
            Some(format!(
                "theirs.{} = {}.{own_name}",
                theirs(own)?,
                reference::name(table)
            ))
        })
        .collect();
    let order: Vec<String> = key
        .referenced_columns
        .iter()
        .map(|it| format!("theirs.{}", ident(it)))
        .collect();
    let mut value = format!("(SELECT theirs.{wanted} FROM {source} AS theirs");
    if !links.is_empty() {
        let _ = write!(value, " WHERE {}", links.join(" AND "));
    }
    let _ = write!(value, " ORDER BY {} LIMIT 1)", order.join(", "));
    if !links.is_empty() {
        // A key with a null in it refers to nothing.
        value = or(value, neutral);
    }
    Some(Fill::Rows(value))
}

/// Whether two rows may not have the same value, or may not have it beside equal values of other columns.
fn is_unique(table: &ObjectId, column: &str, catalog: &Catalog) -> bool {
    let named = |columns: &[String]| columns.iter().any(|it| it == column);
    let keyed = |key: &crate::kind::index_key::IndexKey| {
        key.column.as_deref() == Some(column)
            || key
                .expression
                .as_ref()
                .is_some_and(|expression| mentions(expression.text(), column))
    };
    [Kind::PrimaryKey, Kind::Unique, Kind::Index, Kind::Exclude]
        .into_iter()
        .flat_map(|kind| catalog.children(table, kind))
        .any(|(_, object)| match object {
            Object::PrimaryKey(key) => named(&key.0.columns),
            Object::Unique(key) => named(&key.0.columns),
            Object::Index(index) => index.unique && index.keys.iter().any(keyed),
            Object::Exclude(exclude) => exclude.elements.iter().any(|element| keyed(&element.key)),
            _ => false,
        })
}

/// The columns that every key of the column has beside it: rows that differ in them may have the same value.
fn told_apart_by(table: &ObjectId, column: &str, context: &Context<'_>) -> Vec<String> {
    let mut keys: Vec<Vec<String>> = Vec::new();
    for kind in [Kind::PrimaryKey, Kind::Unique, Kind::Index, Kind::Exclude] {
        for (_, object) in context.after.children(table, kind) {
            match object {
                Object::PrimaryKey(key) => keys.push(key.0.columns.clone()),
                Object::Unique(key) => keys.push(key.0.columns.clone()),
                Object::Index(index) if index.unique => {
                    let plain = index.keys.iter().filter_map(|key| key.column.clone());
                    keys.push(plain.collect());
                    // What an expression makes equal is not known.
                    if index.keys.iter().any(|key| key.expression.is_some()) {
                        return Vec::new();
                    }
                }
                Object::Exclude(_) => return Vec::new(),
                _ => {}
            }
        }
    }
    keys.retain(|key| key.iter().any(|it| it == column));
    let Some(first) = keys.first() else {
        return Vec::new();
    };
    let in_all = |other: &&String| keys.iter().all(|key| key.contains(other));
    first
        .iter()
        .filter(|other| *other != column && stays(table, other, context))
        .filter(in_all)
        .cloned()
        .collect()
}

fn mentions(expression: &str, column: &str) -> bool {
    let quoted = ident(column);
    significant(expression)
        .iter()
        .any(|token| token.is_ident() && (token.text == quoted || token.text == column))
}

/// The first of a few values that the checks of the column, of its domain too, let pass; `None` where nothing checks it.
fn that_passes(
    column: &Column,
    id: &ObjectId,
    neutral: &str,
    context: &Context<'_>,
) -> Option<String> {
    let table = id.parent.as_deref()?;
    let mut checks: Vec<&str> = Vec::new();
    for (check, object) in context.after.children(table, Kind::Check) {
        let Object::Check(object) = object else {
            continue;
        };
        let text = object.expression.text();
        // What else it needs must be there already.
        let ready = context.after.dependencies_of(check).all(|needed| {
            needed == id || (context.before.contains(needed) && context.after.contains(needed))
        });
        if ready && mentions(text, &id.name) {
            checks.push(text);
        }
    }
    let domain = named(&column.data_type, Kind::Domain, context.after);
    let mut of_domain: Vec<&str> = Vec::new();
    if let Some((domain, _)) = domain {
        for (_, object) in context.after.children(domain, Kind::DomainConstraint) {
            if let Object::DomainConstraint(constraint) = object {
                of_domain.push(constraint.expression.text());
            }
        }
    }
    if checks.is_empty() && of_domain.is_empty() {
        return None;
    }
    let plain = match domain {
        Some((_, Object::Domain(domain))) => domain.data_type.as_str(),
        _ => &column.data_type,
    };
    let mut values = vec![neutral.to_owned()];
    for text in checks.iter().chain(&of_domain) {
        values.extend(tried(text, plain));
    }
    for text in &checks {
        values.extend(beside(text, column, id, context));
    }
    values.extend(usual(plain, context.after));
    let mut seen = std::collections::BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    values.truncate(TRIED_AT_MOST);
    let rows: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(at, value)| format!("({at}, {value}::{plain})"))
        .collect();
    let name = ident(&id.name);
    let mut source = format!("(VALUES {}) AS tried (tried_at, value)", rows.join(", "));
    let mut conditions: Vec<String> = of_domain.iter().map(|check| format!("({check})")).collect();
    if !checks.is_empty() {
        // Under the column's own name, so that its checks can be asked as they stand; the cast to a domain waits for
        // the domain's own checks.
        source = format!(
            "(SELECT tried_at, value AS {name} FROM {source}{}) AS tried",
            match conditions.is_empty() {
                true => String::new(),
                false => format!(" WHERE {}", conditions.join(" AND ")),
            }
        );
        conditions = checks.iter().map(|check| format!("({check})")).collect();
    }
    let taken = if checks.is_empty() { "value" } else { &name };
    Some(or(
        format!(
            "(SELECT tried.{taken} FROM {source} WHERE {} ORDER BY tried.tried_at LIMIT 1)",
            conditions.join(" AND ")
        ),
        Some(neutral).filter(|_| domain.is_none()),
    ))
}

/// The constants of a check that the type takes, and their neighbours.
fn tried(check: &str, data_type: &str) -> Vec<String> {
    let mut values = Vec::new();
    for token in significant(check) {
        match (family(data_type), token.kind) {
            (Family::Text, TokenKind::String) => values.push(token.text.to_owned()),
            (Family::Number, TokenKind::Number) => {
                values.push(token.text.to_owned());
                values.push(format!("({} + 1)", token.text));
                values.push(format!("({} - 1)", token.text));
            }
            (Family::Text, TokenKind::Number) => {
                if let Ok(length) = token.text.parse::<u16>() {
                    values.push(format!("repeat({}, {length})", literal("x")));
                    values.push(format!("repeat({}, {})", literal("x"), length + 1));
                }
            }
            _ => {}
        }
    }
    values
}

/// The values of other columns of the same type that the check speaks of, and their neighbours.
fn beside(check: &str, column: &Column, id: &ObjectId, context: &Context<'_>) -> Vec<String> {
    let Some(table) = id.parent.as_deref() else {
        return Vec::new();
    };
    let alike = |object: &Object| matches!(object, Object::Column(other) if other.data_type == column.data_type);
    context
        .after
        .children(table, Kind::Column)
        .into_iter()
        .filter(|(other, object)| {
            *other != id
                && alike(object)
                && stays(table, &other.name, context)
                && mentions(check, &other.name)
        })
        .flat_map(|(other, _)| {
            let value = format!("{}.{}", reference::name(table), ident(&other.name));
            let mut values = vec![value.clone()];
            if family(&column.data_type) == Family::Number {
                values.push(format!("({value} + 1)"));
                values.push(format!("({value} - 1)"));
            }
            values
        })
        .collect()
}

/// Values that checks often let pass.
fn usual(data_type: &str, catalog: &Catalog) -> Vec<String> {
    let texts = |texts: &[&str]| texts.iter().map(|text| literal(text)).collect();
    match family(data_type) {
        Family::Text => texts(&["x", "0", "X", "a@example.org", "https://example.org/"]),
        Family::Number => vec!["1".into(), "(-1)".into(), "0.5".into()],
        Family::DateTime => vec!["now()".into(), literal("infinity")],
        Family::Time => texts(&["00:00:01", "12:00:00"]),
        Family::Json => texts(&["{}", "[]", "\"x\"", "0", "false"]),
        _ if base(data_type) == "boolean" => vec!["true".into()],
        _ => named(data_type, Kind::Enum, catalog)
            .map(|(_, object)| labels(object).iter().map(|label| literal(label)).collect())
            .unwrap_or_default(),
    }
}

fn named<'a>(
    data_type: &str,
    kind: Kind,
    catalog: &'a Catalog,
) -> Option<(&'a ObjectId, &'a Object)> {
    let wanted = base(data_type);
    catalog
        .of_kind(kind)
        .find(|(id, _)| reference::name(id) == wanted)
}

fn labels(object: &Object) -> Vec<String> {
    match object {
        Object::Enum(object) => object.values.clone(),
        _ => Vec::new(),
    }
}

/// A value of the type that says nothing; `None` where a type has none.
fn neutral(data_type: &str, catalog: &Catalog) -> Option<String> {
    let quoted = |text: &str| Some(literal(text));
    if is_array(data_type) {
        return quoted("{}");
    }
    match family(data_type) {
        Family::Text => return quoted(""),
        Family::Number => return Some("0".to_owned()),
        Family::DateTime => return quoted("epoch"),
        Family::Time => return quoted("00:00:00"),
        Family::Json => return quoted("null"),
        Family::Network => return quoted("0.0.0.0"),
        Family::Bits => return Some(format!("{}::{data_type}", literal("0"))),
        Family::Other => {}
    }
    let plain = base(data_type);
    match plain {
        "boolean" => return Some("false".to_owned()),
        "money" | "oid" => return Some("0".to_owned()),
        "uuid" => return quoted("00000000-0000-0000-0000-000000000000"),
        "bytea" | "tsvector" | "tsquery" | "xml" => return quoted(""),
        "macaddr" => return quoted("00:00:00:00:00:00"),
        "macaddr8" => return quoted("00:00:00:00:00:00:00:00"),
        "pg_lsn" => return quoted("0/0"),
        "point" => return quoted("(0,0)"),
        "line" => return quoted("{1,0,0}"),
        "lseg" | "box" | "path" | "polygon" => return quoted("((0,0),(0,0))"),
        "circle" => return quoted("<(0,0),0>"),
        _ if plain.starts_with("reg") => return quoted("-"),
        _ if plain.ends_with("multirange") => return quoted("{}"),
        _ if plain.ends_with("range") => return quoted("empty"),
        _ => {}
    }
    if let Some((_, object)) = named(data_type, Kind::Enum, catalog) {
        return quoted(labels(object).first()?);
    }
    if let Some((_, Object::Domain(domain))) = named(data_type, Kind::Domain, catalog) {
        return neutral(&domain.data_type, catalog);
    }
    if named(data_type, Kind::Range, catalog).is_some() {
        return quoted("empty");
    }
    // Of types that extensions bring only the names are known.
    match plain.rsplit('.').next()?.trim_matches('"') {
        "citext" | "ltree" | "hstore" => quoted(""),
        "cube" => quoted("(0)"),
        "vector" | "halfvec" => {
            let size = data_type.split_once('(')?.1.strip_suffix(')')?;
            Some(format!("array_fill(0::real, ARRAY[{size}])::{data_type}"))
        }
        _ => None,
    }
}

/// A value of the type for each number of a row; `None` where a type has none.
fn numbered(data_type: &str, catalog: &Catalog) -> Option<String> {
    const N: &str = "numbered.n";
    if is_array(data_type) {
        let of = data_type.split('[').next()?;
        return Some(format!("ARRAY[{}]", numbered(of, catalog)?));
    }
    match family(data_type) {
        Family::Text => return Some(format!("{N}::text")),
        Family::Number => return Some(N.to_owned()),
        Family::DateTime if base(data_type) == "date" => {
            return Some(format!("date {} + {N}::integer", literal("epoch")));
        }
        Family::DateTime => {
            let (epoch, second) = (literal("epoch"), literal("1 second"));
            return Some(format!("timestamp {epoch} + {N} * interval {second}"));
        }
        Family::Time => return Some(format!("{N} * interval {}", literal("1 second"))),
        Family::Json => return Some(format!("to_json({N})")),
        Family::Network => return Some(format!("inet {} + {N}", literal("0.0.0.0"))),
        Family::Bits => return None,
        Family::Other => {}
    }
    match base(data_type) {
        "boolean" => Some(format!("{N} % 2 = 1")),
        "oid" => Some(N.to_owned()),
        "money" => Some(format!("{N}::numeric")),
        "bytea" => Some(format!("int8send({N})")),
        "uuid" => Some(format!("lpad(to_hex({N}), 32, {})::uuid", literal("0"))),
        plain => {
            if let Some((id, _)) = named(data_type, Kind::Enum, catalog) {
                let name = qualified(id.schema().unwrap_or_default(), &id.name);
                let all = format!("enum_range(NULL::{name})");
                return Some(format!("({all})[({N} - 1) % cardinality({all}) + 1]"));
            }
            if let Some((_, Object::Domain(domain))) = named(data_type, Kind::Domain, catalog) {
                return numbered(&domain.data_type, catalog);
            }
            match plain.rsplit('.').next()?.trim_matches('"') {
                "citext" | "ltree" => Some(format!("{N}::text::{data_type}")),
                _ => None,
            }
        }
    }
}
