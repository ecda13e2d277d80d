//! What PostgreSQL would refuse: such things are taken out when a schema settles.

use super::model::{Key, Model, Sort};
use super::routines::{self, Shape};
use super::types::{Group, wants_user_type};

impl Model {
    /// Whether PostgreSQL takes the thing as it stands; all its references are there.
    pub(super) fn is_legal(&self, key: Key) -> bool {
        let thing = self.get(key);
        let sort_of = |key: Key| self.get(key).sort;
        let own_columns = thing.columns.iter().all(|column| {
            sort_of(*column) == Sort::Column && self.get(*column).parent == thing.parent
        });
        let parent = (thing.parent != 0).then(|| sort_of(thing.parent));
        let in_table = parent == Some(Sort::Table);
        let some = !thing.columns.is_empty();
        let comparable = thing.columns.iter().all(|column| {
            sort_of(*column) == Sort::Column && self.type_of(*column).is_comparable()
        });
        match thing.sort {
            Sort::Column => {
                let needs_type = wants_user_type(thing.dice[0]);
                let typed = thing
                    .uses
                    .iter()
                    .all(|used| sort_of(*used).is_type() || sort_of(*used) == Sort::Extension);
                in_table && own_columns && typed && (needs_type != thing.uses.is_empty())
            }
            Sort::Table => thing.uses.first().is_none_or(|parent| {
                sort_of(*parent) == Sort::Table
                    && self.partition_column(*parent).is_none()
                    && self.partition_column(key).is_none()
            }),
            Sort::Sequence => thing.columns.first().is_none_or(|column| {
                let table = self.get(self.get(*column).parent);
                sort_of(*column) == Sort::Column && table.parent == thing.parent
            }),
            Sort::Partition => in_table && self.partition_column(thing.parent).is_some(),
            Sort::Unique => {
                in_table
                    && own_columns
                    && some
                    && comparable
                    && self.tells_rows_apart(&thing.columns)
            }
            Sort::Check | Sort::Policy => in_table && own_columns && some,
            Sort::ForeignKey => in_table && own_columns && self.is_legal_foreign_key(key),
            Sort::Exclude => {
                in_table
                    && own_columns
                    && some
                    && comparable
                    && self.tells_rows_apart(&thing.columns[..1])
                    && self.partition_column(thing.parent).is_none()
            }
            Sort::Index if in_table => {
                own_columns
                    && some
                    && (thing.die(1, 3) != 1 || self.tells_rows_apart(&thing.columns))
            }
            Sort::Index => {
                parent == Some(Sort::MaterializedView)
                    && super::views::outputs(self, thing.parent)
                        .iter()
                        .any(|(_, ty)| ty.as_ref().is_none_or(super::types::Type::is_comparable))
            }
            // What it is made of went.
            Sort::View
            | Sort::MaterializedView
            | Sort::Operator
            | Sort::Trigger
            | Sort::EventTrigger
                if thing.uses.is_empty() =>
            {
                false
            }
            Sort::View | Sort::MaterializedView => {
                let Some(&source) = thing.uses.first() else {
                    return false;
                };
                thing.uses.iter().all(|used| sort_of(*used).is_relation())
                    && if sort_of(source) == Sort::Table {
                        some && thing
                            .columns
                            .iter()
                            .all(|column| self.get(*column).parent == source)
                    } else {
                        !super::views::outputs(self, source).is_empty()
                    }
            }
            Sort::Function => self.is_legal_function(key),
            Sort::Operator => routines::is_shape(self, thing.uses[0], Shape::Pair),
            Sort::Trigger => {
                routines::is_shape(self, thing.uses[0], Shape::Trigger)
                    && ((in_table && own_columns) || (parent == Some(Sort::View) && !some))
            }
            Sort::Rule => (in_table && own_columns) || (parent == Some(Sort::View) && !some),
            Sort::Publication => {
                !thing.uses.is_empty()
                    && thing
                        .uses
                        .iter()
                        .all(|table| sort_of(*table) == Sort::Table && !self.is_unlogged(*table))
            }
            Sort::Statistics => {
                thing.columns.len() >= 2
                    && comparable
                    && thing
                        .columns
                        .iter()
                        .all(|column| self.get(*column).parent == self.get(thing.columns[0]).parent)
            }
            Sort::EventTrigger => routines::is_shape(self, thing.uses[0], Shape::EventTrigger),
            _ => true,
        }
    }

    /// Whether our two rows differ in one of these columns.
    fn tells_rows_apart(&self, columns: &[Key]) -> bool {
        columns.iter().any(|column| {
            !(self.type_of(*column).group == Group::Bool && self.is_generated(*column))
        })
    }

    fn is_legal_foreign_key(&self, key: Key) -> bool {
        let thing = self.get(key);
        let unique = self.get(thing.uses[0]);
        if unique.sort != Sort::Unique || unique.columns.len() != thing.columns.len() {
            return false;
        }
        let target = unique.parent;
        let whole = self
            .partition_column(target)
            .is_none_or(|column| unique.columns.contains(&column));
        let lasting = self.is_unlogged(thing.parent) || !self.is_unlogged(target);
        let alike = thing.columns.iter().zip(&unique.columns).all(|(from, to)| {
            let (from, to) = (self.type_of(*from), self.type_of(*to));
            from == to && !from.sql.ends_with(']') && !self.is_layered(&from)
                || (from.group == Group::Int
                    && to.group == Group::Int
                    && from.user.is_none()
                    && to.user.is_none())
        });
        let stored = thing
            .columns
            .iter()
            .any(|column| self.is_generated(*column));
        let deferrable = unique.die(1, 4) == 2;
        whole && lasting && alike && !stored && !deferrable
    }

    fn is_legal_function(&self, key: Key) -> bool {
        let thing = self.get(key);
        let used = thing.uses.first().map(|used| self.get(*used));
        let of_source = thing
            .columns
            .iter()
            .all(|column| Some(&self.get(*column).parent) == thing.uses.first());
        let is_type = |sort: Sort| sort.is_type() || sort == Sort::Extension;
        match routines::shape(thing) {
            Shape::Count => used.is_some_and(|used| used.sort.is_relation()) && of_source,
            Shape::Row => used.is_some_and(|used| used.sort == Sort::Table) && of_source,
            Shape::Set => {
                used.is_some_and(|used| used.sort == Sort::Table)
                    && !self.columns(thing.uses[0]).is_empty()
            }
            Shape::Type => used.is_some_and(|used| is_type(used.sort)),
            Shape::Pair => used.is_none_or(|used| {
                is_type(used.sort) && (used.sort != Sort::Domain || used.uses.is_empty())
            }),
            _ => true,
        }
    }
}
