//! The locks and the work of each kind of statement: what `AlterTableGetLockLevel` and its like decide in the server.

use super::alter::alter_table;
use super::read::{AlterAction, Command, Demand, TypeAction};
use super::world::{KnownIndex, Relation, RelationKind, World};
use super::{Facts, LockMode, WayBack, Work};
use crate::model::QualifiedName;
use crate::sql::references::mentioned_paths;

/// A judgement in the making.
pub(super) struct Judge<'a> {
    pub(super) world: &'a World,
    pub(super) facts: Facts,
}

impl Judge<'_> {
    /// A lock on a relation that was there before.
    pub(super) fn lock(&mut self, name: &QualifiedName, mode: LockMode) {
        if !self.world.was_there(name) {
            return;
        }
        let name = self.world.resolve(name);
        let held = self.facts.locks.entry(name).or_insert(mode);
        *held = mode.max(*held);
    }

    /// The same on its partitions and children too.
    pub(super) fn lock_tree(&mut self, name: &QualifiedName, mode: LockMode, only: bool) {
        for name in self.tree(name, only) {
            self.lock(&name, mode);
        }
    }

    pub(super) fn tree(&self, name: &QualifiedName, only: bool) -> Vec<QualifiedName> {
        match only {
            true => vec![self.world.resolve(name)],
            false => self.world.tree(name),
        }
    }

    /// Whether it is known to hold no rows of its own, as a partitioned table does.
    pub(super) fn is_empty(&self, name: &QualifiedName) -> bool {
        let found = self.world.relation(name);
        found.is_some_and(|it| it.kind == RelationKind::Partitioned && !it.children.is_empty())
    }

    /// Work on a relation that was there before and holds rows.
    pub(super) fn work(&mut self, name: &QualifiedName, work: Work) {
        if self.world.was_there(name) && !self.is_empty(name) {
            self.facts.work.push((self.world.resolve(name), work));
        }
    }

    pub(super) fn work_tree(&mut self, name: &QualifiedName, work: Work, only: bool) {
        for name in self.tree(name, only) {
            self.work(&name, work);
        }
    }

    /// An index is built over these keys.
    pub(super) fn build(&mut self, name: &QualifiedName, keys: &[String], only: bool) {
        self.build_beside(name, keys, only, |_| 0);
    }

    /// The same, where a partition that has more of such, as they are counted, than its partitioned table gives one of them.
    pub(super) fn build_beside(
        &mut self,
        table: &QualifiedName,
        keys: &[String],
        only: bool,
        count: impl Fn(&Relation) -> usize,
    ) {
        let count = |name: &QualifiedName| self.world.relation(name).map_or(0, &count);
        let parts = self.tree(table, only).into_iter().skip(1);
        let given: Vec<QualifiedName> = parts.filter(|part| count(part) > count(table)).collect();
        for name in self.tree(table, only) {
            if given.contains(&name) {
                continue;
            }
            let before = self.facts.work.len();
            self.work(&name, Work::BuildIndex);
            if self.facts.work.len() > before {
                self.facts.built.push((name, keys.to_vec()));
            }
        }
    }

    pub(super) fn loses(&mut self, what: String) {
        self.facts.loses.push(what);
        self.facts.way_back = self.facts.way_back.max(WayBack::SchemaOnly);
    }

    pub(super) fn assume(&mut self, what: impl Into<String>) {
        self.facts.assumed.push(what.into());
    }

    /// Relations that the text mentions are read.
    fn reads(&mut self, sql: &str) {
        for path in mentioned_paths(sql) {
            let name = match path.as_slice() {
                [schema, name, ..] => QualifiedName::new(schema, name),
                [name] => QualifiedName::new("", name),
                [] => continue,
            };
            if let Some(relation) = self.world.relation(&name) {
                self.lock_tree(&name, LockMode::AccessShare, false);
                for under in &relation.reads {
                    self.lock_tree(under, LockMode::AccessShare, false);
                }
            }
        }
    }

    /// Its rows are gone, where it was there before.
    fn loses_rows(&mut self, name: &QualifiedName) {
        if self.world.was_there(name) {
            let name = self.world.resolve(name);
            self.loses(format!("the rows of {name}"));
        }
    }
}

