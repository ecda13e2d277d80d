//! The order in which an object's parts stand in its node, and which of its words may be properties: for `fmt`. Words come
//! from the vocabulary, so none is kept twice; only their order is said here. Objects of a schema keep the order in which a
//! person wrote them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::meaning::Meaning;
use super::{NodeWords, Place, schema_words, vocabulary};
use crate::kdl::{Arrangement, Asked, Level, Node, Seat, Slot};

/// The parts of all nodes in their order; those of one group stand as they are written. What is not named comes last.
const ORDER: &[&[&str]] = &[
    &["search-path", "member-of", "admin-of", "set"],
    &["needs"],
    &["exists"],
    &["up"],
    &["down"],
    &["query"],
    &["transform-types"],
    &["body", "return", "atomic", "symbol"],
    &["value", "attribute"],
    &["from", "in"],
    &["to", "of"],
    &["key"],
    &["columns"],
    &["row"],
    &["references", "on-delete"],
    &["kinds"],
    &["referencing"],
    &["execute"],
    // Their order is the order of columns, and of keys.
    &["column", "expression", "use"],
    &["generated"],
    &["identity"],
    &["primary-key"],
    &["unique"],
    &["foreign-key"],
    &["check"],
    &["not-null"],
    &["exclude"],
    &["include"],
    &["index"],
    &["statistics"],
    &["trigger"],
    &["rule"],
    &["row-level-security"],
    &["policy"],
    &["tags"],
    &["security-label"],
    &["depends-on-extension"],
    &["grant", "revoke"],
    &["options"],
    &["with"],
    &["opclass-options"],
    &["replica-identity"],
    &["cluster-on"],
    &["inherits"],
    &["partition-by"],
    &["partition"],
    &["rows"],
];

/// Objects of a schema: behind all that the schema says of itself.
const OBJECT: usize = ORDER.len() + 1;

/// The language, as the formatter asks it.
#[derive(Debug, Clone, Copy)]
pub struct Order;

/// A node: what it knows, and the levels of its parts.
#[derive(Debug, Default)]
struct Known {
    level: Level,
    parts: BTreeMap<&'static str, Known>,
    /// The nodes that may stand in it beside its own words.
    holds: Option<Place>,
}

static SCHEMA: LazyLock<Known> = LazyLock::new(|| {
    let mut schema = known(&schema_words());
    schema.holds = Some(Place::Schema);
    let objects = NODES.keys().filter(|(place, _)| *place == SCHEMA_PLACE);
    for (_, word) in objects {
        schema.level.seats.entry(word).or_insert(Seat::Part(OBJECT));
    }
    schema
});

/// All nodes by place and word.
static NODES: LazyLock<BTreeMap<(u8, &'static str), Known>> = LazyLock::new(|| {
    let nodes = vocabulary();
    let mut all = BTreeMap::new();
    for node in &nodes {
        for place in node.places {
            all.insert((number(*place), node.word), of_node(node, &nodes));
        }
    }
    all
});

/// A mixin: what a table has in it, also what a table may say on its own line.
static MIXIN: LazyLock<Known> = LazyLock::new(|| {
    let nodes = vocabulary();
    let table = nodes.iter().find(|node| node.word == "table");
    let mut mixin = table
        .map(|table| of_node(table, &nodes))
        .unwrap_or_default();
    mixin.level.arguments = Some(1);
    for seat in mixin.level.seats.values_mut() {
        match *seat {
            Seat::Flag | Seat::Attribute => *seat = Seat::Child,
            Seat::List(place) => *seat = Seat::Part(place),
            Seat::Child | Seat::Part(_) => {}
        }
    }
    mixin
});

const SCHEMA_PLACE: u8 = 1;

fn number(place: Place) -> u8 {
    match place {
        Place::Top => 0,
        Place::Schema => SCHEMA_PLACE,
        Place::Relation => 2,
    }
}

fn of_node(node: &NodeWords, nodes: &[NodeWords]) -> Known {
    let mut known = known(&node.words);
    let is_relation = matches!(
        node.word,
        "table" | "partition" | "foreign-table" | "view" | "materialized-view"
    );
    if is_relation {
        known.holds = Some(Place::Relation);
        let parts = nodes
            .iter()
            .filter(|part| part.places.contains(&Place::Relation));
        for part in parts {
            let seat = Seat::Part(rank(part.word));
            known.level.seats.insert(part.word, seat);
        }
    }
    known
}

