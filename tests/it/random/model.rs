//! A schema as data, small enough to be changed at random: a thing is a sort, a name, what it refers to, and dice. What
//! a die means is said where the thing is written as SQL; nought is the plainest choice. References are keys, so that
//! things whose references are gone can be taken out, and what is left is legal again.

use std::collections::{BTreeMap, BTreeSet};

use super::types::Group;

/// What a reference holds; the same for a thing before and after an edit.
pub(super) type Key = u32;

/// The schema `public`.
pub(super) const PUBLIC: Key = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Schema,
    Extension,
    DefaultPrivilege,
    Collation,
    Enum,
    Domain,
    Composite,
    Range,
    Sequence,
    Table,
    Partition,
    Column,
    Unique,
    Check,
    ForeignKey,
    Exclude,
    Index,
    View,
    MaterializedView,
    Function,
    Aggregate,
    Operator,
    Trigger,
    Rule,
    Policy,
    Publication,
    Statistics,
    TextSearch,
    EventTrigger,
}

impl Sort {
    pub(super) fn is_type(self) -> bool {
        matches!(
            self,
            Sort::Enum | Sort::Domain | Sort::Composite | Sort::Range
        )
    }

    pub(super) fn is_relation(self) -> bool {
        matches!(self, Sort::Table | Sort::View | Sort::MaterializedView)
    }

    /// Whether the parent is a table or view, of which it is a part.
    pub(super) fn is_part(self) -> bool {
        matches!(
            self,
            Sort::Partition
                | Sort::Column
                | Sort::Unique
                | Sort::Check
                | Sort::ForeignKey
                | Sort::Exclude
                | Sort::Index
                | Sort::Trigger
                | Sort::Rule
                | Sort::Policy
        )
    }

    /// Whether it stands in a schema.
    pub(super) fn in_schema(self) -> bool {
        !self.is_part()
            && !matches!(
                self,
                Sort::Schema | Sort::DefaultPrivilege | Sort::Publication | Sort::EventTrigger
            )
    }

    /// How many dice are thrown only when the thing is made: another throw would make another thing of it.
    pub(super) fn fixed_dice(self) -> usize {
        match self {
            Sort::Extension | Sort::Domain | Sort::Range | Sort::Function => 1,
            Sort::Column => 1,
            Sort::Table | Sort::Partition => 1,
            Sort::DefaultPrivilege => 1,
            _ => 0,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) sort: Sort,
    pub(super) name: String,
    /// The schema, or the table of a part.
    pub(super) parent: Key,
    /// Columns that it stands on.
    pub(super) columns: Vec<Key>,
    /// Other things that it stands on.
    pub(super) uses: Vec<Key>,
    /// A thing that it may do without.
    pub(super) helper: Option<Key>,
    pub(super) dice: [u8; 8],
    pub(super) owner: u8,
    pub(super) comment: u8,
    pub(super) grants: u8,
}

impl Thing {
    /// A die with `sides` outcomes.
    pub(super) fn die(&self, index: usize, sides: u8) -> u8 {
        self.dice[index] % sides
    }
}

#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) things: BTreeMap<Key, Thing>,
    /// Tables that get no rows, since an edit would be refused over them.
    pub(super) without_rows: BTreeSet<Key>,
}

impl Model {
    pub(super) fn new() -> Model {
        let public = Thing {
            sort: Sort::Schema,
            name: "public".into(),
            parent: 0,
            columns: Vec::new(),
            uses: Vec::new(),
            helper: None,
            dice: [0; 8],
            owner: 0,
            comment: 0,
            grants: 0,
        };
        Model {
            things: BTreeMap::from([(PUBLIC, public)]),
            without_rows: BTreeSet::new(),
        }
    }

    pub(super) fn get(&self, key: Key) -> &Thing {
        &self.things[&key]
    }

    pub(super) fn of_sort(&self, sort: Sort) -> Vec<Key> {
        self.keys(|thing| thing.sort == sort)
    }

    pub(super) fn keys(&self, wanted: impl Fn(&Thing) -> bool) -> Vec<Key> {
        self.things
            .iter()
            .filter(|(_, thing)| wanted(thing))
            .map(|(key, _)| *key)
            .collect()
    }

    /// The parts of one sort of a table or view, oldest first.
    pub(super) fn parts(&self, parent: Key, sort: Sort) -> Vec<Key> {
        self.keys(|thing| thing.sort == sort && thing.parent == parent)
    }

    pub(super) fn columns(&self, table: Key) -> Vec<Key> {
        self.parts(table, Sort::Column)
    }

    /// The primary key of a table: the first unique constraint that wants to be one.
    pub(super) fn primary_key(&self, table: Key) -> Option<Key> {
        self.parts(table, Sort::Unique)
            .into_iter()
            .find(|key| self.get(*key).die(0, 2) == 0)
    }

    /// The column by which a table is partitioned.
    pub(super) fn partition_column(&self, table: Key) -> Option<Key> {
        if self.get(table).sort != Sort::Table || self.get(table).die(0, 8) < 6 {
            return None;
        }
        self.columns(table).into_iter().find(|column| {
            let ty = self.type_of(*column);
            matches!(ty.group, Group::Int) && ty.user.is_none() && !self.is_generated(*column)
        })
    }

    pub(super) fn is_unlogged(&self, table: Key) -> bool {
        self.get(table).die(1, 8) == 7 && self.partition_column(table).is_none()
    }

