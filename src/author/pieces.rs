//! A plan of several services, cut into what each of them gets: pieces in the order in which their files run.
//!
//! The rule: running all ways up in order is the way up that was proven, running all ways back from the last to the first is
//! the proven way down; and each piece, taken back, leaves what was there before it, or goes back with others only.

use std::collections::BTreeSet;

use super::{AuthorError, Bench, Databases};
use crate::diff::{Change, compare};
use crate::kind::{Catalog, Preflight};
use crate::plan::{Parts, Plan, Step};
use crate::scratch::build::run_plan;
use crate::scratch::prove::may_be_equal;

/// What one part gets of a plan.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    /// Whose it is.
    pub part: usize,
    /// The way up.
    pub up: Plan,
    /// The way back.
    pub down: Plan,
    /// Pieces of one batch run and return together.
    pub batch: usize,
}

/// Steps that stand together and are of one part.
struct Run<'s> {
    part: usize,
    steps: &'s [Step],
}

fn runs<'s>(parts: &Parts, plan: &'s Plan) -> Vec<Run<'s>> {
    let of_steps = parts.of_steps(&plan.steps);
    let mut runs: Vec<Run<'s>> = Vec::new();
    let mut start = 0;
    for at in 1..=of_steps.len() {
        if at == of_steps.len() || of_steps[at] != of_steps[start] {
            runs.push(Run {
                part: of_steps[start],
                steps: &plan.steps[start..at],
            });
            start = at;
        }
    }
    runs
}

/// Cuts a plan and its way back into pieces, as few as both orders let it. Parts that come more than once are one batch
/// with all in between.
pub fn pieces(parts: &Parts, up: &Plan, down: &Plan) -> Vec<Piece> {
    let ups = runs(parts, up);
    let mut downs = runs(parts, down);
    downs.reverse();
    let mut pieces: Vec<Piece> = Vec::new();
    let of = |steps: &[Step]| Plan {
        steps: steps.to_vec(),
        ..Plan::default()
    };
    for (up, down) in together(&ups, &downs) {
        let part = up.or(down).map_or(0, |run| run.part);
        pieces.push(Piece {
            part,
            up: of(up.map_or(&[][..], |run| run.steps)),
            down: of(down.map_or(&[][..], |run| run.steps)),
            batch: 0,
        });
    }
    let asks = |piece: &mut Plan, part: usize, all: &[Preflight]| {
        let mut of_part = all.to_vec();
        of_part.retain(|it| it.tables.first().map_or(0, |table| parts.of(table)) == part);
        piece.preflights = of_part;
    };
    // Everything is asked before the first piece of its part.
    let mut asked = BTreeSet::new();
    for piece in &mut pieces {
        if asked.insert(piece.part) {
            asks(&mut piece.up, piece.part, &up.preflights);
        }
    }
    asked.clear();
    for piece in pieces.iter_mut().rev() {
        if asked.insert(piece.part) {
            asks(&mut piece.down, piece.part, &down.preflights);
        }
    }
    let last_of = |part: usize| pieces.iter().rposition(|it| it.part == part);
    let mut batches = Vec::with_capacity(pieces.len());
    let (mut batch, mut end) = (0, 0);
    for (at, piece) in pieces.iter().enumerate() {
        if at > end {
            batch += 1;
        }
        end = end.max(last_of(piece.part).unwrap_or(at)).max(at);
        batches.push(batch);
    }
    for (piece, batch) in pieces.iter_mut().zip(batches) {
        piece.batch = batch;
    }
    pieces
}

/// Two lists of runs laid side by side, those of one part together as far as their orders go together.
fn together<'r, 's>(
    ups: &'r [Run<'s>],
    downs: &'r [Run<'s>],
) -> Vec<(Option<&'r Run<'s>>, Option<&'r Run<'s>>)> {
    // The longest common run of parts from each place on.
    let mut common = vec![vec![0_usize; downs.len() + 1]; ups.len() + 1];
    for up in (0..ups.len()).rev() {
        for down in (0..downs.len()).rev() {
            common[up][down] = match ups[up].part == downs[down].part {
                true => common[up + 1][down + 1] + 1,
                false => common[up + 1][down].max(common[up][down + 1]),
            };
        }
    }
    let (mut up, mut down) = (0, 0);
    let mut laid = Vec::new();
    while up < ups.len() || down < downs.len() {
        let is_same = up < ups.len() && down < downs.len() && ups[up].part == downs[down].part;
        if is_same {
            laid.push((Some(&ups[up]), Some(&downs[down])));
            up += 1;
            down += 1;
        } else if down == downs.len()
            || up < ups.len() && common[up + 1][down] >= common[up][down + 1]
        {
            laid.push((Some(&ups[up]), None));
            up += 1;
        } else {
            laid.push((None, Some(&downs[down])));
            down += 1;
        }
    }
    laid
}

