//! The text of a statement as a [`Command`]: a reader for those statements whose locks, work or hazards are known, with
//! PostgreSQL's lexer and without its grammar. Nothing is refused here: what is no SQL PostgreSQL will say.

mod command;
mod cursor;
mod objects;
mod table;

pub use command::{
    Action, AlterAction, AlterTable, Column, Command, Constraint, CreateIndex, CreateRoutine,
    CreateTable, Demand, Grant, Removal, TypeAction,
};

use crate::model::QualifiedName;
use cursor::Cursor;

/// Reads one statement.
pub fn read(sql: &str) -> Command {
    let mut at = Cursor::new(sql);
    statement(&mut at).unwrap_or_else(|| {
        let at = Cursor::new(sql);
        let words: Vec<String> = at
            .tokens()
            .iter()
            .take(2)
            .take_while(|token| token.is_ident())
            .map(|token| token.text.to_ascii_lowercase())
            .collect();
        Command::Other(words.join(" "))
    })
}

fn statement(at: &mut Cursor<'_>) -> Option<Command> {
    let first = at.next()?;
    let word = first.text.to_ascii_lowercase();
    match word.as_str() {
        "create" => create(at),
        "alter" => objects::alter(at),
        "drop" => drop(at),
        "truncate" => {
            at.take("table");
            Some(Command::Truncate {
                tables: at.names(),
                cascade: at.has("cascade"),
            })
        }
        "insert" | "update" | "delete" | "merge" => write(at, &word),
        "with" => Some(common_table(at)),
        "copy" => {
            let table = at.name()?;
            at.group();
            if at.take("from") {
                return Some(writing("copy", table, true));
            }
            Some(Command::Query { locking: false })
        }
        "select" | "values" | "table" | "(" => Some(Command::Query {
            locking: locks_rows(at),
        }),
        "refresh" => {
            at.take("materialized view");
            let concurrently = at.take("concurrently");
            Some(Command::Refresh {
                view: at.name()?,
                concurrently,
                data: !at.has("with no data"),
            })
        }
        "reindex" => reindex(at),
        "cluster" => {
            at.group();
            at.take("verbose");
            let name = at.name();
            // CLUSTER index ON table, the old spelling.
            let table = if at.take("on") { at.name() } else { name };
            Some(Command::Cluster { table })
        }
        "vacuum" => {
            let options = at.group();
            let full = options
                .is_some_and(|options| options.tokens().iter().any(|token| token.is_word("full")))
                || at.take("full");
            while at
                .take_any(&["freeze", "verbose", "analyze", "full"])
                .is_some()
            {}
            Some(Command::Vacuum {
                full,
                tables: at.names(),
            })
        }
        "analyze" | "analyse" => {
            at.group();
            at.take("verbose");
            Some(Command::Analyze { tables: at.names() })
        }
        "lock" => {
            at.take("table");
            let tables = at.names();
            let mode = match at.take("in") {
                true => at.until(&["mode"]).to_ascii_lowercase(),
                false => "access exclusive".to_owned(),
            };
            Some(Command::Lock {
                tables,
                mode: mode.split_whitespace().collect::<Vec<_>>().join(" "),
            })
        }
        "comment" => objects::comment(at, false),
        "security" => {
            at.take("label");
            if at.take("for") {
                at.skip_one();
            }
            objects::comment(at, true)
        }
        "grant" | "revoke" => objects::grant(at, word == "revoke"),
        "set" | "reset" => Some(setting(at, word == "set")),
        "do" => Some(Command::Block),
        "reassign" => {
            at.take("owned by");
            objects::owned(at)
        }
        _ => None,
    }
}

fn create(at: &mut Cursor<'_>) -> Option<Command> {
    let replace = at.take("or replace");
    let temporary = at
        .take_any(&[
            "global temporary",
            "global temp",
            "local temporary",
            "local temp",
            "temporary",
            "temp",
        ])
        .is_some();
    let unlogged = at.take("unlogged");
    if at.take("table") || at.sees("foreign table") {
        return table::create(at, temporary, unlogged);
    }
    let unique = at.take("unique");
    if at.take("index") {
        return table::create_index(at, unique);
    }
    at.take("recursive");
    let materialized = at.take("materialized");
    if at.take("view") {
        at.take("if not exists");
        let name = at.name()?;
        at.group();
        let mut options = at.clone();
        let said = options.take("with").then(|| options.group()).flatten();
        return Some(Command::CreateView {
            name,
            materialized,
            replace,
            data: !at.has("with no data"),
            security: said.is_some_and(|said| {
                let mut tokens = said.tokens().iter();
                tokens.any(|token| SECURITY.iter().any(|word| token.is_word(word)))
            }),
        });
    }
    at.take("constraint");
    at.take("trusted");
    for kind in ["trigger", "policy", "rule"] {
        if at.take(kind) {
            let name = at.ident()?;
            // A rule says `ON event TO table`.
            at.seek(if kind == "rule" { "to" } else { "on" });
            return Some(Command::MakePart {
                kind,
                name,
                table: at.name()?,
                altered: false,
            });
        }
    }
    objects::create(at)
}

