//! The locks and the work of ALTER TABLE, action by action; the statement takes the strongest lock of its actions.

use super::change::{Conversion, conversion, is_checked, narrows};
use super::judge::Judge;
use super::read::{Action, AlterTable, Column, Constraint, Demand};
use super::{LockMode, Work, World};
use crate::model::QualifiedName;
use crate::sql::volatile::is_volatile;

pub(super) fn alter_table(judge: &mut Judge<'_>, alter: &AlterTable) {
    if alter.kind == "index" {
        return alter_index(judge, alter);
    }
    for action in &alter.actions {
        act(judge, alter, action);
    }
}

/// ALTER INDEX locks the index, and the table only where a partition's index is attached.
fn alter_index(judge: &mut Judge<'_>, alter: &AlterTable) {
    for action in &alter.actions {
        if let Action::Attach { partition, .. } = action {
            for index in [&alter.name, partition] {
                if let Some((table, _)) = judge.world.index(index) {
                    let table = table.clone();
                    judge.lock(&table, LockMode::AccessShare);
                }
            }
        }
    }
}

fn act(judge: &mut Judge<'_>, alter: &AlterTable, action: &Action) {
    use LockMode::*;
    let (name, only) = (&alter.name, alter.only);
    let world = judge.world;
    match action {
        Action::AddColumn(column, own) => {
            judge.lock_tree(name, AccessExclusive, only);
            add_column(judge, name, column, own, only);
        }
        Action::DropColumn { column, .. } => {
            judge.lock_tree(name, AccessExclusive, only);
            for table in world.referred(name, Some(column)) {
                judge.lock(&table, AccessExclusive);
            }
            if world.was_there(name) {
                let name = world.resolve(name);
                judge.loses(format!("the values of {name}.{column}"));
            }
        }
        Action::Type {
            column,
            type_name,
            using,
        } => {
            judge.lock_tree(name, AccessExclusive, only);
            change_type(judge, alter, column, type_name, using.as_deref());
        }
        Action::SetNotNull(column) => {
            judge.lock_tree(name, AccessExclusive, only);
            for table in judge.tree(name, only) {
                if !world
                    .relation(&table)
                    .is_some_and(|it| it.refuses_null(column, &alter.dropped()))
                {
                    judge.work(&table, Work::Scan);
                }
            }
        }
        Action::DropNotNull(_) | Action::Default { .. } => {
            judge.lock_tree(name, AccessExclusive, only);
        }
        Action::Column { what, .. } => match *what {
            "statistics" => judge.lock_tree(name, ShareUpdateExclusive, only),
            "options" => judge.lock(name, ShareUpdateExclusive),
            "expression" => {
                judge.lock_tree(name, AccessExclusive, only);
                judge.work_tree(name, Work::Rewrite, only);
            }
            "storage" | "drop expression" => judge.lock_tree(name, AccessExclusive, only),
            _ => judge.lock(name, AccessExclusive),
        },
        Action::AddConstraint(constraint) => add_constraint(judge, alter, constraint),
        Action::Validate(constraint) => {
            let found = world.relation(name).and_then(|relation| {
                relation
                    .constraints
                    .iter()
                    .find(|it| it.name == *constraint)
            });
            judge.lock_tree(name, ShareUpdateExclusive, only);
            match found.map(|it| (&it.demand, it.valid)) {
                Some((_, true)) => {}
                Some((Demand::ForeignKey { references, .. }, _)) => {
                    judge.lock(references, RowShare);
                    judge.work(name, Work::Scan);
                }
                _ => judge.work_tree(name, Work::Scan, only),
            }
        }
        Action::DropConstraint {
            name: constraint,
            cascade,
        } => {
            judge.lock_tree(name, AccessExclusive, only);
            let found = world
                .relation(name)
                .and_then(|it| it.constraints.iter().find(|it| it.name == *constraint));
            match found.map(|it| &it.demand) {
                Some(Demand::ForeignKey { references, .. }) => {
                    judge.lock(references, AccessExclusive);
                }
                Some(Demand::PrimaryKey(_) | Demand::Unique(_)) if *cascade => {
                    for table in world.referring(name) {
                        judge.lock(&table, AccessExclusive);
                    }
                }
                _ => {}
            }
        }
        Action::RenameColumn { .. } | Action::RenameConstraint { .. } => {
            judge.lock_tree(name, AccessExclusive, only);
        }
        Action::Trigger(_) => judge.lock_tree(name, ShareRowExclusive, only),
        Action::Options(options) => {
            let light = options.iter().all(|option| is_light(option));
            judge.lock(
                name,
                if light {
                    ShareUpdateExclusive
                } else {
                    AccessExclusive
                },
            );
        }
        Action::ClusterOn => judge.lock(name, ShareUpdateExclusive),
        Action::Move(_) | Action::Logged(_) => {
            judge.lock(name, AccessExclusive);
            judge.work(name, Work::Rewrite);
        }
        Action::Inherit(parent, on) => {
            judge.lock(name, AccessExclusive);
            judge.lock(
                parent,
                if *on {
                    ShareUpdateExclusive
                } else {
                    AccessShare
                },
            );
        }
        Action::Attach { partition, default } => attach(judge, name, partition, *default),
        Action::Detach {
            partition,
            concurrently,
            finalize,
        } => {
            judge.facts.outside |= *concurrently;
            let mode = match *concurrently || *finalize {
                true => ShareUpdateExclusive,
                false => AccessExclusive,
            };
            judge.lock(name, mode);
            // Its last step detaches the partition itself.
            let own = match *finalize {
                true => AccessExclusive,
                false if !world.is_since(14) => ShareUpdateExclusive,
                false => mode,
            };
            judge.lock(partition, own);
            if let Some(default) = world
                .relation(name)
                .and_then(|it| it.default_partition.clone())
                && !concurrently
            {
                judge.lock(&default, AccessExclusive);
            }
        }
        Action::AlterConstraint(_)
        | Action::Rename(_)
        | Action::SetSchema(_)
        | Action::Owner(_)
        | Action::Rule
        | Action::RowSecurity { .. }
        | Action::ReplicaIdentity => judge.lock(name, AccessExclusive),
        Action::Other => {
            judge.lock_tree(name, AccessExclusive, only);
            judge.assume("an action of the statement is not known here");
        }
    }
}

