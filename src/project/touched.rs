//! Whether a migration says that it brings about what is there: then that is no drift any more, also where somebody did it by hand
//! before.

use crate::model::{Kind, ObjectId};
use crate::sql::changes::Change;

/// Whether a statement is about an object, or about that part or facet of one.
pub(super) fn touches(change: &Change, id: &ObjectId) -> bool {
    let whole = id.whole();
    let is = |path: &[String], id: &ObjectId| match path {
        [.., schema, name] => *name == *id.name && id.schema() == Some(schema.as_str()),
        [name] => *name == *id.name,
        [] => false,
    };
    let about = |id: &ObjectId| change.targets.iter().any(|path| is(path, id));
    let on_whole = change.on.as_deref().is_some_and(|path| is(path, whole));
    if id == whole {
        // An ALTER TABLE is about a part mostly.
        let sets = id.kind != Kind::Table || change.has("set") || change.has("reset");
        return about(id)
            && (matches!(change.verb.as_str(), "create" | "drop")
                || change.verb == "alter" && sets);
    }
    // A part with a name of its own.
    let names = |part: &ObjectId| {
        let of_whole = change.verb == "alter" && about(whole) && change.parts.contains(&*part.name);
        let in_schema = part.kind == Kind::Index && change.on.is_none();
        of_whole || about_bare(change, part) && (on_whole || in_schema)
    };
    let holder = id.parent.as_deref().unwrap_or(whole);
    match id.kind {
        Kind::Comment if holder == whole => change.verb == "comment" && about(whole),
        Kind::Comment => change.verb == "comment" && (names(holder) || of_column(change, holder)),
        Kind::Owner => change.has("owner") && about(whole),
        Kind::Grant => matches!(change.verb.as_str(), "grant" | "revoke") && about(whole),
        Kind::Default => change.has("default") && names(holder),
        Kind::RowLevelSecurity => change.has("security") && about(whole),
        Kind::ReplicaIdentity => change.has("replica") && about(whole),
        Kind::ClusterOn => change.has("cluster") && about(whole),
        // Its default is an object of its own.
        Kind::Column => {
            let words = COLUMN.iter().any(|word| change.has(word));
            (words || change.has("drop") && !change.has("default")) && names(id)
        }
        _ => !id.name.is_empty() && !id.kind.is_facet() && names(id),
    }
}

/// What an ALTER says that changes a column itself.
const COLUMN: &[&str] = &[
    "add",
    "type",
    "null",
    "storage",
    "compression",
    "statistics",
    "generated",
    "identity",
    "expression",
    "options",
];

/// Whether a target's last name is that of a part, whatever stands before.
fn about_bare(change: &Change, part: &ObjectId) -> bool {
    let mut targets = change.targets.iter().filter_map(|path| path.last());
    targets.any(|name| *name == *part.name)
}

/// `COMMENT ON COLUMN table.column`.
fn of_column(change: &Change, column: &ObjectId) -> bool {
    let table = column.parent.as_deref();
    change.targets.iter().any(|path| match path.as_slice() {
        [.., of, name] => *name == *column.name && table.is_some_and(|it| *of == *it.name),
        _ => false,
    })
}
