//! What a file means, wherever it says it: for `fmt`, which changes none of it.

use super::{Desired, NamePatterns, read};
use crate::kdl::{Diagnostics, Node, Sources, Value, text_literal};
use crate::model::ObjectId;

/// All that a file asks for, and the mistakes in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    said: Vec<String>,
    mistakes: Vec<&'static str>,
}

impl Meaning {
    /// That of a file's nodes, with its mixins as a table has them that uses each.
    pub(super) fn of(nodes: &[Node]) -> Meaning {
        let diagnostics = Diagnostics::new();
        // Mixins may stand in another file.
        diagnostics.expect_gaps();
        let sources = Sources::from_texts([("mixins", users(nodes))], &diagnostics);
        let patterns = NamePatterns::new();
        let desired = read(nodes.iter().chain(sources.nodes()), &patterns, &diagnostics);
        let mut said = said(&desired);
        said.sort_unstable();
        let mut mistakes: Vec<&str> = diagnostics.sorted().iter().map(|it| it.code).collect();
        mistakes.sort_unstable();
        Meaning { said, mistakes }
    }
}

/// A table for each mixin, which uses it.
fn users(nodes: &[Node]) -> String {
    let mixins = nodes.iter().filter(|node| node.name.value == "mixin");
    mixins
        .filter_map(|mixin| match &mixin.arguments().next()?.value {
            Value::Text(name, _) => Some(text_literal(name)),
            _ => None,
        })
        .enumerate()
        .map(|(at, name)| format!("schema fmt.mixins {{ table t{at} {{ use {name} }} }}\n"))
        .collect()
}

fn said(desired: &Desired) -> Vec<String> {
    let Desired {
        objects,
        positions,
        schemas,
        search_paths,
        renames,
        absent,
        names,
        // They follow from the rest.
        references: _,
        tags,
        exact_partitions,
        recorded: _,
        rows,
        // It is said of each of the objects.
        for_all: _,
    } = desired;
    let key = |id: &ObjectId| key(id, desired);
    let mut said: Vec<String> = Vec::new();
    said.extend(
        objects
            .iter()
            .map(|(id, it)| format!("{} {:?}", key(id), it.object)),
    );
    said.extend(
        tags.iter()
            .map(|(id, tags)| format!("{} {tags:?}", key(id))),
    );
    said.extend(
        renames
            .iter()
            .map(|it| format!("{:?} {}", it.from, key(&it.to))),
    );
    said.extend(absent.keys().map(|id| format!("{id:?}")));
    said.push(format!(
        "{positions:?} {schemas:?} {search_paths:?} {names:?} {exact_partitions:?}"
    ));
    for (table, rows) in rows {
        let cells: Vec<_> = rows.rows.iter().map(|row| &row.cells).collect();
        said.push(format!(
            "{table:?} {:?} {:?} {} {cells:?}",
            rows.key, rows.columns, rows.exact
        ));
    }
    said
}

/// An identity; what nobody named is known by what it is, since its name follows from the places of others like it.
fn key(id: &ObjectId, desired: &Desired) -> String {
    let parts = id.ancestors().map(|id| match desired.objects.get(id) {
        Some(it) if it.unnamed => format!("{:?} {:?}", id.kind, it.object),
        _ => format!("{:?} {:?} {:?}", id.kind, id.name, id.signature),
    });
    parts.collect::<Vec<_>>().join(" in ")
}
