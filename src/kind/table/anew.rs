//! Tables that only making anew leads to the wanted state, and how their rows outlive it.
//!
//! PostgreSQL says of a column or check of a child table whether it is the child's own; only CREATE TABLE with INHERITS, or
//! a statement on the parent, makes one that is not. INHERIT leaves what the child had as its own.

use super::Table;
use crate::kind::column::{self, Column};
use crate::kind::inherits::Inherits;
use crate::kind::{
    Carry, Catalog, Context, HazardClass, Object, Statement, not_null, parts, reference,
};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{ident, qualified};

/// The parents of a table, with the ties to them.
fn ties<'a>(table: &ObjectId, catalog: &'a Catalog) -> Vec<(ObjectId, &'a Inherits)> {
    catalog
        .children(table, Kind::Inherits)
        .into_iter()
        .filter_map(|(_, object)| match object {
            Object::Inherits(tie) => {
                let parent = &tie.parent;
                let id = ObjectId::in_schema(Kind::Table, &parent.schema, &parent.name);
                Some((id, &**tie))
            }
            _ => None,
        })
        .collect()
}

/// Whether a child's columns and checks can only be had by making the child with its parents.
pub(in crate::kind) fn needs_parents_at_birth(table: &ObjectId, context: &Context<'_>) -> bool {
    let (before, after) = (context.before, context.after);
    let (old, new) = (ties(table, before), ties(table, after));
    if new.is_empty() {
        return false;
    }
    let anew = |id: &ObjectId| match (before.get(id), after.get(id)) {
        (Some(from), Some(to)) => from.is_made_anew(to, id, context),
        _ => false,
    };
    if new.iter().any(|(parent, _)| anew(parent)) {
        return true;
    }
    // Of a parent that is another's nothing is known but that the child has its parts.
    let supplied = |part: &ObjectId, ties: &[(ObjectId, &Inherits)], catalog: &Catalog| {
        ties.iter().any(|(parent, _)| {
            !catalog.contains(parent) || catalog.contains(&parent.child(part.kind, &part.name))
        })
    };
    let stay = parts::kept_parents(table, context);
    let kept: Vec<(ObjectId, &Inherits)> = new
        .iter()
        .filter(|tie| old.contains(tie) && stay.contains(&tie.0))
        .cloned()
        .collect();
    if not_null::needs_parents_at_birth(table, after, context) {
        return true;
    }
    [Kind::Column, Kind::Check].into_iter().any(|kind| {
        after.children(table, kind).into_iter().any(|(part, to)| {
            match (
                before.get(part).map(Object::is_inherited),
                to.is_inherited(),
            ) {
                // It stays the parents' as long as one of them stays.
                (Some(true), true) => {
                    !(supplied(part, &kept, before) && supplied(part, &kept, after))
                }
                (Some(false), true) => true,
                (Some(true), false) => supplied(part, &new, after),
                // The parent's own statement brings it.
                (None, true) => !supplied(part, &kept, after) || supplied(part, &kept, before),
                (_, false) => false,
            }
        })
    })
}

/// Whether partitions by hash stay with other shares, so that nearly every row belongs to another one.
pub(super) fn deals_anew(
    from: &Table,
    to: &Table,
    table: &ObjectId,
    context: &Context<'_>,
) -> bool {
    let is_hash = |table: &Table| {
        let key = table.partition_by.as_deref();
        key.is_some_and(|key| key.starts_with("HASH"))
    };
    if !is_hash(from) || !is_hash(to) {
        return false;
    }
    let name = parts::qualified_name(table);
    context
        .before
        .of_kind(Kind::Partition)
        .any(|(tie, object)| match (object, context.after.get(tie)) {
            (Object::Partition(from), Some(Object::Partition(to))) => {
                from.parent == name && to.parent == name && from.bound != to.bound
            }
            _ => false,
        })
}

/// How the rows of a table outlive making it anew.
pub(super) fn carry(
    from: &Table,
    to: &Table,
    table: &ObjectId,
    context: &Context<'_>,
) -> Option<Carry> {
    if to.partition_by.is_some() && !context.after.partitioned.contains(table) {
        return None;
    }
    let moved = moved_columns(table, context);
    if moved.is_empty() {
        return None;
    }
    let mut aside = table.name.to_string();
    while aside.len() > 63 - KEPT.len() {
        aside.pop();
    }
    let aside = qualified(
        table.schema().unwrap_or_default(),
        &format!("{aside}{KEPT}"),
    );
    let only = if from.partition_by.is_some() {
        ""
    } else {
        "ONLY "
    };
    let list = |item: fn(&Moved) -> String| moved.iter().map(item).collect::<Vec<_>>().join(", ");
    let name = reference::name(table);
    let save = format!(
        "CREATE TABLE {aside} AS SELECT {} FROM {only}{name}",
        list(|column| column.saved.clone())
    );
    let mut targets = list(|column| ident(&column.name));
    let mut values = list(|column| column.restored.clone());
    for (column, value) in stand_ins(table, context) {
        targets.push_str(&format!(", {}", ident(&column)));
        values.push_str(&format!(", {value}"));
    }
    let mut restore = vec![
        Statement::sql(format!(
            "INSERT INTO {name} ({targets}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {aside}"
        )),
        Statement::sql(format!("DROP TABLE {aside}")),
    ];
    // PostgreSQL alters no table of which a deferred key has not looked at a row yet.
    let deferred = parts::family(table, context.after).iter().any(|member| {
        let keys = context.after.children(member, Kind::ForeignKey);
        keys.into_iter()
            .any(|(_, key)| matches!(key, Object::ForeignKey(key) if key.deferrable.is_some()))
    });
    if deferred {
        restore.push(Statement::sql("SET CONSTRAINTS ALL IMMEDIATE"));
    }
    restore.extend(positions(table, context));
    // What others write while the copy is made would go with the table.
    let lock = format!("LOCK TABLE {only}{name} IN ACCESS EXCLUSIVE MODE");
    let columns = context.before.children(table, Kind::Column).into_iter();
    let lost = columns.filter(|(id, object)| {
        let is_held = matches!(object, Object::Column(it) if it.generated.is_none());
        is_held && !moved.iter().any(|it| it.name == *id.name)
    });
    let save = lost.fold(Statement::sql(save), |save, (id, _)| {
        let detail = "the column and its values are dropped";
        save.hazard("drop-column", HazardClass::DataLoss, id, detail)
    });
    Some(Carry {
        save: vec![Statement::sql(lock), save],
        restore,
    })
}

