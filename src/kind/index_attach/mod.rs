//! An index's tie to the index of the partitioned table. PostgreSQL ties them by itself when the partition is attached;
//! a statement is needed only where the partition was there before the index.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::index::Index;
use super::key::Key;
use super::{Alteration, Context, Definition, Object, Statement, options, reference};
use crate::model::{Kind, ObjectId, Options, QualifiedName};
use crate::sql::quote::{dollar, ident, literal};

/// The tie. The parent of its identity is an index, or a constraint that owns one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct IndexAttach {
    /// The index of the partitioned table.
    pub parent: QualifiedName,
    /// In a desired tie: PostgreSQL makes the index, and it gets the name and storage that are wanted.
    #[serde(skip)]
    pub made: Option<Made>,
}

/// How an index that PostgreSQL makes for a partition is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The partition.
    pub table: QualifiedName,
    /// Storage parameters.
    pub with: Options,
    /// The tablespace, where it is not the database's.
    pub tablespace: Option<String>,
    /// Statistics targets of key expressions, as (place in the key from 1, target).
    pub statistics: Vec<(i32, i32)>,
}

/// The statement that finds the index of a table by the one that it is attached to, and gives it its name. Another index of
/// that name takes the one that becomes free: the name that nobody says is then the one that PostgreSQL has left.
fn named_as_attached(parent: &QualifiedName, table: &str, index: &ObjectId) -> Statement {
    let block = format!(
        "\nDECLARE\n  made regclass;\n  old text;\n  other regclass := to_regclass({other});\nBEGIN\n  \
         SELECT i.inhrelid INTO made FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_index x ON x.indexrelid = i.inhrelid\n  \
         WHERE i.inhparent = {parent}::regclass AND x.indrelid = {table}::regclass;\n  \
         IF made IS NULL THEN RAISE undefined_object USING MESSAGE = 'no index is attached to ' || {parent}; END IF;\n  \
         IF made IS DISTINCT FROM other THEN\n    \
         SELECT c.relname INTO old FROM pg_catalog.pg_class c WHERE c.oid = made;\n    \
         IF other IS NOT NULL THEN EXECUTE format('ALTER INDEX %s RENAME TO %I', other, 'schemactl_' || other::oid); END IF;\n    \
         EXECUTE format('ALTER INDEX %s RENAME TO %I', made, {name});\n    \
         IF other IS NOT NULL THEN EXECUTE format('ALTER INDEX %s RENAME TO %I', other, old); END IF;\n  END IF;\nEND\n",
        other = literal(&reference::index(index)),
        parent = literal(&reference::of(parent)),
        table = literal(table),
        name = literal(&index.name),
    );
    Statement::sql(format!("DO {}", dollar(&block)))
}

impl Made {
    /// The statements that give the index its name and all else that it is to have.
    fn statements(
        &self,
        parent: &QualifiedName,
        index: &ObjectId,
        copied: &Options,
    ) -> Vec<Statement> {
        let table = reference::of(&self.table);
        let mut statements = vec![named_as_attached(parent, &table, index)];
        let head = format!("ALTER INDEX {}", reference::index(index));
        // A copy is stored as that of the partitioned table is.
        statements.extend(options::alter(&head, copied, &self.with));
        for (place, target) in &self.statistics {
            // An index of a partition that is partitioned itself has copies of its own, which say their own.
            let head = format!("ALTER TABLE ONLY {}", reference::index(index));
            let action = format!("ALTER COLUMN {place} SET STATISTICS {target}");
            statements.push(Statement::alter(head, action));
        }
        if let Some(tablespace) = &self.tablespace {
            statements.push(Statement::sql(format!(
                "{head} SET TABLESPACE {}",
                ident(tablespace)
            )));
        }
        statements
    }
}

