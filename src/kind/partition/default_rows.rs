//! The rows of a default partition that belong to one that comes beside it, and those that belong to it when another one gets
//! narrower bounds.
//!
//! The rule: they move before the new partition is attached, since PostgreSQL attaches none while the default one holds rows of
//! it; the way back moves them again. Rows that foreign keys refer to stay where they are, so that no action of such a key
//! takes anything along: there PostgreSQL refuses.

use super::Partition;
use super::kdl::{list, part};
use crate::kind::column::{identified, may_sleep};
use crate::kind::{
    Catalog, Context, HazardClass, Object, Statement, family, reference, references,
};
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::significant;
use crate::sql::quote::ident;

/// Moves what belongs to a partition from the default one to it, before it is attached.
pub(super) fn move_there(tie: &Partition, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    let Some(partition) = id.parent.as_deref().filter(|it| it.kind == Kind::Table) else {
        return Vec::new();
    };
    let Some((table, default)) = default_beside(tie, partition, context) else {
        return Vec::new();
    };
    let key = match context.after.get(&table) {
        Some(Object::Table(table)) => table.partition_by.clone(),
        _ => None,
    };
    let Some(condition) = key.and_then(|key| condition(&key, &tie.bound)) else {
        return Vec::new();
    };
    let (columns, overriding) = columns(&table, context.after, context);
    let from = reference::name(&default);
    let to = reference::name(partition);
    let moved = Statement::sql(format!(
        "WITH moved AS (\n    DELETE FROM {from} WHERE {condition}\n    RETURNING {columns}\n)\nINSERT INTO {to} ({columns}){overriding} SELECT {columns} FROM moved"
    ));
    // Which of its rows were there before, nothing tells when it leaves again.
    let moved = match context.keeps(partition) && !context.before.contains(id) {
        true => moved.hazard(
            "rows-stay-moved",
            HazardClass::Irreversible,
            partition,
            format!(
                "rows of {} that belong to it move there, and stay in it on the way back",
                default.path()
            ),
        ),
        false => moved,
    };
    let mut sleeping: Vec<&ObjectId> = Vec::new();
    sleeping.extend(may_sleep(partition, context).then_some(partition));
    // A partition has the triggers of the partitioned table too.
    if may_sleep(&default, context) || may_sleep(&table, context) {
        sleeping.push(&default);
    }
    identified(&default, asleep(&sleeping, moved), context)
}

/// Moves what belongs no more to a partition that gets other bounds to where it belongs, the default one mostly, before the partition
/// is attached again.
pub(super) fn move_out(tie: &Partition, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    let Some(partition) = id.parent.as_deref().filter(|it| context.keeps(it)) else {
        return Vec::new();
    };
    let (Some(Object::Partition(from)), Some((table, default))) = (
        context.before.get(id),
        default_beside(tie, partition, context),
    ) else {
        return Vec::new();
    };
    let key = match context.after.get(&table) {
        Some(Object::Table(table)) => table.partition_by.clone(),
        _ => None,
    };
    if from.parent != tie.parent || is_within(&from.bound, &tie.bound) {
        return Vec::new();
    }
    let Some(condition) = key.and_then(|key| condition(&key, &tie.bound)) else {
        return Vec::new();
    };
    let (columns, overriding) = columns(&table, context.after, context);
    let moved = Statement::sql(format!(
        "WITH moved AS (\n    DELETE FROM {} WHERE ({condition}) IS NOT TRUE\n    RETURNING {columns}\n)\nINSERT INTO {} ({columns}){overriding} SELECT {columns} FROM moved",
        reference::name(partition),
        reference::name(&table)
    ));
    let mut sleeping: Vec<&ObjectId> = Vec::new();
    sleeping.extend(may_sleep(partition, context).then_some(partition));
    if may_sleep(&default, context) || may_sleep(&table, context) {
        sleeping.push(&table);
    }
    identified(partition, asleep(&sleeping, moved), context)
}

/// Whether it is plain that all rows of a bound are rows of another one.
pub(super) fn is_within(bound: &str, other: &str) -> bool {
    let ends = |bound: &str| -> Option<(Vec<String>, Vec<String>)> {
        let tokens = significant(bound);
        let owned = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
        let word = tokens.get(2)?;
        let (first, next) = list(bound, &tokens, 3);
        match word.is_word("from") {
            true => Some((owned(first), owned(list(bound, &tokens, next).0))),
            false => word.is_word("in").then(|| (owned(first), Vec::new())),
        }
    };
    let (Some((from, to)), Some((wider_from, wider_to))) = (ends(bound), ends(other)) else {
        return false;
    };
    if to.is_empty() || wider_to.is_empty() {
        return to == wider_to && from.iter().all(|value| wider_from.contains(value));
    }
    let number = |values: &[String]| match values {
        [one] => one.trim_matches('\'').parse::<i128>().ok(),
        _ => None,
    };
    let reaches =
        |own: &[String], wider: &[String], endless: &str, in_order: fn(i128, i128) -> bool| {
            own == wider
                || wider
                    .first()
                    .is_some_and(|it| it.eq_ignore_ascii_case(endless))
                || number(own)
                    .zip(number(wider))
                    .is_some_and(|(own, wider)| in_order(own, wider))
        };
    reaches(&from, &wider_from, "minvalue", |own, wider| wider <= own)
        && reaches(&to, &wider_to, "maxvalue", |own, wider| own <= wider)
}

