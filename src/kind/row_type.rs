//! The row type of a table, where other columns hold values of it.
//!
//! The rule: PostgreSQL changes no column's type under values that are stored elsewhere. Those values wait as text, which
//! holds at every depth of arrays, domains and other composites, until the columns have their types. The text of a record has
//! no names: where what is made anew has its columns in other places, it is written in those places.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::{
    Catalog, Context, HazardClass, Object, Statement, column, composite, parts, reference,
};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// What is taken down while a column's values wait as text: all that knows its type.
pub(crate) const WAITING: &[Kind] = &[
    Kind::View,
    Kind::MaterializedView,
    Kind::Rule,
    Kind::Policy,
    Kind::Trigger,
    Kind::Default,
    Kind::Column,
    Kind::Function,
    Kind::Procedure,
    Kind::PrimaryKey,
    Kind::Unique,
    Kind::Exclude,
    Kind::Check,
    Kind::Index,
    Kind::ForeignKey,
    Kind::PublicationTable,
    Kind::Statistics,
];

/// How a column's values wait and come back.
pub(crate) struct Wait {
    /// They become text.
    pub(crate) there: Vec<Statement>,
    /// They become what they shall be.
    pub(crate) back: Vec<Statement>,
}

/// What becomes of a row type while its values wait.
pub(crate) enum Becomes<'a> {
    /// Its columns change their types.
    Retyped,
    /// Columns are added to it that each row gets a value of; this tells whether a column is made, new or anew.
    Grown(&'a dyn Fn(&ObjectId) -> bool),
    /// It is dropped and made.
    Anew,
}

/// Whether rows that are there get a value when the column is added: PostgreSQL does that to no table whose row type is held
/// elsewhere.
pub(crate) fn is_filled(column: &ObjectId, context: &Context<'_>) -> bool {
    matches!(context.after.get(column), Some(Object::Column(it))
        if it.not_null || it.identity.is_some() || it.generated.is_some())
        || context.after.contains(&column.child(Kind::Default, ""))
}

/// What has a row type.
const KINDS: [Kind; 5] = [
    Kind::Table,
    Kind::ForeignTable,
    Kind::View,
    Kind::MaterializedView,
    Kind::Composite,
];

/// The other types whose values columns hold.
const OTHER_TYPES: [Kind; 4] = [Kind::BaseType, Kind::Range, Kind::Domain, Kind::Enum];

/// Whether there is a type of this one's name, or a row type of this relation's, afterwards too.
pub(crate) fn stays(id: &ObjectId, context: &Context<'_>) -> bool {
    let mut kinds = KINDS.into_iter().chain(OTHER_TYPES);
    let Some(schema) = id
        .schema()
        .filter(|_| kinds.clone().any(|it| it == id.kind))
    else {
        return false;
    };
    kinds.any(|kind| {
        let other = ObjectId::in_schema(kind, schema, &id.name);
        context.after.contains(&other)
    })
}

/// The columns of tables that hold values of a row type, of the tables below it too, by themselves or within other types;
/// those alone whose type is their own table's to change.
pub(crate) fn holders(table: &ObjectId, context: &Context<'_>) -> Vec<ObjectId> {
    let types: Vec<String> = parts::family(table, context.before)
        .iter()
        .flat_map(|table| types_with(&reference::name(table), context.before))
        .collect();
    let holds = |column: &column::Column| {
        column.data_type.contains('.') && types.iter().any(|name| is_of(&column.data_type, name))
    };
    context
        .before
        .of_kind(Kind::Column)
        .filter(|(id, object)| {
            let stored = id
                .parent
                .as_deref()
                .is_some_and(|it| it.kind == Kind::Table);
            matches!(object, Object::Column(column) if holds(column) && column.generated.is_none())
                && stored
                && !parts::changes_with_parent(id, context)
        })
        .map(|(id, _)| id.clone())
        .collect()
}

/// The materialized views that hold values of a row type.
pub(crate) fn materialized(table: &ObjectId, context: &Context<'_>) -> Vec<ObjectId> {
    let types = types_with(&reference::name(table), context.before);
    let views = context.before.of_kind(Kind::MaterializedView);
    let holds = |object: &Object| {
        matches!(object, Object::MaterializedView(view)
            if view.columns.iter().any(|column| types.iter().any(|name| is_of(&column.data_type, name))))
    };
    views
        .filter(|(_, object)| holds(object))
        .map(|(id, _)| id.clone())
        .collect()
}

/// The columns of the table whose row type, or an array of it, this is.
pub(crate) fn columns_of<'a>(
    data_type: &str,
    catalog: &'a Catalog,
) -> Vec<(&'a ObjectId, &'a Object)> {
    if !data_type.contains('.') {
        return Vec::new();
    }
    let mut tables = catalog.of_kind(Kind::Table).map(|(id, _)| id);
    let table = tables.find(|id| is_of(data_type, &reference::name(id)));
    let columns = table.map(|table| catalog.children(table, Kind::Column));
    columns.unwrap_or_default()
}