/// What a statement does in a world that has not seen it yet.
pub fn facts(sql: &str, command: &Command, world: &World) -> Facts {
    use LockMode::*;
    let mut judge = Judge {
        world,
        facts: Facts::default(),
    };
    match command {
        Command::CreateTable(table) => {
            for constraint in &table.constraints {
                if let Demand::ForeignKey { references, .. } = &constraint.demand {
                    judge.lock(references, ShareRowExclusive);
                }
            }
            for like in &table.like {
                judge.lock(like, AccessShare);
            }
            for parent in &table.inherits {
                judge.lock(parent, ShareUpdateExclusive);
            }
            if let Some(parent) = &table.partition_of {
                judge.lock(parent, AccessExclusive);
                for referred in world.referred(parent, None) {
                    judge.lock(&referred, ShareRowExclusive);
                }
                if let Some(default) = world
                    .relation(parent)
                    .and_then(|it| it.default_partition.clone())
                {
                    // Its rows must not belong to the new one.
                    judge.lock(&default, AccessExclusive);
                    judge.work(&default, Work::Scan);
                }
            }
            if table.other_columns {
                judge.reads(sql);
            }
        }
        Command::AlterTable(alter) => alter_table(&mut judge, alter),
        Command::CreateIndex(index) => {
            let mode = match index.concurrently {
                true => ShareUpdateExclusive,
                false => Share,
            };
            judge.lock_tree(&index.table, mode, index.only);
            let made = KnownIndex::of(index);
            judge.build_beside(&index.table, &index.keys, index.only, |it| {
                it.indexes.iter().filter(|it| it.is_like(&made)).count()
            });
            judge.facts.outside = index.concurrently;
        }
        Command::Drop(removal) => drop(&mut judge, removal),
        Command::DropPart { table, .. } => judge.lock(table, AccessExclusive),
        Command::MakePart { kind, table, .. } => {
            let mode = match *kind {
                "trigger" => ShareRowExclusive,
                _ => AccessExclusive,
            };
            judge.lock(table, mode);
            if *kind == "trigger" {
                // A trigger for each row is made on every partition.
                judge.lock_tree(table, mode, is_statement_trigger(sql));
            } else {
                judge.reads(sql);
            }
        }
        Command::CreateStatistics { table, .. } => judge.lock(table, ShareUpdateExclusive),
        Command::Truncate { tables, cascade } => {
            let mut all = tables.clone();
            if *cascade {
                let mut at = 0;
                while at < all.len() {
                    for table in world.referring(&all[at]) {
                        if !all.contains(&table) {
                            all.push(table);
                        }
                    }
                    at += 1;
                }
            }
            for table in &all {
                judge.lock_tree(table, AccessExclusive, false);
                judge.loses_rows(table);
            }
        }
        Command::Write {
            verb,
            table,
            filtered,
        } => {
            judge.reads(sql);
            judge.lock_tree(table, RowExclusive, *verb == "insert" || *verb == "copy");
            if !filtered {
                judge.work_tree(table, Work::WriteRows, false);
            }
            if *verb == "delete" && !filtered {
                judge.loses_rows(table);
            } else if matches!(*verb, "update" | "delete" | "merge") && world.was_there(table) {
                let name = world.resolve(table);
                judge.loses(format!("values of {name}"));
            }
        }
        Command::Query { locking } => {
            judge.reads(sql);
            if *locking {
                let read: Vec<QualifiedName> = judge.facts.locks.keys().cloned().collect();
                read.iter().for_each(|name| judge.lock(name, RowShare));
            }
        }
        Command::Refresh {
            view,
            concurrently,
            data,
        } => {
            judge.lock(
                view,
                if *concurrently {
                    Exclusive
                } else {
                    AccessExclusive
                },
            );
            if *data {
                for name in world
                    .relation(view)
                    .map(|it| &it.reads)
                    .into_iter()
                    .flatten()
                {
                    judge.lock_tree(name, AccessShare, false);
                }
                judge.work(
                    view,
                    if *concurrently {
                        Work::Scan
                    } else {
                        Work::Rewrite
                    },
                );
            }
        }
        Command::Reindex {
            what,
            name,
            concurrently,
        } => {
            let mode = match concurrently {
                true => ShareUpdateExclusive,
                false => Share,
            };
            judge.facts.outside =
                *concurrently || matches!(*what, "schema" | "database" | "system");
            let table = match (*what, name) {
                ("index", Some(name)) => world.index(name).map(|(table, _)| table.clone()),
                ("table", Some(name)) => Some(world.resolve(name)),
                _ => None,
            };
            match table {
                Some(table) => {
                    judge.lock_tree(&table, mode, false);
                    let relation = world.relation(&table);
                    let indexes = relation.map(|it| it.indexes.clone()).unwrap_or_default();
                    for index in indexes {
                        let wanted = *what == "table"
                            || name.as_ref().is_some_and(|name| name.name == index.name);
                        if wanted {
                            judge.build(&table, &index.keys, false);
                        }
                    }
                }
                None => judge.assume("the tables of what is built anew are not known here"),
            }
        }
        Command::Cluster { table } => {
            judge.facts.outside = table.is_none();
            match table {
                Some(table) => {
                    judge.lock(table, AccessExclusive);
                    judge.work(table, Work::Rewrite);
                }
                None => judge.assume("every table that was clustered before is locked"),
            }
        }
        Command::Vacuum { full, tables } => {
            judge.facts.outside = true;
            for table in tables {
                let (mode, work) = match full {
                    true => (AccessExclusive, Work::Rewrite),
                    false => (ShareUpdateExclusive, Work::Scan),
                };
                judge.lock(table, mode);
                judge.work(table, work);
            }
            if tables.is_empty() {
                judge.assume("every table of the database is locked, one after the other");
            }
        }
        Command::Analyze { tables } => {
            for table in tables {
                judge.lock(table, ShareUpdateExclusive);
            }
        }
        Command::Lock { tables, mode } => {
            let mode = LockMode::from_sql(mode).unwrap_or(AccessExclusive);
            for table in tables {
                judge.lock_tree(table, mode, false);
            }
        }
        Command::CreateView {
            name,
            replace,
            materialized,
            ..
        } => {
            judge.reads(sql);
            if *replace && !materialized && world.relation(name).is_some() {
                judge.lock(name, AccessExclusive);
            }
        }
        Command::AlterDomain { name, checks } => {
            if *checks {
                for table in users_of(world, name) {
                    judge.lock(&table, Share);
                    judge.work(&table, Work::Scan);
                }
                if !world.whole {
                    judge.assume("which tables have columns of the domain is not known here");
                }
            }
        }
        Command::AlterType { name, action } => match action {
            TypeAction::AddValue { .. } => judge.facts.way_back = WayBack::None,
            TypeAction::Attribute(Some(attribute)) => {
                judge.loses(format!("the values of {name}.{attribute}"));
            }
            _ => {}
        },
        Command::Sequence { name, made: false } => {
            judge.lock(name, ShareRowExclusive);
        }
        Command::Alter { kind, name, action } => {
            if *kind == "sequence" {
                judge.lock(name, AccessExclusive);
            }
            if *kind == "statistics" && *action == AlterAction::Other {
                judge.assume("the table of the statistics is not known here");
            }
        }
        Command::Publication { tables, .. } => {
            for table in tables {
                judge.lock(table, ShareUpdateExclusive);
            }
        }
        Command::Comment { kind, name, .. } => match kind.as_str() {
            "table" | "column" | "view" | "materialized view" | "foreign table" | "sequence" => {
                judge.lock(name, ShareUpdateExclusive);
            }
            "constraint" | "trigger" | "policy" | "rule" => judge.lock(name, AccessShare),
            _ => {}
        },
        Command::Block => judge.assume("what a DO block does is not known before it runs"),
        Command::Owned { roles, to } => {
            judge.assume("which objects these roles own is not known here");
            if to.is_none() {
                judge.loses(format!("everything that {} owns", roles.join(", ")));
                judge.facts.way_back = WayBack::None;
            }
        }
        Command::Other(_) => judge.assume("the statement is not known here"),
        // Since 18 a relation is opened to tell what may be granted on it.
        Command::Grant(grant)
            if ["table", "sequence"].contains(&grant.kind.as_str()) && judge.world.is_since(18) =>
        {
            for name in &grant.names {
                judge.lock(name, LockMode::AccessShare);
            }
        }
        Command::Grant(_)
        | Command::CreateRoutine(_)
        | Command::AlterRoutine { .. }
        | Command::CreateType { .. }
        | Command::CreateDomain { .. }
        | Command::CreateSchema { .. }
        | Command::Sequence { made: true, .. }
        | Command::DefaultPrivileges { .. }
        | Command::Role { .. }
        | Command::SearchPath(_)
        | Command::ActAs(_)
        | Command::Setting => {}
    }
    judge.facts
}