/// Moves the rows of a partition that goes to the default one, on a way back.
pub(super) fn move_back(tie: &Partition, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    let Some(partition) = id.parent.as_deref().filter(|it| it.kind == Kind::Table) else {
        return Vec::new();
    };
    if !context.stand_in || context.after.contains(partition) {
        return Vec::new();
    }
    let Some((table, default)) = default_beside(tie, partition, context) else {
        return Vec::new();
    };
    let (columns, overriding) = columns(&table, context.before, context);
    let moved = Statement::sql(format!(
        "INSERT INTO {} ({columns}){overriding} SELECT {columns} FROM {}",
        reference::name(&table),
        reference::name(partition)
    ));
    let awake = !may_sleep(&table, context) && !may_sleep(&default, context);
    let sleeping: &[&ObjectId] = if awake { &[] } else { &[&table] };
    asleep(sleeping, moved)
}

/// The partitioned table and its default partition, where both stay and no foreign key refers to rows of them.
fn default_beside(
    tie: &Partition,
    partition: &ObjectId,
    context: &Context<'_>,
) -> Option<(ObjectId, ObjectId)> {
    let table = ObjectId::in_schema(Kind::Table, &tie.parent.schema, &tie.parent.name);
    let is_default = |object: &Object| matches!(object, Object::Partition(other) if other.parent == tie.parent && other.bound == "DEFAULT");
    let default = context
        .before
        .of_kind(Kind::Partition)
        .filter(|(id, object)| is_default(object) && context.after.get(id).is_some_and(is_default))
        .find_map(|(id, _)| id.parent.as_deref())
        .filter(|default| default.kind == Kind::Table && *default != partition)?;
    if !context.keeps(&table) || !context.keeps(default) {
        return None;
    }
    let rows = family(&table, context.before);
    let referred = [context.before, context.after]
        .into_iter()
        .flat_map(references)
        .any(|(_, _, to)| to == table || rows.contains(&to));
    (!referred).then(|| (table, default.clone()))
}

/// The columns that rows are made of while a state's columns are there, and what a row with a number of its own needs.
fn columns(table: &ObjectId, state: &Catalog, context: &Context<'_>) -> (String, &'static str) {
    let mut names = Vec::new();
    let mut overriding = "";
    for (id, object) in state.children(table, Kind::Column) {
        if matches!(object, Object::Column(column) if column.generated.is_none()) {
            names.push(ident(&id.name));
        }
        let has_number = |catalog: &Catalog| matches!(catalog.get(id), Some(Object::Column(it)) if it.identity.is_some());
        if has_number(context.before) || has_number(context.after) {
            overriding = " OVERRIDING SYSTEM VALUE";
        }
    }
    (names.join(", "), overriding)
}

/// Rows that only move are no rows that come or go: what acts on those sleeps.
fn asleep(tables: &[&ObjectId], moved: Statement) -> Vec<Statement> {
    let mut statements = vec![moved];
    for table in tables {
        let head = reference::alter_relation(table);
        statements.insert(0, Statement::sql(format!("{head} DISABLE TRIGGER USER")));
        statements.push(Statement::sql(format!("{head} ENABLE TRIGGER USER")));
    }
    statements
}

/// What rows of a bound have in common; `None` where the key compares in a way of its own, and for hashes, beside which there is
/// no default.
fn condition(key: &str, bound: &str) -> Option<String> {
    let tokens = significant(key);
    let mut keys = Vec::new();
    for text in list(key, &tokens, 1).0 {
        let part = part(text);
        if part.opclass.is_some() || part.collation.is_some() {
            return None;
        }
        keys.push(match (part.column, part.expression) {
            (Some(column), _) => ident(&column),
            (None, Some(expression)) => expression.canonical,
            (None, None) => return None,
        });
    }
    let tokens = significant(bound);
    let word = tokens.get(2)?;
    if word.is_word("in") {
        let key = keys.first()?;
        let (nulls, values): (Vec<&str>, Vec<&str>) = list(bound, &tokens, 3)
            .0
            .into_iter()
            .partition(|value| value.eq_ignore_ascii_case("null"));
        let is_null = format!("{key} IS NULL");
        return Some(match (values.is_empty(), nulls.is_empty()) {
            (false, true) => format!("{key} IN ({})", values.join(", ")),
            (false, false) => format!("({key} IN ({}) OR {is_null})", values.join(", ")),
            (true, _) => is_null,
        });
    }
    if !word.is_word("from") {
        return None;
    }
    let (from, next) = list(bound, &tokens, 3);
    let (to, _) = list(bound, &tokens, next);
    let mut conditions: Vec<String> = Vec::new();
    conditions.extend(limit(&keys, &from, (">=", ">")));
    conditions.extend(limit(&keys, &to, ("<", "<=")));
    // No range holds a null.
    conditions.extend(keys.iter().map(|key| format!("{key} IS NOT NULL")));
    Some(conditions.join(" AND "))
}