/// Parameters that are changed while others go on (reloptions.c).
fn is_light(option: &str) -> bool {
    let option = option.trim_start_matches("toast.");
    option.starts_with("autovacuum_")
        || matches!(
            option,
            "fillfactor"
                | "toast_tuple_target"
                | "parallel_workers"
                | "log_autovacuum_min_duration"
                | "vacuum_index_cleanup"
                | "vacuum_truncate"
                | "vacuum_max_eager_freeze_failure_rate"
        )
}

fn add_column(
    judge: &mut Judge<'_>,
    name: &QualifiedName,
    column: &Column,
    own: &[Constraint],
    only: bool,
) {
    let world = judge.world;
    let mut rewrites = column.stored || column.identity || column.serial;
    if let Some(default) = &column.default {
        match is_volatile(default, |name| world.is_volatile(name)) {
            Some(volatile) => rewrites |= volatile,
            None => {
                rewrites = true;
                judge.assume(format!(
                    "whether a function of the default of {} is volatile is not known here",
                    column.name
                ));
            }
        }
    }
    match world.is_constrained_domain(&column.type_name) {
        Some(constrained) => rewrites |= constrained,
        None if column.default.is_some() || column.not_null => {
            judge.assume(format!(
                "whether {} is a domain with a check is not known here",
                column.type_name
            ));
        }
        None => {}
    }
    let mut scans = column.not_null && column.default.is_none();
    for constraint in own {
        match &constraint.demand {
            Demand::Check(_) => scans = true,
            Demand::ForeignKey { references, .. } => {
                judge.lock(references, LockMode::ShareRowExclusive);
                // Without a value there is nothing to look up.
                if column.default.is_some() {
                    scans = true;
                    judge.work(references, Work::Scan);
                }
            }
            Demand::PrimaryKey(keys) | Demand::Unique(keys) => {
                judge.build(name, keys, only);
            }
            _ => {}
        }
    }
    if rewrites {
        judge.work_tree(name, Work::Rewrite, only);
    } else if scans && !column.virtual_column {
        judge.work_tree(name, Work::Scan, only);
    }
}

fn change_type(
    judge: &mut Judge<'_>,
    alter: &AlterTable,
    column: &str,
    type_name: &str,
    using: Option<&str>,
) {
    let (name, only, world) = (&alter.name, alter.only, judge.world);
    let relation = world.relation(name);
    let known = relation.and_then(|relation| relation.column(column));
    let from = known.map(|column| column.type_name.as_str());
    for table in world.referred(name, Some(column)) {
        judge.lock(&table, LockMode::AccessExclusive);
    }
    if narrows(from, type_name) && world.was_there(name) {
        let name = world.resolve(name);
        judge.loses(format!("what of {name}.{column} does not fit {type_name}"));
    }
    // A domain without a check is stored as its base type.
    let base = world.base_of(type_name);
    let mut conversion = conversion(from, base.as_deref().unwrap_or(type_name), using, column);
    if world.is_constrained_domain(type_name) == Some(true) {
        conversion = Conversion::Rewritten;
    }
    if conversion == Conversion::Unknown {
        judge.assume(format!(
            "the type that {column} has is not known here, so the table may be written anew"
        ));
    }
    if conversion != Conversion::Kept {
        // Its foreign keys are made anew, and proven.
        for table in world.referred(name, Some(column)) {
            judge.work(&table, Work::Scan);
        }
        return judge.work_tree(name, Work::Rewrite, only);
    }
    for table in judge.tree(name, only) {
        if is_checked(world, &table, column) {
            judge.work(&table, Work::Scan);
        }
    }
}

