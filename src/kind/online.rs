//! The form of a change that lets readers and writers of a table with rows go on: what looks at rows does so in a transaction
//! of its own, under a lock that stops neither. Where PostgreSQL has no such form, the plain one is written.

use std::collections::BTreeSet;

use super::column::{Filling, filling, in_quiet, is_published, refuses_null};
use super::constraint::INDEXES;
use super::default::gives_value;
use super::language::object_name;
use super::parts::is_partitioned;
use super::{
    Catalog, Context, Kind, Object, Stage, Statement, bodies, constraint, not_null, parts,
    reference,
};
use sha2::{Digest, Sha256};

use crate::model::ObjectId;
use crate::sql::quote::ident;
use crate::sql::volatile::is_volatile;

/// How far a constraint that is not looked at yet reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The rows of the table itself, whoever it inherits from or is a part of.
    Itself,
    /// It is the table's alone: one with children or parents takes the plain form.
    Alone,
    /// Partitions get it with their table.
    Partitions,
}

/// Whether others use the table all the while, and nothing ties it to a table or takes it from one in this plan.
pub(super) fn is_used(table: &ObjectId, reach: Reach, context: &Context<'_>) -> bool {
    if !context.online || table.kind != Kind::Table || !context.keeps(table) {
        return false;
    }
    let (before, after) = (context.before, context.after);
    let is_free = |catalog: &Catalog| parts::parent_tables(table, catalog).is_empty();
    let partitioned = [before, after].map(|catalog| is_partitioned(table, catalog));
    if reach == Reach::Itself {
        return partitioned == [false; 2] && stays(table, context);
    }
    if !is_free(before) || !is_free(after) {
        return false;
    }
    let is = parts::family(table, after);
    match reach {
        Reach::Alone if partitioned.contains(&true) => return false,
        Reach::Alone if is.len() > 1 => return false,
        Reach::Partitions if is.len() > 1 && partitioned.contains(&false) => return false,
        _ => {}
    }
    parts::family(table, before) == is && is.iter().all(|it| stays(it, context))
}

/// Whether others use a partition all the while, which holds rows of its own and stays a part of the same tables: what its
/// partitioned table gets in one statement, it may have before.
pub(super) fn is_used_part(table: &ObjectId, context: &Context<'_>) -> bool {
    let above: Vec<ObjectId> = parts::partitioned_tables(table, context.after).collect();
    let is_leaf = |catalog: &Catalog| {
        !is_partitioned(table, catalog) && parts::family(table, catalog).len() == 1
    };
    context.online
        && !above.is_empty()
        && is_leaf(context.before)
        && is_leaf(context.after)
        && above.iter().chain([table]).all(|it| stays(it, context))
}

/// Whether a table and its tie are there all the while.
fn stays(table: &ObjectId, context: &Context<'_>) -> bool {
    let tie = table.child(Kind::Partition, "");
    table.kind == Kind::Table
        && context.keeps(table)
        && context.before.get(&tie) == context.after.get(&tie)
}

/// A constraint that is made without a look at the rows, and then has them looked at.
pub(super) fn validated_apart(id: &ObjectId, definition: &str) -> Vec<Statement> {
    let mut statements = constraint::add(id, &format!("{definition} NOT VALID"), false);
    statements.push(validate(id, &id.name));
    statements
}

/// VALIDATE of a constraint that is there, in a transaction of its own where others go on meanwhile.
pub(super) fn validate_in(id: &ObjectId, context: &Context<'_>) -> Statement {
    let used = |table: &ObjectId| is_used(table, Reach::Partitions, context);
    match id.parent.as_deref().is_some_and(used) {
        true => validate(id, &id.name),
        false => validate(id, &id.name).in_stage(Stage::Main),
    }
}

fn validate(part: &ObjectId, name: &str) -> Statement {
    constraint::act(part, &format!("VALIDATE CONSTRAINT {}", ident(name))).in_stage(Stage::Validate)
}

