//! What is in the project's hands. Undeclared schemas are left alone unless the scope takes them all or the project had
//! them before; what is undeclared in a declared schema is the caller's to judge, by the history.

use std::collections::BTreeSet;

use super::declared_roles;
use crate::kind::constraint::attached_to;
use crate::kind::language::Desired;
use crate::kind::{Catalog, partitioned_table};
use crate::model::{Kind, ObjectId};

/// The project's hands, as a filter over catalogs.
#[derive(Clone)]
pub struct Managed<'a> {
    /// The history schema; always out.
    pub history_schema: &'a str,
    /// The project's `scope`, of an object and of what owns it: `None` where it says nothing, else whether it is in.
    pub scope: &'a (dyn Fn(&ObjectId, Option<&ObjectId>) -> Option<bool> + Sync + 'a),
    /// Whether everything in the database is in the project's hands: `scope { only schema="*" }`.
    pub everything: bool,
    /// What the record has of schemas, and of what belongs to the database itself: it was in the project's hands, and is
    /// so until it goes or the scope ignores it.
    pub recorded: BTreeSet<ObjectId>,
    /// Objects of declared schemas that nobody declared and that no migration left: outside.
    pub left_alone: BTreeSet<ObjectId>,
    /// The kinds of facets of which silence leaves what is there.
    pub left: BTreeSet<Kind>,
    /// Whether all settings of the database are in the project's hands, said or not.
    pub settings: bool,
}