/// The options of a view that decide whose rights it reads with.
pub const SECURITY: [&str; 2] = ["security_invoker", "security_barrier"];

/// What DROP may be followed by, longest first.
const DROPPED: &[&str] = &[
    "materialized view",
    "foreign table",
    "foreign data wrapper",
    "text search configuration",
    "text search dictionary",
    "text search parser",
    "text search template",
    "event trigger",
    "access method",
    "operator class",
    "operator family",
    "user mapping",
    "table",
    "index",
    "view",
    "sequence",
    "schema",
    "database",
    "extension",
    "function",
    "procedure",
    "routine",
    "aggregate",
    "type",
    "domain",
    "statistics",
    "publication",
    "subscription",
    "role",
    "user",
    "group",
    "server",
    "collation",
    "conversion",
    "language",
    "cast",
    "operator",
    "transform",
    "tablespace",
];

fn drop(at: &mut Cursor<'_>) -> Option<Command> {
    if at.take("owned by") {
        return objects::owned(at);
    }
    for kind in ["trigger", "policy", "rule"] {
        if at.take(kind) {
            at.take("if exists");
            let name = at.ident()?;
            at.take("on");
            return Some(Command::DropPart {
                kind,
                name,
                table: at.name()?,
            });
        }
    }
    at.take("trusted");
    at.take("procedural");
    let kind = at.take_any(DROPPED)?;
    let concurrently = at.take("concurrently");
    at.take("if exists");
    let names = at.names();
    Some(Command::Drop(Removal {
        kind,
        names,
        concurrently,
        cascade: at.has("cascade"),
    }))
}

fn writing(verb: &'static str, table: QualifiedName, filtered: bool) -> Command {
    Command::Write {
        verb,
        table,
        filtered,
    }
}

fn write(at: &mut Cursor<'_>, verb: &str) -> Option<Command> {
    at.take_any(&["into", "from"]);
    at.take("only");
    let table = at.name()?;
    let filtered = at.has("where");
    Some(match verb {
        "insert" => writing("insert", table, true),
        "merge" => writing("merge", table, true),
        "update" => writing("update", table, filtered),
        _ => writing("delete", table, filtered),
    })
}

/// `WITH … INSERT`, or a query; parts that write count as the statement's own.
fn common_table(at: &mut Cursor<'_>) -> Command {
    let mut inner = at.clone();
    while !inner.is_done() {
        let mut here = inner.clone();
        for verb in ["insert", "update", "delete", "merge"] {
            if here.take(verb)
                && let Some(command) = write(&mut here, verb)
            {
                return command;
            }
        }
        if let Some(mut group) = inner.clone().group()
            && let Some(first) = group.next()
        {
            let verb = first.text.to_ascii_lowercase();
            if ["insert", "update", "delete", "merge"].contains(&verb.as_str())
                && let Some(command) = write(&mut group, &verb)
            {
                return command;
            }
        }
        inner.skip_one();
    }
    Command::Query {
        locking: locks_rows(at),
    }
}

fn locks_rows(at: &Cursor<'_>) -> bool {
    [
        "for update",
        "for no key update",
        "for share",
        "for key share",
    ]
    .iter()
    .any(|words| at.has(words))
}

fn reindex(at: &mut Cursor<'_>) -> Option<Command> {
    let options = at.group();
    let what = at.take_any(&["index", "table", "schema", "database", "system"])?;
    let concurrently = at.take("concurrently")
        || options.is_some_and(|options| {
            options
                .tokens()
                .iter()
                .any(|token| token.is_word("concurrently"))
        });
    Some(Command::Reindex {
        what,
        name: at.name(),
        concurrently,
    })
}

