//! Operators that a text means and can't name. `NULLIF`, `IS DISTINCT FROM`, `CASE x WHEN` and a join with `USING` take the `=` that
//! the search path finds (parse_expr.c, parse_clause.c), and PostgreSQL prints them without it, whose ever it is. So what uses
//! the `=` of an extension or of a person that way is made with the schema of that in the search path: with an empty one it
//! would compare other types, or be refused.

use std::collections::BTreeSet;

use super::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::significant;

/// Whether a statement has words that mean an operator.
pub(crate) fn means_operators(statement: &str) -> bool {
    let tokens = significant(statement);
    let is = |place: usize, word: &str| tokens.get(place).is_some_and(|token| token.is_word(word));
    // A policy's USING, that of an index, and that of a change of type mean none.
    let joins = || tokens.iter().any(|token| token.is_word("join"));
    (0..tokens.len()).any(|place| {
        is(place, "nullif")
            || is(place, "distinct") && is(place + 1, "from")
            || is(place, "case") && !is(place + 1, "when")
            || is(place, "using") && tokens.get(place + 1).is_some_and(|it| it.is("(")) && joins()
            || is(place, "natural") && joins()
    })
}

/// The schemas of the operators that the statement about these objects may mean by such words.
pub(crate) fn schemas<'i>(
    statement: impl FnOnce() -> String,
    objects: impl IntoIterator<Item = &'i ObjectId>,
    catalog: &Catalog,
) -> BTreeSet<String> {
    let needed = objects
        .into_iter()
        .flat_map(|id| catalog.dependencies_of(id));
    let found: BTreeSet<String> = needed
        .filter_map(|id| match (id.kind, catalog.get(id)) {
            (Kind::Extension, Some(Object::Extension(it))) => Some(it.schema_name.clone()),
            (Kind::Operator, _) => id.schema().map(str::to_owned),
            _ => None,
        })
        .filter(|schema| !schema.is_empty() && schema != "pg_catalog")
        .collect();
    match !found.is_empty() && means_operators(&statement()) {
        true => found,
        false => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::means_operators;

    #[test]
    fn words_that_mean_an_operator_are_told_from_others() {
        for text in [
            "CREATE VIEW v AS SELECT NULLIF(a, b) FROM t",
            "CREATE TRIGGER t AFTER UPDATE ON u WHEN ((old.a IS DISTINCT FROM new.a))",
            "CREATE VIEW v AS SELECT CASE a WHEN 'x' THEN 1 END FROM t",
            "CREATE VIEW v AS SELECT a FROM (t JOIN u USING (a))",
            "CREATE VIEW v AS SELECT a FROM (t NATURAL JOIN u)",
        ] {
            assert!(means_operators(text), "{text}");
        }
        for text in [
            "CREATE VIEW v AS SELECT DISTINCT a, CASE WHEN a THEN 1 END FROM t",
            "CREATE INDEX i ON t USING gin (a)",
            "CREATE POLICY p ON t USING ((a > 1))",
            "SELECT 'nullif'",
        ] {
            assert!(!means_operators(text), "{text}");
        }
    }
}
