//! Which words may stand where: a walk down the vocabulary of the kinds, and of the project file.

use std::sync::LazyLock;

use crate::config;
use crate::kdl::{Asked, Head, Slot};
use crate::kind::language::{NodeWords, Place, schema_words, vocabulary};

static SCHEMA_FILE: LazyLock<Vec<NodeWords>> = LazyLock::new(vocabulary);
static SCHEMA: LazyLock<Vec<Asked>> = LazyLock::new(schema_words);
static PROJECT_FILE: LazyLock<Vec<(&'static str, Vec<Asked>)>> = LazyLock::new(config::vocabulary);

/// A node of the files, and what may stand in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Level {
    /// Its arguments, attributes and parts.
    pub(super) words: Vec<Asked>,
    /// The nodes of its block that are objects, beside its own parts.
    pub(super) nodes: Vec<&'static str>,
    /// Where those stand.
    place: Option<Place>,
}

impl Level {
    /// The top of a file.
    pub(super) fn top(is_project: bool) -> Level {
        if is_project {
            return Level {
                nodes: PROJECT_FILE.iter().map(|(word, _)| *word).collect(),
                ..Level::default()
            };
        }
        let mut nodes = at(Place::Top);
        nodes.extend(["schema", "mixin"]);
        Level {
            words: Vec::new(),
            nodes,
            place: Some(Place::Top),
        }
    }

    /// The node of that word within this one.
    pub(super) fn enter(&self, word: &str) -> Option<Level> {
        let node = |place: Place| {
            SCHEMA_FILE
                .iter()
                .find(|node| node.word == word && node.places.contains(&place))
        };
        match (self.place, word) {
            (Some(Place::Top), "schema") => {
                return Some(Level {
                    words: SCHEMA.clone(),
                    nodes: at(Place::Schema),
                    place: Some(Place::Schema),
                });
            }
            (Some(Place::Top), "mixin") => {
                let table = SCHEMA_FILE.iter().find(|node| node.word == "table")?;
                return Some(Level {
                    words: table.words.clone(),
                    nodes: at(Place::Relation),
                    place: Some(Place::Relation),
                });
            }
            (Some(place), _) => {
                if let Some(node) = node(place) {
                    let nodes = parts_of(word);
                    return Some(Level {
                        words: node.words.clone(),
                        place: (!nodes.is_empty()).then_some(Place::Relation),
                        nodes,
                    });
                }
            }
            (None, _) => {
                if let Some((_, words)) = PROJECT_FILE
                    .iter()
                    .find(|(it, _)| *it == word && self.nodes.contains(&word))
                {
                    return Some(Level {
                        words: words.clone(),
                        ..Level::default()
                    });
                }
            }
        }
        let part = self.attribute(word)?;
        Some(Level {
            words: part.parts.clone(),
            ..Level::default()
        })
    }

    /// The node at the end of a way down from the top.
    pub(super) fn within(is_project: bool, around: &[Head]) -> Option<Level> {
        around
            .iter()
            .try_fold(Level::top(is_project), |level, head| {
                level.enter(&head.word)
            })
    }

    /// The attribute of that word.
    pub(super) fn attribute(&self, word: &str) -> Option<&Asked> {
        self.words
            .iter()
            .find(|asked| !asked.argument && asked.word == word)
    }

    /// The arguments in their order.
    pub(super) fn arguments(&self) -> impl Iterator<Item = &Asked> {
        self.words
            .iter()
            .filter(|asked| asked.argument && asked.slot != Slot::Pairs)
    }

    /// The argument at an index; the last one goes on where it is a list.
    pub(super) fn argument(&self, index: usize) -> Option<&Asked> {
        let last = self.arguments().last();
        self.arguments()
            .nth(index)
            .or(last.filter(|asked| asked.slot == Slot::List))
    }
}

/// The nodes that stand at a place.
fn at(place: Place) -> Vec<&'static str> {
    SCHEMA_FILE
        .iter()
        .filter(|node| node.places.contains(&place))
        .map(|node| node.word)
        .collect()
}

/// The nodes in the block of a relation.
fn parts_of(relation: &str) -> Vec<&'static str> {
    match relation {
        "table" | "partition" => at(Place::Relation),
        "foreign-table" => vec!["column", "check", "not-null", "trigger"],
        "view" => vec!["trigger", "rule"],
        "materialized-view" => vec!["index", "statistics", "cluster-on"],
        _ => Vec::new(),
    }
}

/// What a word takes, for people.
pub(super) fn takes(asked: &Asked) -> String {
    match asked.slot {
        Slot::Name => "a name".to_owned(),
        Slot::Path => "a path, `name` or `schema.name`".to_owned(),
        Slot::Type => "a type".to_owned(),
        Slot::Sql => "SQL, or a literal".to_owned(),
        Slot::Text => "a text, taken literally".to_owned(),
        Slot::Word if !asked.values.is_empty() => format!("one of {}", asked.values.join(", ")),
        Slot::Word => "a word".to_owned(),
        Slot::Number => "a number".to_owned(),
        Slot::Boolean => "#true or #false".to_owned(),
        Slot::Flag => "a flag: the bare word, or =#true, =#false".to_owned(),
        Slot::List if !asked.values.is_empty() => format!("words of {}", asked.values.join(", ")),
        Slot::List => "one value or several".to_owned(),
        Slot::Body => "a text, or file=".to_owned(),
        Slot::Pairs => "key=value pairs".to_owned(),
        Slot::Environment => "a text, or (env)NAME".to_owned(),
        Slot::Node => {
            let part = |part: &Asked| match part.values.as_slice() {
                [] => part.word.to_owned(),
                values => values.join("|"),
            };
            let parts: Vec<String> = asked.parts.iter().map(part).collect();
            let values = parts.iter().all(|it| it.contains('|') || it == "list");
            match (values, parts.as_slice()) {
                (true, [words, rest @ ..]) => {
                    let rest = rest.iter().map(|it| format!(", and a {it}"));
                    format!(
                        "one of {}{}",
                        words.replace('|', ", "),
                        rest.collect::<String>()
                    )
                }
                _ => format!("a node with {}", parts.join(", ")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(words: &[&str]) -> Vec<Head> {
        words
            .iter()
            .map(|word| Head {
                word: (*word).to_owned(),
                ..Head::default()
            })
            .collect()
    }

    #[test]
    fn every_node_and_part_can_be_entered() {
        let column = Level::within(false, &way(&["schema", "table", "column"])).unwrap();
        assert!(column.attribute("references").is_some());
        assert_eq!(column.argument(1).unwrap().slot, Slot::Type);
        let deep = way(&["schema", "table", "partition", "index", "column"]);
        assert!(
            Level::within(false, &deep)
                .unwrap()
                .attribute("nulls")
                .is_some()
        );
        assert!(Level::within(false, &way(&["mixin", "column"])).is_some());
        assert!(Level::within(false, &way(&["column"])).is_none());
        let schema = Level::within(false, &way(&["schema"])).unwrap();
        assert!(schema.nodes.contains(&"table") && schema.attribute("search-path").is_some());
    }

    #[test]
    fn the_project_file_has_its_own_words() {
        let top = Level::top(true);
        assert!(top.nodes.contains(&"environment") && !top.nodes.contains(&"table"));
        let environment = Level::within(true, &way(&["environment"])).unwrap();
        assert!(environment.attribute("url").is_some(), "{environment:?}");
        assert!(environment.attribute("lock-timeout").is_some());
        let migrations = Level::within(true, &way(&["project", "migrations"])).unwrap();
        assert!(migrations.attribute("number").is_some(), "{migrations:?}");
    }
}
