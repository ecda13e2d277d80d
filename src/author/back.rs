//! The way back where bodies of routines name what was renamed: PostgreSQL reads them when they run, and follows no
//! rename in them. The old names come first then, as the new ones do on the way there.

use super::{AuthorError, Bench, Databases, names};
use crate::kind::language::Rename;
use crate::kind::{Catalog, bodies};
use crate::plan::{Plan, Step};
use crate::scratch::build::run_plan;

/// The state after under the names before, and the steps that lead to it.
pub(super) struct Back {
    pub(super) state: Catalog,
    pub(super) moves: Vec<Step>,
}

impl Back {
    /// `None` where no body names what is renamed, or the old names cannot come first.
    pub(super) async fn of<D: Databases>(
        bench: &Bench<'_, D>,
        before: &Catalog,
        after: &Catalog,
        renames: &[Rename],
        inside: &[String],
    ) -> Result<Option<Back>, AuthorError> {
        let is_named = |rename: &Rename| rename.from.name != rename.to.name;
        let names = renames.iter().filter(|rename| is_named(rename));
        let names = names.map(|rename| &*rename.from.name).collect();
        if !bodies::name_any(before, names) && !bodies::say_any(before, inside) {
            return Ok(None);
        }
        let back = renames.iter().rev().map(|rename| Rename {
            from: rename.to.clone(),
            to: rename.from.clone(),
            span: rename.span,
        });
        let back = names::in_order(after, back.collect());
        let moves = names::moves(after, before, &back).there;
        let Ok(session) = bench.holding("back", after).await else {
            return Ok(None);
        };
        let printed = bench.read(&session).await?;
        let plan = Plan {
            steps: moves.clone(),
            ..Plan::default()
        };
        if run_plan(&session, &plan).await.is_err() {
            return Ok(None);
        }
        let reached = names::with_roles_of(after, bench.read(&session).await?);
        let state = names::followed(after, &printed, reached, &back);
        Ok(Some(Back { state, moves }))
    }
}
