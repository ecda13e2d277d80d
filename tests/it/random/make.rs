//! Making things at random: references go to what is there, rather to what was made last, so that dependencies are
//! dense.

use proptest::prelude::Rng;
use proptest::test_runner::TestRng;

use super::model::{Key, Model, PUBLIC, Sort, Thing};
use super::routines::{self, Shape};
use super::types::{Group, wants_user_type};

/// Throws of dice.
pub(super) struct Rolls<'a> {
    rng: &'a mut TestRng,
    next: Key,
}

impl<'a> Rolls<'a> {
    pub(super) fn new(rng: &'a mut TestRng, next: Key) -> Self {
        Rolls { rng, next }
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        if end == 0 {
            0
        } else {
            self.rng.next_u32() as usize % end
        }
    }

    pub(super) fn chance(&mut self, of_hundred: usize) -> bool {
        self.below(100) < of_hundred
    }

    /// A die that shows the plainest choice every other time.
    pub(super) fn die(&mut self) -> u8 {
        if self.chance(50) { 0 } else { self.byte() }
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.rng.next_u32() as u8
    }

    /// One of them, rather a late one.
    pub(super) fn pick(&mut self, all: &[Key]) -> Option<Key> {
        if all.is_empty() {
            return None;
        }
        let start = if self.chance(60) {
            all.len().saturating_sub(4)
        } else {
            0
        };
        Some(all[start + self.below(all.len() - start)])
    }

    /// Some of them, in their order or another.
    fn some(&mut self, all: &[Key], most: usize) -> Vec<Key> {
        let mut left = all.to_vec();
        let mut chosen = Vec::new();
        for _ in 0..1 + self.below(most) {
            if left.is_empty() {
                break;
            }
            chosen.push(left.remove(self.below(left.len())));
        }
        chosen
    }

    fn key(&mut self) -> Key {
        self.next += 1;
        self.next
    }

    /// A name that nothing else has.
    pub(super) fn name(&mut self, prefix: &str) -> String {
        let key = self.key();
        match self.below(36) {
            0 => format!("Upper{key}"),
            1 => format!("we\"ird {key}"),
            2 => format!("dot.ted{key}"),
            3 => format!("größe_{key}"),
            4 => format!("{key}{}", "x".repeat(63 - key.to_string().len())),
            5 => format!("it's {key}"),
            6 => format!(
                "{}{key}",
                ["select ", "user", "table-", "a\\b", "$1 "][self.below(5)]
            ),
            7 if key.is_multiple_of(3) => {
                // A reserved word of its own; the number keeps any two apart.
                format!("ORDER{key}")
            }
            8 => format!("{prefix}{key}_{}", "y".repeat(50)),
            9 => format!("--{key}/*"),
            10 => format!("日本{key}"),
            _ => format!("{prefix}{key}"),
        }
    }
}

/// How often each sort is made.
const WEIGHTS: &[(Sort, usize)] = &[
    (Sort::Schema, 2),
    (Sort::Extension, 2),
    (Sort::DefaultPrivilege, 2),
    (Sort::Collation, 1),
    (Sort::Enum, 5),
    (Sort::Domain, 5),
    (Sort::Composite, 3),
    (Sort::Range, 2),
    (Sort::Sequence, 4),
    (Sort::Table, 8),
    (Sort::Partition, 6),
    (Sort::Column, 22),
    (Sort::Unique, 10),
    (Sort::Check, 8),
    (Sort::ForeignKey, 12),
    (Sort::Exclude, 2),
    (Sort::Index, 12),
    (Sort::View, 14),
    (Sort::MaterializedView, 5),
    (Sort::Function, 18),
    (Sort::Aggregate, 2),
    (Sort::Operator, 2),
    (Sort::Trigger, 7),
    (Sort::Rule, 3),
    (Sort::Policy, 5),
    (Sort::Publication, 2),
    (Sort::Statistics, 3),
    (Sort::TextSearch, 1),
    (Sort::EventTrigger, 1),
];

