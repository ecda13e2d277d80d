//! Statements that run routines come behind what the routines' bodies name: the catalog does not know those that are read
//! when they run.

use std::collections::BTreeMap;

use super::Verb;
use super::graph::Graph;
use super::search_path::runs_routines;
use crate::kind::Context;
use crate::kind::bodies::Mentions;
use crate::model::{Kind, ObjectId};

impl Graph {
    /// Orders what is evaluated behind what it finds by name: relations, their columns, routines.
    pub(super) fn connect_late_bodies(&mut self, context: &Context<'_>) {
        // Where nothing is there yet, no rows are evaluated either.
        if context.after.guessed {
            return;
        }
        let mut mentions = Mentions::new(context.after);
        let mut columns: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
        for id in self.made_or_altered() {
            if let (Kind::Column, Some(relation)) = (id.kind, id.parent.as_deref()) {
                columns.entry(relation).or_default().push(id);
            }
        }
        let mut edges = Vec::new();
        for id in self.made_or_altered() {
            if !runs_routines(Verb::Alter, id) {
                continue;
            }
            // A default is evaluated where its new column gets its values.
            let default = id.child(Kind::Default, "");
            for named in mentions.of([id, &default]) {
                let parts = columns.get(named.object).into_iter().flatten();
                let parts = parts.filter(|it| named.words.contains(&*it.name)).copied();
                for first in parts.chain([named.object]) {
                    if !first.is_within(id) && !id.is_within(first) {
                        edges.extend(self.made_before(first, id));
                    }
                }
            }
        }
        for (first, then) in edges {
            self.guess(first, then);
        }
    }
}
