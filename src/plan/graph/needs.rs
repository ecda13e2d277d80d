//! What objects need: what is made comes after that, what is taken away goes before it, what changes lets go of it.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::stable_graph::NodeIndex;

use super::families::{origins, roots};
use super::{Before, Graph, of_kind, parts};
use crate::kind::constraint::{holds_keys, is_attached_by_parent, parent_index};
use crate::kind::{Catalog, Context, Object, aside, extension_dependency, row, row_type};
use crate::model::{Kind, ObjectId};
use crate::plan::Verb;
use crate::plan::fate::{Fate, Fates};

/// An object, and what is done with it.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) id: &'a ObjectId,
    pub(super) create: Option<NodeIndex>,
    pub(super) alter: Option<NodeIndex>,
    pub(super) drop: Option<NodeIndex>,
}

/// Whether a default comes to a column that stays what it is, but for whether it refuses null.
fn is_new_default(id: &ObjectId, context: &Context<'_>) -> bool {
    let column = id.parent.as_deref();
    let both = column.and_then(|it| context.before.get(it).zip(context.after.get(it)));
    id.kind == Kind::Default
        && matches!(both, Some((Object::Column(from), Object::Column(to)))
            if from.data_type == to.data_type
                && from.collation == to.collation
                && from.generated.is_none()
                && to.generated.is_none()
                && from.identity.is_none())
}

