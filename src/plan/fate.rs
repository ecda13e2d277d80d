//! What becomes of each object: kept, made, dropped, altered, rebuilt or swapped, and what that does to the objects
//! that depend on it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::PlanError;
use crate::diff::{Change, compare};
use crate::kind::comment::Comment;
use crate::kind::default_privilege;
use crate::kind::{
    Alteration, Catalog, Context, Object, Reaction, Statement, aside, changes_with_parent,
    index_key::is_over_whole_row, kept_parents, overload, row_type, row_type::Becomes,
};
use crate::model::{Kind, ObjectId};
use crate::sql::respell::respell;

/// What becomes of one object.
#[derive(Debug, Clone)]
pub(super) enum Fate {
    Create,
    Drop,
    Rebuild,
    Alter {
        /// What comes before anything that it holds on to changes.
        lets_go: Option<Vec<Statement>>,
        statements: Vec<Statement>,
        disturbs: &'static [Kind],
    },
    Swap {
        set_aside: Vec<Statement>,
        discard: Vec<Statement>,
    },
    /// It is born with a privilege that it must not have.
    Undo(Vec<Statement>),
}

/// The fates of all objects that do not simply stay.
pub(super) type Fates = BTreeMap<ObjectId, Fate>;

/// The objects that are made, new or anew.
pub(super) fn made(fates: &Fates) -> BTreeSet<ObjectId> {
    fates
        .iter()
        .filter(|(_, fate)| matches!(fate, Fate::Create | Fate::Rebuild))
        .map(|(id, _)| id.clone())
        .collect()
}

pub(super) fn decide(
    context: &Context<'_>,
    forced: &BTreeSet<ObjectId>,
) -> Result<Fates, PlanError> {
    let mut decider = Decider {
        context,
        fates: Fates::new(),
        queue: VecDeque::new(),
        dependents: context.before.dependents(),
        parts: parts(context.before),
        owned: owned(context.before),
        come_with_parent: BTreeMap::new(),
        held_back: BTreeMap::new(),
    };
    decider.take_changes(forced)?;
    decider.propagate();
    decider.default_privileges();
    decider.give_again();
    decider.born_comments();
    decider.tie_again();
    Ok(decider.fates)
}

/// The parts of each object; what stands directly in a schema is no part of it, its facets are.
fn parts(catalog: &crate::kind::Catalog) -> BTreeMap<&ObjectId, Vec<&ObjectId>> {
    let mut parts: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for id in catalog.objects.keys() {
        if let Some(parent) = id.parent.as_deref()
            && is_part(id)
        {
            parts.entry(parent).or_default().push(id);
            // A facet of a view's column, which is no object: a part of the view.
            if !catalog.contains(parent)
                && let Some(holder) = parent.parents().find(|holder| catalog.contains(holder))
            {
                parts.entry(holder).or_default().push(id);
            }
        }
    }
    parts
}

/// What vanishes together with each object that is not its parent.
fn owned(catalog: &crate::kind::Catalog) -> BTreeMap<&ObjectId, Vec<&ObjectId>> {
    let mut owned: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (id, owner) in &catalog.owned {
        owned.entry(owner).or_default().push(id);
    }
    owned
}

/// Whether an object vanishes with its parent.
pub(super) fn is_part(id: &ObjectId) -> bool {
    id.kind.is_facet()
        || id
            .parent
            .as_deref()
            .is_some_and(|parent| parent.kind != Kind::Schema)
}

struct Decider<'a> {
    context: &'a Context<'a>,
    fates: Fates,
    queue: VecDeque<ObjectId>,
    dependents: BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>,
    parts: BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>,
    owned: BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>,
    /// The new parts of each table that come with its parents' while it stays what it is.
    come_with_parent: BTreeMap<ObjectId, Vec<ObjectId>>,
    /// The tables whose row types were held back, and whether they get columns meanwhile.
    held_back: BTreeMap<ObjectId, bool>,
}

