//! What must hold of the rows that are there before a plan runs: nulls, duplicates, orphans, violations and values that do
//! not fit are counted, with one of them as an example, before anything changes. So are partitions that would go with their
//! table and that no file declares.
//!
//! The rule: a query asks only of tables and columns that the plan leaves as they are until then, and says nothing where
//! it cannot be sure: a count must never stop a migration that would have gone through. It reads under ACCESS SHARE.

use super::column::is_whole_number;
use super::{Context, Object, parts, reference};
use crate::model::{Expression, Kind, ObjectId};
use crate::sql::quote::{ident, literal};

/// A query of one row: how many rows or values stand in the way, what they are, and one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preflight {
    /// The tables that it reads.
    pub tables: Vec<ObjectId>,
    /// What is counted, `rows of app.users without email`.
    pub about: String,
    /// The query, without a semicolon.
    pub sql: String,
}

/// A table whose rows are there before the plan and after.
pub(super) struct Rows<'a> {
    table: &'a ObjectId,
    context: &'a Context<'a>,
    /// The tables below it.
    below: Vec<ObjectId>,
}

impl<'a> Rows<'a> {
    /// The rows of the table of a part, where the plan keeps it and all below it: a partition that goes takes its rows along.
    pub(super) fn of(part: &'a ObjectId, context: &'a Context<'a>) -> Option<Self> {
        let table = part.parent.as_deref()?;
        if !matches!(context.before.get(table), Some(Object::Table(_))) || !context.keeps(table) {
            return None;
        }
        // A trigger that a backfill wakes may put other columns right.
        let fills = context.after.children(table, Kind::Column).into_iter().any(
            |(_, it)| matches!(it, Object::Column(column) if column.convert.backfill.is_some()),
        );
        let watched = fills && !context.before.children(table, Kind::Trigger).is_empty();
        if watched {
            return None;
        }
        let below = parts::family(table, context.before).split_off(1);
        let stays = |member: &ObjectId| {
            context.keeps(member) && !parts::kept_parents(member, context).is_empty()
        };
        below.iter().all(stays).then_some(Rows {
            table,
            context,
            below,
        })
    }

    /// The rows of the table of a part that is made anew, and keeps them all the same.
    pub(super) fn carried(part: &'a ObjectId, context: &'a Context<'a>) -> Option<Self> {
        let table = part.parent.as_deref()?;
        let (from, to) = (context.before.get(table)?, context.after.get(table)?);
        if !context.makes(table) || from.carry(to, table, context).is_none() {
            return None;
        }
        Some(Rows {
            table,
            context,
            below: Vec::new(),
        })
    }

    /// The table with all below it.
    fn with_children(&self) -> String {
        reference::name(self.table)
    }

    /// The rows that a key sees: those of partitions, but not those of children.
    fn own(&self) -> String {
        own(self.table, self.context)
    }

    /// The values of a row that people know it by: its primary key, or where it stands.
    fn example(&self) -> String {
        let keys = self.context.before.children(self.table, Kind::PrimaryKey);
        match keys.first() {
            Some((_, Object::PrimaryKey(key))) => labelled(&key.0.columns),
            _ => format!("{} || ctid::text", literal("ctid ")),
        }
    }

    /// Whether a table below has a column of this name already, which the parent's takes over.
    pub(super) fn is_below(&self, column: &str) -> bool {
        let columns = self.below.iter().map(|it| it.child(Kind::Column, column));
        columns
            .into_iter()
            .any(|it| self.context.before.contains(&it))
    }

    /// Whether a column has the same values before the plan's own steps as when they are looked at.
    pub(super) fn has(&self, column: &str) -> bool {
        stands(&self.table.child(Kind::Column, column), self.context)
    }

    /// Whether a column keeps its values, although its type may be made anew.
    pub(super) fn keeps(&self, column: &str) -> bool {
        keeps_values(&self.table.child(Kind::Column, column), self.context)
    }