/// The new indexes of partitioned tables whose partitions are all known and used all the while: made with ONLY, so that the
/// partitions' own are built one after another while they are used, and attached.
pub(super) fn made_leaf_by_leaf(context: &Context<'_>) -> BTreeSet<ObjectId> {
    let mut only = BTreeSet::new();
    let Some(exact) = context.exact else {
        return only;
    };
    for root in exact {
        let family = used_family(root, context).unwrap_or_default();
        let partitioned = family.iter().filter(|it| is_partitioned(it, context.after));
        if !partitioned.clone().all(|table| exact.contains(table)) {
            continue;
        }
        for table in partitioned {
            let indexes = context.after.children(table, Kind::Index).into_iter();
            let made = indexes.filter(|(id, _)| !context.before.contains(id) && context.makes(id));
            only.extend(made.map(|(id, _)| id.clone()));
        }
    }
    only
}

/// The partitions of a table that hold rows, where all that are known are used all the while: what PostgreSQL would look at
/// all of their rows for under one lock, each can have before, and the table takes it for its own.
pub(super) fn leaves(table: &ObjectId, context: &Context<'_>) -> Option<Vec<ObjectId>> {
    let mut family = used_family(table, context)?;
    family.retain(|it| !is_partitioned(it, context.after));
    Some(family)
}

/// A partitioned table with its known partitions, where it has any and all are there all the while.
fn used_family(table: &ObjectId, context: &Context<'_>) -> Option<Vec<ObjectId>> {
    if !context.online || !is_partitioned(table, context.after) {
        return None;
    }
    let family = parts::family(table, context.after);
    let is_used = |table: &ObjectId| {
        stays(table, context)
            && is_partitioned(table, context.before) == is_partitioned(table, context.after)
    };
    (family.len() > 1 && family.iter().all(is_used)).then_some(family)
}

/// A table that is attached as a partition: a check that its rows are those of the partition is validated before, so that
/// nothing is looked at while the partitioned table waits
/// (<https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE>).
pub(super) fn attach_checked(
    table: &ObjectId,
    condition: &str,
    attach: Statement,
    context: &Context<'_>,
) -> Vec<Statement> {
    let name = (0..9)
        .map(|n| match n {
            0 => passing_name(&table.name, "", "bound"),
            n => passing_name(&table.name, "", &format!("bound{n}")),
        })
        .find(|name| is_free(table, name, context));
    let Some(name) = name else {
        return vec![attach];
    };
    let check = table.child(Kind::Check, &name);
    let mut statements = validated_apart(&check, &format!("CHECK ({condition})"));
    statements.push(attach.in_stage(Stage::Finish));
    statements.extend(
        constraint::drop(&check)
            .into_iter()
            .map(|it| it.in_stage(Stage::Clear)),
    );
    statements
}

/// Whether a column of a table that is used begins to refuse null without a look at the rows under a lock. From 18 on
/// partitions have constraints of their own for it.
pub(super) fn closes_apart(column: &ObjectId, context: &Context<'_>) -> bool {
    let reach = match context.server_version >= 180_000 {
        true => Reach::Alone,
        false => Reach::Partitions,
    };
    let table = column.parent.as_deref();
    table.is_some_and(|table| is_used(table, reach, context))
        && not_null::name_wanted(column, context).is_some()
}