    /// A column that is stored as an expression over another.
    pub(super) fn is_generated(&self, column: Key) -> bool {
        self.is_generated_beside(column, &mut BTreeSet::new())
    }

    /// The same where others are being asked: edits can lead columns back to each other.
    fn is_generated_beside(&self, column: Key, asked: &mut BTreeSet<Key>) -> bool {
        let thing = self.get(column);
        asked.insert(column)
            && thing.die(4, 6) == 1
            && thing
                .columns
                .first()
                .is_some_and(|source| !self.is_generated_beside(*source, asked))
    }

    pub(super) fn is_identity(&self, column: Key) -> bool {
        let thing = self.get(column);
        matches!(thing.die(4, 6), 2 | 3) && self.counts(column)
    }

    pub(super) fn is_serial(&self, column: Key) -> bool {
        self.get(column).die(4, 6) == 4 && self.counts(column)
    }

    fn counts(&self, column: Key) -> bool {
        let ty = self.type_of(column);
        ty.group == Group::Int && ty.user.is_none()
    }

    pub(super) fn is_not_null(&self, column: Key) -> bool {
        let thing = self.get(column);
        thing.die(2, 4) == 1 || self.is_identity(column) || self.is_serial(column)
    }

    /// Columns of the primary key, which PostgreSQL makes not null.
    pub(super) fn in_primary_key(&self, column: Key) -> bool {
        let table = self.get(column).parent;
        self.primary_key(table).is_some_and(|key| {
            self.get(key).columns.contains(&column) || self.partition_column(table) == Some(column)
        })
    }

    /// What a thing stands on before it can be made.
    pub(super) fn needs(&self, key: Key) -> Vec<Key> {
        let thing = self.get(key);
        let mut needs = thing.uses.clone();
        if thing.parent != 0 {
            needs.push(thing.parent);
        }
        for column in &thing.columns {
            needs.extend(self.things.get(column).map(|column| column.parent));
        }
        match thing.sort {
            Sort::Table => {
                for column in self.columns(key) {
                    needs.extend(self.column_needs(column));
                }
                needs.retain(|need| *need != key);
            }
            // A default and an owner of a sequence are added when everything stands.
            Sort::Column | Sort::Sequence => {}
            Sort::View | Sort::MaterializedView => {
                needs.extend(thing.helper);
                let keys = thing
                    .uses
                    .iter()
                    .filter(|used| self.things.contains_key(used));
                needs.extend(keys.filter_map(|used| self.primary_key(*used)));
            }
            _ => needs.extend(thing.helper),
        }
        needs
    }

    fn column_needs(&self, column: Key) -> Vec<Key> {
        let thing = self.get(column);
        let mut needs = thing.uses.clone();
        let collated = |helper: &Key| {
            self.things
                .get(helper)
                .is_some_and(|it| it.sort == Sort::Collation)
        };
        if self.is_generated(column) || thing.helper.as_ref().is_some_and(collated) {
            needs.extend(thing.helper);
        }
        needs
    }

    /// Everything, each after what it stands on; or what stands on itself.
    pub(super) fn order(&self) -> Result<Vec<Key>, Key> {
        let mut done = Vec::new();
        let mut state: BTreeMap<Key, bool> = BTreeMap::new();
        for key in self.things.keys() {
            self.visit(*key, &mut state, &mut done)?;
        }
        Ok(done)
    }

    fn visit(
        &self,
        key: Key,
        state: &mut BTreeMap<Key, bool>,
        done: &mut Vec<Key>,
    ) -> Result<(), Key> {
        match state.get(&key) {
            Some(true) => return Ok(()),
            Some(false) => return Err(key),
            None => {}
        }
        state.insert(key, false);
        for need in self.needs(key) {
            self.visit(need, state, done)?;
        }
        state.insert(key, true);
        done.push(key);
        Ok(())
    }

    /// Takes out what has lost what it stands on, until all is legal again.
    pub(super) fn settle(&mut self) {
        loop {
            let gone: Vec<Key> = self
                .things
                .keys()
                .copied()
                .filter(|key| !self.is_whole(*key))
                .collect();
            if !gone.is_empty() {
                for key in gone {
                    self.things.remove(&key);
                }
                continue;
            }
            let present: BTreeSet<Key> = self.things.keys().copied().collect();
            for thing in self.things.values_mut() {
                thing.helper = thing.helper.filter(|helper| present.contains(helper));
            }
            // A cycle is cut where it was found, or at the youngest.
            match self.order() {
                Ok(_) => {}
                Err(key) if key != PUBLIC => {
                    self.things.remove(&key);
                    continue;
                }
                Err(_) => unreachable!("nothing is below public"),
            }
            let illegal: Vec<Key> = self
                .things
                .keys()
                .copied()
                .filter(|key| !self.is_legal(*key))
                .collect();
            if illegal.is_empty() {
                return;
            }
            for key in illegal {
                self.things.remove(&key);
            }
        }
    }

    /// Whether all references of a thing lead somewhere.
    fn is_whole(&self, key: Key) -> bool {
        let thing = self.get(key);
        (thing.parent == 0 || self.things.contains_key(&thing.parent))
            && thing
                .columns
                .iter()
                .chain(&thing.uses)
                .all(|key| self.things.contains_key(key))
    }
}