    /// Whether all columns that an object of the table speaks of have the same values, and all else that it speaks of stays;
    /// one that speaks of no column may speak of the whole row.
    fn has_all_of(&self, id: &ObjectId) -> bool {
        let (before, after) = (self.context.before, self.context.after);
        let columns = |catalog: &super::Catalog| -> Vec<ObjectId> {
            let columns = catalog.children(self.table, Kind::Column);
            columns.into_iter().map(|(id, _)| id.clone()).collect()
        };
        let mut spoken = after
            .dependencies_of(id)
            .filter(|it| it.kind == Kind::Column);
        let row = match spoken.next() {
            Some(_) => Vec::new(),
            None if columns(before) == columns(after) => columns(after),
            None => return false,
        };
        let needed = || after.dependencies_of(id).chain(&row);
        // A function may be another one for another type.
        let is_called =
            |it: &ObjectId| matches!(it.kind, Kind::Function | Kind::Operator | Kind::Aggregate);
        let is_retyped = |it: &ObjectId| match (before.get(it), after.get(it)) {
            (Some(Object::Column(from)), Some(Object::Column(to))) => {
                from.data_type != to.data_type
            }
            _ => false,
        };
        if needed().any(is_called) && needed().any(is_retyped) {
            return false;
        }
        needed().all(|needed| match needed.kind {
            Kind::Column => stands(needed, self.context),
            // A function or type that the plan changes would be asked as it was.
            _ => stays(needed, self.context),
        })
    }

    /// Rows of the table, children included, for which a condition holds.
    pub(super) fn that(&self, about: &str, condition: &str) -> Preflight {
        self.among(&self.with_children(), about, condition)
    }

    /// Rows of the table, those of its children apart.
    pub(super) fn all_own(&self, about: &str) -> Preflight {
        self.among(&self.own(), about, "")
    }

    fn among(&self, source: &str, about: &str, condition: &str) -> Preflight {
        let about = format!("rows of {} {about}", self.table.path());
        let condition = match condition {
            "" => String::new(),
            condition => format!(" WHERE {condition}"),
        };
        self.preflight(
            about.clone(),
            format!(
                "SELECT count(*), {}, min({}) FROM {source}{condition}",
                literal(&about),
                self.example()
            ),
        )
    }

    fn preflight(&self, about: String, sql: String) -> Preflight {
        Preflight {
            tables: vec![self.table.clone()],
            about,
            sql,
        }
    }

    /// Rows that a check refuses.
    pub(super) fn against(
        &self,
        id: &ObjectId,
        expression: &Expression,
        no_inherit: bool,
    ) -> Option<Preflight> {
        if !self.has_all_of(id) {
            return None;
        }
        let source = match no_inherit {
            true => self.own(),
            false => self.with_children(),
        };
        // A comment at the end of the text must not swallow what follows.
        let condition = format!("NOT (\n{}\n)", expression.text());
        Some(self.among(
            &source,
            &format!("that the check {} refuses", id.name),
            &condition,
        ))
    }

    /// Values of a key that several rows have. `keys` are columns and expressions as SQL writes them.
    pub(super) fn twice(
        &self,
        id: &ObjectId,
        keys: &[String],
        predicate: Option<&Expression>,
        nulls_too: bool,
    ) -> Option<Preflight> {
        if !self.has_all_of(id) || keys.is_empty() {
            return None;
        }
        let named: Vec<String> = (1..)
            .zip(keys)
            .map(|(n, key)| format!("{key} AS k{n}"))
            .collect();
        let places: Vec<String> = (1..=keys.len()).map(|n| n.to_string()).collect();
        let values: Vec<String> = (1..=keys.len()).map(|n| format!("k{n}")).collect();
        let mut conditions: Vec<String> = Vec::new();
        if !nulls_too {
            conditions.extend(keys.iter().map(|key| format!("{key} IS NOT NULL")));
        }
        if let Some(predicate) = predicate {
            conditions.push(format!("(\n{}\n)", predicate.text()));
        }
        let condition = match conditions.is_empty() {
            true => String::new(),
            false => format!(" WHERE {}", conditions.join(" AND ")),
        };
        let about = format!(
            "values of ({}) in {} that several rows have",
            keys.join(", "),
            self.table.path()
        );
        let sql = format!(
            "SELECT count(*), {}, min({}) FROM (SELECT {} FROM {}{condition} GROUP BY {} HAVING count(*) > 1) AS several",
            literal(&about),
            shown(&values),
            named.join(", "),
            self.own(),
            places.join(", ")
        );
        Some(self.preflight(about, sql))
    }

