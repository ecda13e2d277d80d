//! The INSERT of one table. Values of foreign keys are taken from the rows of the other table; for columns with checks
//! the server itself looks through the candidates for a combination that every check lets through.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Column, Facts};
use super::shape::{Foreign, Shape};
use super::values::{self, Constants, ROWS, base};
use crate::sql::quote::{ident, qualified};

/// How far an attempt goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Every column gets a value, from its sequence where it has one.
    Full,
    /// Every column gets a value of ours: a sequence may not be found under an empty search path.
    Explicit,
    /// Only columns that need one; foreign keys that may be null are.
    Required,
    /// As `Required`, and checks are left to luck.
    Blind,
}

/// The statement, in the given effort. Gives rows only where every required parent has some.
pub(super) fn insert(facts: &Facts, shape: &Shape<'_>, effort: Effort) -> String {
    let mut builder = Builder {
        facts,
        shape,
        effort,
        bound: BTreeMap::new(),
        joins: Vec::new(),
        constants: Vec::new(),
    };
    builder.keys();
    builder.columns();
    builder.text()
}

struct Builder<'a> {
    facts: &'a Facts,
    shape: &'a Shape<'a>,
    effort: Effort,
    /// Where the value of a column comes from.
    bound: BTreeMap<i16, String>,
    joins: Vec<String>,
    /// Plain columns with a value for each row.
    constants: Vec<(i16, Vec<String>)>,
}