/// What the name of the table ends in that holds the rows meanwhile.
const KEPT: &str = "_schemactl_kept";

/// Whether a statement puts rows aside (1), or takes what held them away (-1).
pub(crate) fn puts_aside(sql: &str) -> i32 {
    let is_about_it = sql.contains(KEPT);
    i32::from(is_about_it && sql.starts_with("CREATE TABLE "))
        - i32::from(is_about_it && sql.starts_with("DROP TABLE "))
}

/// A column whose values are moved.
struct Moved {
    name: String,
    saved: String,
    restored: String,
}

fn column_of<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Column> {
    match catalog.get(id) {
        Some(Object::Column(column)) => Some(column),
        _ => None,
    }
}

/// Values of types that are not PostgreSQL's own move as text: the type may be made anew too.
fn moved_columns(table: &ObjectId, context: &Context<'_>) -> Vec<Moved> {
    let mut columns = context.after.children(table, Kind::Column);
    columns.sort_by_key(|(id, _)| context.after.positions.get(*id).copied());
    columns
        .into_iter()
        .filter_map(|(id, object)| {
            let Object::Column(to) = object else {
                return None;
            };
            let from = column_of(context.before, id)?;
            if to.generated.is_some() {
                return None;
            }
            let column = ident(&id.name);
            let of_users = |data_type: &str| data_type.contains('.');
            let as_text = of_users(&from.data_type);
            let said = to.convert.convert.as_ref();
            let said = said.or(from.convert.convert_back.as_ref());
            let restored = match (said, as_text) {
                (Some(said), _) => said.clone(),
                (_, true) => format!("{column}::{}", to.data_type),
                _ if of_users(&to.data_type) => format!("{column}::text::{}", to.data_type),
                _ => column::using(&column, &from.data_type, &to.data_type, context.stand_in)
                    .unwrap_or_else(|| column.clone()),
            };
            // A column that refuses null from now on gets its value on the way.
            let filled = (!from.not_null && to.not_null)
                .then(|| to.filling(id, context))
                .flatten();
            let restored = match filled {
                Some(value) => format!("COALESCE({restored}, {value})"),
                None => restored,
            };
            Some(Moved {
                name: id.name.to_string(),
                saved: match as_text {
                    true => format!("{column}::text AS {column}"),
                    false => column,
                },
                restored,
            })
        })
        .collect()
}

/// Values for new columns that refuse null.
fn stand_ins(table: &ObjectId, context: &Context<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (id, object) in context.after.children(table, Kind::Column) {
        let Object::Column(column) = object else {
            continue;
        };
        let given = !column.not_null
            || column.identity.is_some()
            || column.generated.is_some()
            || context.before.contains(id)
            || context.after.contains(&id.child(Kind::Default, ""));
        if !given && let Some(value) = column.filling(id, context) {
            found.push((id.name.to_string(), value));
        }
    }
    found
}

/// Sequences that are made anew with the table go on behind its values.
fn positions(table: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    let mut sequences = Vec::new();
    for (id, object) in context.after.children(table, Kind::Column) {
        if let Object::Column(column) = object
            && let Some(identity) = &column.identity
        {
            sequences.push((
                id.name.to_string(),
                qualified(&identity.schema, &identity.name),
                &identity.sequence,
            ));
        }
    }
    let name = parts::qualified_name(table);
    for (tie, object) in context.after.of_kind(Kind::SequenceOwner) {
        if let Object::SequenceOwner(owner) = object
            && owner.table == name
            && is_counted(&table.child(Kind::Column, &owner.column), context)
            && let Some(id) = tie.parent.as_deref()
            && let Some(Object::Sequence(sequence)) = context.after.get(id)
        {
            sequences.push((owner.column.clone(), reference::name(id), sequence));
        }
    }
    sequences
        .into_iter()
        .map(|(column, sequence, counts)| {
            let column = table.child(Kind::Column, &column);
            counts.set_behind_values(&sequence, &column, (counts.min, counts.max))
        })
        .collect()
}

/// Whether the values of a column can be a sequence's: one may belong to any column.
fn is_counted(column: &ObjectId, context: &Context<'_>) -> bool {
    matches!(
        context.after.get(column),
        Some(Object::Column(column))
            if matches!(column.data_type.as_str(), "smallint" | "integer" | "bigint")
    )
}
