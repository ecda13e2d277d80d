//! The strategy: pairs of a schema and an edited one, shrunk by taking things out of both, by taking edits back, and by
//! plainer dice.

use std::collections::VecDeque;

use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::edits::{edit, reconcile};
use super::make::Rolls;
use super::model::{Key, Model, PUBLIC};

/// A schema before and after.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) before: Model,
    pub(super) after: Model,
}

#[derive(Debug)]
pub(super) struct Pairs;

impl Strategy for Pairs {
    type Tree = Shrinking;
    type Value = Pair;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut rolls = Rolls::new(runner.rng(), PUBLIC);
        // Small and dense mostly, now and then large.
        let size = match rolls.below(100) {
            0..50 => 8 + rolls.below(12),
            50..85 => 15 + rolls.below(25),
            85..97 => 40 + rolls.below(40),
            _ => 100 + rolls.below(80),
        };
        let mut before = Model::random(&mut rolls, size);
        let count = match rolls.below(100) {
            0..40 => 1,
            40..85 => 2 + rolls.below(4),
            _ => 5 + rolls.below(12),
        };
        let mut after = edit(&before, &mut rolls, count);
        reconcile(&mut before, &mut after, &mut rolls);
        Ok(Shrinking::new(Pair { before, after }))
    }
}

/// One way to make a pair smaller.
#[derive(Debug, Clone)]
enum Step {
    /// Take things out of both schemas.
    Without(Vec<Key>),
    /// Leave a thing as it was, or as it will be.
    Unchanged(Key),
    Plain(Key),
}

pub(super) struct Shrinking {
    present: Pair,
    before_step: Option<Pair>,
    steps: VecDeque<Step>,
}

impl Shrinking {
    fn new(pair: Pair) -> Self {
        let mut all: Vec<Key> = pair
            .before
            .things
            .keys()
            .chain(pair.after.things.keys())
            .copied()
            .collect();
        all.sort_unstable();
        all.dedup();
        all.retain(|key| *key != PUBLIC);
        let changed = all
            .iter()
            .filter(|key| pair.before.things.get(key) != pair.after.things.get(key));
        let mut steps: VecDeque<Step> = changed.map(|key| Step::Unchanged(*key)).collect();
        // Halves, quarters, eighths, one by one; the youngest first, on which little stands.
        let mut size = all.len() / 2;
        while size > 1 {
            steps.extend(all.rchunks(size).map(|chunk| Step::Without(chunk.to_vec())));
            size /= 3;
        }
        steps.extend(all.iter().rev().map(|key| Step::Without(vec![*key])));
        steps.extend(all.iter().rev().map(|key| Step::Plain(*key)));
        Shrinking {
            present: pair,
            before_step: None,
            steps,
        }
    }

    fn take(&self, step: &Step) -> Pair {
        let mut pair = self.present.clone();
        match step {
            Step::Without(keys) => {
                for key in keys {
                    pair.before.things.remove(key);
                    pair.after.things.remove(key);
                }
            }
            Step::Unchanged(key) => match pair.before.things.get(key) {
                Some(thing) => {
                    pair.after.things.insert(*key, thing.clone());
                }
                None => {
                    pair.after.things.remove(key);
                }
            },
            Step::Plain(key) => {
                for model in [&mut pair.before, &mut pair.after] {
                    if let Some(thing) = model.things.get_mut(key) {
                        let fixed = thing.sort.fixed_dice();
                        if self.present.before.things.get(key) == self.present.after.things.get(key)
                        {
                            thing.dice[fixed..7].fill(0);
                        }
                        thing.owner = 0;
                        thing.grants = 0;
                        thing.comment = 0;
                    }
                }
            }
        }
        pair.before.settle();
        pair.after.settle();
        pair
    }
}

impl ValueTree for Shrinking {
    type Value = Pair;

    fn current(&self) -> Pair {
        self.present.clone()
    }

    fn simplify(&mut self) -> bool {
        while let Some(step) = self.steps.pop_front() {
            let smaller = self.take(&step);
            let same = smaller.before.things == self.present.before.things
                && smaller.after.things == self.present.after.things;
            if !same {
                self.before_step = Some(std::mem::replace(&mut self.present, smaller));
                return true;
            }
        }
        false
    }

    fn complicate(&mut self) -> bool {
        if let Some(pair) = self.before_step.take() {
            self.present = pair;
            // Another step may still be left: what was put back is what fails.
            return self.simplify();
        }
        false
    }
}
