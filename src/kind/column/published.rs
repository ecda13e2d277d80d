//! Changes of rows of published tables. The rule: PostgreSQL changes no row of a table of which some publication can't tell
//! subscribers which row it was; what gives rows their values while a plan runs is told by the whole row, and where a list of
//! columns keeps that from being enough, is not told: nobody else can change a row there either.

use std::collections::BTreeSet;

use crate::kind::publication_table::PublicationTable;
use crate::kind::{Catalog, Context, Object, Statement, parts, reference};
use crate::model::{Kind, ObjectId};

/// A change of rows of a table: a publication that has nothing to tell a row by is given the whole row meanwhile.
pub(in crate::kind) fn identified(
    table: &ObjectId,
    mut statements: Vec<Statement>,
    context: &Context<'_>,
) -> Vec<Statement> {
    // A partition that goes, or is made anew, is not there meanwhile.
    let members: Vec<ObjectId> = parts::family(table, context.before)
        .into_iter()
        .filter(|it| it == table || context.keeps(it))
        .collect();
    let short = too_short(&members, context);
    for member in &members {
        let Some(identity) = unidentified(member, context) else {
            continue;
        };
        // What the plan publishes may be published by then.
        let states = [context.before, context.after];
        let mut told = states.iter().flat_map(|state| publications(member, state));
        if told.any(|id| !short.contains(&id)) {
            let head = reference::alter_relation(member);
            let act =
                |identity: &str| Statement::sql(format!("{head} REPLICA IDENTITY {identity}"));
            statements.insert(0, act("FULL"));
            statements.push(act(identity));
        }
    }
    for id in short {
        let Some(Object::Publication(publication)) = context.before.get(id) else {
            continue;
        };
        let [before, after] = publication.without_changed_rows(id);
        statements.insert(0, before);
        statements.push(after);
    }
    statements
}

/// The publications that stay as they are and whose lists of columns have too little of some table to tell its rows by.
fn too_short<'c>(members: &[ObjectId], context: &Context<'c>) -> BTreeSet<&'c ObjectId> {
    let (before, after) = (context.before, context.after);
    let lists = |member: &ObjectId, catalog: &'c Catalog| -> Vec<&'c ObjectId> {
        let above = parts::parent_tables(member, catalog);
        let key = key_columns(member, context);
        let is_short = |it: &PublicationTable| {
            let mut tables = [member].into_iter().chain(&above);
            let has = |key: &Vec<String>, list: &[String]| key.iter().all(|it| list.contains(it));
            let list = it.columns.as_deref();
            let list = list.filter(|_| tables.any(|table| is_for(it, table)));
            list.is_some_and(|list| !key.as_ref().is_some_and(|key| has(key, list)))
        };
        catalog
            .of_kind(Kind::PublicationTable)
            .filter(|(_, it)| matches!(it, Object::PublicationTable(it) if is_short(it)))
            .filter_map(|(id, _)| id.parent.as_deref())
            .collect()
    };
    let both = members
        .iter()
        .flat_map(|member| [lists(member, before), lists(member, after)].concat());
    both.filter_map(|id| {
        let (id, publication) = before.objects.get_key_value(id)?;
        let tells = matches!(&**publication, Object::Publication(it) if it.tells_changed_rows());
        (tells && after.get(id) == Some(publication)).then_some(id)
    })
    .collect()
}

/// The columns by which changed rows of a table are told while the plan runs.
fn key_columns(table: &ObjectId, context: &Context<'_>) -> Option<Vec<String>> {
    if unidentified(table, context).is_some() {
        return None;
    }
    let index = match context.before.get(&table.child(Kind::ReplicaIdentity, "")) {
        Some(Object::ReplicaIdentity(it)) => Some(it.index.as_deref()?),
        _ => None,
    };
    let kinds: &[Kind] = match index {
        Some(_) => &[Kind::Index, Kind::Unique, Kind::PrimaryKey],
        None => &[Kind::PrimaryKey],
    };
    let mut keys = kinds
        .iter()
        .flat_map(|kind| context.before.children(table, *kind));
    let (_, key) = keys.find(|(id, _)| index.is_none_or(|index| *id.name == *index))?;
    match key {
        Object::PrimaryKey(key) => Some(key.0.columns.clone()),
        Object::Unique(key) => Some(key.0.columns.clone()),
        Object::Index(index) => index.keys.iter().map(|it| it.column.clone()).collect(),
        _ => None,
    }
}

fn is_for(published: &PublicationTable, table: &ObjectId) -> bool {
    published.table.name == *table.name && Some(published.table.schema.as_str()) == table.schema()
}

/// The replica identity of a table of which a change has nothing to tell a row by: none, or a key that goes.
fn unidentified(table: &ObjectId, context: &Context<'_>) -> Option<&'static str> {
    match context.before.get(&table.child(Kind::ReplicaIdentity, "")) {
        Some(Object::ReplicaIdentity(it)) => (it.identity == "nothing").then_some("NOTHING"),
        _ => {
            let mut keys = context.before.children(table, Kind::PrimaryKey).into_iter();
            // By a key that waits for the end of the transaction PostgreSQL tells no row.
            let tells = |object: &Object| matches!(object, Object::PrimaryKey(it) if it.0.deferrable.is_none());
            let stays =
                keys.any(|(key, object)| tells(object) && context.after.get(key) == Some(object));
            (!stays).then_some("DEFAULT")
        }
    }
}

/// Whether a publication has the table, by its name, its schema, as one of all, or with the one that it is a part of.
pub(in crate::kind) fn is_published(table: &ObjectId, catalog: &Catalog) -> bool {
    !publications(table, catalog).is_empty()
}

/// The publications that have a table, in these ways.
fn publications<'c>(table: &ObjectId, catalog: &'c Catalog) -> Vec<&'c ObjectId> {
    let all = catalog
        .of_kind(Kind::Publication)
        .filter(|(_, it)| matches!(it, Object::Publication(it) if it.all_tables))
        .map(|(id, _)| id);
    let by_schema = catalog
        .of_kind(Kind::PublicationSchema)
        .filter(|(id, _)| Some(&*id.name) == table.schema());
    let by_name = catalog
        .of_kind(Kind::PublicationTable)
        .filter(|(_, it)| matches!(it, Object::PublicationTable(it) if is_for(it, table)));
    let members = by_schema.chain(by_name);
    let own = all.chain(members.filter_map(|(id, _)| id.parent.as_deref()));
    let above = parts::parent_tables(table, catalog);
    own.chain(
        above
            .iter()
            .flat_map(|parent| publications(parent, catalog)),
    )
    .collect()
}