fn add_constraint(judge: &mut Judge<'_>, alter: &AlterTable, constraint: &Constraint) {
    use LockMode::*;
    let (name, only) = (&alter.name, alter.only);
    let world = judge.world;
    match &constraint.demand {
        Demand::ForeignKey { references, .. } => {
            judge.lock_tree(name, ShareRowExclusive, only);
            let tables = judge.tree(name, only).into_iter();
            let (alike, others): (Vec<_>, Vec<_>) =
                tables.partition(|table| has_it(world, table, constraint));
            // What the key of a partition has at the referenced table goes when it is taken for that of its table.
            let mode = match alike.is_empty() {
                true => ShareRowExclusive,
                false => AccessExclusive,
            };
            judge.lock(references, mode);
            if !constraint.not_valid {
                others.iter().for_each(|it| judge.work(it, Work::Scan));
                if others.iter().any(|it| !judge.is_empty(it)) {
                    judge.work(references, Work::Scan);
                }
            }
        }
        Demand::Check(_) | Demand::NotNull(_) => {
            judge.lock_tree(name, AccessExclusive, only);
            if !constraint.not_valid {
                judge.work_tree(name, Work::Scan, only);
            }
        }
        Demand::PrimaryKey(columns) | Demand::Unique(columns) => {
            judge.lock(name, AccessExclusive);
            let mut columns = columns.clone();
            match &constraint.using_index {
                None => {
                    // The indexes of partitions are built as CREATE INDEX builds them.
                    judge.lock_tree(name, Share, only);
                    judge.build_beside(name, &columns, only, |it| {
                        let demands = it.constraints.iter().map(|it| &it.demand);
                        demands.filter(|it| **it == constraint.demand).count()
                    });
                }
                Some(index) => {
                    let index = world
                        .relation(name)
                        .and_then(|relation| relation.indexes.iter().find(|it| it.name == *index));
                    columns = index.map(|it| it.keys.clone()).unwrap_or_default();
                }
            }
            if matches!(constraint.demand, Demand::PrimaryKey(_)) {
                if world.is_since(18) && constraint.using_index.is_none() {
                    // The not-null constraints of partitions are looked for.
                    judge.lock_tree(name, AccessExclusive, only);
                }
                require(judge, alter, &columns);
            }
        }
        Demand::Exclude => {
            judge.lock_tree(name, AccessExclusive, only);
            judge.build(name, &[], only);
        }
    }
}

/// Whether a table has the foreign key that its partitioned table gets: it is taken for that one's, and no row is looked at.
fn has_it(world: &World, table: &QualifiedName, constraint: &Constraint) -> bool {
    let is_same = |demand: &Demand| match (demand, &constraint.demand) {
        (
            Demand::ForeignKey {
                columns,
                references,
            },
            Demand::ForeignKey {
                columns: wanted,
                references: to,
            },
        ) => columns == wanted && world.resolve(references) == world.resolve(to),
        _ => false,
    };
    let own = world.relation(table).map(|it| it.constraints.iter());
    own.is_some_and(|mut own| own.any(|it| it.valid && is_same(&it.demand)))
}

/// A primary key makes its columns refuse null: they are read for it.
fn require(judge: &mut Judge<'_>, alter: &AlterTable, columns: &[String]) {
    let dropped = alter.dropped();
    for table in judge.tree(&alter.name, alter.only) {
        let relation = judge.world.relation(&table);
        let sure = !columns.is_empty()
            && relation.is_some_and(|it| {
                columns
                    .iter()
                    .all(|column| it.refuses_null(column, &dropped))
            });
        let (known, here) = (
            relation.is_some() && !columns.is_empty(),
            !judge.world.was_there(&table),
        );
        if !sure && !here {
            judge.lock(&table, LockMode::AccessExclusive);
            judge.work(&table, Work::Scan);
            if !known {
                judge.assume("whether the columns of the key refuse null is not known here");
            }
        }
    }
}

fn attach(judge: &mut Judge<'_>, name: &QualifiedName, partition: &QualifiedName, default: bool) {
    use LockMode::*;
    let world = judge.world;
    judge.lock(name, ShareUpdateExclusive);
    judge.lock_tree(partition, AccessExclusive, false);
    let parent = world.relation(name);
    for referred in world.referred(name, None) {
        judge.lock(&referred, ShareRowExclusive);
    }
    if let Some(existing) = parent.and_then(|it| it.default_partition.clone()) {
        judge.lock(&existing, AccessExclusive);
        if !default {
            judge.work(&existing, Work::Scan);
        }
    }
    let child = world.relation(partition);
    let has_check = child.is_some_and(|it| {
        it.constraints
            .iter()
            .any(|it| it.valid && matches!(it.demand, Demand::Check(_)))
    });
    if has_check {
        judge.assume(format!(
            "the check of {partition} is taken to say what the bound says, so that no row is read"
        ));
    } else {
        judge.work_tree(partition, Work::Scan, false);
    }
    if let (Some(parent), Some(child)) = (parent, child) {
        for index in &parent.indexes {
            let same = child
                .indexes
                .iter()
                .any(|it| it.keys == index.keys && (it.unique || !index.unique));
            if !same {
                judge.build(partition, &index.keys, false);
            }
        }
    }
}
