//! `replica-identity full|nothing|default|index n`

use super::ReplicaIdentity;
use crate::kind::language::{NodeKind, Place};
use crate::model::Kind;

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "replica-identity",
    places: &[Place::Relation],
    kinds: &[Kind::ReplicaIdentity],
    read: |reading, reader, parent| {
        let words = &["full", "nothing", "default", "index"];
        let (Some(relation), Some(word)) = (parent, reader.word_argument("identity", words)) else {
            return;
        };
        let index = match word.value {
            "index" => match reader.name() {
                Some(name) => Some(name.value),
                None => return,
            },
            _ => None,
        };
        if word.value == "default" {
            return;
        }
        let identity = ReplicaIdentity {
            identity: word.value.to_owned(),
            index,
        };
        let id = relation.child(Kind::ReplicaIdentity, "");
        reading.declare_only(reader, &id, identity, false);
    },
};