impl<'a> Managed<'a> {
    /// The same without these objects too.
    pub fn without(&self, more: BTreeSet<ObjectId>) -> Managed<'a> {
        let mut managed = self.clone();
        managed.left_alone.extend(more);
        managed
    }

    /// The managed part of a catalog.
    pub fn of(&self, catalog: &Catalog, desired: &Desired) -> Catalog {
        self.of_own(catalog.clone(), desired)
    }

    /// The same of a catalog that nobody needs as it is.
    pub fn of_own(&self, catalog: Catalog, desired: &Desired) -> Catalog {
        let with_others = self.left_out_with_others(&catalog);
        if !with_others.is_empty() {
            return self.without(with_others).of_own(catalog, desired);
        }
        let roles = declared_roles(desired);
        let applying = catalog.origin.role.clone();
        let held = self.holding_ours(&catalog, desired);
        let mut out = catalog.filter(|all, id, _| {
            held.contains(id)
                || self.includes(id, all.owned.get(id), desired, &roles, &applying)
                || self.stands_on_ours(id, all, desired)
        });
        if !self.everything {
            // A facet of what is not there any more, of a schema of another owner, and the like.
            out.dependencies
                .retain(|id, _| out.objects.contains_key(id));
        }
        out
    }

    /// The schemas that the scope leaves out, with something in them that it takes in: that could not be without them.
    fn holding_ours(&self, catalog: &Catalog, desired: &Desired) -> BTreeSet<ObjectId> {
        let is_out = |schema: &ObjectId| self.says(schema, catalog) == Some(false);
        let mut schemas = catalog.of_kind(Kind::Schema).map(|(schema, _)| schema);
        if !schemas.any(is_out) {
            return BTreeSet::new();
        }
        let all = catalog.objects.keys().chain(desired.objects.keys());
        all.filter(|id| self.says(id, catalog) == Some(true))
            .filter_map(|id| id.parent.as_deref())
            .filter(|schema| schema.kind == Kind::Schema && is_out(schema))
            .filter(|schema| &*schema.name != self.history_schema)
            .filter(|schema| self.everything || desired.speaks_of(&schema.name))
            .cloned()
            .collect()
    }

    /// What the scope says of an object.
    fn says(&self, id: &ObjectId, catalog: &Catalog) -> Option<bool> {
        (self.scope)(id, catalog.owned.get(id))
    }

    /// What is out with others: the partitions of which the scope says that they, or a table above them, are not the
    /// project's, and the indexes of partitions that belong to one which is not, since what is partitioned is one with its
    /// partitions; and the sequences of which it says so, by name or with the tables that own them.
    pub(super) fn left_out_with_others(&self, catalog: &Catalog) -> BTreeSet<ObjectId> {
        let is_out = |id: &ObjectId| {
            let tie = id.child(Kind::Partition, "");
            self.says(id, catalog) == Some(false)
                || catalog.contains(&tie) && self.says(&tie, catalog) == Some(false)
        };
        let above = |id: &ObjectId| match id.kind {
            Kind::Table | Kind::ForeignTable => partitioned_table(id, catalog),
            _ => attached_to(id, catalog),
        };
        let is_below_out =
            |id: &ObjectId| std::iter::successors(Some(id.clone()), above).any(|id| is_out(&id));
        let ties = catalog.of_kind(Kind::Partition);
        let partitions = ties
            .chain(catalog.of_kind(Kind::IndexAttach))
            .filter_map(|(tie, _)| tie.parent.as_deref())
            .filter(|id| is_below_out(id));
        let owned = catalog.owned.iter();
        let sequences = owned
            .filter(|(id, owner)| match self.says(id, catalog) {
                Some(included) => !included,
                None => is_below_out(owner.root()),
            })
            .map(|(id, _)| id);
        partitions
            .chain(sequences)
            .filter(|id| !self.left_alone.contains(id))
            .cloned()
            .collect()
    }

    /// Whether an object of the database itself stands on one of a declared schema, as a cast does on its function: that
    /// one could not be dropped without it.
    fn stands_on_ours(&self, id: &ObjectId, catalog: &Catalog, desired: &Desired) -> bool {
        id.parent.is_none()
            && !id.is_of_cluster()
            && !self.left_alone.contains(id)
            && self.says(id, catalog) != Some(false)
            && catalog.dependencies_of(id).any(|needed| {
                needed.kind != Kind::Schema
                    && needed
                        .schema()
                        .is_some_and(|schema| desired.speaks_of(schema))
            })
    }

    fn includes(
        &self,
        id: &ObjectId,
        owner: Option<&ObjectId>,
        desired: &Desired,
        roles: &BTreeSet<ObjectId>,
        applying: &str,
    ) -> bool {
        if id.schema() == Some(self.history_schema) || self.left_alone.contains(id) {
            return false;
        }
        if id.is_built_in() {
            // All databases of the cluster may have others' rights there: ours are those that the files speak of.
            let said = id.parents().find_map(|id| (self.scope)(id, None));
            let speaks = || {
                let said = desired.of_kind(Kind::Grant).map(|(said, _)| said);
                said.filter(|said| said.is_built_in())
                    .any(|said| said.holder() == id.holder())
            };
            return said.unwrap_or_else(|| self.everything || speaks());
        }
        if id.is_of_cluster() {
            return id.ancestors().any(|id| roles.contains(id));
        }
        // Nobody else speaks of these.
        if id.kind == Kind::Sql {
            return true;
        }
        // Only what is said: a database's own settings are its administrator's.
        if id.kind == Kind::DatabaseSetting {
            return self.settings || desired.objects.contains_key(id);
        }
        if !id.kind.is_facet()
            && let Some(included) = (self.scope)(id, owner)
        {
            return included;
        }
        match id.schema() {
            Some(schema) => {
                self.everything
                    || desired.speaks_of(schema)
                    || is_renamed(id, desired)
                    || self.recorded.contains(&ObjectId::top(Kind::Schema, schema))
            }
            None => {
                self.everything
                    || id.kind.is_facet()
                    || id.parents().next().is_some()
                    || self.recorded.contains(id)
                    || desired.objects.contains_key(id)
                    || desired.absent.contains_key(id)
                    || desired.objects.keys().any(|declared| {
                        // Default privileges without `for` are those of the role that applies.
                        let is_applying = declared.kind == Kind::DefaultPrivilege
                            && declared.parent.is_none()
                            && declared.name.is_empty()
                            && *id.name == *applying;
                        declared.kind == id.kind && (declared.name == id.name || is_applying)
                    })
            }
        }
    }
}

/// Whether the files say that the object, or what it is in, gets another name or goes to another schema: it is theirs
/// where it still has the old one.
fn is_renamed(id: &ObjectId, desired: &Desired) -> bool {
    desired
        .renames
        .iter()
        .any(|rename| id.is_within(&rename.from))
}