/// Whether a trigger fires once for the statement: it is not made on partitions.
fn is_statement_trigger(sql: &str) -> bool {
    let tokens = crate::sql::lexer::significant(sql);
    !tokens
        .windows(2)
        .any(|pair| (pair[0].is_word("for") || pair[0].is_word("each")) && pair[1].is_word("row"))
}

/// The tables that have a column whose type is this domain.
fn users_of(world: &World, domain: &QualifiedName) -> Vec<QualifiedName> {
    let domain = world.resolve(domain);
    let is = |type_name: &str| {
        let name = type_name.trim_end_matches("[]").replace('"', "");
        name == domain.to_string() || name == domain.name
    };
    world
        .relations()
        .filter(|(_, relation)| relation.columns.iter().any(|column| is(&column.type_name)))
        .map(|(table, _)| table.clone())
        .collect()
}

fn drop(judge: &mut Judge<'_>, removal: &super::read::Removal) {
    use LockMode::*;
    let world = judge.world;
    for name in &removal.names {
        match removal.kind {
            "table" | "foreign table" | "materialized view" => {
                judge.lock_tree(name, AccessExclusive, false);
                for table in world.tree(name) {
                    for referred in world.referred(&table, None) {
                        judge.lock(&referred, AccessExclusive);
                    }
                }
                if let Some(parent) = parent_of(world, name) {
                    judge.lock(&parent, AccessExclusive);
                    let default = world
                        .relation(&parent)
                        .and_then(|it| it.default_partition.clone());
                    if let Some(default) = default {
                        judge.lock(&default, AccessExclusive);
                    }
                }
                if removal.cascade {
                    let dependents = world.referring(name).into_iter().chain(world.readers(name));
                    dependents.for_each(|it| judge.lock(&it, AccessExclusive));
                }
                judge.facts.drops.extend(world.tree(name));
                if removal.kind == "table" {
                    judge.loses_rows(name);
                }
            }
            "view" => judge.lock(name, AccessExclusive),
            "index" => {
                judge.facts.outside |= removal.concurrently;
                let mode = match removal.concurrently {
                    true => ShareUpdateExclusive,
                    false => AccessExclusive,
                };
                match world.index(name) {
                    Some((table, _)) => judge.lock_tree(&table.clone(), mode, false),
                    None => judge.assume(format!("the table of index {name} is not known here")),
                }
            }
            "sequence" => {
                judge.lock(name, AccessExclusive);
                if world.was_there(name) {
                    judge.loses(format!("the position of {}", world.resolve(name)));
                }
            }
            "schema" if removal.cascade => {
                let inside: Vec<QualifiedName> = world
                    .relations()
                    .map(|(table, _)| table.clone())
                    .filter(|table| table.schema == name.name)
                    .collect();
                for table in inside {
                    judge.lock(&table, AccessExclusive);
                    judge.facts.drops.push(table);
                }
                judge.loses(format!("everything in schema {}", name.name));
            }
            "extension" | "type" | "domain" if removal.cascade => {
                judge.loses(format!(
                    "the columns that depend on {} {name}",
                    removal.kind
                ));
                judge.assume("which tables depend on it is not known here");
            }
            "database" => judge.loses(format!("the database {}", name.name)),
            "statistics" => {
                judge.assume(format!("the table of statistics {name} is not known here"));
            }
            _ => {}
        }
    }
    if matches!(removal.kind, "database" | "tablespace" | "subscription") {
        judge.facts.outside = true;
    }
}

/// The table that a relation is a partition or child of.
fn parent_of(world: &World, name: &QualifiedName) -> Option<QualifiedName> {
    let name = world.resolve(name);
    world
        .relations()
        .find(|(_, relation)| relation.children.contains(&name))
        .map(|(parent, _)| parent.clone())
}