/// A column that refuses null from now on: a check that is made without a look at the rows refuses what is new, is
/// validated, and proves the column not null, so that nothing is looked at under a lock
/// (<https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL>). Where rows get
/// values, these come first, and once more for what came until the check was there: before that, the check would refuse whoever
/// writes a row that waits for its value. From 18 on the not-null constraint itself is made and validated so. `meanwhile`: a
/// new column's default gives a value to all that comes.
pub(super) fn refuse_null(
    column: &ObjectId,
    fill: Vec<Statement>,
    meanwhile: bool,
    context: &Context<'_>,
) -> Vec<Statement> {
    let Some(table) = column.parent.as_deref() else {
        return Vec::new();
    };
    let act = |action: String| constraint::act(column, &action);
    let name = ident(&column.name);
    let wanted =
        not_null::name_wanted(column, context).filter(|_| context.server_version >= 180_000);
    let itself = wanted
        .as_ref()
        .is_some_and(|name| is_free_in(table, name, context.before));
    let passing = passing_name(&table.name, &column.name, "not_null");
    let further = (1..9).map(|n| passing_name(&table.name, &column.name, &format!("not_null{n}")));
    let mut free = std::iter::once(passing.clone())
        .chain(further)
        .filter(|name| is_free(table, name, context));
    let constraint = match wanted {
        Some(name) if itself => name,
        _ => free.next().unwrap_or(passing),
    };
    let what = match itself {
        true => format!("NOT NULL {name}"),
        false => format!("CHECK ({name} IS NOT NULL)"),
    };
    let add = act(format!(
        "ADD CONSTRAINT {} {what} NOT VALID",
        ident(&constraint)
    ));
    let mut statements = Vec::new();
    if fill.is_empty() {
        statements.push(add);
    } else {
        // Whoever writes a row that has no value yet would be refused.
        let again = fill.clone();
        statements.extend(filled(column, fill, context));
        statements.push(add.in_stage(Stage::Close));
        if !meanwhile {
            let again = filled(column, again, context);
            statements.extend(again.map(|it| it.in_stage(Stage::Refill)));
        }
    }
    statements.push(validate(column, &constraint));
    if !itself {
        let set = not_null::begin(column, context);
        let drop = act(format!("DROP CONSTRAINT {}", ident(&constraint)));
        statements.push(set.in_stage(Stage::Finish));
        statements.push(drop.in_stage(Stage::Clear));
    }
    statements
}

/// The statements that give the rows of a column's table their values: one alone by ranges of the primary key, where that stays
/// and no search path has to be set.
fn filled(
    column: &ObjectId,
    fill: Vec<Statement>,
    context: &Context<'_>,
) -> impl Iterator<Item = Statement> {
    let key = column
        .parent
        .as_deref()
        .filter(|_| fill.len() == 1)
        .filter(|table| {
            let default = column.child(Kind::Default, "");
            !bodies::look_up_for([column, &default], table, context)
        })
        .and_then(|table| key_that_stays(table, context));
    fill.into_iter().map(move |statement| {
        let statement = statement.in_stage(Stage::Fill);
        match &key {
            Some(key) => statement.by_ranges_of(key),
            None => statement,
        }
    })
}

/// The one column of a table's primary key, where nothing of it changes in the plan.
fn key_that_stays(table: &ObjectId, context: &Context<'_>) -> Option<String> {
    let keys = context.before.children(table, Kind::PrimaryKey);
    let (id, object) = keys.into_iter().next()?;
    let Object::PrimaryKey(key) = object else {
        return None;
    };
    let [column] = key.0.columns.as_slice() else {
        return None;
    };
    let column = table.child(Kind::Column, column);
    let same = |id: &ObjectId| context.before.get(id) == context.after.get(id) && context.keeps(id);
    let is_used = is_used(table, Reach::Alone, context);
    (is_used && same(id) && same(&column)).then(|| column.name.to_string())
}

/// Whether no constraint of the table has the name, before or after.
pub(super) fn is_free(table: &ObjectId, name: &str, context: &Context<'_>) -> bool {
    is_free_in(table, name, context.before) && is_free_in(table, name, context.after)
}

fn is_free_in(table: &ObjectId, name: &str, catalog: &Catalog) -> bool {
    const KINDS: [Kind; 6] = [
        Kind::Check,
        Kind::ForeignKey,
        Kind::PrimaryKey,
        Kind::Unique,
        Kind::Exclude,
        Kind::NotNull,
    ];
    let family = parts::family(table, catalog);
    let mut taken = family
        .iter()
        .flat_map(|table| KINDS.into_iter().map(|kind| table.child(kind, name)));
    !taken.any(|id| catalog.contains(&id))
}

/// Whether a new column gets its default first and its rows their values afterwards: the author's own; or those of the default
/// on a table that is used, where another value for each row would mean that adding it writes every row under a lock. Not where the change of the rows would be seen: by triggers, rules, or
/// a publication that has nothing to tell a row by.
pub(super) fn fills_by_default(column: &ObjectId, context: &Context<'_>) -> bool {
    let (Some(table), Some(Object::Column(to))) =
        (column.parent.as_deref(), context.after.get(column))
    else {
        return false;
    };
    let Some(Object::Default(default)) = context.after.get(&column.child(Kind::Default, "")) else {
        return false;
    };
    if !gives_value(column, context.after) {
        return false;
    }
    match filling(column, context) {
        Some(Filling::AtOnce(_)) => return false,
        Some(Filling::RowByRow(_)) => return true,
        None => {}
    }
    let plain = !context.before.contains(column)
        && to.identity.is_none()
        && to.generated.is_none()
        && !to.data_type.contains('.');
    plain
        && is_used(table, Reach::Alone, context)
        && varies(default.expression.text(), context)
        && !is_watched(table, context)
        && !needs_values_at_once(column, table, context)
}

