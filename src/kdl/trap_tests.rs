//! Every trap of the language's page, as a person sees it; and that texts without traps pass.

use std::sync::Arc;

use super::{Diagnostics, Sources};

fn shown(text: &str) -> String {
    let diagnostics = Diagnostics::new();
    let sources = Arc::new(Sources::from_texts([("a.kdl", text)], &diagnostics));
    match diagnostics.into_result(&sources) {
        Err(mistakes) => mistakes.render(),
        Ok(()) => String::new(),
    }
}

/// Message and help of each mistake, one a line.
fn brief(text: &str) -> Vec<String> {
    let diagnostics = Diagnostics::new();
    let _sources = Sources::from_texts([("a.kdl", text)], &diagnostics);
    let line = |mistake: super::Diagnostic| {
        let (span, _) = mistake.labels[0].clone();
        format!(
            "{} | {} | {}",
            &text[span.range()],
            mistake.message,
            mistake.help.unwrap_or_default()
        )
    };
    diagnostics.sorted().into_iter().map(line).collect()
}

#[test]
fn the_examples_parse() {
    let mut paths = Vec::new();
    for folder in ["", "schema", "keycloak"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/kdl-examples")
            .join(folder);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "kdl") {
                paths.push(path);
            }
        }
    }
    let diagnostics = Diagnostics::new();
    let sources = Sources::load(&paths, &diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(sources.files().count(), 7);
    assert!(sources.nodes().count() > 30);
}

#[test]
fn legal_oddities_pass() {
    for text in [
        "/- kdl-version 2\na 1",
        "a{b}",
        "a {b;c}",
        "a /- b c /- { d }",
        "a \\\n  b \\ // c\n c",
        "a=b".replace('=', " =").as_str(),
        "\u{FEFF}a",
        "a /* b /* c */ */ d",
        "a (env)B c=(env)D",
        "\"a b\" #\"\"#",
        "a -1.5e+3 0xFF +7 1_000",
        "a \"\\u{e9}\\s\\\n   x\"",
        "a #\"\"my.table\"\"#",
        "a \"\"\"\n  x\n\n  y\n  \"\"\"",
        "a ##\"x\"#y\"##",
        "a.b-c ---",
        "a https:",
        "a b//c",
        "",
        "a { b }; c",
        "a \"\"",
        "a \"\"\"\n\"\"\"",
        "a \"b\"=c",
        "a #\"\"\"\n \\d\"\"\n \"\"\"#",
    ] {
        // `a =b` has no node word before `=` only when it begins the line.
        let text = if text == "a =b" { "n a =b" } else { text };
        assert_eq!(shown(text), "", "{text}");
    }
}

