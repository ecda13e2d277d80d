use std::path::PathBuf;

use super::mend::mend;
use super::{Diagnostics, NodeReader, SourceId, Sources};
use proptest::prelude::*;

/// The words of the nodes that can be read, in spite of what is wrong.
fn words(text: &str) -> Vec<String> {
    fn walk(nodes: &[super::Node], words: &mut Vec<String>) {
        for node in nodes {
            words.push(node.name.value.clone());
            walk(&node.children, words);
        }
    }
    let diagnostics = Diagnostics::new();
    let sources = Sources::from_texts([(PathBuf::from("a.kdl"), text)], &diagnostics);
    assert!(diagnostics.has_errors(), "{text}");
    let mut words_of = Vec::new();
    for (_, source) in sources.files() {
        walk(&source.nodes, &mut words_of);
    }
    words_of
}

#[test]
fn the_rest_of_a_file_is_read() {
    for (text, expected) in [
        ("a 3s\nb", "a b"),
        ("a x=\nb", "a b"),
        ("a varchar(255) not-null { c }\nb", "a c b"),
        ("a 'x y' z\nb", "a b"),
        ("a {\n c one, two\n}\nb", "a c b"),
        ("a\n{\n c\n}\nb", "a c b"),
        ("a \"x\\.y\"\nb", "a b"),
        ("a \"open\nb", "a b"),
        ("a \"open\n still\"\nb", "a b"),
        ("a \"\"\"x\"\"\"\nb", "a b"),
        ("a { c } d\nb", "a c b"),
        ("a true\nb #ture\nc", "a b c"),
        ("a }\nb", "a b"),
        // What is not closed ends by its indentation.
        ("a {\n c\nb", "a c b"),
        ("a {\n c {\n  d\n e\n}\nb", "a c d e b"),
        ("a {\n c {\n  d\n }\nb {\n}\n", "a c d b"),
        ("a {\n c {\n  d {\n   e\nb", "a c d e b"),
        ("a {\n\tc {\n\t\td\n\te\n}\nb", "a c d e b"),
        ("a {\n c\n /- d\n/- e\nb", "a c b"),
        ("a {\n c 3s {\n  d\n e\n}\nb", "a c d e b"),
        ("a {\n c", "a c"),
        ("a /* x\nb", "a"),
        ("a\n/* x\ny\n\nb", "a b"),
        ("a {\n /* x\n y\n}\nb", "a b"),
        ("a \"\"\"\nb", "a"),
        ("a {\n c \"\"\"\n  x\n\n  y\n d\n}\nb", "a c d b"),
        ("a {\n c \"\"\"\n x\n y\n}\nb", "a c b"),
        ("a {\n c \"\"\"\n x\n\n d\n}\nb", "a c d b"),
        (
            "a {\n c \"\"\"\n  x\n d \"\"\"\n  y\n  \"\"\"\n}\nb",
            "a c d b",
        ),
        (
            "a {\n c #\"\"\"\n  x\n d \"\"\"\n  y\n  \"\"\"\n}\nb",
            "a c d b",
        ),
        // Nothing is where it seems.
        ("a {\nc {\nd\n}\n", ""),
    ] {
        assert_eq!(words(text).join(" "), expected, "{text}");
    }
}

#[test]
fn mistakes_behind_what_is_not_closed_stand_at_their_place() {
    for open in ["b {\n", "b /* c\n\n", "b \"\"\"\n  c\n\n"] {
        let text = format!("a {{\n {open} é odd=1\n}}\n/- x\nd odd=1\n");
        let diagnostics = Diagnostics::new();
        let sources = Sources::from_texts([(PathBuf::from("a.kdl"), text.as_str())], &diagnostics);
        for node in sources.nodes() {
            let mut reader = NodeReader::new(node, &diagnostics);
            for child in reader.other_children() {
                child.finish();
            }
            reader.finish();
        }
        let found: Vec<(&str, &str)> = diagnostics
            .sorted()
            .iter()
            .map(|it| (it.code, &text[it.labels[0].0.range()]))
            .collect();
        assert_eq!(found.len(), 3, "{text}\n{found:?}");
        assert_eq!(found[1..], [("kdl::unknown-property", "odd"); 2], "{text}");
    }
}

#[test]
fn nothing_is_said_of_a_node_that_holds_a_mistake() {
    let diagnostics = Diagnostics::new();
    let text = "a varchar(255) odd=1\nb odd=1\n";
    let sources = Sources::from_texts([(PathBuf::from("a.kdl"), text)], &diagnostics);
    for node in sources.nodes() {
        NodeReader::new(node, &diagnostics).finish();
    }
    let found = diagnostics.sorted();
    let codes: Vec<&str> = found.iter().map(|mistake| mistake.code).collect();
    assert_eq!(codes, ["kdl::syntax", "kdl::unknown-property"]);
    assert!(!diagnostics.is_complete());
}

proptest! {
    #[test]
    fn a_mended_text_is_as_long_as_it_was_and_its_ends(text in "([a-z{}=;\"'#(), \n/*-]|\"\"\"|3s|true|é){0,40}") {
        if let Some(mended) = mend(SourceId::default(), &text) {
            prop_assert_eq!(mended.text.len() - mended.added(), text.len());
            prop_assert!(mended.broken.iter().all(|head| head.start <= head.end));
        }
    }
}
