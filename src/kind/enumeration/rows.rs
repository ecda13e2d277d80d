//! Where values of an enumeration are held: in columns of it, of its arrays and domains, of composite types and ranges with
//! it inside. What goes of them is asked for before anything runs, wherever it is.

use crate::kind::preflight::Rows;
use crate::kind::{Catalog, Context, Object, Preflight, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{ident, literal};

/// Rows that hold one of these values, in columns that keep their type.
pub(super) fn that_hold(gone: &[String], id: &ObjectId, context: &Context<'_>) -> Vec<Preflight> {
    let values: Vec<String> = gone.iter().map(|value| literal(value)).collect();
    let held = Held {
        data_type: reference::name(id),
        values: values.join(", "),
        context,
    };
    let mut found = Vec::new();
    for (column, object) in context.before.of_kind(Kind::Column) {
        let (Object::Column(from), Some(Object::Column(to))) = (object, context.after.get(column))
        else {
            continue;
        };
        // The author says what becomes of the values, or another type does.
        if from.inherited || from.is_converted_to(to) || from.data_type != to.data_type {
            continue;
        }
        let name = ident(&column.name);
        let Some(condition) = held.by(&name, &from.data_type, 0) else {
            continue;
        };
        let rows = Rows::of(column, context);
        let Some(rows) = rows.filter(|rows| rows.keeps(&column.name)) else {
            continue;
        };
        let word = match from.data_type == held.data_type {
            true => "is",
            false => "holds",
        };
        let about = format!("whose {name} {word} {}", gone.join(" or "));
        found.push(rows.that(&about, &condition));
    }
    found
}

/// Values of an enumeration that are looked for.
struct Held<'a> {
    data_type: String,
    /// As literals, with commas.
    values: String,
    context: &'a Context<'a>,
}

impl Held<'_> {
    /// The condition that a value of a type holds one of them; `None` where the type has nothing of the enumeration.
    fn by(&self, value: &str, data_type: &str, depth: usize) -> Option<String> {
        if data_type == self.data_type {
            return Some(format!("{value}::text IN ({})", self.values));
        }
        if data_type.strip_suffix("[]") == Some(&self.data_type) {
            return Some(format!("{value}::text[] && ARRAY[{}]", self.values));
        }
        if let Some(element) = data_type.strip_suffix("[]") {
            let name = format!("element{}", depth + 1);
            let condition = self.by(&format!("{name}.value"), element, depth + 1)?;
            return Some(format!(
                "EXISTS (SELECT FROM (SELECT unnest({value}) AS value) AS {name} WHERE {condition})"
            ));
        }
        // PostgreSQL's own types have no schema here.
        if !data_type.contains('.') {
            return None;
        }
        let (before, after) = (self.context.before, self.context.after);
        let id = of_type(data_type, before)?;
        match (before.get(id)?, after.get(id)?) {
            (Object::Domain(from), Object::Domain(to)) if from.data_type == to.data_type => self
                .by(
                    &format!("{value}::{}", from.data_type),
                    &from.data_type,
                    depth,
                ),
            (Object::Composite(from), Object::Composite(to)) => {
                let stays = from
                    .attributes
                    .iter()
                    .filter(|it| to.attributes.contains(it));
                let conditions: Vec<String> = stays
                    .filter_map(|it| {
                        let part = format!("({value}).{}", ident(&it.name));
                        self.by(&part, &it.data_type, depth)
                    })
                    .collect();
                (!conditions.is_empty()).then(|| conditions.join(" OR "))
            }
            (Object::Range(from), Object::Range(to)) if from.subtype == to.subtype => {
                let ends = ["lower", "upper"].map(|end| format!("{end}({value})"));
                let ends: Option<Vec<String>> = ends
                    .iter()
                    .map(|end| self.by(end, &from.subtype, depth))
                    .collect();
                Some(ends?.join(" OR "))
            }
            _ => None,
        }
    }
}

/// The type of users that a name means.
fn of_type<'c>(data_type: &str, catalog: &'c Catalog) -> Option<&'c ObjectId> {
    [Kind::Domain, Kind::Composite, Kind::Range]
        .into_iter()
        .flat_map(|kind| catalog.of_kind(kind))
        .map(|(id, _)| id)
        .find(|id| reference::name(id) == data_type)
}
