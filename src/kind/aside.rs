//! Types that cannot be altered are made anew beside the old one, which is moved out of the way: columns keep their rows
//! by changing their type, and the old one is dropped when nothing uses it any more.

use super::{Alteration, Catalog, Context, Object, Reaction, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{ident, qualified};

/// PostgreSQL's limit for names, in bytes.
const LONGEST: usize = 63;

/// DROP TYPE, or DROP DOMAIN.
pub(super) fn drop_type(id: &ObjectId) -> Vec<Statement> {
    vec![Statement::sql(format!(
        "DROP {} {}",
        id.kind.sql(),
        reference::name(id)
    ))]
}

/// The drop of a type that was announced before its own functions: those take it and it needs them, so that only
/// CASCADE takes both.
pub(super) fn drop_announced(id: &ObjectId, with_functions: bool) -> Vec<Statement> {
    let cascade = if with_functions { " CASCADE" } else { "" };
    vec![Statement::sql(format!(
        "DROP TYPE {}{cascade}",
        reference::name(id)
    ))]
}

/// A name that no type or relation of the schema has in either catalog.
pub(super) fn free_name(schema: &str, name: &str, context: &Context<'_>) -> String {
    let taken = |catalog: &Catalog, name: &str| {
        [
            Kind::Enum,
            Kind::Domain,
            Kind::Composite,
            Kind::Range,
            Kind::BaseType,
            Kind::ShellType,
            Kind::Table,
            Kind::View,
            Kind::MaterializedView,
            Kind::ForeignTable,
        ]
        .into_iter()
        .any(|kind| catalog.contains(&ObjectId::in_schema(kind, schema, name)))
    };
    for number in 0_u32.. {
        let tail = if number == 0 {
            "_old".to_owned()
        } else {
            format!("_old{number}")
        };
        let mut end = name.len().min(LONGEST - tail.len());
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        let candidate = format!("{}{tail}", &name[..end]);
        if !taken(context.before, &candidate) && !taken(context.after, &candidate) {
            return candidate;
        }
    }
    String::new()
}

/// The type of another kind that takes the name of a type which goes.
pub(crate) fn heir(id: &ObjectId, context: &Context<'_>) -> Option<ObjectId> {
    const KINDS: [Kind; 4] = [Kind::Enum, Kind::Domain, Kind::Composite, Kind::Range];
    if !KINDS.contains(&id.kind) || context.after.contains(id) {
        return None;
    }
    let schema = id.schema()?;
    KINDS
        .into_iter()
        .map(|kind| ObjectId::in_schema(kind, schema, &id.name))
        .find(|heir| context.after.contains(heir) && !context.before.contains(heir))
}

/// The swap of a type that gives its name to one of another kind: what is of it becomes of the other by its text.
pub(crate) fn gives_way(id: &ObjectId, object: &Object, context: &Context<'_>) -> Option<Reaction> {
    heir(id, context)?;
    Some(match object.when_replaced(id, id, context) {
        swap @ Reaction::Swap { .. } => swap,
        _ => follow(id, context, &[]),
    })
}

/// The swap of a type: renamed out of the way before, dropped after. `along` are names of the same schema that go with
/// it, as a multirange does.
pub(super) fn swap(id: &ObjectId, context: &Context<'_>, along: &[&str]) -> Alteration {
    let (set_aside, discard) = steps(id, context, along);
    Alteration::Swap { set_aside, discard }
}

/// The same as the reaction to a swap of something that the type is made of.
pub(super) fn follow(id: &ObjectId, context: &Context<'_>, along: &[&str]) -> Reaction {
    let (set_aside, discard) = steps(id, context, along);
    Reaction::Swap { set_aside, discard }
}

/// What moves a type out of the way, and what drops it.
pub(super) fn steps(
    id: &ObjectId,
    context: &Context<'_>,
    along: &[&str],
) -> (Vec<Statement>, Vec<Statement>) {
    let schema = id.schema().unwrap_or_default();
    let old = free_name(schema, &id.name, context);
    let sql = id.kind.sql();
    let mut set_aside = vec![Statement::sql(format!(
        "ALTER {sql} {} RENAME TO {}",
        reference::name(id),
        ident(&old)
    ))];
    for name in along {
        set_aside.push(Statement::sql(format!(
            "ALTER TYPE {} RENAME TO {}",
            qualified(schema, name),
            ident(&free_name(schema, name, context))
        )));
    }
    let discard = vec![Statement::sql(format!(
        "DROP {sql} {}",
        qualified(schema, &old)
    ))];
    (set_aside, discard)
}