/// Whether a column is made of a type, or of an array of it.
fn is_of(data_type: &str, name: &str) -> bool {
    is_plainly_of(data_type.trim_end_matches("[]"), name)
}

/// Whether a column is made of a type, with a modifier or without.
pub(crate) fn is_plainly_of(data_type: &str, name: &str) -> bool {
    let rest = data_type.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
}

/// The names of a type and of all types that are made of it.
fn types_with(name: &str, catalog: &Catalog) -> Vec<String> {
    let mut found = vec![name.to_owned()];
    let mut next = 0;
    while let Some(part) = found.get(next).cloned() {
        next += 1;
        for kind in [Kind::Composite, Kind::Domain, Kind::Range] {
            for (id, object) in catalog.of_kind(kind) {
                let uses = match object {
                    Object::Composite(composite) => composite
                        .attributes
                        .iter()
                        .any(|attribute| is_of(&attribute.data_type, &part)),
                    Object::Domain(domain) => is_of(&domain.data_type, &part),
                    Object::Range(range) => is_of(&range.subtype, &part),
                    _ => false,
                };
                let holder = reference::name(id);
                if uses && !found.contains(&holder) {
                    found.push(holder);
                }
            }
        }
    }
    found
}

/// The names of what a row of a type has, in their places; `None` where the type is no row type.
fn places(data_type: &str, catalog: &Catalog) -> Option<Vec<String>> {
    let mut relations = KINDS.into_iter().flat_map(|kind| catalog.of_kind(kind));
    let (id, object) = relations.find(|(id, _)| reference::name(id) == data_type)?;
    Some(match object {
        Object::View(view) => view.columns.iter().map(|it| it.name.clone()).collect(),
        Object::MaterializedView(view) => view.columns.iter().map(|it| it.name.clone()).collect(),
        Object::Composite(composite) => {
            let attributes = composite.attributes.iter();
            attributes.map(|it| it.name.clone()).collect()
        }
        _ => {
            let columns = catalog.children(id, Kind::Column);
            columns.iter().map(|(it, _)| it.name.to_string()).collect()
        }
    })
}

/// The statements by which a column becomes text whose parts stand where those of the type made anew do; `None` where they
/// stand there already.
fn in_new_places(id: &ObjectId, data_type: &str, context: &Context<'_>) -> Option<Vec<Statement>> {
    let of = data_type.strip_suffix("[]").unwrap_or(data_type);
    let (from, to) = (places(of, context.before)?, places(of, context.after)?);
    if from == to {
        return None;
    }
    let row = |value: &str, _: &str| {
        let parts: Vec<String> = to
            .iter()
            .map(|name| match from.contains(name) {
                true => format!("({value}).{}", ident(name)),
                false => "NULL".to_owned(),
            })
            .collect();
        Some(composite::moved::record(value, &parts, "text"))
    };
    in_places(id, data_type, row)
}

/// The same for a table that stays and gets columns: they stand behind those that it keeps.
fn in_grown_places(
    id: &ObjectId,
    data_type: &str,
    is_made: &dyn Fn(&ObjectId) -> bool,
    context: &Context<'_>,
) -> Option<Vec<Statement>> {
    let lost = RefCell::new(BTreeSet::new());
    let grown = Grown {
        is_made,
        lost: &lost,
        context,
    };
    let text = |value: &str, data_type: &str| grown.text(value, data_type);
    let mut statements = in_places(id, data_type, text)?;
    for column in lost.into_inner() {
        let detail = format!("the values of {column} in it are dropped");
        let last = statements.pop()?;
        statements.push(last.hazard("drop-column", HazardClass::DataLoss, id, detail));
    }
    Some(statements)
}

/// The values of tables that get columns.
struct Grown<'a> {
    /// Whether a column is made, new or anew.
    is_made: &'a dyn Fn(&ObjectId) -> bool,
    /// Columns that are made anew, and whose values go.
    lost: &'a RefCell<BTreeSet<String>>,
    context: &'a Context<'a>,
}