fn setting(at: &mut Cursor<'_>, set: bool) -> Command {
    // `SESSION AUTHORIZATION` begins with the word that may stand before any setting.
    if !at.sees("session authorization") {
        at.take_any(&["local", "session"]);
    }
    const ACTING: &[&str] = &["role", "session authorization", "session_authorization"];
    if at.take_any(ACTING).is_some() {
        if set && !at.take_sign("=") {
            at.take("to");
        }
        let own = ["none", "default"].iter().any(|word| at.sees(word));
        let role = at.string().or_else(|| at.ident());
        return Command::ActAs(role.filter(|_| set && !own));
    }
    if !at.take("search_path") {
        return Command::Setting;
    }
    if !at.take_sign("=") {
        at.take("to");
    }
    let mut schemas = Vec::new();
    for mut part in at.list() {
        if let Some(schema) = part.string().or_else(|| part.ident()) {
            schemas.push(schema);
        }
    }
    schemas.retain(|schema| !schema.is_empty());
    Command::SearchPath(schemas)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(path: &str) -> QualifiedName {
        match path.split_once('.') {
            Some((schema, name)) => QualifiedName::new(schema, name),
            None => QualifiedName::new("", path),
        }
    }

    #[test]
    fn a_table_is_read_with_its_parts() {
        let Command::CreateTable(table) = read(
            "CREATE TABLE IF NOT EXISTS \"A\".t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n numeric(10, 2) DEFAULT round(1, 2) NOT NULL, \
             s varchar(10)[] COLLATE \"C\" CHECK (s <> '{}'), r int CONSTRAINT f REFERENCES o.u (id) ON DELETE SET NULL, g text GENERATED ALWAYS AS (upper(x)) STORED, \
             at timestamp with time zone, EXCLUDE USING gist (a WITH =), CONSTRAINT u UNIQUE NULLS NOT DISTINCT (n, r)) PARTITION BY RANGE (at)",
        ) else {
            panic!();
        };
        assert_eq!(table.name, name("A.t"));
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|column| {
                (
                    column.name.as_str(),
                    column.type_name.as_str(),
                    column.not_null,
                )
            })
            .collect();
        assert_eq!(
            columns,
            [
                ("id", "bigint", true),
                ("n", "numeric(10,2)", true),
                ("s", "character varying(10)[]", false),
                ("r", "integer", false),
                ("g", "text", false),
                ("at", "timestamp with time zone", false),
            ]
        );
        assert_eq!(table.columns[1].default.as_deref(), Some("round(1, 2)"));
        assert!(table.columns[0].identity && table.columns[4].stored && table.partitioned);
        let demands: Vec<&Demand> = table.constraints.iter().map(|it| &it.demand).collect();
        assert_eq!(
            demands,
            [
                &Demand::PrimaryKey(vec!["id".into()]),
                &Demand::Check("s <> '{}'".into()),
                &Demand::ForeignKey {
                    columns: vec!["r".into()],
                    references: name("o.u")
                },
                &Demand::Exclude,
                &Demand::Unique(vec!["n".into(), "r".into()]),
            ]
        );
    }

    #[test]
    fn the_actions_of_an_alter_are_apart() {
        let Command::AlterTable(alter) = read(
            "ALTER TABLE IF EXISTS ONLY a.t ADD COLUMN IF NOT EXISTS x int NOT NULL DEFAULT 1, ADD CONSTRAINT c CHECK (x > 0) NOT VALID, \
             DROP COLUMN y CASCADE, ALTER z TYPE text USING z::text, ALTER COLUMN z SET NOT NULL, ADD UNIQUE USING INDEX i, VALIDATE CONSTRAINT d, \
             ALTER q SET STATISTICS 5, DISABLE TRIGGER ALL, SET (fillfactor = 70)",
        ) else {
            panic!();
        };
        assert!(alter.only);
        assert_eq!(alter.actions.len(), 10);
        assert!(
            matches!(&alter.actions[0], Action::AddColumn(column, _) if column.not_null && column.default.as_deref() == Some("1"))
        );
        assert!(matches!(&alter.actions[1], Action::AddConstraint(it) if it.not_valid));
        assert!(matches!(
            &alter.actions[2],
            Action::DropColumn { cascade: true, .. }
        ));
        assert!(
            matches!(&alter.actions[3], Action::Type { using: Some(using), .. } if using == "z::text")
        );
        assert!(
            matches!(&alter.actions[5], Action::AddConstraint(it) if it.using_index.as_deref() == Some("i"))
        );
        assert_eq!(alter.actions[8], Action::Trigger(true));
        assert_eq!(alter.actions[9], Action::Options(vec!["fillfactor".into()]));
    }

    #[test]
    fn writes_are_found_behind_with() {
        assert_eq!(
            read("WITH a AS (SELECT 1) UPDATE s.t SET x = 1 FROM a"),
            writing("update", name("s.t"), false)
        );
        assert_eq!(
            read("WITH gone AS (DELETE FROM s.t WHERE x RETURNING *) SELECT * FROM gone"),
            writing("delete", name("s.t"), true)
        );
        assert_eq!(
            read("SELECT 1 FOR NO KEY UPDATE"),
            Command::Query { locking: true }
        );
    }

    #[test]
    fn a_routine_is_read_up_to_its_body() {
        let Command::CreateRoutine(routine) = read(
            "CREATE OR REPLACE FUNCTION s.f(a int DEFAULT 1) RETURNS TABLE (x int) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$ BEGIN END $$",
        ) else {
            panic!();
        };
        assert!(routine.definer && routine.search_path);
        assert_eq!(routine.language, "plpgsql");
        assert_eq!(routine.body.as_deref(), Some(" BEGIN END "));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(sql in r#"(create |table |alter |add |column |drop |index |on |\(|\)|,|[a-z.'"$: ]|using |not null |type |\PC){0,30}"#) {
            let _ = read(&sql);
        }
    }
}
