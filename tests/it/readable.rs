//! KDL that a person would have written, on real PostgreSQL: what `inspect` leaves out or folds comes back the same. Every
//! database goes to KDL, and from there to an empty database of the same dump; `fmt` finds nothing to do in the files.

use crate::cli_support::Walk;
use crate::support::{TestServer, assert_same_dump};

/// The project of a database, made by `init --from`; its KDL files together.
fn taken_over(walk: &Walk, sql: &str) -> String {
    let server = TestServer::get();
    let (live, new) = (server.database(), server.database());
    live.psql(sql);
    walk.run(&["init", "taken", "--from", &live.url()]).ends(0);
    let of = |url: &str, arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", "taken", "--url", url]);
        walk.run(&all)
    };
    of(&new.url(), &["apply", "--yes"]).ends(0);
    assert_same_dump(&new.pg_dump_schema(), &live.pg_dump_schema());
    // The files, not the migration, give the same database.
    of(&new.url(), &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    let mut text = String::new();
    let folder = walk.path("../taken/schema");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        text.push_str(&format!(
            "// {name}\n{}",
            std::fs::read_to_string(&file).unwrap()
        ));
    }
    walk.run(&["fmt", "--check", "--project", "taken"]).ends(0);
    text
}

#[test]
fn a_cast_that_the_type_says_already_is_left_out_of_defaults() {
    let types = [
        // type, default, as it is written in KDL
        ("text", "'a'", r#"default="'a'""#),
        ("text", "'it''s'", r#"default="'it''s'""#),
        ("text", r"E'a\\b'", r##"default=#"'a\b'"#"##),
        ("text", "'1'::integer", r#"default=1"#),
        ("text", "-1", "default=-1"),
        ("varchar(10)", "'a'", r#"default="'a'""#),
        (
            "varchar(10)",
            "'a'::varchar(10)",
            r#"default="'a'::character varying(10)""#,
        ),
        ("varchar(10)", "'a'::text", r#"default="'a'::text""#),
        ("varchar", "'a'", r#"default="'a'""#),
        ("char(3)", "'a'", r#"default="'a'""#),
        ("bpchar", "'a'", r#"default="'a'""#),
        ("\"char\"", "'a'", r#"default="'a'""#),
        ("name", "'a'", r#"default="'a'""#),
        ("integer", "-1", "default=-1"),
        ("integer", "-2147483648", "default=-2147483648"),
        ("integer", "'7'", "default=7"),
        ("smallint", "-1", "default=-1"),
        ("smallint", "'-1'", r#"default="'-1'""#),
        ("bigint", "'-1'", r#"default="'-1'""#),
        ("bigint", "'5'", r#"default="'5'""#),
        ("bigint", "-1", "default=-1"),
        ("bigint", "-5000000000", "default=-5000000000"),
        ("bigint", "-2147483648", "default=-2147483648"),
        ("numeric", "-1", "default=-1"),
        ("numeric", "'-1'", r#"default="'-1'""#),
        ("numeric", "-1.50", "default=-1.50"),
        ("numeric(10,2)", "-1.5", "default=-1.5"),
        ("numeric(10,2)", "'1.5'", "default=1.5"),
        ("numeric(4,1)", "'NaN'", r#"default="'NaN'""#),
        ("double precision", "-1.5", "default=-1.5"),
        ("double precision", "'-1.5'", r#"default="'-1.5'""#),
        ("real", "'1e10'", r#"default="'1e+10'""#),
        ("boolean", "'t'", "default=#true"),
        ("date", "'2020-02-29'", r#"default="'2020-02-29'""#),
        ("time(3)", "'12:00'", r#"default="'12:00:00'""#),
        (
            "timestamp",
            "'2020-02-29 12:00'",
            r#"default="'2020-02-29 12:00:00'""#,
        ),
        (
            "timestamp(3)",
            "'2020-02-29 12:00'",
            r#"default="'2020-02-29 12:00:00'""#,
        ),
        (
            "timestamptz",
            "'2020-02-29 12:00+00'",
            r#"default="'2020-02-29 12:00:00+00'""#,
        ),
        ("interval", "'1 day'", r#"default="'1 day'""#),
        ("interval(0)", "'1 day'", r#"default="'1 day'::interval"#),
        (
            "interval day to second",
            "'1 day'",
            r#"default="'1 day'::interval"#,
        ),
        (
            "uuid",
            "'00000000-0000-0000-0000-000000000000'",
            r#"default="'00000000-0000-0000-0000-000000000000'""#,
        ),
        ("bytea", r"'\x00'", r##"default=#"'\x00'"#"##),
        ("json", "'{}'", r#"default="'{}'""#),
        ("jsonb", "'{\"a\": 1}'", r##"default=#"'{"a": 1}'"#"##),
        ("inet", "'127.0.0.1'", r#"default="'127.0.0.1'""#),
        ("bit(3)", "B'101'", r##"default=#"'101'::"bit""#"##),
        ("bit varying", "'101'", r#"default="#),
        ("text[]", "'{}'", r#"default="'{}'""#),
        ("text[]", "ARRAY['a']", r#"default="ARRAY['a'::text]""#),
        ("varchar(3)[]", "'{a,b}'", r#"default="'{a,b}'""#),
        ("integer[]", "'{1,2}'", r#"default="'{1,2}'""#),
        ("numeric(4,1)[]", "'{1.5}'", r#"default="'{1.5}'""#),
        ("int4range", "'[1,2)'", r#"default="'[1,2)'""#),
        ("tsvector", "'a b'", r#"default="'''a'' ''b'''""#),
        ("point", "'(1,2)'", r#"default="'(1,2)'""#),
        ("app.mood", "'happy'", r#"default="'happy'""#),
        ("app.mood[]", "'{happy}'", r#"default="'{happy}'""#),
        ("app.\"Odd.Type\"", "'x'", r#"default="'x'""#),
        ("app.email", "'a@b'", r#"default="'a@b'::text""#),
        ("app.email", "'a@b'::app.email", r#"default="#),
        ("app.pair", "'(1,b)'", r#"default="'(1,b)'""#),
        ("app.span", "'[1.5,2]'", r#"default="'[1.5,2]'""#),
        (
            "regclass",
            "'app.mood_log'",
            r#"default="'app.mood_log'::regclass""#,
        ),
        ("text", "'a' || 'b'", r#"default="#),
        ("text", "lower('A')", r#"default="lower('A'::text)""#),
        ("text COLLATE \"C\"", "'a'", r#"default="'a'""#),
        ("text", "NULL::text", "column c"),
    ];
    let columns: Vec<String> = types
        .iter()
        .enumerate()
        .map(|(at, (of, default, _))| format!("c{at} {of} DEFAULT {default}"))
        .collect();
    let walk = Walk::new();
    let text = taken_over(
        &walk,
        &format!(
            "CREATE SCHEMA app;
             CREATE TYPE app.mood AS ENUM ('sad', 'happy'); CREATE TYPE app.\"Odd.Type\" AS ENUM ('x');
             CREATE DOMAIN app.email AS text DEFAULT 'nobody' CHECK (VALUE <> '');
             CREATE DOMAIN app.code AS varchar(3) DEFAULT 'abc';
             CREATE DOMAIN app.below AS integer DEFAULT -1;
             CREATE TYPE app.pair AS (a integer, b text); CREATE TYPE app.span AS RANGE (subtype = numeric);
             CREATE TABLE app.mood_log (id integer);
             CREATE TABLE app.every ({});
             CREATE TABLE app.parted (k integer DEFAULT -1, t text DEFAULT 'a') PARTITION BY LIST (k);
             CREATE TABLE app.part PARTITION OF app.parted (t DEFAULT 'b') FOR VALUES IN (1);",
            columns.join(", ")
        ),
    );
    for (at, (of, default, wanted)) in types.iter().enumerate() {
        let line = text
            .lines()
            .find(|line| line.trim().starts_with(&format!("column c{at} ")))
            .unwrap_or_else(|| panic!("no c{at} in {text}"));
        let wanted = if *wanted == "column c" { "" } else { wanted };
        assert!(line.contains(wanted), "{of} DEFAULT {default}: {line}");
    }
    for wanted in [
        r#"domain email text default="'nobody'""#,
        r#"domain code "varchar(3)" default="'abc'""#,
        "domain below integer default=-1",
        r#"column t default="'b'""#,
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn a_schema_that_is_called_as_a_file_is_gets_another() {
    let text = taken_over(
        &Walk::new(),
        r#"CREATE SCHEMA _shared; CREATE TABLE _shared.t (i integer); CREATE SCHEMA "_Shared"; CREATE TABLE "_Shared".u (i integer);
           CREATE EXTENSION citext"#,
    );
    for part in ["extension citext", "table t ", "table u "] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_is_printed_otherwise_when_it_is_made_again_is_what_the_files_lead_to() {
    for routine in [
        "",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN END';",
    ] {
        let live = TestServer::get().database();
        live.psql(&format!(
            "{routine} CREATE VIEW v (p, q) AS (VALUES (1, 'x') ORDER BY 1 LIMIT 1);
             CREATE VIEW w AS SELECT t.* FROM (SELECT 1 AS b) t NATURAL FULL JOIN (SELECT 1 AS z) u;
             CREATE TABLE t (a smallint GENERATED BY DEFAULT AS IDENTITY (START 3)); ALTER SEQUENCE t_a_seq AS integer;
             CREATE TABLE u (a text); INSERT INTO u VALUES ('c'); CREATE UNIQUE INDEX broken ON u (a);
             UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass"
        ));
        let walk = Walk::new();
        walk.run(&["init", "taken", "--from", &live.url()]).ends(0);
        let of = |arguments: &[&str]| {
            let mut all = arguments.to_vec();
            let url = live.url();
            all.extend(["--project", "taken", "--url", &url]);
            walk.run(&all)
        };
        of(&["baseline", "--yes"]).ends(0);
        of(&["diff", "--dry-run"])
            .ends(0)
            .says("1 to change, 0 to add, 0 to drop")
            .says("index public.u.broken");
    }
}

#[test]
fn a_serial_column_is_one_whatever_its_table_is_kept_in() {
    let walk = Walk::new();
    let file = taken_over(
        &walk,
        "CREATE SCHEMA s; CREATE TABLE s.kept (id serial, n bigserial);
         CREATE UNLOGGED TABLE s.fleeting (id serial, n smallserial);",
    );
    for words in ["id serial", "n bigserial", "n smallserial"] {
        assert!(file.contains(words), "no `{words}` in {file}");
    }
    assert!(!file.contains("sequence"), "{file}");
}

#[test]
fn several_lines_of_sql_stand_on_several_lines() {
    let walk = Walk::new();
    let text = taken_over(
        &walk,
        "CREATE SCHEMA app; CREATE TABLE app.groups (id integer PRIMARY KEY, owner text);
         CREATE TABLE app.notes (id integer PRIMARY KEY, \"group\" integer);
         ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
         CREATE POLICY of_group ON app.notes USING (EXISTS (SELECT 1 FROM app.groups g WHERE g.id = \"group\" AND g.owner = CURRENT_USER))
           WITH CHECK (\"group\" IN (SELECT id FROM app.groups WHERE owner = CURRENT_USER));
         CREATE RULE also AS ON INSERT TO app.notes WHERE EXISTS (SELECT 1 FROM app.groups WHERE id = NEW.\"group\") DO ALSO
           UPDATE app.groups SET owner = (SELECT owner FROM app.groups g WHERE g.id = NEW.id) WHERE id = NEW.\"group\";
         CREATE TABLE app.sizes (size text, CONSTRAINT known CHECK (CASE WHEN size = 'a' THEN true WHEN size = 'b' THEN false ELSE size > 'c' END));",
    );
    assert!(
        text.contains("            using #\"\"\"\n                EXISTS ( SELECT 1\n"),
        "{text}"
    );
    assert!(text.contains("with-check "), "{text}");
    assert!(
        text.contains("command \"\"\"\n") || text.contains("command #\"\"\"\n"),
        "{text}"
    );
    assert!(text.contains("check \"\"\"\n"), "{text}");
    assert!(!text.contains("\\n"), "{text}");
}

#[test]
fn roles_with_the_same_rights_share_a_line() {
    let server = TestServer::get();
    for role in ["reads_a", "reads_b", "reads_c"] {
        server.admin(&format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        ));
    }
    let walk = Walk::new();
    let text = taken_over(
        &walk,
        "CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO reads_a, reads_b;
         CREATE TABLE app.t (a integer, b integer); CREATE TABLE app.u (a integer, b integer);
         GRANT SELECT ON app.t TO reads_a, reads_b, reads_c; GRANT INSERT ON app.t TO reads_c;
         GRANT UPDATE (a, b) ON app.u TO reads_a, reads_c;
         GRANT DELETE ON ALL TABLES IN SCHEMA app TO reads_b;
         ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO reads_a, reads_b;
         ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE ON SEQUENCES TO reads_c;",
    );
    for line in [
        "grant usage { to reads_a reads_b }",
        "grant delete on=tables to=reads_b",
        "grant select { to reads_a reads_b }",
        "grant insert select to=reads_c",
        "grant select on=tables { to reads_a reads_b }",
        "grant usage on=sequences to=reads_c",
    ] {
        assert!(text.contains(line), "no `{line}` in {text}");
    }
    assert!(
        text.contains("grant update { to reads_a reads_c; columns a b }"),
        "{text}"
    );
}

#[test]
fn an_undeclared_key_is_referred_to_by_its_table_alone_and_an_empty_public_is_said_in_files_alone()
{
    let server = TestServer::get();
    let live = server.database();
    live.psql(
        "CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY, mail text UNIQUE);
         CREATE SCHEMA app; CREATE TABLE app.profiles (id uuid REFERENCES auth.users ON DELETE CASCADE, mail text REFERENCES auth.users (mail));",
    );
    let walk = Walk::new();
    walk.write(
        "schemactl.kdl",
        "project app edition=1\ndatabase app { scope { ignore schema=auth } }\n",
    );
    let inspected = walk.on(&live.url(), &["inspect"]).ends(0).out;
    assert!(
        inspected.contains("column id uuid references=auth.users on-delete=cascade"),
        "{inspected}"
    );
    assert!(
        inspected.contains("references auth.users mail"),
        "{inspected}"
    );
    assert!(!inspected.contains("schema public"), "{inspected}");
    walk.on(&live.url(), &["inspect", "--output", "app"])
        .ends(0);
    let files: Vec<_> = std::fs::read_dir(walk.path("schema"))
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    // In files it is: what somebody makes there by hand is not overlooked.
    assert!(files.iter().any(|name| name == "public.kdl"), "{files:?}");
    assert!(walk.read("schema/public.kdl").contains("schema public\n"));
    walk.on(&live.url(), &["baseline", "--yes"]).ends(0);
    walk.on(&live.url(), &["diff", "--exit-code"])
        .ends(0)
        .says("nothing to do");
    live.psql("CREATE TABLE public.by_hand (a integer)");
    walk.on(&live.url(), &["diff"])
        .ends(3)
        .says("table public.by_hand");
    walk.on(&live.url(), &["drift"])
        .ends(2)
        .says("table public.by_hand");

    // Where it is all that there is, things will be made in it; and what is said of it is kept.
    let empty = server.database();
    let inspected = walk.run(&["inspect", "--url", &empty.url()]).ends(0).out;
    assert!(inspected.contains("schema public"), "{inspected}");
    empty.psql("CREATE SCHEMA app; COMMENT ON SCHEMA public IS 'ours'");
    let inspected = walk.run(&["inspect", "--url", &empty.url()]).ends(0).out;
    assert!(inspected.contains("schema public"), "{inspected}");
}

#[test]
fn a_plan_names_each_object_once_and_counts_partitions() {
    let live = TestServer::get().database();
    let walk = Walk::new();
    let parts = "partition e1 from=0 to=10; partition e2 from=10 to=20; partition e3 from=20 to=30 { partition-by range id; partition e3a from=20 to=30 }";
    walk.write(
        "schema/app.kdl",
        &format!("schema app {{ table events {{ column id integer not-null; partition-by range id; {parts} }}; table other {{ column id integer }} }}"),
    );
    walk.on(&live.url(), &["diff", "first"]).ends(0);
    walk.on(&live.url(), &["apply", "--yes"]).ends(0);
    walk.write(
        "schema/app.kdl",
        &format!("schema app {{ table events {{ column id integer not-null; column kind text default=\"'a'\"; index kind; check \"id > -1\"; partition-by range id; {parts} }}; table other {{ column id integer; column n integer; index n }} }}"),
    );
    let run = walk.on(&live.url(), &["diff", "second"]).ends(0);
    let shown: Vec<&str> = run
        .err
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "app.events")
        .take_while(|line| !line.contains("to change"))
        .filter(|line| line.starts_with("app.") || line.starts_with('+'))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r"
    app.events
    + column app.events.kind  (and 4 partitions)  text default 'a'::text  ACCESS EXCLUSIVE, instant
    + check app.events.events_id_check  (and 4 partitions)
    + index app.events.events_kind_idx  (and 4 partitions)  (kind)  SHARE, instant
    app.other
    + column app.other.n  integer                           ACCESS EXCLUSIVE, instant
    + index app.other.other_n_idx  (n)
    ");
    assert!(run.err.contains("5 to add"), "{}", run.err);
    let up = walk.read(&format!(
        "generated/{}",
        walk.generated()
            .iter()
            .find(|name| name.contains("second.up"))
            .unwrap()
    ));
    assert!(up.contains("kind"), "{up}");
}

#[test]
fn what_stands_in_a_hosts_schema_and_is_not_the_hosts_is_told() {
    let server = TestServer::get();
    for role in ["supabase_admin", "authenticator", "service_role"] {
        server.admin(&format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        ));
    }
    let live = server.database();
    live.psql(
        "CREATE SCHEMA auth AUTHORIZATION supabase_admin; CREATE SCHEMA storage AUTHORIZATION supabase_admin;
         CREATE TABLE auth.users (id uuid PRIMARY KEY); ALTER TABLE auth.users OWNER TO supabase_admin;
         CREATE TABLE storage.objects (id uuid PRIMARY KEY, owner uuid); ALTER TABLE storage.objects OWNER TO supabase_admin;
         CREATE FUNCTION auth.own() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; ALTER FUNCTION auth.own() OWNER TO supabase_admin;
         CREATE TRIGGER own AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION auth.own();
         CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users, name text);
         CREATE FUNCTION public.on_signup() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER on_signup AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.on_signup();
         CREATE POLICY reads ON storage.objects FOR SELECT USING (true); CREATE POLICY writes ON storage.objects FOR INSERT WITH CHECK (true);
         CREATE TABLE storage.by_hand (id integer);",
    );
    let walk = Walk::new();
    let auth = "note: schema auth is Supabase's and left out, and with it what may be yours: 1 trigger (auth.users.on_signup)";
    let storage = "note: schema storage is Supabase's and left out, and with it what may be yours: 1 table (storage.by_hand), \
                   2 policies (storage.objects.reads, storage.objects.writes)";
    let how = "`only schema=public; only schema=auth` in the place of `ignore schema=auth`";
    walk.run(&["inspect", "--url", &live.url()])
        .ends(0)
        .says(auth)
        .says(storage)
        .says(how);
    walk.run(&["init", "guested", "--from", &live.url()])
        .ends(0)
        .says(auth)
        .says(storage);
    let of = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        let url = live.url();
        all.extend(["--project", "guested", "--url", &url]);
        walk.run(&all)
    };
    of(&["baseline", "--yes"]).ends(0);
    of(&["diff"]).ends(0).says(auth).says(storage);
    let file = walk.path("../guested/schemactl.kdl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace(
            "ignore schema=storage",
            "only schema=public; only schema=storage",
        ),
    )
    .unwrap();
    let inspected = of(&["inspect"]).ends(0).says(auth);
    assert!(inspected.out.contains("policy reads"), "{}", inspected.out);
    assert!(
        !inspected.err.contains("schema storage is"),
        "{}",
        inspected.err
    );
}