impl Model {
    /// A schema with about so many things beside the columns that its tables begin with.
    pub(super) fn random(rolls: &mut Rolls<'_>, size: usize) -> Model {
        let mut model = Model::new();
        rolls.next = rolls.next.max(PUBLIC);
        for sort in [Sort::Schema, Sort::Table, Sort::Function, Sort::Table] {
            model.make(rolls, sort);
        }
        for _ in 0..size {
            model.make_any(rolls);
        }
        model.settle();
        model
    }

    pub(super) fn make_any(&mut self, rolls: &mut Rolls<'_>) {
        let total: usize = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut at = rolls.below(total);
        for (sort, weight) in WEIGHTS {
            if at < *weight {
                self.make(rolls, *sort);
                return;
            }
            at -= weight;
        }
    }

    /// Makes one thing of a sort, where something is there that it can stand on.
    pub(super) fn make(&mut self, rolls: &mut Rolls<'_>, sort: Sort) {
        let key = rolls.key();
        let mut thing = Thing {
            sort,
            name: String::new(),
            parent: 0,
            columns: Vec::new(),
            uses: Vec::new(),
            helper: None,
            dice: std::array::from_fn(|_| rolls.die()),
            owner: if rolls.chance(12) { rolls.byte() } else { 0 },
            comment: if rolls.chance(12) { rolls.byte() } else { 0 },
            grants: if rolls.chance(12) { rolls.byte() } else { 0 },
        };
        for die in 0..sort.fixed_dice() {
            thing.dice[die] = rolls.byte();
        }
        thing.name = rolls.name(prefix(sort));
        if self.fill(rolls, &mut thing).is_none() {
            return;
        }
        let is_table = sort == Sort::Table;
        self.things.insert(key, thing);
        if !self.is_legal(key) {
            self.things.remove(&key);
            return;
        }
        if is_table {
            for _ in 0..1 + rolls.below(4) {
                self.make_part(rolls, Sort::Column, key);
            }
            for sort in [Sort::Unique, Sort::Partition, Sort::Partition] {
                if rolls.chance(70) {
                    self.make_part(rolls, sort, key);
                }
            }
        }
    }

    /// A part of this very table.
    fn make_part(&mut self, rolls: &mut Rolls<'_>, sort: Sort, table: Key) {
        let key = rolls.key();
        let mut thing = Thing {
            sort,
            name: rolls.name(prefix(sort)),
            parent: table,
            columns: Vec::new(),
            uses: Vec::new(),
            helper: None,
            dice: std::array::from_fn(|_| rolls.die()),
            owner: 0,
            comment: 0,
            grants: 0,
        };
        for die in 0..sort.fixed_dice() {
            thing.dice[die] = rolls.byte();
        }
        if self.fill_part(rolls, &mut thing).is_none() {
            return;
        }
        self.things.insert(key, thing);
        if !self.is_legal(key) {
            self.things.remove(&key);
        }
    }

