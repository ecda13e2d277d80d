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
        // Nothing is where it seems.
        ("a {\n c\nb", ""),
        ("a /* x\nb", ""),
        ("a \"\"\"\nb", ""),
    ] {
        assert_eq!(words(text).join(" "), expected, "{text}");
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
    fn a_mended_text_is_as_long_as_it_was(text in "([a-z{}=;\"'#(), \n/*-]|\"\"\"|3s|true|é){0,40}") {
        if let Some(mended) = mend(SourceId::default(), &text) {
            prop_assert_eq!(mended.text.len(), text.len());
            prop_assert!(mended.broken.iter().all(|head| head.start <= head.end));
        }
    }
}
