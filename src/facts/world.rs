//! What is known of the relations that statements work on: from a live database, or from the files before, and from the
//! statements themselves as they go by.
//!
//! The rule: what is not known is not taken for absent. A relation that nobody saw exists and holds rows.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{
    Action, AlterTable, Column, Command, Constraint, CreateIndex, CreateTable, Demand,
};
use crate::model::QualifiedName;
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::unquote_ident;

/// What a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RelationKind {
    /// A table with rows of its own.
    #[default]
    Table,
    /// A partitioned table.
    Partitioned,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A foreign table.
    Foreign,
    /// A sequence.
    Sequence,
}

/// How large a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Size {
    /// Rows, as the server estimates them; none where it never counted.
    pub rows: Option<f64>,
    /// Bytes of the rows, those stored out of line too.
    pub bytes: u64,
    /// Bytes of all indexes.
    pub index_bytes: u64,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownColumn {
    /// Its name.
    pub name: String,
    /// Its type, in PostgreSQL's spelling.
    pub type_name: String,
    /// Whether it refuses null.
    pub not_null: bool,
    /// Whether it has a default, an identity or is generated.
    pub default: bool,
    /// Bytes of a value on average, where they are known.
    pub width: Option<u32>,
}

/// A constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownConstraint {
    /// Its name; empty where PostgreSQL gives it one.
    pub name: String,
    /// What it demands.
    pub demand: Demand,
    /// Whether all rows are known to fulfil it.
    pub valid: bool,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownIndex {
    /// Its name; empty where PostgreSQL gives it one.
    pub name: String,
    /// Columns and expressions.
    pub keys: Vec<String>,
    /// Whether it is unique.
    pub unique: bool,
    /// Its method.
    pub method: String,
    /// Its condition.
    pub predicate: Option<String>,
    /// Its bytes, where they are known.
    pub bytes: Option<u64>,
}

impl KnownIndex {
    /// What a statement makes.
    pub(super) fn of(index: &CreateIndex) -> KnownIndex {
        KnownIndex {
            name: index.name.clone().unwrap_or_default(),
            keys: index.keys.iter().map(|key| plain_key(key)).collect(),
            unique: index.unique,
            method: index.method.clone().unwrap_or_else(|| "btree".to_owned()),
            predicate: index.predicate.clone(),
            bytes: None,
        }
    }

    /// Whether it is the same but for its name and size.
    pub(super) fn is_like(&self, other: &KnownIndex) -> bool {
        self.keys == other.keys
            && self.unique == other.unique
            && self.method == other.method
            && self.predicate == other.predicate
    }
}

/// A relation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Relation {
    /// What it is.
    pub kind: RelationKind,
    /// Whether it was made in this plan: it has no rows that anybody waits for.
    pub here: bool,
    /// Its columns, as far as they are known.
    pub columns: Vec<KnownColumn>,
    /// Whether these are all.
    pub all_columns: bool,
    /// Its constraints.
    pub constraints: Vec<KnownConstraint>,
    /// Its indexes, those of constraints too.
    pub indexes: Vec<KnownIndex>,
    /// Whether these are all indexes and constraints.
    pub all_indexes: bool,
    /// Its partitions, and the tables that inherit from it.
    pub children: Vec<QualifiedName>,
    /// The default partition.
    pub default_partition: Option<QualifiedName>,
    /// Whether row-level security is on; none: not known.
    pub row_security: Option<bool>,
    /// The publications that send its updates and deletes.
    pub published: Vec<String>,
    /// Whether a replica identity other than the default one is set.
    pub identified: bool,
    /// How large it is.
    pub size: Option<Size>,
    /// The relations that it reads: of a view.
    pub reads: Vec<QualifiedName>,
    /// Columns of a small integer type whose numbers run out: name, last value, last possible value.
    pub counters: Vec<(String, u64, u64)>,
}

