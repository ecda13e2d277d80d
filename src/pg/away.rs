//! A database that is tried out reads nothing that lies elsewhere: a materialized view over a foreign table is taken for filled
//! there without its rows, since its server may be out of reach, slow, or somebody's production.

use std::borrow::Cow;

use super::connect::Session;
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::{dollar, literal};
use crate::sql::split::split;

/// The relations that the materialized view `filled` reads, down to what other materialized views hold: true where a foreign
/// table is among them.
const READS_ELSEWHERE: &str = "EXISTS ( \
    WITH RECURSIVE reads(oid) AS ( \
        SELECT filled::pg_catalog.oid \
        UNION SELECT next.oid FROM reads r, LATERAL ( \
            SELECT d.refobjid FROM pg_catalog.pg_rewrite w \
            JOIN pg_catalog.pg_class c ON c.oid = w.ev_class AND (c.relkind <> 'm' OR c.oid = filled) \
            JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid \
                AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass \
            WHERE w.ev_class = r.oid AND w.ev_type = '1' \
            UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = r.oid) next(oid)) \
    SELECT FROM reads r JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = r.oid)";

/// The text to send in place of `sql` to a database that is tried out.
pub(super) async fn at_home<'a>(session: &Session, sql: &'a str) -> Cow<'a, str> {
    let Some(filling) = filling(sql) else {
        return Cow::Borrowed(sql);
    };
    let has_some = "SELECT FROM pg_catalog.pg_foreign_table LIMIT 1";
    let makes_some = significant(sql).iter().any(|it| it.is_word("foreign"));
    let found = session.client().query(has_some, &[]).await;
    match makes_some || found.is_ok_and(|rows| !rows.is_empty()) {
        true => Cow::Owned(filling),
        false => Cow::Borrowed(sql),
    }
}

/// The script, where each materialized view that it fills looks first at what it reads; `None` where it fills none.
fn filling(script: &str) -> Option<String> {
    // Nearly all texts say nothing of the kind.
    let is_word = |at: usize| script.as_bytes()[at..].get(..12);
    let mut words = (0..script.len()).filter_map(is_word);
    if !words.any(|it| it.eq_ignore_ascii_case(b"materialized")) {
        return None;
    }
    let parts = split(script).ok()?;
    let mut text = String::new();
    let mut at = 0;
    for statement in &parts.statements {
        let Some(filled) = filled(statement.text) else {
            continue;
        };
        text.push_str(&script[at..statement.span.start]);
        text.push_str(&filled);
        at = statement.span.end;
    }
    if at == 0 {
        return None;
    }
    text.push_str(&script[at..]);
    Some(text)
}

/// What is sent in place of one statement that fills a materialized view.
fn filled(statement: &str) -> Option<String> {
    let tokens = significant(statement);
    let begins = |words: &[&str]| {
        words.len() <= tokens.len() && words.iter().zip(&tokens).all(|(word, it)| it.is_word(word))
    };
    let (create, refresh) = (
        ["create", "materialized", "view"],
        ["refresh", "materialized", "view"],
    );
    let is_new = begins(&create);
    if !is_new && !begins(&refresh) {
        return None;
    }
    let mut names = tokens[3..].iter();
    let first = names.next()?;
    let name = match first.is_word("concurrently") {
        true => named(statement, &tokens[4..])?,
        // One that may be there already is as it is.
        false if first.is_word("if") => return None,
        false => named(statement, &tokens[3..])?,
    };
    let [.., before, with, last] = &tokens[..] else {
        return None;
    };
    if before.is_word("with") && with.is_word("no") && last.is_word("data") {
        return None;
    }
    if !is_new {
        return Some(look(&name, statement));
    }
    let ends = match with.is_word("with") && last.is_word("data") {
        true => &statement[..with.start],
        false => statement,
    };
    let refresh = format!("REFRESH MATERIALIZED VIEW {name}");
    Some(format!("{ends}\nWITH NO DATA;\n{}", look(&name, &refresh)))
}

/// A name with its schema, as it is written at the beginning of some tokens.
fn named(statement: &str, tokens: &[Token<'_>]) -> Option<String> {
    let first = tokens.first().filter(|it| it.is_ident())?;
    let last = match tokens {
        [_, dot, name, ..] if dot.is(".") && name.is_ident() => name,
        _ => first,
    };
    Some(statement[first.start..last.end()].to_owned())
}

/// A block that takes a materialized view for filled where it reads what lies elsewhere, and else runs what fills it. The role
/// that acts may not say so of itself.
fn look(name: &str, refresh: &str) -> String {
    let body = format!(
        "DECLARE filled pg_catalog.regclass := {name}; acts text := session_user; \
         role text := pg_catalog.current_setting('role'); here bool := true; \
         BEGIN IF {READS_ELSEWHERE} THEN BEGIN SET LOCAL SESSION AUTHORIZATION DEFAULT; \
         UPDATE pg_catalog.pg_class SET relispopulated = true WHERE oid = filled; here := false; \
         EXECUTE pg_catalog.format('SET LOCAL SESSION AUTHORIZATION %I', acts); \
         IF role <> 'none' THEN EXECUTE pg_catalog.format('SET LOCAL ROLE %I', role); END IF; \
         EXCEPTION WHEN insufficient_privilege THEN END; END IF; \
         IF here THEN EXECUTE {refresh}; END IF; END",
        name = literal(name),
        refresh = literal(refresh),
    );
    format!("DO {}", dollar(&body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fills_looks_first() {
        let made =
            filling("BEGIN; CREATE MATERIALIZED VIEW a.\"b c\" AS SELECT 1 WITH DATA; COMMIT")
                .unwrap();
        assert!(
            made.starts_with(
                "BEGIN; CREATE MATERIALIZED VIEW a.\"b c\" AS SELECT 1 \nWITH NO DATA;\nDO $$"
            ),
            "{made}"
        );
        assert!(
            made.contains("'a.\"b c\"'") && made.ends_with("$$; COMMIT"),
            "{made}"
        );
        let again = filling("refresh materialized view concurrently v").unwrap();
        assert!(
            again.contains("EXECUTE 'refresh materialized view concurrently v'"),
            "{again}"
        );
    }

    #[test]
    fn what_fills_nothing_stays() {
        for script in [
            "SELECT 'CREATE MATERIALIZED VIEW v AS SELECT 1'",
            "CREATE MATERIALIZED VIEW v AS SELECT 1 WITH NO DATA",
            "CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1",
            "REFRESH MATERIALIZED VIEW v WITH NO DATA",
            "DROP MATERIALIZED VIEW v",
            "CREATE VIEW v AS SELECT 1",
        ] {
            assert_eq!(filling(script), None, "{script}");
        }
    }
}
