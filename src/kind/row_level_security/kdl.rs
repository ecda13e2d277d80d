//! `row-level-security <forced> enabled=#false`

use super::RowLevelSecurity;
use crate::kdl::NodeWriter;
use crate::kind::language::{NodeKind, Place};
use crate::model::Kind;

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "row-level-security",
    places: &[Place::Relation],
    kinds: &[Kind::RowLevelSecurity],
    read: |reading, reader, parent| {
        let security = RowLevelSecurity {
            forced: reader.flag("forced"),
            enabled: reader.boolean("enabled").unwrap_or(true),
        };
        if let Some(relation) = parent
            && security != RowLevelSecurity::default()
        {
            let id = relation.child(Kind::RowLevelSecurity, "");
            reading.declare_only(reader, &id, security, false);
        }
    },
};

pub(super) fn write(security: &RowLevelSecurity) -> NodeWriter {
    let mut node = NodeWriter::new("row-level-security");
    if security.forced {
        node.flag("forced");
    }
    if !security.enabled {
        node.boolean("enabled", false);
    }
    node
}
