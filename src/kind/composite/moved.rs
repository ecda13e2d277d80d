//! The values of composite types that are made anew with their attributes in other places, wherever they are held: in columns,
//! arrays, domains and other composites.
//!
//! The rule: they move by the names of their attributes, at every depth. The text of a record has no names, so that by way of
//! it values would change places without a word.

use super::{Attribute, Composite};
use crate::kind::{Context, Object, Statement, aside, column, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{dollar, ident, literal};

/// How the values of a column move to the type that was made anew under the same name.
pub(in crate::kind) struct Moved {
    /// What USING needs: no subquery may stand there, so that arrays move by functions of the session.
    pub(in crate::kind) before: Vec<Statement>,
    /// The USING expression.
    pub(in crate::kind) using: String,
    /// Takes the functions away.
    pub(in crate::kind) after: Vec<Statement>,
}

/// How the values of a column move; `None` where no attribute changes its place, at any depth.
pub(in crate::kind) fn moved(name: &str, data_type: &str, context: &Context<'_>) -> Option<Moved> {
    let mut mover = Mover {
        context,
        functions: Vec::new(),
    };
    let using = mover.value(&ident(name), data_type)?;
    let (before, after) = mover.functions.into_iter().unzip();
    Some(Moved {
        before,
        using,
        after,
    })
}

/// A value of a row type, put together of its parts; null stays null.
pub(in crate::kind) fn record(value: &str, parts: &[String], data_type: &str) -> String {
    let parts = parts.join(", ");
    format!("CASE WHEN {value} IS DISTINCT FROM NULL THEN ROW({parts})::{data_type} END")
}

/// What [`each_element`] calls an element.
pub(in crate::kind) const ELEMENT: &str = "it.value";

/// A function of the session over the array `old`, which writes each element anew and keeps its dimensions, how many they are
/// and where they begin; and what takes it away. PostgreSQL has no other word for an array of dimensions that are not known
/// before than its text (<https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO>).
pub(in crate::kind) fn each_element(
    name: &str,
    from: &str,
    to: &str,
    element: &str,
) -> (Statement, Statement) {
    // How many elements lie in one step of a dimension, and so where braces open and close.
    let further = (1..6).map(|n| format!(" * coalesce(array_length(old, d + {n}), 1)"));
    let size = further.collect::<String>();
    let body = format!(
        "
SELECT CASE WHEN count(*) = 0 THEN old::text::{to}[]
    ELSE (array_dims(old) || '=' || string_agg(
        repeat({open}, opened) || substring(ARRAY[{element}]::text FROM {inner}) || repeat({close}, closed), ',' ORDER BY n))::{to}[]
    END
FROM (SELECT value, row_number() OVER () AS n FROM (SELECT unnest(old) AS value) AS all_of_them) AS it,
    LATERAL (
        SELECT (count(*) FILTER (WHERE (n - 1) % size = 0))::integer AS opened, (count(*) FILTER (WHERE n % size = 0))::integer AS closed
        FROM (SELECT array_length(old, d){size} AS size FROM generate_series(1, array_ndims(old)) AS d) AS sizes
    ) AS braces
",
        open = literal("{"),
        close = literal("}"),
        inner = literal("^.(.*).$"),
    );
    let make = format!(
        "CREATE OR REPLACE FUNCTION {name}(old {from}[]) RETURNS {to}[] LANGUAGE sql AS {}",
        dollar(&body)
    );
    let drop = format!("DROP FUNCTION {name}({from}[])");
    (Statement::sql(make), Statement::sql(drop))
}

struct Mover<'a> {
    context: &'a Context<'a>,
    functions: Vec<(Statement, Statement)>,
}

impl Mover<'_> {
    /// The expression of a value in its new type; `None` where its text does.
    fn value(&mut self, value: &str, data_type: &str) -> Option<String> {
        if let Some(element) = data_type.strip_suffix("[]") {
            return self.array(value, element);
        }
        if let Some(base) = self.domain(data_type) {
            let moved = self.value(value, &base)?;
            return Some(format!("({moved})::{data_type}"));
        }
        let (_, from, to) = self.composite(data_type)?;
        let place = |attribute: &Attribute| from.position(&attribute.name);
        let places: Vec<Option<usize>> = to.attributes.iter().map(place).collect();
        let mut stays = from.attributes.len() == to.attributes.len()
            && (0..).zip(&places).all(|(at, place)| *place == Some(at));
        let mut values = Vec::new();
        for (attribute, place) in to.attributes.iter().zip(&places) {
            let Some(old) = place.and_then(|at| from.attributes.get(at)) else {
                values.push("NULL".to_owned());
                continue;
            };
            let part = format!("({value}).{}", ident(&old.name));
            let data_type = &attribute.data_type;
            let is_same = old.data_type == *data_type;
            let nested = is_same.then(|| self.value(&part, data_type)).flatten();
            stays &= nested.is_none() && is_same;
            let of_users = data_type.contains('.') || old.data_type.contains('.');
            values.push(match nested {
                Some(nested) => nested,
                None if is_same && !of_users => part,
                // The attribute's own type may be another one of the same name.
                None => match column::using(&part, &old.data_type, data_type, false) {
                    Some(cast) => cast,
                    None if of_users => format!("{part}::text::{data_type}"),
                    None => format!("{part}::{data_type}"),
                },
            });
        }
        (!stays).then(|| record(value, &values, data_type))
    }

    /// Elements one by one, in a function of the session; an array of several dimensions comes back with one.
    fn array(&mut self, value: &str, element: &str) -> Option<String> {
        let moved = self.value(ELEMENT, element)?;
        let (id, ..) = self.made_anew(element)?;
        let schema = id.schema().unwrap_or_default();
        let old = aside::free_name(schema, &id.name, self.context);
        let held = crate::sql::quote::qualified(schema, &old);
        let name = format!("pg_temp.{}", ident(&format!("move_{}", id.name)));
        let function = each_element(&name, &held, element, &moved);
        if !self.functions.contains(&function) {
            self.functions.push(function);
        }
        Some(format!("{name}({value})"))
    }

    /// The base of a domain that stays one over the same type.
    fn domain(&self, data_type: &str) -> Option<String> {
        let (_, from, to) = self.made_anew(data_type)?;
        match (from, to) {
            (Object::Domain(from), Object::Domain(to)) if from.data_type == to.data_type => {
                Some(to.data_type.clone())
            }
            _ => None,
        }
    }

    fn composite(&self, data_type: &str) -> Option<(ObjectId, Composite, Composite)> {
        match self.made_anew(data_type)? {
            (id, Object::Composite(from), Object::Composite(to)) => {
                Some((id, (**from).clone(), (**to).clone()))
            }
            _ => None,
        }
    }

    /// The type of that name, as it was and as it shall be.
    fn made_anew(&self, data_type: &str) -> Option<(ObjectId, &Object, &Object)> {
        let (before, after) = (self.context.before, self.context.after);
        [Kind::Composite, Kind::Domain]
            .into_iter()
            .flat_map(|kind| after.of_kind(kind))
            .find(|(id, _)| reference::name(id) == data_type)
            .and_then(|(id, to)| Some((id.clone(), before.get(id)?, to)))
    }
}