impl Relation {
    /// A column of this name.
    pub fn column(&self, name: &str) -> Option<&KnownColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The columns of the primary key.
    pub fn primary_key(&self) -> Option<&[String]> {
        self.constraints.iter().find_map(|it| match &it.demand {
            Demand::PrimaryKey(columns) => Some(columns.as_slice()),
            _ => None,
        })
    }

    /// Whether a check that all rows fulfil, or the column itself, says that the column holds no null; without these
    /// constraints.
    pub fn refuses_null(&self, column: &str, without: &[&str]) -> bool {
        self.column(column).is_some_and(|column| column.not_null)
            || self.constraints.iter().any(|it| {
                it.valid
                    && !without.contains(&it.name.as_str())
                    && match &it.demand {
                        Demand::Check(expression) => says_not_null(expression, column),
                        Demand::NotNull(named) => named == column,
                        Demand::PrimaryKey(columns) => columns.iter().any(|key| key == column),
                        _ => false,
                    }
            })
    }

    /// Whether a check says no more than that a column refuses null which does so by itself.
    pub fn repeats_not_null(&self, constraint: &str) -> bool {
        let found = self.constraints.iter().find(|it| it.name == constraint);
        let Some(Demand::Check(expression)) = found.map(|it| &it.demand) else {
            return false;
        };
        let mut tokens = significant(expression);
        tokens.retain(|token| !token.is("(") && !token.is(")"));
        let [column, is, not, null] = tokens.as_slice() else {
            return false;
        };
        is.is_word("is")
            && not.is_word("not")
            && null.is_word("null")
            && column.is_ident()
            && self
                .column(&unquote_ident(column.text))
                .is_some_and(|column| column.not_null)
    }

    /// The bytes of an index over these keys, from the widths of the columns.
    fn index_bytes(&self, keys: &[String], size: Size) -> Option<u64> {
        let rows = size.rows?;
        let width: u32 = keys
            .iter()
            .map(|key| {
                self.column(key)
                    .and_then(|column| column.width)
                    .unwrap_or(16)
            })
            .sum();
        // A tuple of an index has a header of 8 bytes and a pointer of 4; pages are nine tenths full.
        Some((rows.max(0.0) * f64::from(width.max(8) + 12) / 0.9) as u64)
    }
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Domain {
    /// The type under it.
    pub base: String,
    /// Whether it has a check or refuses null.
    pub constrained: bool,
}

/// Everything that is known.
#[derive(Debug, Clone, Default)]
pub struct World {
    relations: BTreeMap<QualifiedName, Relation>,
    search_path: Vec<String>,
    domains: BTreeMap<QualifiedName, Domain>,
    volatile: BTreeMap<String, bool>,
    /// The routines that are no part of PostgreSQL, by name: language and body of each.
    routines: BTreeMap<String, Vec<(String, String)>>,
    /// The trigger functions that were made here: whoever writes may run them.
    triggers: BTreeSet<String>,
    sizes: BTreeMap<QualifiedName, Size>,
    /// Whether the relations are all that the database has.
    pub whole: bool,
    /// The major version, where it is known.
    pub major: Option<u32>,
}

impl World {
    /// A relation becomes known.
    pub fn insert(&mut self, name: QualifiedName, relation: Relation) {
        self.relations.insert(name, relation);
    }

    /// A domain becomes known.
    pub fn insert_domain(&mut self, name: QualifiedName, domain: Domain) {
        self.domains.insert(name, domain);
    }

    /// A function becomes known; whether one of this name is volatile.
    pub fn insert_function(&mut self, name: &str, volatile: bool) {
        let known = self.volatile.entry(name.to_owned()).or_default();
        *known |= volatile;
    }

    /// A routine becomes known with its text.
    pub fn insert_routine(&mut self, name: &str, language: &str, body: &str) {
        let known = self.routines.entry(name.to_owned()).or_default();
        let routine = (language.to_owned(), body.to_owned());
        if !known.contains(&routine) {
            known.push(routine);
        }
    }