/// Whether an expression gives another value for each row, as far as is known here: a function of an extension may.
pub(super) fn varies(expression: &str, context: &Context<'_>) -> bool {
    let routines = |name: &str| {
        let functions = context.after.of_kind(Kind::Function);
        let named = functions.filter(|(id, _)| *id.name == *name);
        let volatile = named.map(|(_, object)| match object {
            Object::Function(function) => function.volatility == "volatile",
            _ => true,
        });
        volatile.reduce(|one, other| one || other)
    };
    is_volatile(expression, routines) != Some(false)
}

/// Whether a change of the table's rows is seen by more than who reads them.
fn is_watched(table: &ObjectId, context: &Context<'_>) -> bool {
    let catalogs = [context.before, context.after];
    let watched = |kind: Kind| {
        let mut found = catalogs.iter();
        found.any(|catalog| !catalog.children(table, kind).is_empty())
    };
    watched(Kind::Trigger)
        || watched(Kind::Rule)
        || watched(Kind::RowLevelSecurity)
        || catalogs.iter().any(|catalog| is_published(table, catalog))
}

/// Whether the plan needs the values of a new column as soon as it is there: a primary key, or a not-null constraint with a
/// name of its own.
fn needs_values_at_once(column: &ObjectId, table: &ObjectId, context: &Context<'_>) -> bool {
    let name = &*column.name;
    let keys = context.after.children(table, Kind::PrimaryKey).into_iter();
    let mut keys = keys.filter_map(|(_, object)| match object {
        Object::PrimaryKey(key) => Some(&key.0.columns),
        _ => None,
    });
    let named = context.after.children(table, Kind::NotNull).into_iter();
    let mut named = named.filter_map(|(_, object)| match object {
        Object::NotNull(it) => Some(&it.column),
        _ => None,
    });
    keys.any(|columns| columns.iter().any(|it| it == name)) || named.any(|it| it == name)
}

/// The statements that give a column its default and its rows their values.
pub(super) fn fill_by_default(
    column: &ObjectId,
    set: Statement,
    context: &Context<'_>,
) -> Vec<Statement> {
    let name = ident(&column.name);
    let value = match filling(column, context) {
        Some(Filling::RowByRow(value)) => value,
        _ => "DEFAULT".to_owned(),
    };
    let fill = format!(
        "UPDATE {} SET {name} = {value} WHERE {name} IS NULL",
        reference::parent(column)
    );
    let mut statements = vec![set];
    match refuses_null(column, context.after) {
        true if closes_apart(column, context) => {
            let fill = vec![Statement::sql(fill)];
            statements.extend(refuse_null(column, fill, true, context));
        }
        true => {
            statements.extend(in_quiet(fill, column, context));
            statements.push(not_null::begin(column, context));
        }
        false => statements.extend(fill_open(column, fill, context)),
    }
    statements
}

/// The statements that give a column which may be null its values: in transactions of their own where others use its table.
pub(super) fn fill_open(
    column: &ObjectId,
    update: String,
    context: &Context<'_>,
) -> Vec<Statement> {
    let table = column.parent.as_deref();
    let fill = in_quiet(update, column, context);
    match table.is_some_and(|table| is_used(table, Reach::Partitions, context)) {
        true => filled(column, fill, context).collect(),
        false => fill,
    }
}

/// Where an index is built while its relation is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In its turn, under its own name.
    InTurn,
    /// Before all else, under this name: there is no moment without what it replaces.
    Beside(String),
}