impl Graph {
    pub(super) fn connect(
        &mut self,
        context: &Context<'_>,
        fates: &Fates,
        asides: &BTreeMap<ObjectId, NodeIndex>,
        releases: &BTreeMap<ObjectId, NodeIndex>,
    ) {
        let (before, after) = (context.before, context.after);
        let mut soft = Vec::new();
        for id in fates.keys() {
            let (create, alter, drop) = (
                self.creates.get(id).copied(),
                self.alters.get(id).copied(),
                self.drops.get(id).copied(),
            );
            // What an object is born with is in neither catalog: it is taken away when the object is made.
            if let (Some(Fate::Undo(_)), Some(undo)) = (fates.get(id), alter) {
                for parent in id.parents() {
                    if let Some(&made) = self.creates.get(parent) {
                        self.edge(made, undo, Before::Must);
                    }
                }
                continue;
            }
            // PostgreSQL attaches what the partitions have when it makes the partitioned table's.
            let whole = parent_index(id, context)
                .map(|(whole, _)| whole)
                .filter(|_| is_attached_by_parent(id, context));
            if let Some((own, &whole)) =
                create.zip(whole.as_ref().and_then(|it| self.creates.get(it)))
            {
                self.edge(own, whole, Before::Must);
            }
            let swapped = asides.get(id).copied();
            let heir = swapped.and_then(|_| aside::heir(id, context));
            let create_of_heir = heir.and_then(|heir| self.creates.get(&heir).copied());
            if let (Some(create), Some(drop)) = (create.or(create_of_heir), drop) {
                match swapped {
                    Some(aside) => {
                        self.edge(aside, create, Before::Must);
                        self.edge(create, drop, Before::Must);
                    }
                    None => self.edge(drop, create, Before::Must),
                }
            }
            // What is made or altered comes after what it depends on then.
            for needed in needs(after, id) {
                let how = if context.after.guessed && !id.is_within(needed) {
                    Before::Guess
                } else {
                    Before::Must
                };
                if whole.as_ref() == Some(needed) {
                    continue;
                }
                // A row lets go of a value before that goes.
                if id.kind == Kind::Row
                    && let Some(alter) = alter
                    && row::goes_first(id, needed, context)
                {
                    let changes = [&self.alters, asides].into_iter();
                    let changes: Vec<NodeIndex> =
                        changes.filter_map(|of| of.get(needed).copied()).collect();
                    for changed in changes {
                        self.edge(alter, changed, Before::Must);
                    }
                    continue;
                }
                for later in [create, alter].into_iter().flatten() {
                    // A domain gets no constraint any more when a composite type of some table holds it.
                    if needed.kind == Kind::Domain
                        && id.kind == Kind::Composite
                        && Some(later) == create
                    {
                        for kind in [Kind::DomainConstraint, Kind::DomainNotNull] {
                            let made = parts(&self.creates, needed, kind);
                            for made in made.into_iter().map(|(_, node)| node).collect::<Vec<_>>() {
                                self.guess(made, later);
                            }
                        }
                    }
                    if let Some(&made) = self.creates.get(needed) {
                        self.edge(made, later, how);
                        if Some(later) == create {
                            soft.push((needed.root().clone(), id.root().clone(), Verb::Create));
                        }
                    }
                    // CREATE OR REPLACE forgets to which extensions the object is tied.
                    if let Some(&changed) = self.alters.get(needed)
                        && (id.parent.as_deref() != Some(needed)
                            || id.kind == Kind::ExtensionDependency)
                    {
                        self.edge(changed, later, Before::Must);
                    }
                }
            }
            let at = At {
                id,
                create,
                alter,
                drop,
            };
            self.connect_whole_rows(context, at);
            self.connect_children(context, at);
            self.connect_partitions(context, at);
            self.connect_changes(context, at);
            // The parts of what is swapped go with the old one.
            let with_parent = || {
                let parent = id.parent.as_deref().filter(|it| asides.contains_key(it))?;
                self.drops.get(parent).copied()
            };
            let lets_go = drop.or_else(|| with_parent().filter(|_| before.contains(id)));
            // What is taken away goes before what it depended on; what is altered lets go of it before.
            for needed in needs(before, id) {
                if let (None, Some(lets_go), Some(&gone)) = (drop, lets_go, self.drops.get(needed))
                    && !asides.contains_key(needed)
                {
                    self.edge(lets_go, gone, Before::Must);
                }
                // A column takes over from a sequence, or hands over to one, when its own change comes.
                if needed.kind == Kind::Sequence
                    && let Some(first) = drop.or(alter)
                    && let Some(sequence) = before.get(needed)
                {
                    for column in sequence.carried_by(needed, context) {
                        if let Some(&changed) = self.alters.get(&column)
                            && !id.is_within(&column)
                        {
                            self.edge(first, changed, Before::Must);
                        }
                    }
                }
                if let Some(&gone) = self.drops.get(needed) {
                    // What is put back does not take hold of it again.
                    if let (Some(create), false) = (create, asides.contains_key(needed)) {
                        self.should(gone, create);
                    }
                    match (drop, alter) {
                        (Some(drop), _) if asides.contains_key(needed) => {
                            if swapped.is_none() {
                                self.edge(drop, asides[needed], Before::Must);
                            } else {
                                // Both are swapped: the old one goes before what it is made of.
                                self.edge(drop, gone, Before::Must);
                            }
                        }
                        // What it holds is let go of first.
                        (Some(drop), _)
                            if needed.kind == Kind::Partition && holds_keys(id, before) =>
                        {
                            self.edge(gone, drop, Before::Must);
                        }
                        (Some(drop), _) => {
                            self.edge(drop, gone, Before::Must);
                            soft.push((id.root().clone(), needed.root().clone(), Verb::Drop));
                        }
                        // Values of a row type wait as text.
                        (None, Some(_))
                            if row_type::stays(needed, context) && releases.contains_key(id) =>
                        {
                            self.edge(releases[id], gone, Before::Must);
                        }
                        (None, Some(alter)) => match self.leaves(id, needed, before) {
                            // It changes when its table has left the other.
                            Some(leaves) => self.edge(leaves, gone, Before::Must),
                            // With another parent's, when this one's is gone.
                            None if origins(id, context).contains(needed) => {}
                            None => self.edge(alter, gone, Before::Must),
                        },
                        (None, None) => {}
                    }
                }
                if let (Some(drop), Some(&changed), None) = (drop, self.alters.get(needed), swapped)
                    && id.parent.as_deref() != Some(needed)
                {
                    self.edge(drop, changed, Before::Must);
                }
                // A default goes before its column's type changes.
                if let (Some(drop), Some(&changed)) = (drop, self.alters.get(needed))
                    && id.parent.as_deref() == Some(needed)
                {
                    self.edge(drop, changed, Before::Must);
                }
                if let (Some(drop), Some(&released)) = (drop, releases.get(needed))
                    && needed.kind == Kind::Column
                {
                    self.edge(drop, released, Before::Must);
                }
            }
            // A default comes back after its column's type changed.
            if let Some(create) = create
                && let Some(&changed) = id
                    .parent
                    .as_deref()
                    .and_then(|parent| self.alters.get(parent))
                && id
                    .parent
                    .as_deref()
                    .is_some_and(|parent| parent.kind == Kind::Column)
                // New rows have it as soon as they can, before the column begins to refuse null.
                && !(drop.is_none() && is_new_default(id, context))
            {
                self.edge(changed, create, Before::Must);
            }
        }
        self.connect_names(context);
        for (first, then, verb) in soft {
            let (nodes, inner, outer, catalog) = match verb {
                Verb::Drop => (&self.drops, &then, &first, before),
                _ => (&self.creates, &first, &then, after),
            };
            // A partition comes after its partitioned table and goes before it, whatever of that waits for the partition.
            let tie = inner.child(Kind::Partition, "");
            if roots(&tie, catalog).any(|above| above == *outer) {
                continue;
            }
            if let (Some(&first), Some(&then)) = (nodes.get(&first), nodes.get(&then)) {
                self.should(first, then);
            }
        }
    }

