//! What a kind sees of a node, and what a person reads when it is wrong.

use std::sync::Arc;

use super::super::{
    Asked, Diagnostics, Literal, NodeReader, Slot, Sources, TextOrEnvironment, words_of,
};

/// Reads the first node of `text`; gives what `read` gives and the rendered mistakes.
fn read<T>(text: &str, read: impl FnOnce(&mut NodeReader<'_>) -> T) -> (T, String) {
    let diagnostics = Diagnostics::new();
    let sources = Arc::new(Sources::from_texts([("a.kdl", text)], &diagnostics));
    let node = sources.nodes().next().cloned();
    let node = node.unwrap_or_else(|| panic!("{text} does not parse"));
    let mut reader = NodeReader::new(&node, &diagnostics);
    let value = read(&mut reader);
    reader.finish();
    let shown = diagnostics
        .into_result(&sources)
        .err()
        .map_or_else(String::new, |mistakes| mistakes.render());
    (value, shown)
}

/// [`read`] of something without mistakes.
fn fine<T>(text: &str, function: impl FnOnce(&mut NodeReader<'_>) -> T) -> T {
    let (value, mistakes) = read(text, function);
    assert_eq!(mistakes, "");
    value
}

fn column(n: &mut NodeReader<'_>) -> (String, String, bool, bool) {
    let name = n.name().unwrap().value;
    let typ = n.type_argument().map_or_else(String::new, |typ| typ.value);
    let (not_null, unique) = (n.flag("not-null"), n.flag("unique"));
    n.sql("default");
    n.path("references");
    n.text("comment");
    (name, typ, not_null, unique)
}

#[test]
fn a_column_is_read() {
    let (name, typ, not_null, unique) = fine(
        "column email \"varchar(255)\" unique not-null=#false default=4.990 references=a.b",
        column,
    );
    assert_eq!((name.as_str(), typ.as_str()), ("email", "varchar(255)"));
    assert_eq!((not_null, unique), (false, true));
}

#[test]
fn property_and_child_are_the_same() {
    for text in ["t owner=a", "t { owner a }"] {
        assert_eq!(fine(text, |n| n.name_of("owner").unwrap().value), "a");
        assert_eq!(
            fine(text, |n| n.attribute("owner").map(|mut a| {
                let name = a.name().unwrap().value;
                a.finish();
                name
            })),
            Some("a".to_owned())
        );
        assert_eq!(fine(text, |n| n.list("owner").len()), 1);
    }
    assert_eq!(fine("t { to a b }", |n| n.list("to").len()), 2);
}

#[test]
fn sql_literals_keep_their_spelling() {
    for (text, sql) in [
        ("4.990", "4.990"),
        ("#true", "true"),
        ("#null", "NULL"),
        ("\"now()\"", "now()"),
        ("-0.50", "-0.50"),
    ] {
        assert_eq!(
            fine(&format!("c default={text}"), |n| n
                .sql("default")
                .unwrap()
                .value),
            sql
        );
    }
}

#[test]
fn flags_have_three_spellings() {
    for text in [
        "s cycle",
        "s cycle=#true",
        "s { cycle }",
        "s { cycle #true }",
    ] {
        assert_eq!(fine(text, |n| n.flag_value("cycle")), Some(true), "{text}");
    }
    assert_eq!(
        fine("s cycle=#false", |n| n.flag_value("cycle")),
        Some(false)
    );
    assert_eq!(fine("s", |n| n.flag_value("cycle")), None);
}

#[test]
fn bodies_are_stored_as_people_write_them() {
    let body = |text: &str| fine(text, |n| n.body("body").unwrap().value);
    assert_eq!(
        body("f { body \"\"\"\n    a\n      b\n    \"\"\"\n}"),
        "\na\n  b\n"
    );
    assert_eq!(
        body("f { body tail=\" \" \"\"\"\n    a\n    \"\"\"\n}"),
        "\na "
    );
    assert_eq!(body("f { body \"select 1\" }"), "select 1");
    assert_eq!(body("f body=\"select 1\""), "select 1");
}

#[test]
fn files_are_read_beside_the_kdl_file() {
    let diagnostics = Diagnostics::new();
    let sources = Sources::parse(
        vec![(
            "schema/a.kdl".into(),
            "v { query file=\"q/a.sql\"; body file=\"q/a.sql\"; other file=none }".into(),
        )],
        &|path| match path.to_str() {
            Some("schema/q/a.sql") => Ok(b"select 1;\r\n".to_vec()),
            _ => Err(crate::kdl::source::unread(
                path,
                &std::io::ErrorKind::NotFound.into(),
            )),
        },
        &diagnostics,
    );
    let node = sources.nodes().next().unwrap();
    let mut n = NodeReader::new(node, &diagnostics);
    assert_eq!(n.query("query").unwrap().value, "select 1");
    assert_eq!(n.body("body").unwrap().value, "select 1;\r\n");
    assert!(!diagnostics.has_errors());
    assert!(n.body("other").is_none());
    n.finish();
    assert!(diagnostics.has_errors());
}

#[test]
fn pairs_and_environment() {
    let pairs = fine("t { with a=1 toast.b=#false; with c=x }", |n| {
        n.pairs("with")
    });
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(pairs, [("a", "1"), ("toast.b", "false"), ("c", "x")]);
    assert_eq!(
        fine("s connection=(env)EU", |n| n
            .env("connection")
            .unwrap()
            .value),
        "EU"
    );
    let options = fine("m { options user=a password=(env)P }", |n| {
        n.pairs_or_env("options")
    });
    assert_eq!(
        options[1].1.value,
        TextOrEnvironment::Environment("P".into())
    );
}

#[test]
fn rows_hold_literals() {
    let row = fine("row ADMIN 1 #null #true (sql)\"now()\"", |n| {
        n.literal_arguments()
    });
    let row: Vec<_> = row.into_iter().map(|value| value.value).collect();
    assert_eq!(
        row,
        [
            Literal::Text("ADMIN".into()),
            Literal::Number("1".into()),
            Literal::Null,
            Literal::Boolean(true),
            Literal::Sql("now()".into())
        ]
    );
}

#[test]
fn a_recording_names_the_words() {
    let asked = words_of("column", |n| {
        column(n);
        if let Some(mut g) = n.child("generated") {
            g.sql_argument();
            g.flag("stored");
            g.finish();
        }
    });
    let find = |word: &str| asked.iter().find(|asked| asked.word == word).unwrap();
    assert_eq!(find("name").slot, Slot::Name);
    assert!(find("name").argument);
    assert_eq!(find("default").slot, Slot::Sql);
    let parts: Vec<&Asked> = find("generated").parts.iter().collect();
    assert_eq!(
        parts.iter().map(|asked| asked.word).collect::<Vec<_>>(),
        ["expression", "stored"]
    );
}

#[test]
fn unknown_words_name_the_nearest() {
    let (_, mistakes) = read("column a int not_null defalt=1 {\n    coment x\n}", column);
    insta::assert_snapshot!(mistakes, @r#"
    kdl::unknown-word

      × `column` does not take the text `not_null` here
       ╭─[a.kdl:1:14]
     1 │ column a int not_null defalt=1 {
       ·              ────┬───
       ·                  ╰── unknown
     2 │     coment x
       ╰────
      help: did you mean `not-null`?
    kdl::unknown-property

      × `column` has no property `defalt`
       ╭─[a.kdl:1:23]
     1 │ column a int not_null defalt=1 {
       ·                       ───┬──
       ·                          ╰── unknown
     2 │     coment x
       ╰────
      help: did you mean `default`?
    kdl::unknown-node

      × `column` has no child `coment`
       ╭─[a.kdl:2:5]
     1 │ column a int not_null defalt=1 {
     2 │     coment x
       ·     ───┬──
       ·        ╰── unknown
     3 │ }
       ╰────
      help: did you mean `comment`?
    "#);
}

#[test]
fn an_unquoted_type_is_explained() {
    let (_, mistakes) = read("column at timestamp with time zone not-null", column);
    insta::assert_snapshot!(mistakes, @r#"
    kdl::unknown-word

      × unknown words after the type of `column`
       ╭─[a.kdl:1:21]
     1 │ column at timestamp with time zone not-null
       ·                     ───────┬──────
       ·                            ╰── not expected here
       ╰────
      help: a type of several words is quoted: "timestamp with time zone"; words that may follow: not-null,
            unique
    "#);
}

#[test]
fn said_twice_shows_both_places() {
    let (_, mistakes) = read(
        "column a int default=1 default=2 unique {\n    unique\n}",
        column,
    );
    insta::assert_snapshot!(mistakes, @r#"
    kdl::twice

      × `default` is said twice
       ╭─[a.kdl:1:14]
     1 │ column a int default=1 default=2 unique {
       ·              ───┬───   ───┬───
       ·                 │         ╰── again here
       ·                 ╰── said here
     2 │     unique
       ╰────
      help: a property and a child of that name are the same: keep one
    kdl::twice

      × `unique` is said twice
       ╭─[a.kdl:1:34]
     1 │ column a int default=1 default=2 unique {
       ·                                  ───┬──
       ·                                     ╰── said here
     2 │     unique
       ·     ───┬──
       ·        ╰── again here
     3 │ }
       ╰────
      help: a property and a child of that name are the same: keep one
    "#);
}

#[test]
fn wrong_values_say_what_is_wanted() {
    let (_, mistakes) = read(
        "t 12 start=x strict=yes for=selec key=plain conn=plain path=a..b",
        |n| {
            n.name();
            n.number("start");
            n.boolean("strict");
            n.word("for", &["all", "select", "insert"]);
            n.env("conn");
            n.text("key");
            n.path("path");
        },
    );
    insta::assert_snapshot!(mistakes, @r##"
    kdl::wrong-type

      × `t` takes a name, not the number `12`
       ╭─[a.kdl:1:3]
     1 │ t 12 start=x strict=yes for=selec key=plain conn=plain path=a..b
       ·   ─┬
       ·    ╰── here
       ╰────
      help: quote it: "12"
    kdl::wrong-type

      × `start` takes a whole number, not the text `x`
       ╭─[a.kdl:1:12]
     1 │ t 12 start=x strict=yes for=selec key=plain conn=plain path=a..b
       ·            ┬
       ·            ╰── here
       ╰────
      help: write it in digits, without quotes and without a fraction: 10
    kdl::wrong-type

      × `strict` takes `#true` or `#false`, not the text `yes`
       ╭─[a.kdl:1:21]
     1 │ t 12 start=x strict=yes for=selec key=plain conn=plain path=a..b
       ·                     ─┬─
       ·                      ╰── here
       ╰────
      help: the word alone means `#true`; to undo what a mixin says, write `#false`
    kdl::unknown-word

      × `for` does not know the word `selec`
       ╭─[a.kdl:1:29]
     1 │ t 12 start=x strict=yes for=selec key=plain conn=plain path=a..b
       ·                             ──┬──
       ·                               ╰── unknown
       ╰────
      help: did you mean `select`?
    kdl::wrong-type

      × `conn` takes its value from the environment
       ╭─[a.kdl:1:50]
     1 │ t 12 start=x strict=yes for=selec key=plain conn=plain path=a..b
       ·                                                  ──┬──
       ·                                                    ╰── not `(env)NAME`
       ╰────
      help: write `conn=(env)NAME` and set NAME where schemactl runs
    kdl::wrong-type

      × this is no path: `a..b` has an empty part
       ╭─[a.kdl:1:61]
     1 │ t 12 start=x strict=yes for=selec key=plain conn=plain path=a..b
       ·                                                             ──┬─
       ·                                                               ╰── here
       ╰────
      help: a path is `schema.name`; a part with a dot or a quote stands in SQL quotes: #"public."my.table""#
    "##);
}

#[test]
fn missing_things_are_named() {
    let (_, mistakes) = read("table { comment; query; }", |n| {
        n.name();
        n.text("comment");
        n.query("query");
    });
    insta::assert_snapshot!(mistakes, @r#"
    kdl::missing

      × `table` needs a name
       ╭─[a.kdl:1:1]
     1 │ table { comment; query; }
       · ──┬──
       ·   ╰── here
       ╰────
      help: write it behind the word: `table NAME`
    kdl::missing

      × `comment` needs a value
       ╭─[a.kdl:1:9]
     1 │ table { comment; query; }
       ·         ───┬───
       ·            ╰── here
       ╰────
      help: write it behind the word: `comment VALUE`
    kdl::missing

      × `query` needs a text or `file=`
       ╭─[a.kdl:1:18]
     1 │ table { comment; query; }
       ·                  ──┬──
       ·                    ╰── here
       ╰────
      help: write it on the node's line: `query … file=…`
    "#);
}

#[test]
fn a_copy_of_a_mixin_shows_where_it_is_used() {
    let diagnostics = Diagnostics::new();
    let sources = Arc::new(Sources::from_texts(
        [
            (
                "mixins.kdl",
                "mixin m {\n    index a name=\"{table}_x\" nme=b\n}",
            ),
            ("auth.kdl", "table users {\n    use m\n}"),
        ],
        &diagnostics,
    ));
    let nodes: Vec<_> = sources.nodes().collect();
    let mut copy = nodes[0].children[0].used_at(nodes[1].children[0].span);
    copy.substitute(&[("schema", "auth"), ("table", "users")], &[]);
    let mut n = NodeReader::new(&copy, &diagnostics);
    n.arguments();
    assert_eq!(n.name_of("name").unwrap().value, "users_x");
    n.finish();
    insta::assert_snapshot!(diagnostics.into_result(&sources).unwrap_err().render(), @r#"
    kdl::unknown-property

      × `index` has no property `nme`
       ╭─[mixins.kdl:2:30]
     1 │ mixin m {
     2 │     index a name="{table}_x" nme=b
       ·                              ─┬─
       ·                               ╰── unknown
     3 │ }
       ╰────
      help: did you mean `name`?

    Advice: 
      ☞ used here
       ╭─[auth.kdl:2:5]
     1 │ table users {
     2 │     use m
       ·     ──┬──
       ·       ╰── used here
     3 │ }
       ╰────
    "#);
}
