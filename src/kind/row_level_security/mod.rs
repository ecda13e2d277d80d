//! Row-level security: whether policies are looked at, and whether the owner is bound by them too.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Alteration, Context, Definition, HazardClass, Statement, reference};
use crate::model::{Kind, ObjectId};

/// The two switches; a table with both off has no such object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct RowLevelSecurity {
    /// Whether policies are looked at.
    pub enabled: bool,
    /// Whether the owner is bound by them.
    pub forced: bool,
}

impl RowLevelSecurity {
    fn changes(&self, to: &Self, id: &ObjectId) -> Vec<Statement> {
        let RowLevelSecurity { enabled, forced } = self;
        let Some(relation) = id.parent.as_deref() else {
            return Vec::new();
        };
        let mut actions = Vec::new();
        if *enabled != to.enabled {
            actions.push(if to.enabled { "ENABLE" } else { "DISABLE" });
        }
        if *forced != to.forced {
            actions.push(if to.forced { "FORCE" } else { "NO FORCE" });
        }
        actions
            .into_iter()
            .map(|verb| {
                Statement::alter(
                    reference::alter_relation(relation),
                    format!("{verb} ROW LEVEL SECURITY"),
                )
                .hazard(
                    "row-level-security",
                    HazardClass::Authorization,
                    id,
                    "which rows a role sees changes",
                )
            })
            .collect()
    }
}

impl Definition for RowLevelSecurity {
    const KIND: Kind = Kind::RowLevelSecurity;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        Self::default().changes(self, id)
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        self.changes(&Self::default(), id)
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        Alteration::InPlace(self.changes(to, id))
    }

    fn write<'a>(
        &'a self,
        _: &'a ObjectId,
        _: &mut super::language::Writing<'a>,
    ) -> Option<crate::kdl::NodeWriter> {
        Some(kdl::write(self))
    }
}