#[test]
fn words_that_are_no_words() {
    insta::assert_debug_snapshot!([
        brief("a 3s"), brief("a until=2027-01-31"), brief("a .5"), brief("a path=seeds/dev.sql"), brief("a url=postgres://u@h/db"),
        brief("column e varchar(255) not-null"), brief("column e numeric(15, 2)[]"), brief("column t text[]"),
        brief("column a int default='in progress' unique"), brief("c default='active'"), brief("unique a, b"), brief("index a,b"),
        brief("column true boolean"), brief("a inherit=false"), brief("a default=null"), brief("a #ture"), brief("a C:\\x"),
        brief("a 1,2"), brief("a x\u{200E}y"),
    ].concat(), @r##"
    [
        "3s | a bare word does not begin with a digit | quote it: \"3s\"",
        "2027-01-31 | a bare word does not begin with a digit | quote it: \"2027-01-31\"",
        ".5 | a bare word does not begin with a digit | a number begins with a digit: 0.5",
        "seeds/dev.sql | a bare word holds no `/` | quote it: \"seeds/dev.sql\"",
        "postgres://u@h/db | `//` begins a comment, so this URL would be cut | quote it: \"postgres://u@h/db\"",
        "varchar(255) | a bare word holds no brackets | quote it: \"varchar(255)\"",
        "numeric(15, 2)[] | a bare word holds no brackets | quote it: \"numeric(15, 2)[]\"",
        "text[] | a bare word holds no brackets | quote it: \"text[]\"",
        "'in progress' | `'` is no quote in KDL | for SQL put double quotes around it: \"'in progress'\"; for a text write \"in progress\"",
        "'active' | `'` is no quote in KDL | for SQL put double quotes around it: \"'active'\"; for a text write active",
        "a, | a list has no commas | separate by spaces: `a`; a text with a comma is quoted: \"a,\"",
        "a,b | a list has no commas | separate by spaces: `a b`; a text with a comma is quoted: \"a,b\"",
        "true | `true` can't stand bare | write `#true` for the value, \"true\" for the text",
        "false | `false` can't stand bare | write `#false` for the value, \"false\" for the text",
        "null | `null` can't stand bare | write `#null` for the value, \"null\" for the text",
        "#ture | `#ture` is no value | did you mean `#true`?",
        "C:\\x | outside quotes `\\` only stands at the end of a line | quote it: #\"C:\\x\"#",
        "1,2 | a list has no commas | separate by spaces: `1 2`; a text with a comma is quoted: \"1,2\"",
        "\u{200e} | the character U+200E can't stand in KDL as it is | take it out, or write \"\\u{200e}\" in a quoted text",
    ]
    "##);
}

#[test]
fn texts_that_are_not_closed() {
    insta::assert_snapshot!(shown("table a {\n    check \"x > 1\n    check \"y > 2\"\n}\nb 3s\n"), @r#"
    kdl::syntax

      × this text is not closed on its line
       ╭─[a.kdl:2:11]
     1 │ table a {
     2 │     check "x > 1
       ·           ───┬──
       ·              ╰── opened here
     3 │     check "y > 2"
       ╰────
      help: close it with `"`; a text of several lines begins with `"""` and ends with `"""` on a line of its
            own
    kdl::syntax

      × a bare word does not begin with a digit
       ╭─[a.kdl:5:3]
     4 │ }
     5 │ b 3s
       ·   ─┬
       ·    ╰── no number and no word
       ╰────
      help: quote it: "3s"
    "#);
    insta::assert_snapshot!(shown("f {\n    body \"\"\"\n        BEGIN\n}\ng {\n"), @r#"
    kdl::syntax

      × this text is never closed
       ╭─[a.kdl:2:10]
     1 │ f {
     2 │     body """
       ·          ─┬─
       ·           ╰── opened here
     3 │         BEGIN
       ╰────
      help: close it with `"""` on a line of its own
    kdl::syntax

      × this `{` is never closed
       ╭─[a.kdl:5:3]
     4 │ }
     5 │ g {
       ·   ┬
       ·   ╰── opened here
       ╰────
      help: close it with `}`
    "#);
    insta::assert_snapshot!(shown("a 3s\n/* b\nc 4s"), @r#"
    kdl::syntax

      × a bare word does not begin with a digit
       ╭─[a.kdl:1:3]
     1 │ a 3s
       ·   ─┬
       ·    ╰── no number and no word
     2 │ /* b
       ╰────
      help: quote it: "3s"
    kdl::syntax

      × this comment is never closed
       ╭─[a.kdl:2:1]
     1 │ a 3s
     2 │ /* b
       · ─┬
       ·  ╰── opened here
     3 │ c 4s
       ╰────
      help: close it with `*/`
    "#);
}

#[test]
fn a_raw_text_is_closed_with_its_signs() {
    assert_eq!(
        [brief("a #\"x\nb"), brief("a ##\"\"\"\n x\n")].concat(),
        [
            "#\"x | this text is not closed on its line | close it with `\"#`; a text of several lines begins with `#\"\"\"` and ends with `\"\"\"#` on a line of its own",
            "##\"\"\" | this text is never closed | close it with `\"\"\"##` on a line of its own",
        ]
    );
}

#[test]
fn another_version_of_kdl_is_refused() {
    for text in ["/- kdl-version 1\na", "\u{FEFF}// head\n\n/-kdl-version 3"] {
        let said = brief(text);
        assert_eq!(said.len(), 1, "{text}");
        assert!(said[0].contains("schemactl reads KDL 2"), "{said:?}");
    }
    // Any other hidden node is hidden.
    assert_eq!(shown("a\n/- kdl-version 1\n/- version 1"), "");
}

#[test]
fn texts_of_several_lines() {
    insta::assert_snapshot!(shown("f {\n    body \"\"\"\n        BEGIN\n      END\n        \"\"\"\n}\n"), @r#"
    kdl::syntax

      × a line begins left of its closing `"""`
       ╭─[a.kdl:4:1]
     3 │         BEGIN
     4 │       END
       · ────┬────
       ·     ╰── this line
     5 │         """
       ·         ─┬─
       ·          ╰── this indentation is taken away
     6 │ }
       ╰────
      help: indent every line at least as far as the closing `"""`
    "#);
    insta::assert_snapshot!(shown("f {\n\tbody \"\"\"\n\t\tBEGIN\n        \"\"\"\n}\n"), @r#"
    kdl::syntax

      × a line begins left of its closing `"""`
       ╭─[a.kdl:3:1]
     2 │     body """
     3 │         BEGIN
       · ──────┬──────
       ·       ╰── this line
     4 │         """
       ·         ─┬─
       ·          ╰── this indentation is taken away
     5 │ }
       ╰────
      help: one is indented with tabs, the other with spaces: use spaces in both
    "#);
    insta::assert_debug_snapshot!([
        brief("a \"\"\"one line\"\"\""), brief("a \"\"\"\n  x\"\"\""), brief("a \"\"\"x\n  \"\"\""), brief("a \"^\\d+\\.$\""), brief("a \"x\\u{110000}\""),
    ].concat(), @r##"
    [
        "\"\"\"one line\"\"\" | behind an opening `\"\"\"` the line ends | a text of one line stands in plain quotes: \"one line\"",
        "\"\"\" | the closing `\"\"\"` stands on a line of its own | put it on the next line: its indentation is what is taken away from all lines",
        "\"\"\"x\n  \"\"\" | behind an opening `\"\"\"` the line ends | begin the text on the line after the opening `\"\"\"`",
        "\\d | `\\d` is no escape | in a raw text a backslash is a backslash: #\"^\\d+\\.$\"#",
        "\\u | `\\u` is no escape | it is written `\\u{…}` with 1 to 6 hexadecimal digits, the number of a character: up to 10FFFF, and none of D800 to DFFF",
    ]
    "##);
}

#[test]
fn an_unclosed_brace_is_found_by_its_indentation() {
    insta::assert_snapshot!(shown("schema a {\n    table b {\n        column c {\n            comment x\n    }\n    table d {\n    }\n}\n"), @r#"
    kdl::syntax

      × this `{` is never closed
       ╭─[a.kdl:3:18]
     2 │     table b {
     3 │         column c {
       ·                  ┬
       ·                  ╰── opened here
     4 │             comment x
       ╰────
      help: close it with `}`
    "#);
    insta::assert_snapshot!(shown("schema a {\n    table b\n"), @r#"
    kdl::syntax

      × this `{` is never closed
       ╭─[a.kdl:1:10]
     1 │ schema a {
       ·          ┬
       ·          ╰── opened here
     2 │     table b
       ╰────
      help: close it with `}`
    "#);
    insta::assert_snapshot!(shown("a\n}\n"), @r#"
    kdl::syntax

      × this `}` closes nothing
       ╭─[a.kdl:2:1]
     1 │ a
     2 │ }
       · ┬
       · ╰── no `{` is open here
       ╰────
      help: take it out, or look for a `}` too many above
    "#);
}

#[test]
fn tokens_in_a_wrong_order() {
    insta::assert_debug_snapshot!([
        brief("a\n{\n  b\n}"), brief("12 a"), brief("a { b } c"), brief("a b="), brief("a =b c"), brief("=b"), brief("a \"b\"\"c\""), brief("a b\"c\""), brief("a { #true }"),
    ].concat(), @r##"
    [
        "{ | a `{` needs a node before it | put `{` on the line of its node",
        "12 | a node begins with a word | a node is `word argument property=value`; values of a list stand on its node's line",
        "c | behind its `}` a node is over | put arguments and properties before `{`, or begin a new line",
        "= | a property needs a value | the empty text is \"\"",
        "= | a `=` needs a property's word before it | a property is written `word=value` behind its node's word",
        "= | a `=` needs a property's word before it | a property is written `word=value` behind its node's word",
        "\"c\" | a space is missing | values are separated by spaces",
        "\"c\" | a space is missing | values are separated by spaces",
        "#true | a node begins with a word | a node is `word argument property=value`; values of a list stand on its node's line",
    ]
    "##);
    assert_eq!(brief(&"a {".repeat(5000)).len(), 1);
    assert_eq!(brief(&"/*".repeat(5000)).len(), 1);
}

#[test]
fn the_deepest_legal_nesting_fits_the_stack() {
    let depth = super::structure::DEEPEST;
    let text = format!("{}{}", "a {\n".repeat(depth), "}\n".repeat(depth));
    assert_eq!(shown(&text), "");
    assert!(super::format(super::SourceId(0), &text, &super::AsWritten).is_ok());
    // Blocks behind `/-` cost the crate four times as much with each level: few are let through.
    assert_eq!(brief(&"a /- { ".repeat(40)).len(), 1);
    assert_eq!(shown("a /- { b /- { c /- { d } } }"), "");
    let hidden = format!("{}{}", "/- a { ".repeat(depth), "}\n".repeat(depth));
    assert_eq!(shown(&hidden), "");
}

#[test]
fn at_most_twenty_are_shown() {
    let text = "a 3s\n".repeat(25);
    let shown = shown(&text);
    assert_eq!(shown.matches("kdl::syntax").count(), 20);
    assert!(shown.contains("and 5 more"));
}

#[test]
fn mistakes_of_all_files_as_json() {
    let diagnostics = Diagnostics::new();
    let sources = Arc::new(Sources::from_texts(
        [("a.kdl", "ok\n  é 3s"), ("b.kdl", "b {")],
        &diagnostics,
    ));
    let told = diagnostics.into_result(&sources).unwrap_err().told();
    let json = serde_json::to_value(told).unwrap();
    assert_eq!(json[0]["labels"][0]["line"], 2);
    assert_eq!(json[0]["labels"][0]["column"], 5);
    assert_eq!(json[1]["labels"][0]["file"], "b.kdl");
    assert_eq!(json[1]["code"], "kdl::syntax");
}

proptest::proptest! {
    /// Whatever stands in a file: no panic, and every byte is in one token.
    #[test]
    fn every_byte_is_in_a_token(text in "([a-z]{1,3}|[ \n]|\"|\"\"\"\n|#|\\\\|/|\\*|-|\\{|\\}|;|=|\\(|\\)|[0-9]|'|,|\r\n|é|\t|.){0,40}") {
        let lexed = super::lexer::lex(super::SourceId(0), &text);
        let mut at = 0;
        for token in &lexed.tokens {
            proptest::prop_assert_eq!(token.start, at);
            at = token.end;
        }
        proptest::prop_assert!(at == text.len() || lexed.stopped);
        Sources::from_texts([("a.kdl", text.as_str())], &Diagnostics::new());
    }
}

#[test]
fn signs_that_stand_alone_are_told_in_our_words() {
    let brackets = "outside quotes brackets only stand as in `(env)NAME`; SQL with brackets is quoted: \"lower(email)\"";
    for (text, at, message, help) in [
        (
            "a b;; c d",
            ";",
            "a `;` ends a node, and here is none",
            "take it out",
        ),
        (
            "a { ; }",
            ";",
            "a `;` ends a node, and here is none",
            "take it out",
        ),
        (
            "a b=/-c",
            "=",
            "a property needs a value",
            "the empty text is \"\"",
        ),
        ("a b )", ")", "this `)` closes nothing", brackets),
        ("a (b", "(", "this `(` is never closed", brackets),
        (
            "a (b) { c }",
            ")",
            "behind its `)` a value is missing",
            brackets,
        ),
        ("a () b", ")", "these brackets are empty", brackets),
    ] {
        assert_eq!(
            brief(text),
            [format!("{at} | {message} | {help}")],
            "{text}"
        );
    }
    for fine in [
        "a (env)b;",
        "/-a b; c",
        "a; /-b; c",
        "a b=(env)C { d; }",
        "a { }; b",
    ] {
        assert_eq!(brief(fine), Vec::<String>::new(), "{fine}");
    }
}