impl IndexAttach {
    /// The statements that give the index that PostgreSQL made its name and storage.
    fn named(&self, index: &ObjectId, table: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let (with, tablespace) = storage(index, context.after);
        let statistics = match context.after.get(index) {
            Some(Object::Index(it)) => it.statistics.clone(),
            _ => Vec::new(),
        };
        let partitioned = super::parts::partitioned_table(table, context.after);
        let original = partitioned.map(|it| {
            super::constraint::index_named(&it, &self.parent.name, index.kind, context.after)
        });
        let copied = original.map(|it| storage(&it, context.after).0);
        Made {
            table: super::parts::qualified_name(table),
            with,
            tablespace,
            statistics,
        }
        .statements(&self.parent, index, &copied.unwrap_or_default())
    }

    /// Whether the index of the partitioned table is made in the same plan when its partitions are there, without theirs.
    fn comes_alone(&self, kind: Kind, table: &ObjectId, context: &Context<'_>) -> bool {
        super::parts::partitioned_table(table, context.after).is_some_and(|partitioned| {
            let name = &self.parent.name;
            let index = super::constraint::index_named(&partitioned, name, kind, context.after);
            context.makes(&index) && super::constraint::is_only(&index, context.after)
        })
    }
}

/// Whether the index is attached by what happens to another one.
fn is_taken_over(index: &ObjectId, context: &Context<'_>) -> bool {
    super::constraint::attached_twin(index, context).is_some()
        || super::constraint::is_attached_by_parent(index, context)
}

/// The statements that settle the indexes of a partition when it has been attached, each with its index: where several are
/// alike to PostgreSQL, it takes the one that was made first for the one of the partitioned table that was.
pub(super) fn settle(
    partition: &ObjectId,
    context: &Context<'_>,
) -> Vec<(ObjectId, Vec<Statement>)> {
    let settled = |it: Alike<'_>| {
        let statements = if it.is_copied(partition, context) {
            it.tie.named(it.index, partition, context)
        } else {
            let table = reference::name(partition);
            vec![named_as_attached(&it.tie.parent, &table, it.index)]
        };
        (it.index.clone(), statements)
    };
    let alike = alike(partition, context);
    alike.into_iter().map(settled).collect()
}

/// Whether the index is left to PostgreSQL, which copies that of the partitioned table where the partition has none: of several
/// that are alike to it and yet differ, each is the copy of its own; of what it never compares, each is a copy.
pub(super) fn is_left_to_attach(index: &ObjectId, context: &Context<'_>) -> bool {
    if is_always_copied(index, context) {
        return true;
    }
    let partition = index.parent.as_deref();
    !context.after.guessed
        && partition.is_some_and(|partition| {
            is_copied(partition, context)
                && alike(partition, context)
                    .iter()
                    .any(|it| it.index == index && it.is_copied(partition, context))
        })
}

/// Whether PostgreSQL makes the index for the partition, whatever the partition has: it takes none that excludes for that of
/// the partitioned table, neither when that is made nor when the partition is attached, nor by ALTER INDEX (CompareIndexInfo in
/// catalog/index.c).
pub(crate) fn is_always_copied(index: &ObjectId, context: &Context<'_>) -> bool {
    !context.after.guessed
        && context.after.contains(&index.child(Kind::IndexAttach, ""))
        && context.after.get(index).is_some_and(excludes)
}

fn excludes(object: &Object) -> bool {
    match object {
        Object::Exclude(_) => true,
        Object::PrimaryKey(key) => key.0.without_overlaps,
        Object::Unique(key) => key.0.without_overlaps,
        _ => false,
    }
}

/// How an index is stored: its parameters and its tablespace.
fn storage(index: &ObjectId, catalog: &super::Catalog) -> (Options, Option<String>) {
    match catalog.get(index) {
        Some(Object::Index(it)) => (it.with.clone(), it.tablespace.clone()),
        Some(Object::Exclude(it)) => (it.with.clone(), it.tablespace.clone()),
        Some(Object::PrimaryKey(it)) => (it.0.with.clone(), it.0.tablespace.clone()),
        Some(Object::Unique(it)) => (it.0.with.clone(), it.0.tablespace.clone()),
        _ => (Options::default(), None),
    }
}

/// Whether indexes can be left to the moment when the table is attached: it is made by then, and no partition of its own is
/// looked for.
fn is_copied(partition: &ObjectId, context: &Context<'_>) -> bool {
    context.makes(partition)
        && matches!(context.after.get(partition), Some(Object::Table(it)) if it.partition_by.is_none())
}