    /// Values of a foreign key that the referenced table does not have. The equality is that of the types, as EXCEPT takes
    /// it: an operator could not be named without a search path.
    pub(super) fn without_parent(
        &self,
        columns: &[String],
        referenced: &ObjectId,
        referenced_columns: &[String],
    ) -> Option<Preflight> {
        let context = self.context;
        // Who applies may not see all rows of the referenced table; the key does.
        let secured = referenced.child(Kind::RowLevelSecurity, "");
        // Rows of a table that is attached in the plan are its rows by then.
        let family = |catalog: &super::Catalog| parts::family(referenced, catalog);
        let is_whole =
            !context.before.contains(referenced) || family(context.before) == family(context.after);
        let known = is_whole
            && columns.iter().all(|column| self.has(column))
            && !context.before.contains(&secured);
        let is_new = !context.before.contains(referenced);
        let parents = is_new
            || context.keeps(referenced)
                && !referenced_columns.is_empty()
                && referenced_columns
                    .iter()
                    .all(|it| stands(&referenced.child(Kind::Column, it), context));
        // Of two types, EXCEPT may take another equality than the key.
        let type_of = |table: &ObjectId, column: &String| match context
            .after
            .get(&table.child(Kind::Column, column))
        {
            Some(Object::Column(column)) => Some(column.data_type.clone()),
            _ => None,
        };
        let alike = columns.iter().zip(referenced_columns).all(|(own, other)| {
            match (type_of(self.table, own), type_of(referenced, other)) {
                (Some(own), Some(other)) => {
                    own == other || is_whole_number(&own) && is_whole_number(&other)
                }
                _ => false,
            }
        });
        if !known || !parents || !is_new && !alike {
            return None;
        }
        let names: Vec<String> = columns.iter().map(|name| ident(name)).collect();
        let filled: Vec<String> = names.iter().map(|it| format!("{it} IS NOT NULL")).collect();
        let about = format!(
            "values of ({}) in {} that {} does not have",
            names.join(", "),
            self.table.path(),
            referenced.path()
        );
        let except = match is_new {
            true => String::new(),
            false => format!(
                " EXCEPT SELECT {} FROM {}",
                reference::columns(referenced_columns),
                own(referenced, context)
            ),
        };
        let sql = format!(
            "SELECT count(*), {}, min({}) FROM (SELECT {} FROM {} WHERE {}{except}) AS missing",
            literal(&about),
            shown(&names),
            names.join(", "),
            self.own(),
            filled.join(" AND ")
        );
        let mut preflight = self.preflight(about, sql);
        preflight.tables.push(referenced.clone());
        Some(preflight)
    }

    /// Rows that MATCH FULL refuses: some of the columns are null, and others are not.
    pub(super) fn half_null(&self, columns: &[String]) -> Option<Preflight> {
        if columns.len() < 2 || !columns.iter().all(|column| self.has(column)) {
            return None;
        }
        let names = reference::columns(columns);
        let about = format!("where some of ({names}) are null and others are not");
        let count = format!("num_nulls({names})");
        let condition = format!("{count} > 0 AND {count} < {}", columns.len());
        Some(self.among(&self.own(), &about, &condition))
    }

    /// Rows that refer to some that go: the values of these, in the columns that the key refers to.
    pub(super) fn behind(
        &self,
        columns: &[String],
        referenced: &ObjectId,
        values: &[Vec<&str>],
    ) -> Option<Preflight> {
        if !columns.iter().all(|column| self.has(column)) {
            return None;
        }
        let values = values.iter().map(|values| {
            let values: Vec<String> = values.iter().map(|it| literal(it)).collect();
            format!("({})", values.join(", "))
        });
        let values: Vec<String> = values.collect();
        let about = format!("that refer to rows of {} that go", referenced.path());
        let condition = format!(
            "({}) IN ({})",
            reference::columns(columns),
            values.join(", ")
        );
        Some(self.among(&self.own(), &about, &condition))
    }

    /// Values of a column that the check of a domain refuses; the condition is about the column.
    pub(super) fn refused_by_domain(
        &self,
        column: &str,
        check: &ObjectId,
        condition: &str,
    ) -> Option<Preflight> {
        let context = self.context;
        let (from, to) = (context.before, context.after);
        let column_id = self.table.child(Kind::Column, column);
        let is_plain = |catalog: &super::Catalog| {
            matches!(catalog.get(&column_id), Some(Object::Column(it))
                if it.generated.is_none() && it.convert.backfill.is_none() && it.convert.convert.is_none())
        };
        let domain = check.parent.as_deref()?;
        let mut needed = to.dependencies_of(check);
        let is_known = needed.all(|it| it == domain || stays(it, context));
        if !is_plain(from) || !is_plain(to) || !context.keeps(&column_id) || !is_known {
            return None;
        }
        let about = format!(
            "whose {} the check {} of {} refuses",
            ident(column),
            check.name,
            domain.path()
        );
        Some(self.that(&about, &format!("NOT (\n{condition}\n)")))
    }

