//! Drift that a run does not touch stays drift: what it records is what it changed, and of the rest what was recorded
//! before. Otherwise the next run would swallow what somebody did by hand, and nobody would be told of it any more.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::base::{is_initial, is_whole};
use crate::diff::compare;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::scratch::prove::may_be_equal;

/// What an object is called after it, or what it is a part of, got another name.
pub(super) fn now_called(id: &ObjectId, renamed: &BTreeMap<ObjectId, ObjectId>) -> ObjectId {
    let nearest = id.ancestors().find_map(|it| renamed.get_key_value(it));
    nearest.map_or_else(|| id.clone(), |(from, to)| id.renamed(from, to))
}

/// What differed from the record before a run.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    objects: BTreeMap<ObjectId, Was>,
}

/// One object, as the record and the database had it.
#[derive(Debug, Clone)]
struct Was {
    recorded: Option<Arc<Object>>,
    found: Option<Arc<Object>>,
    dependencies: Vec<ObjectId>,
    position: Option<i32>,
}

impl Was {
    /// Adds what the other knows and this does not.
    fn with(&mut self, other: Was) {
        if self.recorded.is_none() {
            self.recorded = other.recorded;
            self.dependencies = other.dependencies;
            self.position = other.position;
        }
        self.found = self.found.take().or(other.found);
    }
}

impl Carried {
    /// The differences between the record and what is there, of objects and parts of objects that were recorded. After an
    /// upgrade of the server texts differ by their printing alone: then there are none.
    pub fn of(recorded: &Catalog, found: &Catalog, is_left: impl Fn(&ObjectId) -> bool) -> Carried {
        let known = |id: &ObjectId| {
            id.ancestors()
                .find(|id| is_whole(id))
                .is_some_and(|whole| recorded.contains(whole))
        };
        Carried::between(recorded, found, |id| known(id) && !is_left(id))
    }

    /// The differences between a record and what is there now, in what lies in schemas: what is new, gone or surely another.
    pub fn since(
        recorded: &Catalog,
        now: &Catalog,
        is_left: impl Fn(&ObjectId) -> bool,
    ) -> Carried {
        let is_another = |id: &ObjectId| match (recorded.get(id), now.get(id)) {
            (Some(one), Some(other)) => !may_be_equal(one, other),
            _ => true,
        };
        Carried::between(recorded, now, |id| {
            id.schema().is_some()
                && id.kind != Kind::Row
                && !is_initial(id)
                && !is_left(id)
                && is_another(id)
        })
    }

    fn between(
        recorded: &Catalog,
        found: &Catalog,
        is_wanted: impl Fn(&ObjectId) -> bool,
    ) -> Carried {
        if recorded.origin.major() != found.origin.major() {
            return Carried::default();
        }
        let objects = compare(recorded, found)
            .into_keys()
            .filter(is_wanted)
            .map(|id| {
                let was = Was {
                    recorded: recorded.objects.get(&id).cloned(),
                    found: found.objects.get(&id).cloned(),
                    dependencies: recorded.dependencies_of(&id).cloned().collect(),
                    position: recorded.positions.get(&id).copied(),
                };
                (id, was)
            })
            .collect();
        Carried { objects }
    }

    /// What differed.
    pub(super) fn ids(&self) -> impl Iterator<Item = &ObjectId> {
        self.objects.keys()
    }

    /// Whether something of that name was recorded.
    pub(super) fn records(&self, id: &ObjectId) -> bool {
        self.objects
            .get(id)
            .is_some_and(|was| was.recorded.is_some())
    }

    /// The same after something got another name. What was recorded under a name, and is called so again, is one object:
    /// also what has handed the name on meanwhile, so that nothing differed under it.
    #[must_use]
    pub fn following(
        &self,
        renamed: &BTreeMap<ObjectId, ObjectId>,
        is_recorded: impl Fn(&ObjectId) -> bool,
    ) -> Carried {
        let follow = |id: &ObjectId| now_called(id, renamed);
        let mut objects = BTreeMap::new();
        for (id, was) in &self.objects {
            let now = follow(id);
            if was.recorded.is_none() && now != *id && is_recorded(&now) && !self.records(&now) {
                continue;
            }
            let was = Was {
                dependencies: was.dependencies.iter().map(follow).collect(),
                ..was.clone()
            };
            match objects.entry(now) {
                Entry::Vacant(place) => {
                    place.insert(was);
                }
                Entry::Occupied(mut place) => {
                    let other = place.insert(was);
                    place.get_mut().with(other);
                }
            }
        }
        Carried { objects }
    }

    /// What is there after the run, with the record of what the run left as it found it. What has a name of its own that
    /// the run does not speak of is none of its doing, however the text of it followed another name; and what the run says
    /// that it brings about is so now, whoever did it before.
    pub fn onto(
        &self,
        mut after: Catalog,
        is_named: impl Fn(&ObjectId) -> bool,
        is_touched: impl Fn(&ObjectId) -> bool,
    ) -> Catalog {
        for (id, was) in self.objects.iter().filter(|(id, _)| !is_touched(id)) {
            let follows = !id.name.is_empty() && !is_named(id) && after.contains(id);
            let untouched = follows || after.objects.get(id) == was.found.as_ref();
            let has_place = id.parent.as_deref().is_none_or(|it| after.contains(it));
            if !untouched {
                continue;
            }
            match &was.recorded {
                Some(object) if has_place => {
                    after.objects.insert(id.clone(), object.clone());
                    if !was.dependencies.is_empty() {
                        let needed = was.dependencies.iter().cloned().collect();
                        after.dependencies.insert(id.clone(), needed);
                    }
                    if let Some(position) = was.position {
                        after.positions.insert(id.clone(), position);
                    }
                }
                Some(_) => {}
                None => {
                    after.objects.remove(id);
                    after.dependencies.remove(id);
                    after.positions.remove(id);
                }
            }
        }
        after
    }
}