impl<'a> Builder<'a> {
    fn column(&self, number: i16) -> Option<&'a Column> {
        self.shape
            .columns
            .iter()
            .copied()
            .find(|column| column.number == number)
    }

    fn nullable(&self, number: i16) -> bool {
        self.column(number).is_some_and(|column| {
            !column.not_null
                && !base(
                    self.facts,
                    column.data_type,
                    column.modifier,
                    &column.type_name,
                )
                .is_some_and(|(_, _, not_null)| not_null)
        })
    }

    /// Binds the columns of foreign keys to rows of their parents.
    fn keys(&mut self) {
        let shape = self.shape;
        let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
        for (index, key) in shape.foreign.iter().enumerate() {
            let free: Vec<i16> = key
                .columns
                .iter()
                .copied()
                .filter(|column| !self.bound.contains_key(column))
                .collect();
            let optional = !free.is_empty() && free.iter().all(|column| self.nullable(*column));
            if key.parent == shape.table.oid {
                self.refer_to_itself(key, &free);
            } else if optional && matches!(self.effort, Effort::Required | Effort::Blind) {
                for column in free {
                    self.bound.insert(column, "NULL".to_owned());
                }
            } else if key.assumed {
                self.assume(key);
            } else {
                let shift = seen.entry(key.parent).or_default();
                let join = self.join(index, key, *shift, optional);
                *shift += 1;
                self.joins.push(join);
            }
        }
    }

    /// A key to the same table: null, else the row itself.
    fn refer_to_itself(&mut self, key: &Foreign, free: &[i16]) {
        for (column, parent) in key.columns.iter().zip(&key.parent_columns) {
            if !free.contains(column) || column == parent {
                continue;
            }
            if self.nullable(*column) {
                self.bound.insert(*column, "NULL".to_owned());
            } else if let Some(value) = self.bound.get(parent).cloned() {
                self.bound.insert(*column, value);
            } else {
                let values = self.plain(*parent);
                self.constants.push((*column, values));
            }
        }
    }

    /// A key into a table that is filled later: the value that it will have.
    fn assume(&mut self, key: &Foreign) {
        for (column, parent) in key.columns.iter().zip(&key.parent_columns) {
            if self.bound.contains_key(column) {
                continue;
            }
            let found = self
                .facts
                .columns_of(key.parent)
                .iter()
                .find(|candidate| candidate.number == *parent);
            if let Some(found) = found {
                self.bound.insert(*column, format!("v.c{column}"));
                let values = usual(self.facts, found);
                self.constants.push((*column, values));
            }
        }
    }

    fn join(&mut self, index: usize, key: &Foreign, shift: usize, optional: bool) -> String {
        let mut wanted = Vec::new();
        let mut conditions = Vec::new();
        let mut outputs = Vec::new();
        for ((number, name), parent) in key.columns.iter().zip(&key.names).zip(&key.parent_names) {
            let name = ident(name);
            wanted.push(format!("p.{} AS {name}", ident(parent)));
            match self.bound.get(number) {
                Some(value) => conditions.push(format!("q.{name} = {value}")),
                None => {
                    conditions.push(format!("q.{name} IS NOT NULL"));
                    outputs.push(format!("q.{name} AS k{number}"));
                    self.bound.insert(*number, format!("f{index}.k{number}"));
                }
            }
        }
        for check in &self.shape.checks {
            if check
                .columns
                .iter()
                .all(|column| key.columns.contains(column))
            {
                conditions.push(format!("({}) IS NOT FALSE", check.expression));
            }
        }
        outputs.push("row_number() OVER () - 1 AS seed_i".to_owned());
        outputs.push("count(*) OVER () AS seed_n".to_owned());
        format!(
            "{} JOIN LATERAL (SELECT * FROM (SELECT {} FROM (SELECT {} FROM {} p) q WHERE {}) r \
             WHERE r.seed_i = (v.seed_row - 1 + {shift}) % r.seed_n) f{index} ON true",
            if optional { "LEFT" } else { "INNER" },
            outputs.join(", "),
            wanted.join(", "),
            key.source,
            conditions.join(" AND ")
        )
    }

    /// Gives every other column its source.
    fn columns(&mut self) {
        let shape = self.shape;
        let taken: BTreeSet<i16> = self.constants.iter().map(|(number, _)| *number).collect();
        let mut searched: Vec<&Column> = Vec::new();
        for column in &shape.columns {
            let number = column.number;
            if taken.contains(&number) || column.generated {
                continue;
            }
            let explicit = shape.explicit.contains(&number);
            if !self.bound.contains_key(&number) && !explicit {
                let has_default = column.default.is_some();
                let needed = match self.effort {
                    Effort::Full => !column.is_serial(),
                    Effort::Explicit => true,
                    Effort::Required | Effort::Blind => {
                        !column.is_serial() && !has_default && column.not_null
                    }
                };
                let checked = shape.checked.contains(&number) && !column.is_serial();
                let required = checked && self.effort == Effort::Required;
                if !(needed || required) {
                    continue;
                }
            }
            let by_domain = base(
                self.facts,
                column.data_type,
                column.modifier,
                &column.type_name,
            )
            .is_some_and(|(_, checks, _)| !checks.is_empty());
            let in_search = self.effort != Effort::Blind
                && (shape.checked.contains(&number)
                    || (by_domain && !self.bound.contains_key(&number)));
            if in_search {
                searched.push(column);
            } else if !self.bound.contains_key(&number) {
                let values = self.plain(number);
                self.constants.push((number, values));
            }
        }
        self.search(&searched);
    }

    fn plain(&self, number: i16) -> Vec<String> {
        self.column(number)
            .map_or_else(Vec::new, |column| usual(self.facts, column))
    }

    /// Joins the candidates of columns with checks, those that share a check together.
    fn search(&mut self, columns: &[&Column]) {
        let present: BTreeSet<i16> = columns.iter().map(|column| column.number).collect();
        let checks: Vec<_> = self
            .shape
            .checks
            .iter()
            .filter(|check| check.columns.iter().all(|column| present.contains(column)))
            .collect();
        let mut groups: Vec<BTreeSet<i16>> = Vec::new();
        for column in &present {
            groups.push(BTreeSet::from([*column]));
        }
        for check in &checks {
            let (with, mut without): (Vec<_>, Vec<_>) = groups
                .into_iter()
                .partition(|group| check.columns.iter().any(|column| group.contains(column)));
            without.push(with.into_iter().flatten().collect());
            groups = without;
        }
        groups.sort();
        let mut joins = Vec::new();
        let mut bound = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            if group.is_empty() {
                continue;
            }
            let mut sources = Vec::new();
            let mut conditions = Vec::new();
            let mut outputs = Vec::new();
            let mut misses = Vec::new();
            let mut ranks = Vec::new();
            let most = most(group.len());
            for number in group {
                let Some(column) = self.column(*number) else {
                    continue;
                };
                let name = ident(&column.name);
                let own: Vec<&str> = checks
                    .iter()
                    .filter(|check| check.columns == BTreeSet::from([*number]))
                    .map(|check| check.expression.as_str())
                    .collect();
                let in_several = group.len() > 1;
                sources.push(format!(
                    "{} s{number}",
                    self.candidates(column, &own, in_several)
                ));
                outputs.push(format!("s{number}.{name} AS c{number}"));
                misses.push(format!("(s{number}.seed_i <> v.seed_row)::integer"));
                ranks.push(format!("s{number}.seed_i"));
                if in_several {
                    conditions.push(format!(
                        "(s{number}.seed_i < {most} OR s{number}.{name} IS NULL)"
                    ));
                }
                bound.push((*number, format!("g{index}.c{number}")));
            }
            for check in &checks {
                if check.columns.len() > 1 && check.columns.is_subset(group) {
                    conditions.push(format!("({}) IS NOT FALSE", check.expression));
                }
            }
            if conditions.is_empty() {
                conditions.push("true".to_owned());
            }
            joins.push(format!(
                "INNER JOIN LATERAL (SELECT {} FROM {} WHERE {} ORDER BY {}, {} LIMIT 1) g{index} ON true",
                outputs.join(", "),
                sources.join(", "),
                conditions.join(" AND "),
                misses.join(" + "),
                ranks.join(" + "),
            ));
        }
        self.joins.extend(joins);
        self.bound.extend(bound);
    }

    /// The candidates of one column that its own checks and its domains' let through, numbered, as a subquery.
    fn candidates(&self, column: &Column, checks: &[&str], in_several: bool) -> String {
        let name = ident(&column.name);
        let mut constants = Constants::default();
        for check in &self.shape.checks {
            if check.columns.contains(&column.number) {
                constants.add(&check.expression);
            }
        }
        let mut items: Vec<String> = Vec::new();
        let mut of_domain = String::from("true");
        if let Some(value) = self.bound.get(&column.number) {
            // A bare null has no type here: the typed one below stands for it.
            items.extend((value != "NULL").then(|| value.clone()));
        } else if let Some((slot, domain, _)) = base(
            self.facts,
            column.data_type,
            column.modifier,
            &column.type_name,
        ) {
            for check in &domain {
                constants.add(check);
                of_domain.push_str(&format!(" AND ({check}) IS NOT FALSE"));
            }
            items = values::values(self.facts, &slot, &constants, true, 0);
        }
        items.truncate(most(1));
        let null = self.nullable(column.number) && (in_several || !checks.is_empty());
        if items.is_empty() || null {
            let cast = base(
                self.facts,
                column.data_type,
                column.modifier,
                &column.type_name,
            )
            .map_or("", |(slot, _, _)| slot.sql);
            items.push(format!("NULL::{cast}"));
        }
        let rows: Vec<String> = items
            .iter()
            .enumerate()
            .map(|(index, item)| format!("({}, {item})", index + 1))
            .collect();
        let own: String = checks
            .iter()
            .map(|check| format!(" AND ({check}) IS NOT FALSE"))
            .collect();
        format!(
            "(SELECT row_number() OVER (ORDER BY w.{name} IS NULL, w.seed_i) AS seed_i, w.{name} FROM \
             (SELECT u.seed_i, u.value AS {name} FROM (VALUES {}) u (seed_i, value) WHERE {of_domain}) w WHERE true{own})",
            rows.join(", ")
        )
    }

    fn text(self) -> String {
        let table = qualified(&self.shape.table.schema, &self.shape.table.name);
        let mut names = Vec::new();
        let mut sources = Vec::new();
        let mut identity = false;
        for column in &self.shape.columns {
            let plain = self
                .constants
                .iter()
                .any(|(number, _)| *number == column.number);
            let source = match self.bound.get(&column.number) {
                Some(source) => source.clone(),
                None if plain => format!("v.c{}", column.number),
                None => continue,
            };
            identity |= column.identity;
            names.push(ident(&column.name));
            sources.push(source);
        }
        if names.is_empty() {
            return format!("INSERT INTO {table} DEFAULT VALUES");
        }
        let rows = if self.shape.one_row { 1 } else { ROWS };
        let rows: Vec<String> = (0..rows)
            .map(|row| {
                let mut items = vec![(row + 1).to_string()];
                for (_, values) in &self.constants {
                    items.push(match values.len() {
                        0 => "NULL".to_owned(),
                        length => values[row % length].clone(),
                    });
                }
                format!("({})", items.join(", "))
            })
            .collect();
        let heads: String = self
            .constants
            .iter()
            .map(|(number, _)| format!(", c{number}"))
            .collect();
        format!(
            "INSERT INTO {table} ({}) {}SELECT {} FROM (VALUES {}) v (seed_row{heads}) {}{}",
            names.join(", "),
            if identity {
                "OVERRIDING SYSTEM VALUE "
            } else {
                ""
            },
            sources.join(", "),
            rows.join(", "),
            self.joins.join(" "),
            if self.shape.one_row {
                ""
            } else {
                " ON CONFLICT DO NOTHING"
            }
        )
    }
}

/// How many candidates of a column are looked at where so many columns are looked at together.
fn most(columns: usize) -> usize {
    match columns {
        1 => 400,
        2 => 120,
        3 => 25,
        4 => 12,
        5 => 7,
        6 => 5,
        7 => 4,
        8 => 3,
        _ => 2,
    }
}

/// The value of each row for a column without checks.
fn usual(facts: &Facts, column: &Column) -> Vec<String> {
    base(facts, column.data_type, column.modifier, &column.type_name).map_or_else(
        Vec::new,
        |(slot, checks, _)| {
            let mut constants = Constants::default();
            for check in &checks {
                constants.add(check);
            }
            values::values(facts, &slot, &constants, false, 0)
        },
    )
}