/// The plan with the steps of renames where its part begins, or where it ends.
pub(super) fn with_moves(parts: &Parts, plan: &mut Plan, moves: &[Step], in_front: bool) {
    let of_moves = parts.of_steps(moves);
    for part in 0..parts.count() {
        let own = moves.iter().zip(&of_moves).filter(|(_, of)| **of == part);
        let own: Vec<Step> = own.map(|(step, _)| step.clone()).collect();
        let of_steps = parts.of_steps(&plan.steps);
        let at = match in_front {
            true => of_steps.iter().position(|it| *it == part).unwrap_or(0),
            false => {
                let last = of_steps.iter().rposition(|it| *it == part);
                last.map_or(of_steps.len(), |last| last + 1)
            }
        };
        plan.steps.splice(at..at, own);
    }
}

/// Runs the pieces up and back, one by one: where one does not leave what was there before it, all of them are one batch.
pub(super) async fn prove<D: Databases>(
    bench: &Bench<'_, D>,
    before: &Catalog,
    pieces: &mut [Piece],
) -> Result<(), AuthorError> {
    if pieces.len() < 2 {
        return Ok(());
    }
    let session = bench.holding("pieces", before).await?;
    let mut states = vec![bench.read(&session).await?];
    for piece in pieces.iter() {
        run_plan(&session, &piece.up)
            .await
            .map_err(AuthorError::Base)?;
        states.push(bench.read(&session).await?);
    }
    let mut is_apart = true;
    for (at, piece) in pieces.iter().enumerate().rev() {
        run_plan(&session, &piece.down)
            .await
            .map_err(AuthorError::Base)?;
        // Inside of a batch nobody stops.
        let begins = at == 0 || pieces[at - 1].batch != piece.batch;
        if begins && !is_same(&bench.read(&session).await?, &states[at]) {
            is_apart = false;
            break;
        }
    }
    if !is_apart {
        pieces.iter_mut().for_each(|piece| piece.batch = 0);
    }
    Ok(())
}

fn is_same(one: &Catalog, other: &Catalog) -> bool {
    compare(one, other).iter().all(|(id, change)| {
        let printed_otherwise = || match (one.get(id), other.get(id)) {
            (Some(one), Some(other)) => *change == Change::Alter && may_be_equal(one, other),
            _ => false,
        };
        id.is_of_cluster() || printed_otherwise()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Statement;
    use crate::model::{Kind, ObjectId};
    use crate::plan::Verb;

    /// A plan whose steps are called by their schemas.
    fn plan(schemas: &[&str]) -> Plan {
        let step = |schema: &&str| Step {
            statement: Statement::sql(*schema),
            objects: vec![(Verb::Alter, ObjectId::in_schema(Kind::Table, schema, "t"))],
            commit_after: false,
        };
        Plan {
            steps: schemas.iter().map(step).collect(),
            ..Plan::default()
        }
    }

    fn parts() -> Parts {
        Parts::new(
            3,
            Box::new(|id| match id.schema() {
                Some("auth") => 0,
                Some("crm") => 1,
                _ => 2,
            }),
        )
    }

    fn laid(up: &[&str], down: &[&str]) -> Vec<(usize, usize, usize, usize)> {
        pieces(&parts(), &plan(up), &plan(down))
            .iter()
            .map(|it| (it.part, it.batch, it.up.steps.len(), it.down.steps.len()))
            .collect()
    }

    #[test]
    fn each_part_is_one_piece_where_ways_up_and_back_let_it() {
        assert_eq!(
            laid(&["auth", "auth", "crm", "billing"], &["billing", "auth"]),
            [(0, 0, 2, 1), (1, 1, 1, 0), (2, 2, 1, 1)]
        );
        assert_eq!(laid(&[], &["crm"]), [(1, 0, 0, 1)]);
    }

    #[test]
    fn parts_that_come_again_are_one_batch_with_what_is_in_between() {
        assert_eq!(
            laid(
                &["billing", "auth", "billing", "crm"],
                &["crm", "billing", "auth", "billing"]
            ),
            [(2, 0, 1, 1), (0, 0, 1, 1), (2, 0, 1, 1), (1, 1, 1, 1)]
        );
        // What no order has in common stands apart, and all runs in its order.
        assert_eq!(
            laid(&["auth", "crm"], &["auth", "crm"]),
            [(0, 0, 1, 0), (1, 0, 1, 1), (0, 0, 0, 1)]
        );
    }
}
