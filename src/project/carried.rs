//! Drift that a run does not touch stays drift: what it records is what it changed, and of the rest what was recorded
//! before. Otherwise the next run would swallow what somebody did by hand, and nobody would be told of it any more.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::base::is_whole;
use crate::diff::compare;
use crate::kind::{Catalog, Object};
use crate::model::ObjectId;

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

impl Carried {
    /// The differences between the record and what is there, of objects and parts of objects that were recorded. After an
    /// upgrade of the server texts differ by their printing alone: then there are none.
    pub fn of(recorded: &Catalog, found: &Catalog, is_left: impl Fn(&ObjectId) -> bool) -> Carried {
        let major = |catalog: &Catalog| catalog.origin.server_version / 10_000;
        if major(recorded) != major(found) {
            return Carried::default();
        }
        let known = |id: &ObjectId| {
            id.ancestors()
                .find(|id| is_whole(id))
                .is_some_and(|whole| recorded.contains(whole))
        };
        let objects = compare(recorded, found)
            .into_keys()
            .filter(|id| known(id) && !is_left(id))
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

    /// What is there after the run, with the record of what the run left as it found it.
    pub fn onto(&self, mut after: Catalog) -> Catalog {
        for (id, was) in &self.objects {
            let untouched = after.objects.get(id) == was.found.as_ref();
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