    /// Chooses what a new thing stands on.
    fn fill(&self, rolls: &mut Rolls<'_>, thing: &mut Thing) -> Option<()> {
        let schemas = self.of_sort(Sort::Schema);
        let types = self.keys(|thing| {
            thing.sort.is_type()
                || (thing.sort == Sort::Extension
                    && matches!(thing.name.as_str(), "citext" | "hstore"))
        });
        let tables = self.of_sort(Sort::Table);
        if thing.sort.in_schema() || thing.sort == Sort::DefaultPrivilege {
            thing.parent = if rolls.chance(60) {
                PUBLIC
            } else {
                rolls.pick(&schemas)?
            };
        }
        match thing.sort {
            Sort::Extension => {
                let all = ["citext", "hstore", "pg_trgm", "btree_gist"];
                thing.name = all[usize::from(thing.dice[0]) % all.len()].into();
                let there = self.of_sort(Sort::Extension);
                if there.iter().any(|key| self.get(*key).name == thing.name) {
                    return None;
                }
            }
            Sort::Domain if rolls.chance(20) => {
                let bases = self
                    .keys(|thing| matches!(thing.sort, Sort::Enum | Sort::Domain | Sort::Range));
                thing.uses.extend(rolls.pick(&bases));
            }
            Sort::Domain if rolls.chance(30) => {
                thing.helper = rolls.pick(&self.functions(&[Shape::Int, Shape::Text]));
            }
            Sort::Composite if rolls.chance(30) => {
                let bases = self.keys(|thing| matches!(thing.sort, Sort::Enum | Sort::Domain));
                thing.uses.extend(rolls.pick(&bases));
            }
            Sort::Sequence if rolls.chance(25) => {
                let columns = self.of_sort(Sort::Column);
                let column = rolls.pick(&columns)?;
                thing.parent = self.get(self.get(column).parent).parent;
                thing.columns.push(column);
            }
            Sort::Table if rolls.chance(12) => {
                thing.dice[0] = 0;
                thing.uses.extend(rolls.pick(&tables));
            }
            Sort::View | Sort::MaterializedView => {
                let mut sources = tables.clone();
                sources.extend(
                    self.keys(|thing| matches!(thing.sort, Sort::View | Sort::MaterializedView)),
                );
                let source = rolls.pick(&sources)?;
                thing.uses.push(source);
                if self.get(source).sort == Sort::Table {
                    thing.columns = rolls.some(&self.columns(source), 3);
                }
                if rolls.chance(40) {
                    thing.uses.extend(rolls.pick(&sources));
                }
                if rolls.chance(40) {
                    thing.helper = rolls.pick(&self.functions(&[
                        Shape::Int,
                        Shape::Text,
                        Shape::Count,
                        Shape::Row,
                        Shape::Type,
                    ]));
                }
            }
            Sort::Function => {
                let shape = routines::shape(thing);
                match shape {
                    Shape::Count => {
                        let sources = self.keys(|thing| thing.sort.is_relation());
                        let source = rolls.pick(&sources)?;
                        thing.uses.push(source);
                        if self.get(source).sort == Sort::Table {
                            thing.columns.extend(rolls.pick(&self.columns(source)));
                        }
                    }
                    Shape::Row | Shape::Set => {
                        let table = rolls.pick(&tables)?;
                        thing.uses.push(table);
                        if shape == Shape::Row {
                            thing.columns.extend(rolls.pick(&self.columns(table)));
                        }
                    }
                    Shape::Type => thing.uses.push(rolls.pick(&types)?),
                    Shape::Pair if rolls.chance(50) => thing.uses.extend(rolls.pick(&types)),
                    _ => {}
                }
                if rolls.chance(40) {
                    thing.helper = rolls.pick(&self.functions(&[shape]));
                }
            }
            Sort::Aggregate => thing.helper = rolls.pick(&self.functions(&[Shape::Int])),
            Sort::Operator => thing
                .uses
                .push(rolls.pick(&self.functions(&[Shape::Pair]))?),
            Sort::Publication => {
                let logged: Vec<Key> = tables
                    .into_iter()
                    .filter(|table| !self.is_unlogged(*table))
                    .collect();
                thing.uses = rolls.some(&logged, 3);
                let first = *thing.uses.first()?;
                thing.columns = rolls.some(&self.columns(first), 2);
            }
            Sort::Statistics => {
                let table = rolls.pick(&tables)?;
                thing.parent = self.get(table).parent;
                thing.columns = rolls.some(&self.columns(table), 3);
            }
            Sort::EventTrigger => thing
                .uses
                .push(rolls.pick(&self.functions(&[Shape::EventTrigger]))?),
            sort if sort.is_part() => {
                let mut parents = tables;
                if matches!(sort, Sort::Trigger | Sort::Rule) && rolls.chance(25) {
                    parents = self.of_sort(Sort::View);
                }
                if sort == Sort::Index && rolls.chance(25) {
                    parents = self.of_sort(Sort::MaterializedView);
                }
                thing.parent = rolls.pick(&parents)?;
                self.fill_part(rolls, thing)?;
            }
            _ => {}
        }
        Some(())
    }