/// The columns of a partition key, where it is of nothing else.
pub(super) fn key_columns(key: &str) -> Option<Vec<String>> {
    let tokens = significant(key);
    let parts = list(key, &tokens, 1).0.into_iter();
    parts.map(|text| part(text).column).collect()
}

/// The condition as it has to be said of all rows of a table: where it does not speak of nulls, there are none.
pub(super) fn holds(key: &str, bound: &str) -> Option<String> {
    let condition = condition(key, bound)?;
    if condition.contains(" NULL") {
        return Some(condition);
    }
    let tokens = significant(key);
    let part = part(list(key, &tokens, 1).0.first()?);
    let key = match (part.column, part.expression) {
        (Some(column), _) => ident(&column),
        (None, expression) => expression?.canonical,
    };
    Some(format!("{key} IS NOT NULL AND {condition}"))
}

/// One end of a range: up to a value without end, all values of the parts before it count.
fn limit(keys: &[String], values: &[&str], (usual, endless): (&str, &str)) -> Option<String> {
    let is_word = |value: &str, word: &str| value.eq_ignore_ascii_case(word);
    let stop = values
        .iter()
        .position(|value| is_word(value, "minvalue") || is_word(value, "maxvalue"));
    let operator = match stop.and_then(|at| values.get(at)) {
        None => usual,
        // From (a, MINVALUE) all of a is in, from (a, MAXVALUE) none of it; up to them the other way round.
        Some(value) if is_word(value, "minvalue") => match usual {
            ">=" => ">=",
            _ => "<",
        },
        Some(_) => endless,
    };
    let many = stop.unwrap_or(values.len());
    match (keys.get(..many)?, values.get(..many)?) {
        ([], _) => None,
        ([key], [value]) => Some(format!("{key} {operator} {value}")),
        (keys, values) => Some(format!(
            "({}) {operator} ({})",
            keys.join(", "),
            values.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{condition, is_within};

    #[test]
    fn wider_bounds_are_told() {
        let list = |values: &str| format!("FOR VALUES IN ({values})");
        let range = |from: &str, to: &str| format!("FOR VALUES FROM ({from}) TO ({to})");
        assert!(is_within(&list("'a'"), &list("'b', 'a'")));
        assert!(!is_within(&list("'b', 'a'"), &list("'a'")));
        assert!(is_within(&range("1", "10"), &range("-1", "10")));
        assert!(is_within(&range("1", "10"), &range("MINVALUE", "'20'")));
        assert!(!is_within(&range("1", "10"), &range("1", "9")));
        assert!(!is_within(&range("MINVALUE", "10"), &range("1", "10")));
        assert!(!is_within(
            &range("'2024-01-01'", "'2024-02-01'"),
            &range("'2024-01-01'", "'2024-03-01'")
        ));
    }

    #[test]
    fn bounds_become_conditions() {
        let cases = [
            ("LIST (s)", "FOR VALUES IN ('a', 'b')", "s IN ('a', 'b')"),
            (
                "LIST (s)",
                "FOR VALUES IN ('a', NULL)",
                "(s IN ('a') OR s IS NULL)",
            ),
            (
                "LIST (lower(s))",
                "FOR VALUES IN (NULL)",
                "lower(s) IS NULL",
            ),
            (
                "RANGE (at)",
                "FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')",
                "at >= '2024-01-01' AND at < '2024-02-01' AND at IS NOT NULL",
            ),
            (
                "RANGE (at)",
                "FOR VALUES FROM (MINVALUE) TO (MAXVALUE)",
                "at IS NOT NULL",
            ),
            (
                "RANGE (a, b)",
                "FOR VALUES FROM (1, MAXVALUE) TO (4, MINVALUE)",
                "a > 1 AND a < 4 AND a IS NOT NULL AND b IS NOT NULL",
            ),
            (
                "RANGE (a, b)",
                "FOR VALUES FROM (1, 2) TO (4, MAXVALUE)",
                "(a, b) >= (1, 2) AND a <= 4 AND a IS NOT NULL AND b IS NOT NULL",
            ),
        ];
        for (key, bound, wanted) in cases {
            assert_eq!(condition(key, bound).as_deref(), Some(wanted), "{bound}");
        }
        assert_eq!(
            condition("HASH (a)", "FOR VALUES WITH (modulus 2, remainder 0)"),
            None
        );
        assert_eq!(
            condition("RANGE (a text_pattern_ops)", "FOR VALUES IN (1)"),
            None
        );
    }
}
