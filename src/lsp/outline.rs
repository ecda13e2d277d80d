//! The symbols of a file and of a project.

use lsp_types::{DocumentSymbol, SymbolKind};

use super::lines::Lines;
use crate::kdl::{Node, Value};
use crate::model::Kind;

/// The nodes of a file, as deep as they declare something.
pub(super) fn outline(nodes: &[Node], lines: &Lines<'_>) -> Vec<DocumentSymbol> {
    nodes
        .iter()
        .filter_map(|node| symbol(node, lines))
        .collect()
}

#[allow(deprecated)] // a field of the protocol that must be given
fn symbol(node: &Node, lines: &Lines<'_>) -> Option<DocumentSymbol> {
    let word = node.name.value.as_str();
    let kind = match word {
        "schema" | "project" => SymbolKind::NAMESPACE,
        "table" | "foreign-table" | "partition" => SymbolKind::CLASS,
        "view" | "materialized-view" | "mixin" => SymbolKind::INTERFACE,
        "column" | "attribute" => SymbolKind::FIELD,
        "primary-key" | "unique" | "foreign-key" | "index" => SymbolKind::KEY,
        "enum" => SymbolKind::ENUM,
        "value" => SymbolKind::ENUM_MEMBER,
        "function" | "procedure" | "aggregate" => SymbolKind::FUNCTION,
        "trigger" | "event-trigger" | "rule" => SymbolKind::EVENT,
        "operator" => SymbolKind::OPERATOR,
        "environment" | "database" | "service" | "defaults" => SymbolKind::MODULE,
        "check" | "policy" | "exclude" | "not-null" => SymbolKind::BOOLEAN,
        _ if Kind::from_name(word).is_some() => SymbolKind::STRUCT,
        _ => return None,
    };
    let arguments: Vec<&str> = node
        .arguments()
        .filter_map(|entry| match &entry.value {
            Value::Text(text, _) => Some(text.lines().next().unwrap_or_default()),
            _ => None,
        })
        .collect();
    let named = node
        .entries
        .iter()
        .find_map(|entry| match (&entry.key, &entry.value) {
            (Some(key), Value::Text(text, _)) if key.value == "name" => Some(text.as_str()),
            _ => None,
        });
    let name = named
        .or(arguments.first().copied())
        .filter(|it| !it.is_empty());
    let detail = match word {
        "column" | "attribute" | "domain" => arguments.get(1).map(|text| (*text).to_owned()),
        _ => Some(word.to_owned()),
    };
    Some(DocumentSymbol {
        name: name.unwrap_or(word).to_owned(),
        detail,
        kind,
        tags: None,
        deprecated: None,
        range: lines.range(node.span),
        selection_range: lines.range(node.head()),
        children: Some(outline(&node.children, lines)),
    })
}

/// The symbol of an object of the project.
pub(super) fn symbol_kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Schema => SymbolKind::NAMESPACE,
        Kind::Table | Kind::ForeignTable => SymbolKind::CLASS,
        Kind::View | Kind::MaterializedView => SymbolKind::INTERFACE,
        Kind::Column | Kind::Attribute => SymbolKind::FIELD,
        Kind::PrimaryKey | Kind::Unique | Kind::ForeignKey | Kind::Index => SymbolKind::KEY,
        Kind::Enum => SymbolKind::ENUM,
        Kind::Function | Kind::Procedure | Kind::Aggregate => SymbolKind::FUNCTION,
        Kind::Trigger | Kind::EventTrigger | Kind::Rule => SymbolKind::EVENT,
        _ => SymbolKind::STRUCT,
    }
}