    fn fill_part(&self, rolls: &mut Rolls<'_>, thing: &mut Thing) -> Option<()> {
        let columns = self.columns(thing.parent);
        let on_table = self.get(thing.parent).sort == Sort::Table;
        let comparable: Vec<Key> = columns
            .iter()
            .copied()
            .filter(|column| self.type_of(*column).is_comparable())
            .collect();
        match thing.sort {
            Sort::Column => self.fill_column(rolls, thing),
            Sort::Partition => {
                thing.dice[7] = self
                    .parts(thing.parent, Sort::Partition)
                    .iter()
                    .map(|part| self.get(*part).dice[7] + 1)
                    .max()
                    .unwrap_or(0);
            }
            Sort::Unique => {
                thing.columns = rolls.some(&comparable, 2);
                thing.helper = rolls.pick(&columns);
            }
            Sort::Exclude => thing.columns = rolls.some(&comparable, 1),
            Sort::ForeignKey => {
                // A key whose types are all here.
                let uniques = self.of_sort(Sort::Unique);
                let unique = rolls.pick(&uniques)?;
                thing.uses.push(unique);
                for to in &self.get(unique).columns {
                    let wanted = self.type_of(*to);
                    let fitting: Vec<Key> = columns
                        .iter()
                        .copied()
                        .filter(|from| {
                            let ty = self.type_of(*from);
                            !thing.columns.contains(from)
                                && (ty == wanted
                                    || (ty.group == Group::Int && wanted.group == Group::Int))
                        })
                        .collect();
                    thing.columns.push(rolls.pick(&fitting)?);
                }
            }
            Sort::Trigger => {
                thing
                    .uses
                    .push(rolls.pick(&self.functions(&[Shape::Trigger]))?);
                if on_table && rolls.chance(60) {
                    thing.columns = rolls.some(&columns, 2);
                }
            }
            _ if on_table => {
                thing.columns = rolls.some(&columns, 2);
                if rolls.chance(35) {
                    thing.helper =
                        rolls.pick(&self.functions(&[Shape::Int, Shape::Text, Shape::Type]));
                }
            }
            _ => {}
        }
        Some(())
    }

    fn fill_column(&self, rolls: &mut Rolls<'_>, thing: &mut Thing) {
        if wants_user_type(thing.dice[0]) {
            let types = self.keys(|thing| {
                thing.sort.is_type()
                    || (thing.sort == Sort::Extension
                        && matches!(thing.name.as_str(), "citext" | "hstore"))
            });
            match rolls.pick(&types) {
                Some(ty) => thing.uses.push(ty),
                None => thing.dice[0] = 0,
            }
        }
        // What can be stored as an expression over another column.
        let group = super::types::group_of_die(thing.dice[0]);
        let sources: Vec<Key> = self
            .columns(thing.parent)
            .into_iter()
            .filter(|source| match group {
                Some(Group::Bool) => self.type_of(*source).group != Group::Point,
                Some(group @ (Group::Int | Group::Text)) => self.type_of(*source).group == group,
                _ => false,
            })
            .collect();
        thing.columns.extend(rolls.pick(&sources));
        if rolls.chance(35) {
            let helpers = self.keys(|helper| match helper.sort {
                Sort::Sequence => group == Some(Group::Int),
                Sort::Collation => group == Some(Group::Text),
                Sort::Function => match routines::shape(helper) {
                    Shape::Int => group == Some(Group::Int),
                    Shape::Text => group == Some(Group::Text),
                    Shape::Type => helper.uses == thing.uses,
                    _ => false,
                },
                _ => false,
            });
            thing.helper = rolls.pick(&helpers);
        }
    }

    fn functions(&self, shapes: &[Shape]) -> Vec<Key> {
        self.keys(|thing| thing.sort == Sort::Function && shapes.contains(&routines::shape(thing)))
    }
}

pub(super) fn prefix(sort: Sort) -> &'static str {
    match sort {
        Sort::Schema => "s",
        Sort::Enum => "e",
        Sort::Domain => "d",
        Sort::Composite => "ct",
        Sort::Range => "r",
        Sort::Sequence => "seq",
        Sort::Table => "t",
        Sort::Partition => "p",
        Sort::Column => "c",
        Sort::Unique => "u",
        Sort::Check => "ck",
        Sort::ForeignKey => "fk",
        Sort::Index => "i",
        Sort::View => "v",
        Sort::MaterializedView => "mv",
        Sort::Function => "f",
        Sort::Trigger => "tg",
        Sort::Policy => "pol",
        _ => "o",
    }
}