fn rank(word: &str) -> usize {
    let place = ORDER.iter().position(|group| group.contains(&word));
    place.unwrap_or(ORDER.len())
}

fn known(words: &[Asked]) -> Known {
    let mut known = Known::default();
    let arguments = || words.iter().filter(|asked| asked.argument);
    let open = arguments().any(|asked| matches!(asked.slot, Slot::List | Slot::Pairs));
    known.level.arguments = (!open).then(|| arguments().count());
    for asked in words.iter().filter(|asked| !asked.argument) {
        let place = rank(asked.word);
        let seat = match asked.slot {
            // What mixins bring stands at its place among the columns.
            _ if asked.word == "use" => Seat::Part(place),
            Slot::Flag => Seat::Flag,
            Slot::List => Seat::List(place),
            Slot::Node | Slot::Body | Slot::Pairs => Seat::Part(place),
            _ => Seat::Attribute,
        };
        known.level.seats.insert(asked.word, seat);
        if !asked.parts.is_empty() {
            known.parts.insert(asked.word, self::known(&asked.parts));
        }
    }
    known
}

impl Known {
    fn enter(&self, word: &str) -> Option<&Known> {
        let held = self.holds.and_then(|place| {
            NODES
                .iter()
                .find(|((number_of, it), _)| *number_of == number(place) && *it == word)
                .map(|(_, known)| known)
        });
        held.or_else(|| self.parts.get(word))
    }
}

impl Arrangement for Order {
    fn level(&self, way: &[String]) -> Option<&Level> {
        let (first, rest) = way.split_first()?;
        let top = match first.as_str() {
            "schema" => &*SCHEMA,
            "mixin" => &*MIXIN,
            word => NODES
                .iter()
                .find(|((place, it), _)| *place == number(Place::Top) && *it == word)
                .map(|(_, known)| known)?,
        };
        rest.iter()
            .try_fold(top, |known, word| known.enter(word))
            .map(|known| &known.level)
    }

