//! Not-null constraints of one column in the tables that pass it on to each other. PostgreSQL renames, makes and drops one of
//! a parent in all children under one name, and none of a child that a parent has too: where that does not lead to what is
//! wanted, the parents' are made NO INHERIT for a moment, so that each table's can be changed by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::state::{State, gives, state};
use crate::kind::column::identified;
use crate::kind::{Catalog, Context, Object, Statement, parts, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// The statements that bring the constraints of a column in several tables to what they shall be.
pub(crate) struct Settlement {
    /// The column of the topmost table.
    pub(crate) column: ObjectId,
    /// The tables.
    pub(crate) tables: Vec<ObjectId>,
    /// Whether they come when the column is there as it shall be, rather than before anything changes in it.
    pub(crate) is_late: bool,
    /// The statements.
    pub(crate) statements: Vec<Statement>,
}

/// A table of a family, with its constraint before and after.
struct Member {
    table: ObjectId,
    before: Option<State>,
    after: Option<State>,
    parents: Vec<usize>,
    children: Vec<usize>,
    is_partition: bool,
    had_column: bool,
}

impl Member {
    /// Whether the constraint under its name is seen in the table, rather than only the parent's.
    fn is_seen(&self, state: &State) -> bool {
        state.own || self.is_partition
    }

    fn changes(&self) -> bool {
        match (&self.before, &self.after) {
            (Some(from), Some(to)) if !self.is_seen(from) && !self.is_seen(to) => false,
            (from, to) => from != to,
        }
    }
}

/// The tables that are tied to each other all the while, where the constraint of a column passes a tie; parents first.
pub(super) struct Family {
    column: String,
    members: Vec<Member>,
}

/// The ties that stay as they are between tables that are there all the while: parent and child.
fn kept_ties(context: &Context<'_>) -> Vec<(ObjectId, ObjectId)> {
    let (before, after) = (context.before, context.after);
    let ties = before
        .of_kind(Kind::Inherits)
        .chain(before.of_kind(Kind::Partition));
    ties.filter(|(tie, object)| after.get(tie).is_some_and(|to| to == *object))
        .filter_map(|(tie, object)| {
            let child = tie.parent.as_deref()?;
            let parent = match object {
                Object::Inherits(it) => &it.parent,
                Object::Partition(it) => &it.parent,
                _ => return None,
            };
            let parent = ObjectId::in_schema(Kind::Table, &parent.schema, &parent.name);
            let there = |table: &ObjectId| before.contains(table) && after.contains(table);
            (there(&parent) && there(child)).then(|| (parent, child.clone()))
        })
        .collect()
}

/// Whether a table leaves a parent by inheritance.
pub(super) fn leaves_parent(table: &ObjectId, context: &Context<'_>) -> bool {
    let ties = context.before.children(table, Kind::Inherits).into_iter();
    let mut ties = ties.filter(|(tie, object)| context.after.get(tie) != Some(*object));
    ties.next().is_some()
}

impl Family {
    /// The family of a table that is there all the while.
    pub(super) fn of(table: &ObjectId, column: &str, context: &Context<'_>) -> Family {
        Family::among(table, column, &kept_ties(context), context)
    }

    fn among(
        table: &ObjectId,
        column: &str,
        ties: &[(ObjectId, ObjectId)],
        context: &Context<'_>,
    ) -> Family {
        let (before, after) = (context.before, context.after);
        let passes: Vec<&(ObjectId, ObjectId)> = ties
            .iter()
            .filter(|(parent, _)| gives(parent, column, before) || gives(parent, column, after))
            .collect();
        let mut found = BTreeSet::from([table]);
        let mut queue = vec![table];
        while let Some(at) = queue.pop() {
            for (parent, child) in passes.iter().copied() {
                for (one, other) in [(parent, child), (child, parent)] {
                    if one == at && found.insert(other) {
                        queue.push(other);
                    }
                }
            }
        }
        // Parents first.
        let mut order: Vec<&ObjectId> = Vec::new();
        let mut left: Vec<&ObjectId> = found.into_iter().collect();
        while !left.is_empty() {
            let waits = |table: &ObjectId| {
                let mut above = passes.iter().filter(|(_, child)| child == table);
                above.any(|(parent, _)| left.contains(&parent))
            };
            let (later, next): (Vec<_>, Vec<_>) = left.iter().partition(|it| waits(it));
            // Nothing inherits from itself; a catalog that says so is taken as it is.
            if next.is_empty() {
                order.extend(later);
                break;
            }
            order.extend(next);
            left = later;
        }
        let place: BTreeMap<&ObjectId, usize> = order
            .iter()
            .enumerate()
            .map(|(place, table)| (*table, place))
            .collect();
        let mut members: Vec<Member> = order
            .iter()
            .map(|table| Member {
                table: (*table).clone(),
                before: state(table, column, before),
                after: state(table, column, after),
                parents: Vec::new(),
                children: Vec::new(),
                is_partition: parts::partitioned_table(table, after).is_some(),
                had_column: before.contains(&table.child(Kind::Column, column)),
            })
            .collect();
        for (parent, child) in passes {
            if let (Some(&above), Some(&below)) = (place.get(parent), place.get(child)) {
                members[below].parents.push(above);
                members[above].children.push(below);
            }
        }
        Family {
            column: column.to_owned(),
            members,
        }
    }

    /// Whether the table has no parent that passes its constraint on all the while: what begins or ends does so there.
    pub(super) fn begins_at(&self, table: &ObjectId) -> bool {
        let mut members = self.members.iter();
        members.any(|it| it.table == *table && it.parents.is_empty())
    }

    /// Whether the table is alone.
    pub(super) fn is_one(&self) -> bool {
        self.members.len() == 1
    }

    /// Whether what PostgreSQL does by itself does not lead to what is wanted.
    pub(super) fn is_tangled(&self, context: &Context<'_>) -> bool {
        let mut roots = self.members.iter().filter(|it| it.parents.is_empty());
        let (Some(root), None) = (roots.next(), roots.next()) else {
            return self.members.iter().any(Member::changes);
        };
        // What a table keeps of a parent that it leaves is its own from then on, under the name that it has.
        if leaves_parent(&root.table, context)
            && let (Some(from), Some(to)) = (&root.before, &root.after)
        {
            let from = State {
                own: true,
                ..from.clone()
            };
            if from != *to {
                return true;
            }
        }
        if self.is_retyped(context) {
            return true;
        }
        if self.is_one() || !self.members.iter().any(|it| it.changes()) {
            return false;
        }
        let bounded = |state: &Option<State>| state.as_ref().is_some_and(|it| it.no_inherit);
        if bounded(&root.before) || bounded(&root.after) {
            return true;
        }
        let name = |state: &Option<State>| state.as_ref().map(|it| it.name.clone());
        let late = |state: &Option<State>| state.as_ref().is_some_and(|it| it.not_valid);
        self.members
            .iter()
            .filter(|it| !it.parents.is_empty())
            .any(|it| {
                let own = |state: &Option<State>| state.as_ref().is_some_and(|it| it.own);
                own(&it.before)
                    || own(&it.after)
                    || it.before.is_some() && name(&it.before) != name(&root.before)
                    || it.is_partition
                        && (it.after.is_some() && name(&it.after) != name(&root.after)
                            || late(&it.before) != late(&root.before)
                            || late(&it.after) != late(&root.after))
            })
    }

    /// What the column's constraints are once it was added to the topmost table: each has that one's.
    fn as_added(&mut self) {
        for at in 0..self.members.len() {
            let given = self.members[at]
                .parents
                .iter()
                .filter_map(|parent| self.members[*parent].before.clone())
                .find(|it| !it.no_inherit);
            let member = &mut self.members[at];
            if member.parents.is_empty() {
                member.before.clone_from(&member.after);
            } else if !member.had_column {
                member.before = given.map(|it| State { own: false, ..it });
            }
        }
    }

    /// The tables below which all have and shall have what the table passes on.
    fn below_uniform(&self, at: usize) -> Option<BTreeSet<usize>> {
        let top = &self.members[at];
        let mut below = BTreeSet::new();
        let mut queue = top.children.clone();
        while let Some(next) = queue.pop() {
            if below.insert(next) {
                queue.extend(&self.members[next].children);
            }
        }
        let name = |state: &Option<State>| state.as_ref().map(|it| it.name.clone());
        let changes_reach = match (&top.before, &top.after) {
            (Some(from), Some(to)) => from.no_inherit != to.no_inherit,
            _ => false,
        };
        let is_uniform = below.iter().all(|at_below| {
            let it = &self.members[*at_below];
            let inside = it
                .parents
                .iter()
                .all(|parent| *parent == at || below.contains(parent));
            let own = |state: &Option<State>| state.as_ref().is_some_and(|it| it.own);
            inside
                && !own(&it.before)
                && !own(&it.after)
                && name(&it.before) == name(&top.before)
                && it.after.is_some() == top.after.is_some()
                && (!it.is_partition || name(&it.after) == name(&top.after))
        });
        (is_uniform && (!changes_reach || below.is_empty())).then_some(below)
    }

    /// The statements, where each table can be changed by itself: parents let their children go first, and take them back
    /// last.
    fn settle(&self, context: &Context<'_>) -> Vec<Statement> {
        let column = ident(&self.column);
        // ALTER FOREIGN TABLE knows less of constraints.
        let act = |it: &Member, action: String| {
            let table = reference::name(&it.table);
            Statement::sql(format!("ALTER TABLE {table} {action}"))
        };
        let mut follow: BTreeSet<usize> = BTreeSet::new();
        for at in 0..self.members.len() {
            if !follow.contains(&at) {
                follow.extend(self.below_uniform(at).unwrap_or_default());
            }
        }
        let is_here = |it: &Member| !context.makes(&it.table);
        let mut statements = Vec::new();
        let mut identities = Vec::new();
        let mut loosened: BTreeSet<usize> = BTreeSet::new();
        for (at, it) in self.members.iter().enumerate() {
            let passes_on = it
                .children
                .iter()
                .any(|child| !follow.contains(child) && self.members[*child].before.is_some());
            if let Some(from) = &it.before
                && !from.no_inherit
                && !follow.contains(&at)
                && passes_on
                && is_here(it)
            {
                loosened.insert(at);
                let name = ident(&from.name);
                statements.push(act(it, format!("ALTER CONSTRAINT {name} NO INHERIT")));
            }
        }
        let own = |at: usize| {
            let it = &self.members[at];
            (!follow.contains(&at) && is_here(it)).then_some(it)
        };
        for at in 0..self.members.len() {
            let Some(it) = own(at) else { continue };
            if !it.is_partition && self.ends(it, context) {
                statements.push(act(it, format!("ALTER COLUMN {column} DROP NOT NULL")));
            }
        }
        for at in (0..self.members.len()).rev() {
            let Some(it) = own(at) else { continue };
            let is_root = it.parents.is_empty();
            match (&it.before, &it.after) {
                (None, Some(to)) if !is_root && it.is_seen(to) => {
                    statements.extend(self.filled(it, context));
                    let name = ident(&to.name);
                    let definition = to.definition(&column);
                    statements.push(act(it, format!("ADD CONSTRAINT {name} {definition}")));
                }
                (Some(from), Some(to)) if it.is_seen(to) || is_root => {
                    if !from.not_valid && to.not_valid {
                        let name = ident(&to.name);
                        let to = State {
                            no_inherit: to.no_inherit || loosened.contains(&at),
                            ..to.clone()
                        };
                        let definition = to.definition(&column);
                        statements.push(act(it, format!("ALTER COLUMN {column} DROP NOT NULL")));
                        statements.push(act(it, format!("ADD CONSTRAINT {name} {definition}")));
                        continue;
                    }
                    if from.name != to.name {
                        let (from, to) = (ident(&from.name), ident(&to.name));
                        statements.push(act(it, format!("RENAME CONSTRAINT {from} TO {to}")));
                    }
                    let name = ident(&to.name);
                    if from.not_valid && !to.not_valid {
                        statements.push(act(it, format!("VALIDATE CONSTRAINT {name}")));
                    }
                    if to.no_inherit && !from.no_inherit && !loosened.contains(&at) {
                        statements.push(act(it, format!("ALTER CONSTRAINT {name} NO INHERIT")));
                    }
                }
                (Some(_), Some(_)) => {
                    // An index that tells rows apart in the log holds its columns.
                    if let Some(again) = identified_again(&it.table, context) {
                        statements.push(act(it, "REPLICA IDENTITY NOTHING".to_owned()));
                        identities.extend(again);
                    }
                    statements.push(act(it, format!("ALTER COLUMN {column} DROP NOT NULL")));
                }
                _ => {}
            }
        }
        for at in (0..self.members.len()).rev() {
            let Some(it) = own(at) else { continue };
            if let (Some(from), Some(to)) = (&it.before, &it.after)
                && (it.is_seen(to) || it.parents.is_empty())
                && !to.no_inherit
                && (from.no_inherit || loosened.contains(&at))
            {
                let name = ident(&to.name);
                statements.push(act(it, format!("ALTER CONSTRAINT {name} INHERIT")));
            }
        }
        statements.extend(identities);
        statements
    }

    /// Whether a table below another takes null from now on.
    fn ends(&self, it: &Member, context: &Context<'_>) -> bool {
        let column = it.table.child(Kind::Column, &self.column);
        it.before.is_some()
            && it.after.is_none()
            && !it.parents.is_empty()
            && context.after.contains(&column)
    }

    /// The statements by which partitions take null, when their table does: before that they may not.
    fn ended(&self, context: &Context<'_>) -> Vec<Statement> {
        let members = self.members.iter();
        members
            .filter(|it| it.is_partition && self.ends(it, context) && !context.makes(&it.table))
            .map(|it| {
                let (table, column) = (reference::name(&it.table), ident(&self.column));
                Statement::sql(format!(
                    "ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL"
                ))
            })
            .collect()
    }

    /// Whether the column changes its type, which PostgreSQL refuses where a child's constraint has another name than its
    /// parent's.
    fn is_retyped(&self, context: &Context<'_>) -> bool {
        let Some(root) = self.members.first() else {
            return false;
        };
        let id = root.table.child(Kind::Column, &self.column);
        let retyped = match (context.before.get(&id), context.after.get(&id)) {
            (Some(Object::Column(from)), Some(Object::Column(to))) => {
                from.data_type != to.data_type || from.collation != to.collation
            }
            _ => false,
        };
        let name = |it: &Member| it.before.as_ref().map(|it| it.name.clone());
        let differs = |it: &Member| it.before.is_some() && name(it) != name(root);
        retyped && root.before.is_some() && root.after.is_some() && self.members.iter().any(differs)
    }

    /// The two ways to and from a state in which all have the topmost table's name.
    fn under_one_name(mut self) -> (Family, Family) {
        let name = self.members.first().and_then(|it| it.before.clone());
        let name = name.map(|it| it.name).unwrap_or_default();
        let mut then = Family {
            column: self.column.clone(),
            members: Vec::new(),
        };
        for it in &mut self.members {
            let mut meanwhile = it.before.clone();
            if let Some(state) = &mut meanwhile {
                state.name.clone_from(&name);
            }
            then.members.push(Member {
                table: it.table.clone(),
                before: meanwhile.clone(),
                after: it.after.clone(),
                parents: it.parents.clone(),
                children: it.children.clone(),
                is_partition: it.is_partition,
                had_column: it.had_column,
            });
            it.after = meanwhile;
        }
        (self, then)
    }

    /// The values that rows get before a child refuses null: the author's, of the topmost table too.
    fn filled(&self, it: &Member, context: &Context<'_>) -> Vec<Statement> {
        let root = self.members.first().map(|root| &root.table);
        let value =
            |table: &ObjectId| match context.after.get(&table.child(Kind::Column, &self.column)) {
                Some(Object::Column(column)) => column.convert.backfill.clone(),
                _ => None,
            };
        let value = value(&it.table).or_else(|| root.and_then(value));
        let column = ident(&self.column);
        let fill = value.map(|value| {
            Statement::sql(format!(
                "UPDATE {} SET {column} = {value} WHERE {column} IS NULL",
                reference::name(&it.table)
            ))
        });
        match fill {
            Some(fill) => identified(&it.table, vec![fill], context),
            None => Vec::new(),
        }
    }
}

/// The statements that give a table the index by which rows are told apart again, where it has one all the while.
fn identified_again(table: &ObjectId, context: &Context<'_>) -> Option<Vec<Statement>> {
    let id = table.child(Kind::ReplicaIdentity, "");
    let object = context.before.get(&id)?;
    let is_index = matches!(object, Object::ReplicaIdentity(it) if it.index.is_some());
    let stays = is_index && context.after.get(&id) == Some(object);
    stays.then(|| object.create(&id, context))
}

/// The columns of which a constraint may change.
fn touched(context: &Context<'_>) -> BTreeSet<(ObjectId, String)> {
    let (before, after) = (context.before, context.after);
    let mut found = BTreeSet::new();
    let mut add = |table: Option<&ObjectId>, column: &str| {
        if let Some(table) = table.filter(|it| before.contains(it) && after.contains(it)) {
            found.insert((table.clone(), column.to_owned()));
        }
    };
    for (one, other) in [(before, after), (after, before)] {
        for (id, object) in one.of_kind(Kind::NotNull) {
            if let Object::NotNull(it) = object
                && other.get(id) != Some(object)
            {
                add(id.parent.as_deref(), &it.column);
            }
        }
        for (id, object) in one.of_kind(Kind::Column) {
            let Object::Column(it) = object else { continue };
            let changes = match other.get(id) {
                Some(Object::Column(other)) => {
                    !other.not_null
                        || it.data_type != other.data_type
                        || it.collation != other.collation
                }
                _ => true,
            };
            if it.not_null && changes {
                add(id.parent.as_deref(), &id.name);
            }
        }
    }
    let ties = before.of_kind(Kind::Inherits);
    let ties = ties.chain(before.of_kind(Kind::Partition));
    for (tie, object) in ties.chain(after.of_kind(Kind::Partition)) {
        if let Some(table) = tie.parent.as_deref()
            && (after.get(tie) != Some(object) || before.get(tie) != Some(object))
        {
            for (column, _) in before.children(table, Kind::Column) {
                add(Some(table), &column.name);
            }
        }
    }
    found
}

/// What settles the constraints that PostgreSQL does not bring to what they shall be by itself.
pub(crate) fn settlements(context: &Context<'_>) -> Vec<Settlement> {
    if context.server_version < 180_000 || context.after.guessed {
        return Vec::new();
    }
    let touched = touched(context);
    if touched.is_empty() {
        return Vec::new();
    }
    let ties = kept_ties(context);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (table, column) in touched {
        if seen.contains(&(table.clone(), column.clone())) {
            continue;
        }
        let mut family = Family::among(&table, &column, &ties, context);
        let tables: Vec<ObjectId> = family.members.iter().map(|it| it.table.clone()).collect();
        seen.extend(tables.iter().map(|table| (table.clone(), column.clone())));
        let Some(root) = tables.first().cloned() else {
            continue;
        };
        // What is made anew comes with what it shall have, and all below it.
        if context.makes(&root) || !family.is_tangled(context) {
            continue;
        }
        let id = root.child(Kind::Column, &column);
        let is_new = context.makes(&id);
        let steps = if is_new {
            family.as_added();
            vec![(true, family.settle(context))]
        } else if family.is_retyped(context) {
            let (first, then) = family.under_one_name();
            vec![(false, first.settle(context)), (true, then.settle(context))]
        } else {
            vec![
                (false, family.settle(context)),
                (true, family.ended(context)),
            ]
        };
        let steps = steps.into_iter().filter(|(_, it)| !it.is_empty());
        found.extend(steps.map(|(is_late, statements)| Settlement {
            column: id.clone(),
            tables: tables.clone(),
            is_late,
            statements,
        }));
    }
    found
}

/// The statements for a table that is alone, or passes on what all below it have: PostgreSQL carries them down.
pub(super) fn settled_alone(
    from: &State,
    to: &State,
    table: &ObjectId,
    column: &str,
    context: &Context<'_>,
) -> Vec<Statement> {
    let member = Member {
        table: table.clone(),
        before: Some(from.clone()),
        after: Some(to.clone()),
        parents: Vec::new(),
        children: Vec::new(),
        is_partition: false,
        had_column: true,
    };
    let family = Family {
        column: column.to_owned(),
        members: vec![member],
    };
    family.settle(context)
}

/// Whether a table that stays would have a constraint as a new parent's alone, which only making it anew with its parents
/// gives it.
pub(in crate::kind) fn needs_parents_at_birth(
    table: &ObjectId,
    after: &Catalog,
    context: &Context<'_>,
) -> bool {
    if context.server_version < 180_000 || parts::partitioned_table(table, after).is_some() {
        return false;
    }
    let stays = |parent: &ObjectId| {
        let ties = after.children(table, Kind::Inherits).into_iter();
        let mut ties = ties.filter(|(tie, object)| context.before.get(tie) == Some(*object));
        ties.any(|(_, object)| {
            matches!(object, Object::Inherits(it)
                if it.parent.name == *parent.name && Some(it.parent.schema.as_str()) == parent.schema())
        })
    };
    let columns = after.children(table, Kind::Column).into_iter();
    columns.map(|(id, _)| &id.name).any(|column| {
        let givers = super::state::givers(table, column, after);
        !givers.is_empty()
            && !givers.iter().any(stays)
            && state(table, column, after).is_some_and(|it| !it.own)
    })
}