    /// What speaks of rows as a whole comes when their columns are what they shall be.
    fn connect_whole_rows(&mut self, context: &Context<'_>, at: At<'_>) {
        let (before, after) = (context.before, context.after);
        let At {
            id,
            create,
            alter,
            drop,
        } = at;
        // A row of a table is made from all its columns.
        if matches!(
            id.kind,
            Kind::Column | Kind::Default | Kind::Check | Kind::View
        ) {
            let needed = after
                .dependencies_of(id)
                .filter(|it| it.kind == Kind::Table && !id.is_within(it) && context.keeps(it));
            let columns = needed.flat_map(|it| parts(&self.creates, it, Kind::Column));
            let columns: Vec<NodeIndex> = columns.map(|(_, node)| node).collect();
            for column in columns {
                for later in [create, alter].into_iter().flatten() {
                    self.should(column, later);
                }
            }
        }
        // A materialized view holds the rows of a table that it speaks of as a whole.
        if id.kind == Kind::MaterializedView {
            let needed: BTreeSet<&ObjectId> = before
                .dependencies_of(id)
                .chain(after.dependencies_of(id))
                .collect();
            let changed = needed
                .into_iter()
                .flat_map(|it| parts(&self.alters, it, Kind::Column));
            let changed: Vec<NodeIndex> = changed.map(|(_, node)| node).collect();
            for changed in changed {
                if let Some(drop) = drop {
                    self.should(drop, changed);
                }
                if let Some(create) = create {
                    self.should(changed, create);
                }
            }
        }
    }

    /// A right on a relation is taken away before the same right on a column is given: it would take that along.
    pub(super) fn connect_rights(&mut self) {
        let mut edges = Vec::new();
        for (given, create) in of_kind(&self.creates, Kind::Grant) {
            let column = given.parent.as_deref().filter(|it| it.kind == Kind::Column);
            let Some(relation) = column.and_then(|it| it.parent.as_deref()) else {
                continue;
            };
            let whole = relation.child(Kind::Grant, &given.name);
            let whole = whole.with_signature(&given.signature);
            let taken = [self.drops.get(&whole), self.alters.get(&whole)];
            edges.extend(taken.into_iter().flatten().map(|taken| (*taken, create)));
        }
        for (taken, create) in edges {
            self.edge(taken, create, Before::Must);
        }
    }

    /// What changes by something that goes, after something else, or with what carries it.
    fn connect_changes(&mut self, context: &Context<'_>, at: At<'_>) {
        let (before, after) = (context.before, context.after);
        let At {
            id,
            create,
            alter,
            drop,
        } = at;
        if let (Some(alter), Some(from), Some(to)) = (alter, before.get(id), after.get(id)) {
            let by = from.changes_by(to);
            if let Some(&gone) = by.and_then(|by| self.drops.get(&by)) {
                self.edge(alter, gone, Before::Must);
            }
            for (first, tie) in from.changes_after(to, id, context) {
                let gone = self.drops.get(&tie).copied();
                let made = self.creates.get(&tie).copied();
                let first = self.alters.get(&first).copied();
                if let (Some(first), None, None) = (first, gone, made) {
                    self.edge(first, alter, Before::Must);
                }
                for end in first.into_iter().chain([alter]) {
                    if let Some(gone) = gone {
                        self.edge(gone, end, Before::Must);
                    }
                    if let Some(made) = made {
                        self.edge(end, made, Before::Must);
                    }
                }
            }
        }
        for catalog in [before, after] {
            let origins = catalog.get(id).map(|object| object.carried_by(id, context));
            for origin in origins.into_iter().flatten() {
                if let (Some(drop), Some(&gone)) = (drop, self.drops.get(&origin)) {
                    self.edge(drop, gone, Before::Must);
                }
                if let (Some(create), Some(&made)) = (create, self.creates.get(&origin)) {
                    self.edge(made, create, Before::Must);
                }
                if let Some(&changed) = self.alters.get(&origin) {
                    for later in [create, alter, drop].into_iter().flatten() {
                        self.edge(changed, later, Before::Must);
                    }
                }
            }
        }
    }
}

/// What an object needs: what it depends on and what it is a part of; of columns that come from parent tables also
/// those, which are made and dropped there.
pub(super) fn needs<'a>(catalog: &'a Catalog, id: &'a ObjectId) -> Vec<&'a ObjectId> {
    if !catalog.contains(id) {
        return Vec::new();
    }
    let parent = id.parents().find(|parent| catalog.contains(parent));
    let mut found: Vec<&ObjectId> = vec![id];
    found.extend(catalog.dependencies_of(id).chain(parent));
    // What is tied to an extension goes before it, and its ties with it.
    if extension_dependency::is_known_to(id.kind) {
        for (tie, _) in catalog.children(id, Kind::ExtensionDependency) {
            found.extend(catalog.dependencies_of(tie));
        }
    }
    let mut next = 0;
    while let Some(needed) = found.get(next).copied() {
        next += 1;
        // What a child declares itself is not made by the parent's.
        let declared = needed == id && catalog.get(id).is_some_and(|it| !it.is_inherited());
        if needed.kind != Kind::Column || declared {
            continue;
        }
        for origin in catalog.inherited_from(needed) {
            if let Some((origin, _)) = catalog.objects.get_key_value(&origin)
                && !found.contains(&origin)
            {
                found.push(origin);
            }
        }
    }
    found.split_off(1)
}