/// An index of a partition that PostgreSQL can take for another one when it attaches the partition.
struct Alike<'a> {
    index: &'a ObjectId,
    tie: &'a IndexAttach,
    /// Whether one of them is a key and another is none, or a key of another kind: it might take the one and find the other unfit
    /// for what is left.
    mixed: bool,
}

impl Alike<'_> {
    /// Whether PostgreSQL makes it: no more than that can be told of what is a key, where there are several alike.
    fn is_copied(&self, partition: &ObjectId, context: &Context<'_>) -> bool {
        (self.index.kind == Kind::Index || self.mixed) && is_copied(partition, context)
    }
}

/// What PostgreSQL compares of an index. It looks neither at the order of a key nor at how it is stored; see CompareIndexInfo in
/// catalog/index.c.
fn compared(object: &Object) -> Option<Index> {
    let of_key = |key: &Key| Index {
        with: Options::default(),
        tablespace: None,
        ..key.index()
    };
    match object {
        Object::PrimaryKey(key) if !key.0.without_overlaps => Some(of_key(&key.0)),
        Object::Unique(key) if !key.0.without_overlaps => Some(of_key(&key.0)),
        Object::Index(index) => {
            let mut index = Index {
                with: Options::default(),
                tablespace: None,
                statistics: Vec::new(),
                ..(**index).clone()
            };
            for key in &mut index.keys {
                (key.descending, key.nulls_first) = (false, None);
            }
            Some(index)
        }
        _ => None,
    }
}

/// The indexes of a partition that PostgreSQL can take for each other when it attaches the partition.
fn alike<'a>(partition: &ObjectId, context: &Context<'a>) -> Vec<Alike<'a>> {
    let after = context.after;
    let indexes: Vec<(&ObjectId, Index)> = super::constraint::INDEXES
        .into_iter()
        .flat_map(|kind| after.children(partition, kind))
        .filter_map(|(index, object)| Some((index, compared(object)?)))
        .collect();
    let mut alike = Vec::new();
    for (index, own) in &indexes {
        let others = indexes
            .iter()
            .filter(|(it, other)| it != index && other == own);
        let kinds: Vec<Kind> = others.map(|(it, _)| it.kind).collect();
        let Some(Object::IndexAttach(tie)) = after.get(&index.child(Kind::IndexAttach, "")) else {
            continue;
        };
        if !kinds.is_empty()
            && tie.made.is_none()
            && !is_taken_over(index, context)
            && !tie.comes_alone(index.kind, partition, context)
        {
            alike.push(Alike {
                index,
                tie,
                mixed: kinds.iter().any(|kind| *kind != index.kind),
            });
        }
    }
    alike
}

impl Definition for IndexAttach {
    const KIND: Kind = Kind::IndexAttach;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let Some(index) = id.parent.as_deref() else {
            return Vec::new();
        };
        if let Some(made) = &self.made {
            return made.statements(&self.parent, index, &Options::default());
        }
        let Some(table) = index.parent.as_deref() else {
            return Vec::new();
        };
        if is_always_copied(index, context) {
            return match super::constraint::attached_twin(index, context) {
                Some(_) => Vec::new(),
                None => self.named(index, table, context),
            };
        }
        // Of what the files ask for, only what PostgreSQL does not do by itself is declared so.
        let by_statement = context.after.guessed
            || context.before.contains(&table.child(Kind::Partition, ""))
            || self.comes_alone(index.kind, table, context);
        if !by_statement || is_taken_over(index, context) || is_left_to_attach(index, context) {
            return Vec::new();
        }
        vec![Statement::sql(format!(
            "ALTER INDEX {} ATTACH PARTITION {}",
            reference::of(&self.parent),
            reference::index(index)
        ))]
    }

    /// Indexes are never detached: the tie goes with the index, or with the partition.
    fn drop(&self, _: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        Vec::new()
    }

    fn alter(&self, _: &Self, _: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::Rebuild
    }
}