/// Where an index that no other one of the plan waits for is built while its relation, which is there all the while, is used;
/// `None` where it takes the place of one that its columns' change takes away, which holds the relation anyway.
pub(super) fn place(index: &ObjectId, context: &Context<'_>) -> Option<Place> {
    let is_rebuilt = context.before.contains(index);
    if is_rebuilt || replaces_any(index, context) {
        let relation = index.parent.as_deref();
        if relation.is_some_and(|it| context.keeps(it))
            && let Some(name) = free_name(index, context)
            && is_untouched(index, context)
        {
            return Some(Place::Beside(name));
        }
        if is_rebuilt {
            return None;
        }
    }
    Some(Place::InTurn)
}

/// Whether the plan takes an index away from the index's relation, or makes one anew.
fn replaces_any(index: &ObjectId, context: &Context<'_>) -> bool {
    let Some(relation) = index.parent.as_deref() else {
        return false;
    };
    INDEXES
        .into_iter()
        .flat_map(|kind| context.before.children(relation, kind))
        .any(|(other, _)| !context.keeps(other))
}

/// Whether the files declare rows of the index's table, which may change in the plan.
pub(super) fn has_rows_of_ours(index: &ObjectId, context: &Context<'_>) -> bool {
    let catalogs = [context.before, context.after];
    index.parent.as_deref().is_some_and(|table| {
        let mut rows = catalogs
            .map(|catalog| catalog.children(table, Kind::Row))
            .into_iter();
        rows.any(|rows| !rows.is_empty())
    })
}

/// Whether all that an index is made of is there before the plan as it is after, rows included.
fn is_untouched(index: &ObjectId, context: &Context<'_>) -> bool {
    let Some(relation) = index.parent.as_deref() else {
        return false;
    };
    if has_rows_of_ours(index, context) {
        return false;
    }
    let mut seen = BTreeSet::new();
    let mut next: Vec<&ObjectId> = vec![index];
    while let Some(id) = next.pop() {
        for needed in context.after.dependencies_of(id) {
            if needed == relation || !seen.insert(needed) {
                continue;
            }
            let same = match (context.before.get(needed), context.after.get(needed)) {
                // Whether a column refuses null, or counts, is nothing to an index.
                (Some(Object::Column(from)), Some(Object::Column(to))) => {
                    from.data_type == to.data_type
                        && from.collation == to.collation
                        && from.generated == to.generated
                }
                (Some(from), to) => Some(from) == to,
                (None, _) => false,
            };
            if !same || !context.keeps(needed) {
                return false;
            }
            next.push(needed);
        }
    }
    true
}

/// A name of what goes again in the same plan: as PostgreSQL would make it where all of it has room, else with a mark of what
/// it is for, because two that are cut may be the same.
fn passing_name(first: &str, second: &str, label: &str) -> String {
    let parts = [first, second, label];
    let parts: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    let whole = parts.join("_");
    let name = object_name(first, second, label);
    if name == whole {
        return name;
    }
    let mark: String = Sha256::digest(whole.as_bytes())[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    object_name(first, "", &format!("{mark}_{label}"))
}

/// The index's own name where no relation has it before, else one beside it.
fn free_name(index: &ObjectId, context: &Context<'_>) -> Option<String> {
    const RELATIONS: [Kind; 6] = [
        Kind::Table,
        Kind::ForeignTable,
        Kind::View,
        Kind::MaterializedView,
        Kind::Sequence,
        Kind::Composite,
    ];
    let schema = index.schema()?;
    let is_free = |name: &String| {
        [context.before, context.after]
            .into_iter()
            .enumerate()
            .all(|(at, catalog)| {
                let is_other = |id: &ObjectId| at == 0 || id != index;
                let mut relations = RELATIONS
                    .into_iter()
                    .map(|kind| ObjectId::in_schema(kind, schema, name));
                let mut indexes = INDEXES.into_iter().flat_map(|kind| catalog.of_kind(kind));
                !relations.any(|id| catalog.contains(&id))
                    && !indexes.any(|(id, _)| {
                        *id.name == **name && id.schema() == Some(schema) && is_other(id)
                    })
            })
    };
    let own = index.name.to_string();
    let beside = (0..9).map(|n| match n {
        0 => passing_name(&own, "", "new"),
        n => passing_name(&own, "", &format!("new{n}")),
    });
    std::iter::once(own.clone()).chain(beside).find(is_free)
}
