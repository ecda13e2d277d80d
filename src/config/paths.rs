//! The folders that the project file names: each stays within the project's own, so that no command reads or writes files of
//! others.

use std::path::Path;

use crate::kdl::{Diagnostic, Diagnostics, Node, Value, lies_within};

/// Reports each path of a top node that leads out of the project's folder.
pub(super) fn check(folder: &Path, node: &Node, diagnostics: &Diagnostics) {
    let words: &[&str] = match node.name.value.as_str() {
        "project" => &["migrations"],
        "database" => &["schema-files"],
        "service" => &["migrations", "schema-files"],
        _ => return,
    };
    let properties = node.entries.iter().filter(|entry| {
        let key = entry.key.as_ref().map(|key| key.value.as_str());
        key.is_some_and(|key| words.contains(&key))
    });
    let children = node
        .children
        .iter()
        .filter(|child| words.contains(&child.name.value.as_str()));
    for entry in properties.chain(children.flat_map(Node::arguments)) {
        if let Value::Text(path, _) = &entry.value
            && !lies_within(folder, &folder.join(path))
        {
            diagnostics.push(
                Diagnostic::error(
                    "config::outside",
                    format!("`{path}` leads out of the project's folder"),
                )
                .at(entry.span, "not below the folder of schemactl.kdl")
                .help("move the files into the project, or schemactl.kdl to a folder above both"),
            );
        }
    }
}
