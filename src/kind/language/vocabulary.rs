//! The words of the language, asked of the kinds themselves: what documentation, completion and tests are made of.

use super::{NamePatterns, Place, Reading};
use crate::kdl::{Asked, Diagnostics, Slot, words_of};
use crate::kind::NODES;
use crate::model::{Kind, ObjectId};

/// A node and the words that it knows.
#[derive(Debug, Clone)]
pub struct NodeWords {
    /// The node's word.
    pub word: &'static str,
    /// Where it may stand.
    pub places: &'static [Place],
    /// The kinds of objects that it declares, the first being the node's own.
    pub kinds: &'static [Kind],
    /// Its arguments, attributes and parts, in the order in which they are read.
    pub words: Vec<Asked>,
}

/// Every node of the language with its words.
pub fn vocabulary() -> Vec<NodeWords> {
    NODES
        .iter()
        .map(|node| NodeWords {
            word: node.word,
            places: node.places,
            kinds: node.kinds,
            words: words_of(node.word, |reader| {
                let diagnostics = Diagnostics::new();
                let names = NamePatterns::new();
                let mut reading = Reading::new(&names, &diagnostics);
                let schema = ObjectId::top(Kind::Schema, "s");
                let parent = match node.places.first() {
                    Some(Place::Schema) => Some(schema),
                    Some(Place::Relation) => {
                        Some(ObjectId::in_schema(Kind::Table, &schema.name, "t"))
                    }
                    _ => None,
                };
                (node.read)(&mut reading, reader, parent.as_ref());
            }),
        })
        .collect()
}

/// What `schema` knows besides the objects in it: what all objects know, and its search path.
pub fn schema_words() -> Vec<Asked> {
    const COMMON: &[&str] = &[
        "comment",
        "owner",
        "renamed-from",
        "tags",
        "grant",
        "revoke",
        "security-label",
    ];
    let mut words = vec![
        Asked {
            word: "name",
            argument: true,
            slot: Slot::Name,
            values: Vec::new(),
            parts: Vec::new(),
        },
        Asked {
            word: "search-path",
            argument: false,
            slot: Slot::List,
            values: Vec::new(),
            parts: Vec::new(),
        },
    ];
    // An enum knows nothing but its values and these.
    let any = vocabulary().into_iter().find(|node| node.word == "enum");
    words.extend(
        any.into_iter()
            .flat_map(|node| node.words)
            .filter(|asked| COMMON.contains(&asked.word)),
    );
    words
}