impl<'a> Decider<'a> {
    fn take_changes(&mut self, forced: &BTreeSet<ObjectId>) -> Result<(), PlanError> {
        let (before, after) = (self.context.before, self.context.after);
        for (id, from) in &before.objects {
            let anew = |to| from.is_made_anew(to, id, self.context);
            if after.get(id).is_some_and(anew) {
                self.set(id.clone(), Fate::Rebuild);
            }
        }
        for id in forced {
            if before.contains(id) && after.contains(id) {
                self.set(id.clone(), Fate::Rebuild);
            }
        }
        for (id, change) in compare(before, after) {
            if self.comes_with_parent(&id, change) {
                let says_more = |it: &Object| it.says_more_than_parent(&id, self.context);
                if change == Change::Create {
                    if after.get(&id).is_some_and(says_more) {
                        self.set(id, Fate::Create);
                    } else if let Some(table) = id.parent.as_deref().cloned() {
                        self.come_with_parent.entry(table).or_default().push(id);
                    }
                }
                continue;
            }
            let fate = match change {
                Change::Create => Fate::Create,
                Change::Drop => {
                    let object = before.get(&id);
                    match object.and_then(|it| aside::gives_way(&id, it, self.context)) {
                        Some(Reaction::Swap { set_aside, discard }) => {
                            Fate::Swap { set_aside, discard }
                        }
                        _ => Fate::Drop,
                    }
                }
                Change::Alter => {
                    let (Some(from), Some(to)) = (before.get(&id), after.get(&id)) else {
                        continue;
                    };
                    if forced.contains(&id) {
                        Fate::Rebuild
                    } else {
                        match from.alter(to, &id, self.context) {
                            Alteration::Rebuild => Fate::Rebuild,
                            Alteration::Swap { set_aside, discard } => {
                                Fate::Swap { set_aside, discard }
                            }
                            Alteration::InPlace(statements) => {
                                self.alter(&id, from, to, statements, &[])?
                            }
                            Alteration::Disturbing(statements, kinds) => {
                                self.alter(&id, from, to, statements, kinds)?
                            }
                        }
                    }
                }
            };
            self.renew_parent(&id);
            if let Fate::Alter { disturbs, .. } = &fate
                && !disturbs.is_empty()
                && let Some(holder) = id.parent.as_deref()
                && before.get(holder).is_some_and(|it| it.is_rebuilt_with(&id))
            {
                self.rebuild_family(holder);
            }
            let settled = matches!(self.fates.get(&id), Some(Fate::Drop | Fate::Rebuild));
            if !settled
                && !matches!(&fate, Fate::Alter { lets_go: None, statements, disturbs } if statements.is_empty() && disturbs.is_empty())
            {
                self.set(id, fate);
            }
        }
        self.read_again();
        Ok(())
    }

    /// What keeps its words and comes to mean another overload has them read again.
    fn read_again(&mut self) {
        for id in overload::meaning_changes(self.context) {
            if self.fates.contains_key(id) || self.comes_with_parent(id, Change::Create) {
                continue;
            }
            let object = self.context.after.get(id);
            match object.and_then(|object| object.stub(id, self.context)) {
                Some(stub) => {
                    let fate = Fate::Alter {
                        lets_go: None,
                        statements: stub.complete,
                        disturbs: &[],
                    };
                    self.set(id.clone(), fate);
                }
                None => self.take_down(id),
            }
        }
    }

    /// Makes the parent of a part anew that cannot be made, or become what it shall be, on the parent that is there.
    fn renew_parent(&mut self, id: &ObjectId) {
        let (before, after) = (self.context.before, self.context.after);
        let needed = after
            .get(id)
            .is_some_and(|part| part.needs_new_parent(id, self.context));
        let Some(parent) = id.parent.as_deref().filter(|_| needed) else {
            return;
        };
        if let Some(object) = before.get(parent).filter(|_| after.contains(parent))
            && !matches!(
                self.fates.get(parent),
                Some(Fate::Drop | Fate::Rebuild | Fate::Swap { .. })
            )
            && let Reaction::Swap { set_aside, discard } =
                object.when_replaced(parent, parent, self.context)
        {
            self.set(parent.clone(), Fate::Swap { set_aside, discard });
        }
    }