    /// Values of a column that another type refuses, where that can be told from the types alone.
    pub(super) fn beyond(&self, column: &str, from: &str, to: &str) -> Option<Preflight> {
        let name = ident(column);
        let condition = super::column::does_not_fit(&name, from, to)?;
        Some(self.that(&format!("whose {name} does not fit {to}"), &condition))
    }
}

/// Partitions that a partitioned table has beside those that the plan knows: DROP TABLE takes them along without a word.
pub(super) fn partitions_beside(table: &ObjectId, context: &Context<'_>) -> Option<Preflight> {
    let before = context.before;
    if !parts::is_partitioned(table, before) {
        return None;
    }
    let is_own = |tie: &Object| matches!(tie, Object::Partition(it) if it.parent == parts::qualified_name(table));
    let ties = before.of_kind(Kind::Partition);
    let known: Vec<ObjectId> = ties
        .filter(|(_, tie)| is_own(tie))
        .filter_map(|(tie, _)| tie.parent.as_deref().cloned())
        .collect();
    let about = format!("partitions of {} that no file declares", table.path());
    let name = |it: &ObjectId| {
        let schema = literal(it.schema().unwrap_or_default());
        format!("({schema}, {})", literal(&it.name))
    };
    let known_names: Vec<String> = known.iter().map(name).collect();
    let beside = match known_names.is_empty() {
        true => String::new(),
        false => format!(
            " AND (n.nspname, c.relname) NOT IN ({})",
            known_names.join(", ")
        ),
    };
    let sql = format!(
        "SELECT count(*), {}, min(c.oid::regclass::text) FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid \
         JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE i.inhparent = pg_catalog.to_regclass({}){beside}",
        literal(&about),
        literal(&reference::name(table)),
    );
    let tables = std::iter::once(table.clone()).chain(known);
    Some(Preflight {
        tables: tables.collect(),
        about,
        sql,
    })
}

/// Whether an object is the same before and after, and not made anew.
fn stays(id: &ObjectId, context: &Context<'_>) -> bool {
    context.before.get(id) == context.after.get(id) && !context.makes(id)
}

/// Whether a column has the same values before a plan's own steps as after them, of a type and collation that stay.
fn stands(id: &ObjectId, context: &Context<'_>) -> bool {
    let mut needed = context.after.dependencies_of(id);
    keeps_values(id, context)
        && needed.all(|it| matches!(it.kind, Kind::Column | Kind::Table) || stays(it, context))
}

/// Whether a column has the same values before a plan's own steps as after them.
fn keeps_values(id: &ObjectId, context: &Context<'_>) -> bool {
    match (context.before.get(id), context.after.get(id)) {
        (Some(Object::Column(from)), Some(Object::Column(to))) => {
            let words = &to.convert;
            are_alike(&from.data_type, &to.data_type)
                && from.collation == to.collation
                && from.generated == to.generated
                && words.convert.is_none()
                && words.backfill.is_none()
                && context.keeps(id)
                && (to.generated.is_none() || made_of(id, context).all(|it| stands(it, context)))
        }
        _ => false,
    }
}

/// Whether a value of one type means the same as one of another, as long as it fits: whole numbers, and texts of any length.
fn are_alike(from: &str, to: &str) -> bool {
    let is_text = |name: &str| name == "text" || name.starts_with("character varying");
    from == to
        || is_whole_number(from) && is_whole_number(to)
        || is_text(from) && ["text", "character varying"].contains(&to)
}

/// The columns that a generated column is computed from.
fn made_of<'a>(id: &'a ObjectId, context: &Context<'a>) -> impl Iterator<Item = &'a ObjectId> {
    let needed = context.after.dependencies_of(id);
    needed.filter(move |needed| needed.kind == Kind::Column && *needed != id)
}

fn own(table: &ObjectId, context: &Context<'_>) -> String {
    let name = reference::name(table);
    match context.before.partitioned.contains(table)
        || parts::family(table, context.before).len() == 1
    {
        true => name,
        false => format!("ONLY {name}"),
    }
}

/// `'id ' || id::text`; for several columns `'(a, b) ' || (a, b)::text`.
fn labelled(columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|name| ident(name)).collect();
    let label = match names.as_slice() {
        [one] => format!("{one} "),
        several => format!("({}) ", several.join(", ")),
    };
    format!("{} || {}", literal(&label), shown(&names))
}

fn shown(names: &[String]) -> String {
    match names {
        [one] => format!("{one}::text"),
        several => format!("({})::text", several.join(", ")),
    }
}