    /// Language and body of the routines of a name.
    pub fn routines(&self, name: &str) -> &[(String, String)] {
        self.routines.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names of the trigger functions that were made here.
    pub fn triggers(&self) -> impl Iterator<Item = &str> {
        self.triggers.iter().map(String::as_str)
    }

    /// Takes the sizes of another world, where only they are true of the relations here.
    pub fn take_sizes(&mut self, other: &World) {
        let sizes = other.relations.iter();
        self.sizes
            .extend(sizes.filter_map(|(name, it)| Some((name.clone(), it.size?))));
    }

    /// How large a relation is.
    pub fn size(&self, name: &QualifiedName) -> Option<Size> {
        let own = self.relation(name).and_then(|relation| relation.size);
        own.or_else(|| self.sizes.get(&self.resolve(name)).copied())
    }

    /// All relations.
    pub fn relations(&self) -> impl Iterator<Item = (&QualifiedName, &Relation)> {
        self.relations.iter()
    }

    /// What was made in a plan that is done counts as holding rows from now on; the search path is the session's again.
    pub fn settle(&mut self) {
        self.search_path.clear();
        for relation in self.relations.values_mut() {
            relation.here = false;
        }
    }

    /// The search path is the session's again: a file begins.
    pub fn begin(&mut self) {
        self.search_path.clear();
    }

    /// The schemas that SET search_path named.
    pub fn search_path(&self) -> &[String] {
        &self.search_path
    }

    /// The name with its schema, as far as that can be told.
    pub fn resolve(&self, name: &QualifiedName) -> QualifiedName {
        if !name.schema.is_empty() {
            return name.clone();
        }
        let public = ["public".to_owned()];
        let path = match self.search_path.is_empty() {
            true => &public[..],
            false => &self.search_path[..],
        };
        let found = path
            .iter()
            .map(|schema| QualifiedName::new(schema, &name.name))
            .find(|full| self.relations.contains_key(full));
        found.unwrap_or_else(|| QualifiedName::new(&path[0], &name.name))
    }

    /// A relation.
    pub fn relation(&self, name: &QualifiedName) -> Option<&Relation> {
        self.relations.get(&self.resolve(name))
    }

    /// Whether the server is of this major version or a later one; where it is not known, it is of the newest.
    pub fn is_since(&self, major: u32) -> bool {
        self.major.is_none_or(|own| own >= major)
    }

    /// Whether it was there before this plan: others may wait for it.
    pub fn was_there(&self, name: &QualifiedName) -> bool {
        !self.relation(name).is_some_and(|relation| relation.here)
    }

    /// The relation, its partitions and all that inherits from it.
    pub fn tree(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let mut found = vec![self.resolve(name)];
        let mut seen: BTreeSet<QualifiedName> = found.iter().cloned().collect();
        let mut at = 0;
        while at < found.len() {
            let children = self.relations.get(&found[at]).map(|it| it.children.clone());
            for child in children.unwrap_or_default() {
                if seen.insert(child.clone()) {
                    found.push(child);
                }
            }
            at += 1;
        }
        found
    }

    /// The table of an index, with the index.
    pub fn index(&self, name: &QualifiedName) -> Option<(&QualifiedName, &KnownIndex)> {
        let schema = match name.schema.is_empty() {
            true => self.resolve(name).schema,
            false => name.schema.clone(),
        };
        self.relations.iter().find_map(|(table, relation)| {
            let index = relation.indexes.iter().find(|it| it.name == name.name)?;
            (table.schema == schema).then_some((table, index))
        })
    }

    /// The tables whose foreign keys refer to a table.
    pub fn referring(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let name = self.resolve(name);
        let refers = |relation: &Relation| {
            relation.constraints.iter().any(|it| {
                matches!(&it.demand, Demand::ForeignKey { references, .. } if self.resolve(references) == name)
            })
        };
        self.relations
            .iter()
            .filter(|(table, relation)| **table != name && refers(relation))
            .map(|(table, _)| table.clone())
            .collect()
    }

    /// The views that read a relation.
    pub fn readers(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let name = self.resolve(name);
        self.relations
            .iter()
            .filter(|(_, relation)| relation.reads.contains(&name))
            .map(|(view, _)| view.clone())
            .collect()
    }

    /// The tables that the foreign keys of a table refer to; only those over this column, where one is given.
    pub fn referred(&self, name: &QualifiedName, column: Option<&str>) -> Vec<QualifiedName> {
        let own = self.resolve(name);
        let constraints = self.relation(name).map(|it| it.constraints.as_slice());
        constraints
            .unwrap_or_default()
            .iter()
            .filter_map(|it| match &it.demand {
                Demand::ForeignKey {
                    columns,
                    references,
                } if column.is_none_or(|column| columns.iter().any(|it| it == column)) => {
                    Some(self.resolve(references))
                }
                _ => None,
            })
            .filter(|table| *table != own)
            .collect()
    }

    /// Whether a type is a domain with a check or NOT NULL; none where it is not known.
    pub fn is_constrained_domain(&self, type_name: &str) -> Option<bool> {
        if crate::sql::types::is_builtin_type(
            type_name.split(['(', '[', ' ']).next().unwrap_or_default(),
        ) {
            return Some(false);
        }
        self.domain(type_name)
            .map(|domain| domain.constrained)
            .or(self.whole.then_some(false))
    }

    /// The type under a domain.
    pub fn base_of(&self, type_name: &str) -> Option<String> {
        self.domain(type_name).map(|domain| domain.base.clone())
    }

    fn domain(&self, type_name: &str) -> Option<&Domain> {
        let name = type_path(type_name)?;
        self.domains
            .iter()
            .find(|(domain, _)| {
                domain.name == name.name && (name.schema.is_empty() || domain.schema == name.schema)
            })
            .map(|(_, domain)| domain)
    }

    /// Whether a function of this name is volatile; none where it is not known.
    pub fn is_volatile(&self, function: &str) -> Option<bool> {
        self.volatile.get(function).copied()
    }

    /// The bytes that an index over these keys will have.
    pub fn new_index_bytes(&self, table: &QualifiedName, keys: &[String]) -> Option<u64> {
        let size = self.size(table)?;
        self.relation(table)?.index_bytes(keys, size)
    }

    /// A statement ran.
    pub fn apply(&mut self, command: &Command) {
        match command {
            Command::CreateTable(table) => self.create_table(table),
            Command::AlterTable(alter) => self.alter_table(alter),
            Command::CreateIndex(index) => self.create_index(index),
            Command::Drop(removal) => {
                for name in &removal.names {
                    if removal.kind == "index" {
                        self.drop_index(name);
                    } else {
                        let name = self.resolve(name);
                        self.relations.remove(&name);
                        for relation in self.relations.values_mut() {
                            relation.children.retain(|child| *child != name);
                        }
                    }
                }
            }
            Command::CreateView {
                name, materialized, ..
            } => {
                let name = self.resolve(name);
                let kind = match materialized {
                    true => RelationKind::MaterializedView,
                    false => RelationKind::View,
                };
                let relation = self.relations.entry(name).or_insert_with(|| Relation {
                    here: true,
                    ..Relation::default()
                });
                relation.kind = kind;
            }
            Command::Sequence { name, made: true } => {
                let name = self.resolve(name);
                let sequence = Relation {
                    kind: RelationKind::Sequence,
                    here: true,
                    ..Relation::default()
                };
                self.relations.insert(name, sequence);
            }
            Command::CreateDomain {
                name,
                base,
                constrained,
            } => {
                let domain = Domain {
                    base: base.clone(),
                    constrained: *constrained,
                };
                let name = self.resolve(name);
                self.domains.insert(name, domain);
            }
            Command::Publication {
                name,
                tables,
                changes: true,
            } => {
                for table in tables {
                    let table = self.resolve(table);
                    if let Some(relation) = self.relations.get_mut(&table) {
                        relation.published.push(name.clone());
                    }
                }
            }
            Command::SearchPath(schemas) => self.search_path.clone_from(schemas),
            Command::CreateRoutine(routine) => {
                let name = &routine.name.name;
                let body = routine.body.as_deref().unwrap_or_default();
                self.insert_routine(name, &routine.language, body);
                if routine.trigger {
                    self.triggers.insert(name.clone());
                }
            }
            _ => {}
        }
    }

    fn create_table(&mut self, table: &CreateTable) {
        let name = match table.temporary {
            true => QualifiedName::new("pg_temp", &table.name.name),
            false => self.resolve(&table.name),
        };
        let mut relation = Relation {
            kind: match (table.foreign, table.partitioned) {
                (true, _) => RelationKind::Foreign,
                (_, true) => RelationKind::Partitioned,
                _ => RelationKind::Table,
            },
            here: true,
            columns: table.columns.iter().map(known).collect(),
            all_columns: !table.other_columns && table.inherits.is_empty(),
            all_indexes: table.like.is_empty(),
            row_security: Some(false),
            ..Relation::default()
        };
        for constraint in &table.constraints {
            take_on(&mut relation, &self.full(&name, constraint), true);
        }
        let parents = table.inherits.iter().chain(&table.partition_of);
        for parent in parents
            .map(|parent| self.resolve(parent))
            .collect::<Vec<_>>()
        {
            if let Some(above) = self.relations.get_mut(&parent) {
                above.children.push(name.clone());
                if table.default_partition {
                    above.default_partition = Some(name.clone());
                }
                let columns = above.columns.clone();
                relation.all_columns |= table.partition_of.is_some() && above.all_columns;
                relation.columns.extend(columns);
                relation
                    .indexes
                    .extend(above.indexes.iter().map(|index| KnownIndex {
                        name: String::new(),
                        bytes: None,
                        ..index.clone()
                    }));
            }
        }
        self.relations.insert(name, relation);
    }

    fn create_index(&mut self, index: &CreateIndex) {
        let known = KnownIndex::of(index);
        self.edit(&index.table, |relation| relation.indexes.push(known));
    }

    fn drop_index(&mut self, name: &QualifiedName) {
        if let Some(table) = self.index(name).map(|(table, _)| table.clone()) {
            self.edit(&table, |relation| {
                relation.indexes.retain(|index| index.name != name.name);
            });
        }
    }

    fn edit(&mut self, name: &QualifiedName, change: impl FnOnce(&mut Relation)) {
        let name = self.resolve(name);
        if let Some(relation) = self.relations.get_mut(&name) {
            change(relation);
        }
    }

    fn alter_table(&mut self, alter: &AlterTable) {
        if alter.kind == "index" {
            return;
        }
        let name = self.resolve(&alter.name);
        let children = self.tree(&name);
        for action in &alter.actions {
            let action = &self.full_action(&name, action);
            for name in &children {
                if let Some(relation) = self.relations.get_mut(name) {
                    change(relation, action);
                }
                if alter.only || !recurses(action) {
                    break;
                }
            }
            match action {
                Action::Rename(to) => {
                    self.move_to(&name, QualifiedName::new(&name.schema, to));
                    return;
                }
                Action::SetSchema(to) => {
                    self.move_to(&name, QualifiedName::new(to, &name.name));
                    return;
                }
                Action::Attach { partition, default } => {
                    let partition = self.resolve(partition);
                    if let Some(relation) = self.relations.get_mut(&name) {
                        relation.children.push(partition.clone());
                        if *default {
                            relation.default_partition = Some(partition);
                        }
                    }
                }
                Action::Detach { partition, .. } => {
                    let partition = self.resolve(partition);
                    if let Some(relation) = self.relations.get_mut(&name) {
                        relation.children.retain(|child| *child != partition);
                        relation.default_partition.take_if(|it| *it == partition);
                    }
                }
                Action::Inherit(parent, on) => {
                    let parent = self.resolve(parent);
                    if let Some(relation) = self.relations.get_mut(&parent) {
                        relation.children.retain(|child| *child != name);
                        if *on {
                            relation.children.push(name.clone());
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The constraint with the full name of the table that it refers to, and with the name that PostgreSQL gives it.
    fn full(&self, table: &QualifiedName, constraint: &Constraint) -> Constraint {
        let mut constraint = constraint.clone();
        if constraint.name.is_none() {
            constraint.name = default_name(&table.name, &constraint.demand);
        }
        if let Demand::ForeignKey { references, .. } = &mut constraint.demand {
            *references = self.resolve(references);
        }
        constraint
    }

    fn full_action(&self, table: &QualifiedName, action: &Action) -> Action {
        match action {
            Action::AddConstraint(constraint) => {
                Action::AddConstraint(self.full(table, constraint))
            }
            Action::AddColumn(column, own) => {
                let own = own.iter().map(|constraint| self.full(table, constraint));
                Action::AddColumn(column.clone(), own.collect())
            }
            other => other.clone(),
        }
    }

    fn move_to(&mut self, from: &QualifiedName, to: QualifiedName) {
        if let Some(relation) = self.relations.remove(from) {
            self.relations.insert(to.clone(), relation);
        }
        for relation in self.relations.values_mut() {
            for child in &mut relation.children {
                if child == from {
                    child.clone_from(&to);
                }
            }
            for constraint in &mut relation.constraints {
                if let Demand::ForeignKey { references, .. } = &mut constraint.demand
                    && references == from
                {
                    references.clone_from(&to);
                }
            }
        }
    }
}

/// A key of an index as it is compared: the column's name, with DESC where it says so; else the text.
fn plain_key(key: &str) -> String {
    let tokens = significant(key);
    match tokens.as_slice() {
        [name] if name.is_ident() => unquote_ident(name.text),
        [name, asc] if name.is_ident() && asc.is_word("asc") => unquote_ident(name.text),
        [name, desc] if name.is_ident() && desc.is_word("desc") => {
            format!("{} DESC", unquote_ident(name.text))
        }
        _ => key.to_owned(),
    }
}

/// The name that PostgreSQL gives a constraint, where no other has it.
fn default_name(table: &str, demand: &Demand) -> Option<String> {
    match demand {
        Demand::PrimaryKey(_) => Some(format!("{table}_pkey")),
        Demand::Unique(columns) => Some(format!("{table}_{}_key", columns.join("_"))),
        Demand::ForeignKey { columns, .. } => Some(format!("{table}_{}_fkey", columns.join("_"))),
        _ => None,
    }
}

/// Whether an action goes down to partitions and children.
fn recurses(action: &Action) -> bool {
    !matches!(
        action,
        Action::Rename(_)
            | Action::SetSchema(_)
            | Action::Owner(_)
            | Action::RowSecurity { .. }
            | Action::ClusterOn
            | Action::ReplicaIdentity
            | Action::Inherit(..)
            | Action::Attach { .. }
            | Action::Detach { .. }
    )
}

fn known(column: &Column) -> KnownColumn {
    KnownColumn {
        name: column.name.clone(),
        type_name: column.type_name.clone(),
        not_null: column.not_null,
        default: column.default.is_some()
            || column.identity
            || column.serial
            || column.stored
            || column.virtual_column,
        width: None,
    }
}

fn take_on(relation: &mut Relation, constraint: &Constraint, empty: bool) {
    let name = constraint.name.clone().unwrap_or_default();
    let keys = match &constraint.demand {
        Demand::PrimaryKey(columns) | Demand::Unique(columns) => Some(columns.clone()),
        _ => None,
    };
    let mut demand = constraint.demand.clone();
    if let Some(index) = &constraint.using_index {
        // The index takes the constraint's name, the constraint the index's columns.
        if let Some(found) = relation.indexes.iter_mut().find(|it| it.name == *index) {
            match &mut demand {
                Demand::PrimaryKey(columns) | Demand::Unique(columns) => {
                    columns.clone_from(&found.keys);
                }
                _ => {}
            }
            if !name.is_empty() {
                found.name.clone_from(&name);
            }
        }
    } else if let Some(keys) = keys {
        relation.indexes.push(KnownIndex {
            name: name.clone(),
            keys,
            unique: true,
            method: "btree".to_owned(),
            predicate: None,
            bytes: None,
        });
    }
    if let Demand::PrimaryKey(columns) = &demand {
        for column in &mut relation.columns {
            column.not_null |= columns.contains(&column.name);
        }
    }
    relation.constraints.push(KnownConstraint {
        name,
        demand,
        valid: empty || !constraint.not_valid,
    });
}

fn change(relation: &mut Relation, action: &Action) {
    let here = relation.here;
    match action {
        Action::AddColumn(column, own) => {
            relation.columns.push(known(column));
            for constraint in own {
                take_on(relation, constraint, here);
            }
        }
        Action::DropColumn { column, .. } => {
            relation.columns.retain(|it| it.name != *column);
            relation.indexes.retain(|it| !it.keys.contains(column));
            relation.constraints.retain(|it| match &it.demand {
                Demand::PrimaryKey(columns)
                | Demand::Unique(columns)
                | Demand::ForeignKey { columns, .. } => !columns.contains(column),
                Demand::Check(expression) => !mentions(expression, column),
                _ => true,
            });
        }
        Action::Type {
            column, type_name, ..
        } => {
            for it in relation.columns.iter_mut().filter(|it| it.name == *column) {
                it.type_name.clone_from(type_name);
                it.width = None;
            }
        }
        Action::SetNotNull(column) | Action::DropNotNull(column) => {
            for it in relation.columns.iter_mut().filter(|it| it.name == *column) {
                it.not_null = matches!(action, Action::SetNotNull(_));
            }
        }
        Action::Default { column, default } => {
            for it in relation.columns.iter_mut().filter(|it| it.name == *column) {
                it.default = default.is_some();
            }
        }
        Action::AddConstraint(constraint) => take_on(relation, constraint, here),
        Action::Validate(name) => {
            for it in relation
                .constraints
                .iter_mut()
                .filter(|it| it.name == *name)
            {
                it.valid = true;
            }
        }
        Action::DropConstraint { name, .. } => {
            relation.constraints.retain(|it| it.name != *name);
            relation.indexes.retain(|it| it.name != *name);
        }
        Action::RenameColumn { from, to } => rename_column(relation, from, to),
        Action::RenameConstraint { from, to } => {
            for it in relation
                .constraints
                .iter_mut()
                .filter(|it| it.name == *from)
            {
                it.name.clone_from(to);
            }
        }
        Action::RowSecurity {
            enabled: Some(enabled),
            ..
        } => relation.row_security = Some(*enabled),
        Action::ReplicaIdentity => relation.identified = true,
        _ => {}
    }
}

fn rename_column(relation: &mut Relation, from: &str, to: &str) {
    let swap = |name: &mut String| {
        if name == from {
            to.clone_into(name);
        }
    };
    for column in &mut relation.columns {
        swap(&mut column.name);
    }
    for index in &mut relation.indexes {
        index.keys.iter_mut().for_each(swap);
    }
    for constraint in &mut relation.constraints {
        match &mut constraint.demand {
            Demand::PrimaryKey(columns)
            | Demand::Unique(columns)
            | Demand::ForeignKey { columns, .. } => columns.iter_mut().for_each(swap),
            Demand::NotNull(column) => swap(column),
            _ => {}
        }
    }
}

/// Whether an expression mentions a column.
pub fn mentions(expression: &str, column: &str) -> bool {
    significant(expression)
        .iter()
        .any(|token| token.is_ident() && unquote_ident(token.text) == column)
}

/// Whether a check says, by itself or as one of several conditions joined by AND, that the column is not null.
fn says_not_null(expression: &str, column: &str) -> bool {
    let tokens = significant(expression);
    // An OR makes either side no proof; where one stands, only the whole expression would be.
    if tokens
        .iter()
        .any(|token| token.is_word("or") || token.is_word("case"))
    {
        return false;
    }
    tokens.windows(4).any(|part| {
        part[0].is_ident()
            && unquote_ident(part[0].text) == column
            && part[1].is_word("is")
            && part[2].is_word("not")
            && part[3].is_word("null")
    }) && !is_negated(&tokens)
}

/// Whether NOT stands anywhere but in IS NOT.
fn is_negated(tokens: &[Token<'_>]) -> bool {
    tokens
        .iter()
        .enumerate()
        .any(|(n, token)| token.is_word("not") && (n == 0 || !tokens[n - 1].is_word("is")))
}

/// `schema.type(5)[]` as a name.
fn type_path(type_name: &str) -> Option<QualifiedName> {
    let tokens = significant(type_name);
    let mut parts = vec![unquote_ident(
        tokens.first().filter(|it| it.is_ident())?.text,
    )];
    if tokens.get(1).is_some_and(|token| token.is(".")) {
        parts.push(unquote_ident(tokens.get(2)?.text));
    }
    let name = parts.pop()?;
    Some(QualifiedName::new(parts.pop().unwrap_or_default(), name))
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;

    fn world(script: &[&str]) -> World {
        let mut world = World::default();
        for statement in script {
            world.apply(&read(statement));
        }
        world
    }

    #[test]
    fn a_check_proves_not_null_where_all_rows_fulfil_it() {
        let base = "CREATE TABLE s.t (a int, b int)";
        let refuses = |more: &[&str]| {
            let mut script = vec![base];
            script.extend(more);
            let mut known = world(&script[..1]);
            known.settle();
            for statement in &script[1..] {
                known.apply(&read(statement));
            }
            known
                .relation(&QualifiedName::new("s", "t"))
                .unwrap()
                .refuses_null("a", &[])
        };
        let add = "ALTER TABLE s.t ADD CONSTRAINT c CHECK (((a IS NOT NULL))) NOT VALID";
        assert!(!refuses(&[]));
        assert!(!refuses(&[add]));
        assert!(refuses(&[add, "ALTER TABLE s.t VALIDATE CONSTRAINT c"]));
        for no in [
            "a IS NOT NULL OR b > 0",
            "NOT (a IS NOT NULL)",
            "b IS NOT NULL",
        ] {
            assert!(
                !refuses(&[&format!("ALTER TABLE s.t ADD CHECK ({no})")]),
                "{no}"
            );
        }
        assert!(refuses(&[
            "ALTER TABLE s.t ADD CHECK (a IS NOT NULL AND b > 0)"
        ]));
    }

    #[test]
    fn names_follow_the_search_path_and_renames() {
        let known = world(&[
            "CREATE TABLE s.t (a int PRIMARY KEY)",
            "SET LOCAL search_path TO s, other",
            "CREATE TABLE u (t int REFERENCES t)",
            "ALTER TABLE t RENAME TO v",
        ]);
        let (u, v) = (QualifiedName::new("s", "u"), QualifiedName::new("s", "v"));
        assert!(known.relation(&v).is_some());
        assert_eq!(known.referring(&v), [u]);
    }

    #[test]
    fn partitions_follow_their_table() {
        let known = world(&[
            "CREATE TABLE s.t (a int, b int) PARTITION BY RANGE (a)",
            "CREATE TABLE s.p PARTITION OF s.t FOR VALUES FROM (1) TO (2)",
            "ALTER TABLE s.t ADD COLUMN c text",
        ]);
        let p = known.relation(&QualifiedName::new("s", "p")).unwrap();
        assert!(p.column("c").is_some());
        assert_eq!(known.tree(&QualifiedName::new("s", "t")).len(), 2);
    }
}