    fn alter(
        &self,
        id: &ObjectId,
        from: &Object,
        to: &Object,
        statements: Vec<Statement>,
        disturbs: &'static [Kind],
    ) -> Result<Fate, PlanError> {
        // What came from a parent, or stops or begins to, changes with the parent's statement.
        let lets_go = from.lets_go(to, id, self.context);
        if statements.is_empty()
            && lets_go.is_none()
            && disturbs.is_empty()
            && !from.is_inherited()
            && !to.is_inherited()
            && self.context.before.inherited_from(id).is_empty()
            && !matches!(id.kind, Kind::Owner | Kind::Row | Kind::Sql | Kind::NotNull)
        {
            return Err(PlanError::Unhandled {
                object: id.clone(),
                detail: format!("{} and {}", from.to_json(), to.to_json()),
            });
        }
        Ok(Fate::Alter {
            lets_go,
            statements,
            disturbs,
        })
    }

    /// Whether a part that came from a parent table or a partitioned table changes with it and not by itself: the table is
    /// tied to that parent all the while.
    fn comes_with_parent(&self, id: &ObjectId, change: Change) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        let (before, after) = (self.context.before, self.context.after);
        if !before.contains(table) || !after.contains(table) {
            return false;
        }
        let inherited =
            |catalog: &crate::kind::Catalog| catalog.get(id).is_some_and(Object::is_inherited);
        let kept = kept_parents(table, self.context);
        let from_kept = |catalog: &crate::kind::Catalog| {
            !matches!(id.kind, Kind::Column | Kind::Check)
                || kept.iter().any(|parent| {
                    !catalog.contains(parent) || catalog.contains(&parent.child(id.kind, &id.name))
                })
        };
        if kept.is_empty() {
            return false;
        }
        match change {
            Change::Create => inherited(after) && from_kept(after),
            Change::Drop => inherited(before) && from_kept(before),
            // A column has settings of its own; a check is the parent's alone, but for what a partition's says more.
            Change::Alter => {
                let says_more = |it: &Object| it.says_more_than_parent(id, self.context);
                id.kind == Kind::Check
                    && inherited(before)
                    && inherited(after)
                    && !after.get(id).is_some_and(says_more)
            }
        }
    }

    fn set(&mut self, id: ObjectId, fate: Fate) {
        self.queue.push_back(id.clone());
        self.fates.insert(id, fate);
    }

    /// Makes a partitioned table anew with all its partitions, which share its key: those too that stay below it when the one
    /// between is dropped.
    fn rebuild_family(&mut self, table: &ObjectId) {
        self.take_down(table);
        for partition in crate::kind::family(table, self.context.before) {
            let is_below = |catalog: &Catalog| {
                let tie = partition.child(Kind::Partition, "");
                super::graph::roots(&tie, catalog).any(|it| it == *table)
            };
            if is_below(self.context.before)
                && (is_below(self.context.after) || !self.is_below_dropped(&partition, table))
            {
                self.take_down(&partition);
            }
        }
    }

    /// Whether what ties a partition to a table above it goes in between.
    fn is_below_dropped(&self, partition: &ObjectId, table: &ObjectId) -> bool {
        let tie = partition.child(Kind::Partition, "");
        super::graph::roots(&tie, self.context.before)
            .take_while(|it| it != table)
            .any(|it| matches!(self.fates.get(&it), Some(Fate::Drop)))
    }

    /// A partition that gets other bounds leaves its table for a moment, which foreign keys that refer to its rows do not allow.
    fn let_rows_leave(&mut self, tie: &ObjectId) {
        let before = self.context.before;
        let tables: Vec<ObjectId> = super::graph::roots(tie, before).collect();
        for (key, _, to) in crate::kind::references(before) {
            if tables.contains(&to) {
                self.take_down(key);
            }
        }
    }

    /// Whether a part stays what the parent's part makes of it, or goes with it: only there can it be taken down.
    fn follows_parent(&self, id: &ObjectId) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        !matches!(self.fates.get(table), Some(Fate::Drop | Fate::Rebuild))
            && (!self.context.after.contains(id) || self.comes_with_parent(id, Change::Create))
            && self.comes_with_parent(id, Change::Drop)
    }

    /// Takes an object down: for good, or to be put back.
    fn take_down(&mut self, id: &ObjectId) {
        let is_kept_column = id.kind == Kind::Column && self.context.after.contains(id);
        if self.follows_parent(id) && !is_kept_column || self.is_carried(id) {
            return;
        }
        match self.fates.get(id) {
            Some(Fate::Drop | Fate::Rebuild | Fate::Create | Fate::Undo(_)) => {}
            _ if self.context.after.contains(id) => self.set(id.clone(), Fate::Rebuild),
            _ => self.set(id.clone(), Fate::Drop),
        }
    }

    /// Whether it is a declared row that is put aside and back with all rows of its table.
    fn is_carried(&self, id: &ObjectId) -> bool {
        let (before, after) = (self.context.before, self.context.after);
        let Some(table) = id.parent.as_deref().filter(|_| id.kind == Kind::Row) else {
            return false;
        };
        after.contains(id)
            && matches!(self.fates.get(table), Some(Fate::Rebuild))
            && matches!((before.get(table), after.get(table)), (Some(from), Some(to)) if from.carry(to, table, self.context).is_some())
    }

    fn propagate(&mut self) {
        let mut swapped = BTreeSet::new();
        while let Some(id) = self.queue.pop_front() {
            let Some(fate) = self.fates.get(&id).cloned() else {
                continue;
            };
            match fate {
                Fate::Create => self.hold_back_for(&id),
                Fate::Undo(_) => {}
                Fate::Drop | Fate::Rebuild => {
                    if matches!(fate, Fate::Rebuild) {
                        self.hold_back_for(&id);
                    }
                    if matches!(fate, Fate::Rebuild)
                        && self.context.before.partitioned.contains(&id)
                    {
                        self.rebuild_family(&id);
                    }
                    if matches!(fate, Fate::Rebuild) && id.kind == Kind::Partition {
                        self.let_rows_leave(&id);
                    }
                    if row_type::stays(&id, self.context) {
                        self.hold_back(&id, true);
                    }
                    for part in self.parts.get(&id).cloned().unwrap_or_default() {
                        self.take_down(part);
                    }
                    for part in self.come_with_parent.remove(&id).unwrap_or_default() {
                        self.set(part, Fate::Create);
                    }
                    for dependent in self.dependents.get(&id).cloned().unwrap_or_default() {
                        self.dependency_goes(dependent, &id);
                    }
                    // What vanishes together with it is dropped with it, or put back after.
                    let owned = self.owned.get(&id).cloned().unwrap_or_default();
                    let rebuilt = matches!(fate, Fate::Rebuild);
                    for owned in owned
                        .into_iter()
                        .filter(|owned| rebuilt || !self.context.after.contains(owned))
                    {
                        self.take_down(owned);
                    }
                }
                Fate::Alter { disturbs, .. } => {
                    self.disturb(&id, disturbs);
                    if let Some(table) = id.parent.as_deref()
                        && id.kind == Kind::Column
                        && disturbs.contains(&Kind::Column)
                    {
                        self.hold_back(table, false);
                    }
                }
                Fate::Swap { .. } => {
                    // What was to be altered first waits in the queue twice; what is made of it follows once.
                    if !swapped.insert(id.clone()) {
                        continue;
                    }
                    for dependent in self.dependents.get(&id).cloned().unwrap_or_default() {
                        self.dependency_swapped(dependent, &id);
                    }
                    // Facets and parts stay on the old one and are made anew on the new one, with theirs.
                    let mut parts = self.parts.get(&id).cloned().unwrap_or_default();
                    while let Some(part) = parts.pop() {
                        if self.context.after.contains(part) {
                            self.fates.insert(part.clone(), Fate::Create);
                        } else {
                            self.fates.remove(part);
                        }
                        parts.extend(self.parts.get(part).into_iter().flatten());
                    }
                }
            }
        }
    }

    /// An object that depends on one that goes away: it goes too, unless its new definition does without.
    fn dependency_goes(&mut self, dependent: &ObjectId, gone: &ObjectId) {
        if dependent.is_within(gone) {
            return;
        }
        let (before, after) = (self.context.before, self.context.after);
        // Its values wait as text.
        if dependent.kind == Kind::Column
            && self.held_back.contains_key(gone)
            && self.waits(dependent)
        {
            return;
        }
        if let Some(Fate::Alter { .. }) = self.fates.get(dependent)
            && !after.dependencies_of(dependent).any(|id| id == gone)
            && !computes_the_same(before.get(dependent), after.get(dependent))
        {
            return;
        }
        let reaction = self
            .context
            .before
            .get(dependent)
            .map(|object| object.when_replaced(dependent, gone, self.context));
        if reaction != Some(Reaction::Ignore) {
            self.take_down(dependent);
        }
    }

    /// Whether the values of a column wait elsewhere, by its own statement or with those of the parent that it comes from.
    fn waits(&self, column: &ObjectId) -> bool {
        let own = matches!(
            self.fates.get(column),
            Some(Fate::Alter {
                lets_go: Some(_),
                ..
            })
        );
        let with_parent = || {
            let table = column.parent.as_deref()?;
            let mut parents = kept_parents(table, self.context).into_iter();
            parents.find(|parent| self.waits(&parent.child(Kind::Column, &column.name)))
        };
        own || with_parent().is_some()
    }

    fn disturb(&mut self, id: &ObjectId, kinds: &'static [Kind]) {
        if kinds.is_empty() {
            return;
        }
        let parts = self.parts.get(id).cloned().unwrap_or_default();
        let dependents = self.dependents.get(id).cloned().unwrap_or_default();
        for affected in parts.into_iter().chain(dependents) {
            let holds_row = || {
                kinds.contains(&Kind::Column) && is_over_whole_row(affected, self.context.before)
            };
            let reads_itself_otherwise =
                || kinds.contains(&Kind::Column) && self.is_read_otherwise(affected);
            if kinds.contains(&affected.kind) || holds_row() || reads_itself_otherwise() {
                self.take_down(affected);
            } else {
                self.set_again(affected);
                if kinds.contains(&Kind::ForeignKey) {
                    self.let_go_of_key(affected);
                }
            }
        }
    }

    /// Whether PostgreSQL, which makes a check or an index of a column that changes its type anew from its own printing, would print
    /// it otherwise from then on: made by its statement it is what it was.
    fn is_read_otherwise(&self, id: &ObjectId) -> bool {
        if !matches!(id.kind, Kind::Check | Kind::Index | Kind::Exclude) {
            return false;
        }
        let made = self
            .context
            .after
            .get(id)
            .map(|it| it.create(id, self.context));
        let mut texts = made.into_iter().flatten().map(|it| it.text());
        texts.any(|text| matches!(respell(&text), Cow::Owned(_)))
    }

    /// PostgreSQL makes a key anew that carries a column of another type, and knows of no foreign key then that refers to it
    /// by its other columns.
    fn let_go_of_key(&mut self, key: &ObjectId) {
        if !matches!(key.kind, Kind::PrimaryKey | Kind::Unique | Kind::Index) {
            return;
        }
        for dependent in self.dependents.get(key).cloned().unwrap_or_default() {
            if dependent.kind == Kind::ForeignKey {
                self.take_down(dependent);
            }
        }
    }

    /// Values of the row type of a table that gets a column, and each row a value of it, wait elsewhere meanwhile.
    fn hold_back_for(&mut self, column: &ObjectId) {
        if column.kind == Kind::Column
            && let Some(table) = column.parent.as_deref()
            && self.stays(table)
            && row_type::is_filled(column, self.context)
        {
            self.hold_back(table, false);
        }
    }

    fn stays(&self, table: &ObjectId) -> bool {
        self.context.before.contains(table)
            && !matches!(self.fates.get(table), Some(Fate::Drop | Fate::Rebuild))
    }

    fn is_made(&self, id: &ObjectId) -> bool {
        matches!(self.fates.get(id), Some(Fate::Create | Fate::Rebuild))
    }

    /// Values of the row type of a table whose column changes its type, or which is made anew, wait elsewhere meanwhile.
    fn hold_back(&mut self, table: &ObjectId, anew: bool) {
        let columns = self.context.after.children(table, Kind::Column);
        let mut columns = columns.into_iter().map(|(column, _)| column);
        let grows =
            !anew && columns.any(|it| self.is_made(it) && row_type::is_filled(it, self.context));
        // What held a column back holds back all columns of its table.
        let known = self.held_back.get(table).copied();
        if known.is_some_and(|known| known || !grows) {
            return;
        }
        self.held_back.insert(table.clone(), grows);
        for view in row_type::materialized(table, self.context) {
            self.take_down(&view);
        }
        for holder in row_type::holders(table, self.context) {
            if holder.parent.as_deref() == Some(table) && self.fates.contains_key(table) {
                continue;
            }
            let is_made = |column: &ObjectId| self.is_made(column);
            let how = match (anew, grows) {
                (true, _) => Becomes::Anew,
                (false, true) => Becomes::Grown(&is_made),
                (false, false) => Becomes::Retyped,
            };
            let Some(wait) = row_type::wait(&holder, &how, self.context) else {
                continue;
            };
            if let Some(Fate::Alter {
                lets_go: Some(first),
                disturbs: row_type::WAITING,
                ..
            }) = self.fates.get_mut(&holder)
                && known.is_some()
            {
                *first = wait.there;
                continue;
            }
            let mut statements = wait.back;
            match self.fates.get(&holder) {
                None => {}
                Some(Fate::Alter {
                    lets_go: None,
                    statements: own,
                    disturbs,
                }) if !disturbs.contains(&Kind::Column) => statements.extend(own.iter().cloned()),
                Some(_) => continue,
            }
            let fate = Fate::Alter {
                lets_go: Some(wait.there),
                statements,
                disturbs: row_type::WAITING,
            };
            self.set(holder, fate);
        }
    }

    /// What PostgreSQL forgets of an object that stays is set again.
    fn set_again(&mut self, id: &ObjectId) {
        let object = self.context.after.get(id);
        let Some(again) = object.map(|object| object.set_again(id, self.context)) else {
            return;
        };
        if again.is_empty() {
            return;
        }
        match self.fates.get_mut(id) {
            None => {
                let fate = Fate::Alter {
                    lets_go: None,
                    statements: again,
                    disturbs: &[],
                };
                self.fates.insert(id.clone(), fate);
            }
            Some(Fate::Alter { statements, .. }) => {
                statements.retain(|it| !again.contains(it));
                statements.extend(again);
            }
            Some(_) => {}
        }
    }

    fn dependency_swapped(&mut self, dependent: &ObjectId, swapped: &ObjectId) {
        let Some(object) = self.context.before.get(dependent) else {
            return;
        };
        if dependent.is_within(swapped) {
            return;
        }
        let reaction = object.when_replaced(dependent, swapped, self.context);
        let holder = dependent.parent.as_deref().filter(|holder| {
            let before = self.context.before;
            before
                .get(holder)
                .is_some_and(|it| it.is_rebuilt_with(dependent))
        });
        let reaction = match (reaction, holder) {
            (Reaction::Follow(..), Some(holder)) => {
                self.rebuild_family(holder);
                return;
            }
            // The parent's part moves this one along; what depends on this one moves by itself.
            (Reaction::Follow(_, kinds), None)
                if self.follows_parent(dependent)
                    || changes_with_parent(dependent, self.context) =>
            {
                Reaction::Follow(Vec::new(), kinds)
            }
            (other, _) => other,
        };
        match (reaction, self.fates.get(dependent).cloned()) {
            (_, Some(Fate::Drop | Fate::Rebuild | Fate::Create | Fate::Undo(_))) => {}
            (Reaction::Rebuild, _) => self.take_down(dependent),
            (Reaction::Swap { .. }, _) if !self.context.after.contains(dependent) => {
                self.take_down(dependent);
            }
            (
                Reaction::Follow(mut statements, kinds),
                Some(Fate::Alter {
                    lets_go,
                    statements: own,
                    disturbs,
                }),
            ) => {
                let heir = aside::heir(swapped, self.context);
                if self
                    .context
                    .after
                    .dependencies_of(dependent)
                    .any(|id| id == swapped || Some(id) == heir.as_ref())
                {
                    statements.extend(own);
                    let disturbs = if disturbs.is_empty() { kinds } else { disturbs };
                    self.set(
                        dependent.clone(),
                        Fate::Alter {
                            lets_go,
                            statements,
                            disturbs,
                        },
                    );
                }
            }
            (Reaction::Follow(statements, disturbs), _) => {
                self.set(
                    dependent.clone(),
                    Fate::Alter {
                        lets_go: None,
                        statements,
                        disturbs,
                    },
                );
            }
            (_, Some(Fate::Swap { .. })) => {}
            (Reaction::Swap { set_aside, discard }, _) => {
                self.set(dependent.clone(), Fate::Swap { set_aside, discard });
            }
            (Reaction::Ignore, _) => {}
        }
    }

    /// Objects are born with the default privileges that stand when they are made, those of before: what is also wanted
    /// need not be granted, what is not wanted is taken away.
    fn default_privileges(&mut self) {
        let (before, after) = (self.context.before, self.context.after);
        let made: Vec<ObjectId> = self
            .fates
            .iter()
            .filter(|(id, fate)| {
                let class =
                    |catalog: &Catalog| catalog.get(id).and_then(Object::default_privileges_class);
                match fate {
                    Fate::Create | Fate::Rebuild | Fate::Swap { .. } => class(after).is_some(),
                    // A column begins to count.
                    Fate::Alter { .. } => class(before) != class(after) && class(after).is_some(),
                    Fate::Drop | Fate::Undo(_) => false,
                }
            })
            .map(|(id, _)| id.clone())
            .collect();
        if before.of_kind(Kind::DefaultPrivilege).next().is_none() {
            return;
        }
        for id in made {
            if let Some(class) = after.get(&id).and_then(Object::default_privileges_class) {
                self.born_with(&id, class, id.schema());
            }
        }
        let extensions: Vec<ObjectId> = self
            .fates
            .iter()
            .filter(|(id, fate)| {
                id.kind == Kind::Extension && matches!(fate, Fate::Create | Fate::Rebuild)
            })
            .map(|(id, _)| id.clone())
            .collect();
        for member in extensions
            .iter()
            .filter_map(|id| after.members.get(id))
            .flatten()
        {
            if let Some(class) = member.id.kind.default_privileges_class() {
                self.born_with(&member.id, class, Some(&member.schema));
            }
        }
    }

    /// What is replaced in place is tied to its extensions again: CREATE OR REPLACE forgets that.
    fn tie_again(&mut self) {
        let (before, after) = (self.context.before, self.context.after);
        for (tie, object) in after.of_kind(Kind::ExtensionDependency) {
            let holder = tie.parent.as_deref().and_then(|it| self.fates.get(it));
            let is_replaced = match holder {
                Some(Fate::Alter { statements, .. }) => statements
                    .iter()
                    .any(|statement| statement.text().starts_with("CREATE OR REPLACE")),
                _ => false,
            };
            if is_replaced && before.contains(tie) && !self.fates.contains_key(tie) {
                let fate = Fate::Alter {
                    lets_go: None,
                    statements: object.create(tie, self.context),
                    disturbs: &[],
                };
                self.fates.insert(tie.clone(), fate);
            }
        }
    }

    /// A right on a relation that is taken away takes the same right on its columns along: those that stay are given again.
    fn give_again(&mut self) {
        let (before, after) = (self.context.before, self.context.after);
        let mut on_columns: BTreeMap<ObjectId, Vec<&ObjectId>> = BTreeMap::new();
        for (id, _) in before.of_kind(Kind::Grant) {
            let column = id.parent.as_deref().filter(|it| it.kind == Kind::Column);
            if let Some(relation) = column.and_then(|it| it.parent.as_deref()) {
                let whole = relation.child(Kind::Grant, &id.name);
                let whole = whole.with_signature(&id.signature);
                on_columns.entry(whole).or_default().push(id);
            }
        }
        for (whole, rights) in on_columns {
            let (gone, only_the_option) = match (self.fates.get(&whole), after.get(&whole)) {
                (Some(Fate::Create), Some(Object::Grant(to))) => (!to.granted, false),
                (Some(Fate::Alter { .. }), Some(Object::Grant(to))) => (!to.grantable, true),
                (fate, _) => (fate.is_some(), false),
            };
            for right in rights.into_iter().filter(|_| gone) {
                let is_taken = |it: &Object| matches!(it, Object::Grant(it) if it.grantable || !only_the_option);
                if after.get(right).is_some_and(is_taken) && !self.fates.contains_key(right) {
                    self.fates.insert(right.clone(), Fate::Create);
                }
            }
        }
    }

    /// Members of an extension that is made are born with the comments that it gives them: those need not be set, and one
    /// that is not wanted is taken away.
    fn born_comments(&mut self) {
        let after = self.context.after;
        for (id, text) in &after.born {
            let made = id.extension().and_then(|it| self.fates.get(it));
            if !matches!(made, Some(Fate::Create | Fate::Rebuild)) {
                continue;
            }
            if after.is_born_with(id) {
                self.fates.remove(id);
            } else if !after.contains(id) {
                let born = Object::from(Comment { text: text.clone() });
                let statements = born.drop(id, self.context);
                self.fates.insert(id.clone(), Fate::Undo(statements));
            }
        }
    }

    /// An object is made under default privileges.
    fn born_with(&mut self, id: &ObjectId, class: &str, schema: Option<&str>) {
        let (before, after) = (self.context.before, self.context.after);
        for born in
            default_privilege::born_with(before, self.context.role, id, class, schema, after)
        {
            let id = id
                .child(Kind::Grant, &born.grantee)
                .with_signature(&born.privilege);
            match after.get(&id) {
                Some(Object::Grant(wanted)) if **wanted == born.grant => {
                    self.fates.remove(&id);
                }
                Some(Object::Grant(wanted))
                    if wanted.granted && !wanted.grantable && born.grant.grantable =>
                {
                    let statements = wanted.without_option(&id, self.context);
                    self.fates.insert(id, Fate::Undo(statements));
                }
                Some(_) => {}
                None if born.grant.granted == born.usual => {}
                None => {
                    let statements = Object::from(born.grant).drop(&id, self.context);
                    self.fates.insert(id, Fate::Undo(statements));
                }
            }
        }
    }
}

/// Whether a column is computed by the same words all the while: its change lets go of nothing that they mean.
fn computes_the_same(from: Option<&Object>, to: Option<&Object>) -> bool {
    match (from, to) {
        (Some(Object::Column(from)), Some(Object::Column(to))) => {
            from.generated.is_some() && from.generated == to.generated
        }
        _ => false,
    }
}