impl Grown<'_> {
    /// The values of the columns that are made, behind those that are kept: what one that is made anew has, where it alone is
    /// made, so that its place is known.
    fn made(&self, table: &ObjectId, value: &str) -> Vec<String> {
        let Context { before, after, .. } = self.context;
        let columns = after.children(table, Kind::Column).into_iter();
        let made: Vec<&ObjectId> = columns
            .map(|(id, _)| id)
            .filter(|id| !self.is_kept(id))
            .collect();
        let alone = made.len() == 1;
        let value_of = |column: &&ObjectId| {
            let (from, to) = (before.get(column), after.get(column));
            let (Some(Object::Column(from)), Some(Object::Column(to))) = (from, to) else {
                return "NULL".to_owned();
            };
            let part = format!("({value}).{}", ident(&column.name));
            // The text of another type might not be one of this.
            let fits = from.data_type == to.data_type
                || column::is_automatic(&from.data_type, &to.data_type);
            if alone && fits {
                return part;
            }
            self.lost.borrow_mut().insert(column.path());
            "NULL".to_owned()
        };
        made.iter().map(value_of).collect()
    }

    /// Whether a column stays as it stands, with those that it comes from.
    fn is_kept(&self, column: &ObjectId) -> bool {
        let Context { before, after, .. } = self.context;
        let mut from = before.inherited_from(column);
        from.push(column.clone());
        before.contains(column) && after.contains(column) && !from.iter().any(self.is_made)
    }

    /// The text of a value after the tables that it is made of got their columns; `None` where it is the same.
    fn text(&self, value: &str, data_type: &str) -> Option<String> {
        let before = self.context.before;
        let kinds = [Kind::Table, Kind::Composite, Kind::Domain];
        let mut types = kinds.into_iter().flat_map(|kind| before.of_kind(kind));
        let (id, object) = types.find(|(id, _)| reference::name(id) == data_type)?;
        let mut is_same = true;
        let (held, made): (Vec<(String, &str)>, Vec<String>) = match object {
            Object::Domain(domain) => return self.text(value, &domain.data_type),
            Object::Composite(composite) => {
                // They come back to the type as it is then: what is new stands last.
                let now = match self.context.after.get(id) {
                    Some(Object::Composite(now)) => now,
                    _ => composite,
                };
                let was = |name: &str| composite.attributes.iter().find(|it| it.name == name);
                let held = now.attributes.iter().filter_map(|it| was(&it.name));
                let held: Vec<(String, &str)> = held
                    .map(|it| (it.name.clone(), it.data_type.as_str()))
                    .collect();
                is_same = held.len() == composite.attributes.len();
                let made = now.attributes.len() - held.len();
                (held, vec!["NULL".to_owned(); made])
            }
            _ => {
                let columns = before.children(id, Kind::Column).into_iter();
                let held = columns.filter_map(|(column, object)| match object {
                    Object::Column(it) if self.is_kept(column) => {
                        Some((column.name.to_string(), it.data_type.as_str()))
                    }
                    _ => None,
                });
                (held.collect(), self.made(id, value))
            }
        };
        is_same &= made.is_empty();
        let mut parts: Vec<String> = Vec::new();
        for (name, data_type) in held {
            let part = format!("({value}).{}", ident(&name));
            let nested = self.text(&part, data_type);
            is_same &= nested.is_none();
            parts.push(nested.unwrap_or(part));
        }
        parts.extend(made);
        (!is_same).then(|| composite::moved::record(value, &parts, "text"))
    }
}

/// The statements by which a column becomes the text of its values, or of its elements; `None` where that is what it is.
fn in_places(
    id: &ObjectId,
    data_type: &str,
    text: impl Fn(&str, &str) -> Option<String>,
) -> Option<Vec<Statement>> {
    let name = ident(&id.name);
    let head = reference::alter_relation(id.parent.as_deref()?);
    let becomes = |using: &str| {
        Statement::sql(format!(
            "{head} ALTER COLUMN {name} TYPE text USING {using}"
        ))
    };
    let Some(element) = data_type.strip_suffix("[]") else {
        return Some(vec![becomes(&text(&name, data_type)?)]);
    };
    // No subquery may stand in USING: the elements are written by a function of the session.
    let function = "pg_temp.schemactl_rows";
    let text = text(composite::moved::ELEMENT, element)?;
    let (make, drop) = composite::moved::each_element(function, element, "text", &text);
    let using = format!("{function}({name})::text");
    Some(vec![make, becomes(&using), drop])
}

/// How the values of a column wait while what they are made of changes; `None` where it does not stay of that type.
pub(crate) fn wait(id: &ObjectId, how: &Becomes<'_>, context: &Context<'_>) -> Option<Wait> {
    let (Some(Object::Column(from)), Some(Object::Column(to))) =
        (context.before.get(id), context.after.get(id))
    else {
        return None;
    };
    (from.data_type == to.data_type).then(|| {
        let name = ident(&id.name);
        let head = id.parent.as_deref().map(reference::alter_relation);
        let head = head.unwrap_or_default();
        let becomes = |data_type: &str| {
            let using = format!("{name}::{data_type}");
            // A statement of its own: the column may stand in the table whose columns change.
            vec![Statement::sql(format!(
                "{head} ALTER COLUMN {name} TYPE {data_type} USING {using}"
            ))]
        };
        let moved = match how {
            Becomes::Retyped => None,
            Becomes::Grown(is_made) => in_grown_places(id, &from.data_type, is_made, context),
            Becomes::Anew => in_new_places(id, &from.data_type, context),
        };
        Wait {
            there: moved.unwrap_or_else(|| becomes("text")),
            back: becomes(&to.data_type),
        }
    })
}
