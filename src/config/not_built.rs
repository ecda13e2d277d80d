//! Words of the project file whose feature is not built yet, and the commands that they would govern. The table shrinks
//! as things get built; `check` accepts every word.

use super::project::Project;
use crate::kdl::{Node, Span, Value};

/// A word that is set and not built, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotBuilt {
    /// The word with its node: `environment production: approval`.
    pub word: String,
    /// Where.
    pub span: Span,
}

/// Commands that reach a database of the project.
const CONNECTING: &[&str] = &[
    "inspect", "diff", "verify", "lint", "apply", "plan", "rollback", "status", "log", "drift",
    "baseline", "redo", "squash", "sync", "reset", "seed", "create", "access", "report", "docs",
];

/// (the nodes around, the word, the commands). `environment` stands for `defaults` and `environment` both.
const TABLE: &[(&str, &str, &[&str])] = &[("environment", "role", CONNECTING)];

/// Words that say just what happens without them: they need nothing built.
fn says_the_default(place: &str, word: &str, node: &Node) -> bool {
    match (place, word) {
        // A password is for `create`; another name would be one for every statement.
        ("environment", "role") => {
            let named = |name: &str| name == "as";
            let keys = node.entries.iter().filter_map(|entry| entry.key.as_ref());
            !keys.into_iter().any(|key| named(&key.value))
                && !node.children.iter().any(|child| named(&child.name.value))
        }
        _ => false,
    }
}

impl Project {
    /// The words that are set, not built yet, and would govern `command` on `environment` (`defaults` always count).
    pub fn not_built(&self, command: &str, environment: Option<&str>) -> Vec<NotBuilt> {
        let mut found = Vec::new();
        for node in &self.nodes {
            let kind = node.name.value.as_str();
            let name = node
                .arguments()
                .next()
                .and_then(|entry| match &entry.value {
                    Value::Text(text, _) => Some(text.as_str()),
                    _ => None,
                });
            let place = match kind {
                "defaults" => "environment",
                "environment" if environment != name => continue,
                other => other,
            };
            let label = match name {
                Some(name) if kind != "project" => format!("{kind} {name}"),
                _ => kind.to_owned(),
            };
            governed("", kind, command, node, &label, &mut found);
            walk(place, node, command, &label, &mut found);
        }
        found
    }
}

fn walk(place: &str, node: &Node, command: &str, label: &str, found: &mut Vec<NotBuilt>) {
    for entry in &node.entries {
        if let Some(key) = &entry.key {
            let mut property = Node::empty(&key.value, key.span);
            property.entries.push(crate::kdl::Entry {
                key: None,
                ..entry.clone()
            });
            let label = format!("{label}: {}", key.value);
            governed(place, &key.value, command, &property, &label, found);
        }
    }
    for child in &node.children {
        let word = child.name.value.as_str();
        let label = format!("{label}: {word}");
        governed(place, word, command, child, &label, found);
        let inner = format!("{place}/{word}");
        if TABLE.iter().any(|(place, ..)| *place == inner) {
            walk(&inner, child, command, &label, found);
        }
    }
}

fn governed(
    place: &str,
    word: &str,
    command: &str,
    node: &Node,
    label: &str,
    found: &mut Vec<NotBuilt>,
) {
    let hit = TABLE
        .iter()
        .any(|(at, name, commands)| *at == place && *name == word && commands.contains(&command));
    if hit && !says_the_default(place, word, node) {
        found.push(NotBuilt {
            word: label.to_owned(),
            span: node.head(),
        });
    }
}
