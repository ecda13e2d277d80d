//! `cluster-on n`

use super::ClusterOn;
use crate::kind::language::{NodeKind, Place};
use crate::model::Kind;

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "cluster-on",
    places: &[Place::Relation],
    kinds: &[Kind::ClusterOn],
    read: |reading, reader, parent| {
        let (Some(relation), Some(index)) = (parent, reader.name()) else {
            return;
        };
        let id = relation.child(Kind::ClusterOn, "");
        reading.declare_only(reader, &id, ClusterOn { index: index.value }, false);
    },
};