    fn means_same(&self, before: &[Node], after: &[Node]) -> bool {
        Meaning::of(before) == Meaning::of(after)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kdl::{AsWritten, Diagnostics, SourceId, Sources, format};

    fn formatted(text: &str) -> String {
        format(SourceId::default(), text, &Order)
            .unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
    }

    #[test]
    fn every_word_of_the_order_is_a_word_of_the_language() {
        fn words(asked: &[Asked], all: &mut Vec<&'static str>) {
            for asked in asked {
                all.push(asked.word);
                words(&asked.parts, all);
            }
        }
        let mut all = vec!["use"];
        words(&schema_words(), &mut all);
        for node in vocabulary() {
            all.push(node.word);
            words(&node.words, &mut all);
        }
        for word in ORDER.iter().copied().flatten() {
            assert!(all.contains(word), "{word}");
        }
        let named = ORDER.iter().copied().flatten().count();
        let mut once: Vec<_> = ORDER.iter().copied().flatten().collect();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), named);
        // Every node that may stand in a table has its place.
        for node in vocabulary() {
            let in_relation = node.places.contains(&Place::Relation);
            assert!(
                !in_relation || rank(node.word) < ORDER.len(),
                "{}",
                node.word
            );
        }
    }

    #[test]
    fn parts_stand_in_the_order_of_the_language_and_short_values_on_the_line() {
        let text = r#"schema s {
    table t {
        // of the index
        index b // beside the index

        check "b > 0"
        column b "varchar(10)" { default "x"; not-null #true }
        /- check "hidden > 0"
        use audited
        // two lines,
        // of c

        column c int {
            // why not null
            not-null
            comment "a c"
        }

        primary-key b c { name p; include d }
        comment "of the table"
        // at the end
    }
    grant usage { to a }
    view v { comment "a rather long comment that does not fit on the line of its view, whatever is done"; query "SELECT 1" }
    index-like
}
"#;
        insta::assert_snapshot!(formatted(text), @r#"
        schema s {
            table t comment="of the table" {
                column b "varchar(10)" not-null default=x
                use audited
                // two lines,
                // of c

                column c int comment="a c" {
                    // why not null
                    not-null
                }

                primary-key b c name=p include=d

                check "b > 0"
                /- check "hidden > 0"

                // of the index
                index b // beside the index
                // at the end
            }
            grant usage to=a
            view v {
                comment "a rather long comment that does not fit on the line of its view, whatever is done"
                query "SELECT 1"
            }
            index-like
        }
        "#);
        // What the schema says of itself comes before its objects, which keep their order.
        let text = "schema s { function f { strict; returns int; body \"SELECT 1\"; set x y }; table t; enum e a; grant usage { to a b }; owner me }";
        insta::assert_snapshot!(formatted(text), @r#"
        schema s owner=me {
            grant usage { to a b }
            function f strict=#true returns=int { set x y; body "SELECT 1" }
            table t
            enum e a
        }
        "#);
    }

    #[test]
    fn a_mixin_says_below_what_its_tables_say_on_their_line() {
        let text = "mixin m {\n    comment x\n    owner a\n    unlogged\n    column c int\n    check \"c > 0\"\n    tags b\n}\n";
        assert_eq!(formatted(text), text);
        let text =
            "mixin m { check \"d > 0\"; unlogged #true; comment x; column d int { not-null } }";
        assert_eq!(
            formatted(text),
            "mixin m { unlogged #true; comment x; column d int not-null; check \"d > 0\" }\n"
        );
    }

    #[test]
    fn a_flag_below_goes_on_the_line_where_it_is_one() {
        for (text, line) in [
            ("row-level-security { forced }", "row-level-security forced"),
            (
                "row-level-security { forced #true }",
                "row-level-security forced",
            ),
            (
                "row-level-security forced { enabled #true }",
                "row-level-security forced enabled=#true",
            ),
            (
                "check { expression \"a > 1\"; not-valid; no-inherit }",
                "check expression=\"a > 1\" not-valid=#true no-inherit=#true",
            ),
            ("check \"a > 1\" { not-valid }", "check \"a > 1\" not-valid"),
            (
                "check not-valid expression=\"a > 1\"",
                "check not-valid expression=\"a > 1\"",
            ),
        ] {
            let within = |node: &str| format!("schema s {{ table t {{ column a int; {node} }} }}");
            assert_eq!(formatted(&within(text)).trim_end(), within(line));
        }
        assert_eq!(
            formatted("cast from=int to=text { inout }"),
            "cast inout from=int to=text\n"
        );
    }

    #[test]
    fn a_text_that_would_mean_something_else_is_not_the_same() {
        let nodes = |text: &str| {
            let sources = Sources::from_texts([("a.kdl", text)], &Diagnostics::new());
            sources.nodes().cloned().collect::<Vec<Node>>()
        };
        for (before, after, same) in [
            ("mixin m { comment x }", "mixin m comment=x", false),
            (
                "mixin m { column c int { not-null } }",
                "mixin m { column c int not-null }",
                true,
            ),
            (
                "mixin m { column c int }",
                "mixin m { column c text }",
                false,
            ),
            ("schema s { enum e a b }", "schema s { enum e b a }", false),
            ("role r { login }", "role r login", true),
        ] {
            assert_eq!(
                Order.means_same(&nodes(before), &nodes(after)),
                same,
                "{before}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_on_the_line_stands_below_and_stays_there() {
        let long = "x".repeat(60);
        let text = format!(
            "schema s {{\n    table t {{\n        column a int not-null default=\"f('{long}')\" comment=\"of a column\" collate=C\n    }}\n}}\n"
        );
        let once = formatted(&text);
        insta::assert_snapshot!(once, @r#"
        schema s {
            table t {
                column a int not-null default="f('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')" {
                    comment "of a column"
                    collate C
                }
            }
        }
        "#);
        assert_eq!(formatted(&once), once);
    }

    #[test]
    fn an_attribute_rests_where_it_belongs_whichever_way_it_was_written() {
        let column = |attribute: &str| {
            format!(
                "schema s {{\n    table t {{\n        column productid integer{attribute}\n    }}\n}}\n"
            )
        };
        for text in [
            "Product identification number. Foreign key to Product.ProductID",
            "Product identification number. Foreign key to Product.ProductID, or none",
            "Product identification number. Foreign key to Product.ProductID, and longer than that",
        ] {
            let property = formatted(&column(&format!(" comment=\"{text}\"")));
            let child = formatted(&column(&format!(" {{ comment \"{text}\" }}")));
            let lines = formatted(&column(&format!(" {{\n comment \"{text}\"\n}}")));
            assert_eq!(formatted(&property), property);
            assert_eq!(formatted(&child), child);
            assert_eq!(
                child.contains("comment="),
                property.contains("comment="),
                "{child}{property}"
            );
            assert_eq!(
                lines.contains("comment="),
                property.contains("comment="),
                "{lines}{property}"
            );
        }
    }

    #[test]
    fn what_is_said_twice_stays_where_it_stands_behind_a_comment_too() {
        let long = "of a column, which has a comment that is longer than most of the lines are";
        let text = format!(
            "schema s {{\n    table t {{\n        column c \"numeric(10, 2)\" comment=\"{long}\" {{\n            /* one */ storage plain\n            /* two */ storage plain\n        }}\n    }}\n}}\n"
        );
        assert_eq!(formatted(&text), text);
    }

    #[test]
    fn a_comment_before_a_node_and_a_hidden_one_keep_no_block_from_its_order() {
        let text = "schema s { table t { index a; column a text; /* x */ unique a } }";
        assert_eq!(
            formatted(text),
            "schema s { table t { column a text; /* x */ unique a; index a } }\n"
        );
        let text = "schema s {\n table t {\n index a\n /-\n index b\n column a text\n }\n}\n";
        insta::assert_snapshot!(formatted(text), @"
        schema s {
            table t {
                column a text
                index a
                /-
                index b
            }
        }
        ");
    }

    /// A child of a table, with comments around and in it.
    fn child() -> impl Strategy<Value = String> {
        let attribute = prop::sample::select(vec![
            "default \"now()\"",
            "not-null",
            "not-null #false",
            "unique #true",
            "comment \"said of it\" // of the comment",
            "check \"a > 0 AND a < 1000000000000000000000000000000000000000000000000000000000\"",
            "collate C",
            "// below\n",
            "/- comment hidden",
            "generated \"1\" stored",
            "comment \"\"\"\n  two\n  lines\n  \"\"\"",
            "/* before */ storage plain",
        ]);
        let separator = prop::sample::select(vec!["\n", "; ", "\n\n", " // end\n"]);
        let block = prop::collection::vec((attribute, separator.clone()), 0..4).prop_map(|all| {
            all.into_iter()
                .flat_map(|(a, b)| [a, b])
                .collect::<String>()
        });
        let node = prop::sample::select(vec![
            "column a int",
            "column b",
            "column c \"numeric(10, 2)\" default=1 not-null comment=\"of c, which has a long comment, longer than most lines are\"",
            "index a",
            "index a b unique=#true",
            "primary-key a",
            "check \"a > 0\"",
            "use audited",
            "policy p",
            "/- column hidden int",
            "/-\ncolumn hidden_below",
            "with fillfactor=70",
            "trigger x after insert for-each=row execute=f",
            "unknown",
            "partition p default",
        ]);
        let before = prop::sample::select(vec![
            "",
            "",
            "",
            "// above\n",
            "\n\n",
            "/* a block */\n",
            "// far above\n\n",
        ]);
        (before, node, prop::option::of(block), separator).prop_map(
            |(before, node, block, separator)| match block {
                Some(block) => format!("{before}{node} {{ {block}\n }}{separator}"),
                None => format!("{before}{node}{separator}"),
            },
        )
    }

    /// Each node by its word and name, with the comments above it.
    fn above(text: &str) -> Vec<(String, Vec<String>)> {
        let mut found = Vec::new();
        let mut comments = Vec::new();
        for line in text.lines().map(str::trim) {
            if line.starts_with("// ") || line.starts_with("/* a") {
                comments.push(line.to_owned());
            } else if !line.is_empty() {
                let head: Vec<&str> = line.split_whitespace().take(2).collect();
                found.push((head.join(" "), std::mem::take(&mut comments)));
            }
        }
        found.retain(|(_, comments)| !comments.is_empty());
        found.sort();
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn tables_are_arranged_at_once_and_comments_go_with_their_nodes(children in prop::collection::vec(child(), 0..7)) {
            let text = format!("schema s {{\n table t {{\n{}}}\n}}\n", children.concat());
            // What does not parse is no matter of the formatter.
            prop_assume!(format(SourceId::default(), &text, &AsWritten).is_ok());
            let once = formatted(&text);
            prop_assert_eq!(&formatted(&once), &once, "formatted twice:\n{}\n---\n{}", text, once);
            let as_written = format(SourceId::default(), &text, &AsWritten).unwrap();
            prop_assert_eq!(above(&as_written), above(&once), "{}\n---\n{}", as_written, once);
        }
    }
}
