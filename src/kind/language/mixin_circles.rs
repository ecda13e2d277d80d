//! Mixins that use each other: what they bring would have no end. Each circle is told once, with all its places.

use std::collections::BTreeMap;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use crate::kdl::{Diagnostic, Diagnostics, Node, Span, Value};

/// The names that a mixin uses, each with its place.
fn used(mixin: &Node) -> impl Iterator<Item = (&str, Span)> {
    let uses = mixin.children.iter().filter(|it| it.name.value == "use");
    uses.flat_map(Node::arguments)
        .filter_map(|entry| match &entry.value {
            Value::Text(name, _) => Some((name.as_str(), entry.span)),
            _ => None,
        })
}

/// Reports the circles among the mixins.
pub(super) fn report(mixins: &BTreeMap<String, &Node>, diagnostics: &Diagnostics) {
    let mut graph: DiGraphMap<&str, ()> = DiGraphMap::new();
    for (name, mixin) in mixins {
        for (other, _) in used(mixin).filter(|(other, _)| mixins.contains_key(*other)) {
            graph.add_edge(name, other, ());
        }
    }
    for mut members in tarjan_scc(&graph) {
        let is_circle = match members.as_slice() {
            [only] => graph.contains_edge(only, only),
            _ => true,
        };
        if !is_circle {
            continue;
        }
        members.sort_unstable();
        let message = match members.as_slice() {
            [only] => format!("the mixin `{only}` uses itself"),
            _ => format!("the mixins `{}` use each other", members.join("`, `")),
        };
        let mut told = Diagnostic::error("kdl::mixin-circle", message);
        for (name, mixin) in mixins {
            for (other, span) in used(mixin) {
                if members.contains(&name.as_str()) && members.contains(&other) {
                    told = told.at(span, format!("`{name}` uses `{other}` here"));
                }
            }
        }
        let help = "a mixin brings along what it uses: take one of these `use` out";
        diagnostics.push(told.help(help));
    }
}
