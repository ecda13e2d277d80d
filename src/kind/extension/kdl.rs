//! `extension n schema=n version=x { member w x comment=x owner=n { grant; revoke; column n comment=x } }`, and `absent
//! extension n` for one that a new database has.

use super::Extension;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "extension",
    places: &[Place::Top],
    kinds: &[Kind::Extension],
    read,
};

/// The extension that every new database has.
pub(in crate::kind) const USUAL: &str = "plpgsql";

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let extension = Extension {
        schema_name: reader
            .name_of("schema")
            .map(|name| name.value)
            .unwrap_or_default(),
        version: String::new(),
        fixed: false,
        stated: reader.text("version").map(|text| text.value),
    };
    let id = ObjectId::top(Kind::Extension, &name.value);
    reading.declare(reader, &id, extension);
    for mut child in reader.children("member") {
        let kind = child
            .word_argument("a kind", MEMBERS)
            .map(|word| word.value);
        let name = child.text_argument("a name with its schema");
        if let (Some(kind), Some(name)) = (kind.and_then(Kind::from_name), name) {
            let member = named(&id, kind, &name.value);
            reading.facets(&mut child, &member);
            for mut column in child.children("column") {
                if let Some(name) = column.name() {
                    let part = match member.kind {
                        Kind::Composite => Kind::Attribute,
                        _ => Kind::Column,
                    };
                    reading.facets(&mut column, &member.child(part, &name.value));
                }
                column.finish();
            }
        }
        child.finish();
    }
}

/// The kinds of members of which something can be said.
const MEMBERS: &[&str] = &[
    "function",
    "procedure",
    "aggregate",
    "operator",
    "operator-class",
    "operator-family",
    "table",
    "view",
    "materialized-view",
    "foreign-table",
    "sequence",
    "enum",
    "domain",
    "composite",
    "range",
    "base-type",
    "collation",
    "conversion",
    "text-search-parser",
    "text-search-template",
    "text-search-dictionary",
    "text-search-configuration",
    "schema",
    "language",
    "access-method",
    "cast",
    "transform",
    "foreign-data-wrapper",
    "server",
    "event-trigger",
];

/// What stands between an operator class or family and its access method.
const USING: &str = " USING ";

/// The member of a name as SQL has it: `public.similarity(text, text)`, `public.gin_trgm_ops USING gin`.
fn named(extension: &ObjectId, kind: Kind, text: &str) -> ObjectId {
    let (name, signature) = match kind {
        Kind::OperatorClass | Kind::OperatorFamily => text.rsplit_once(USING).unwrap_or((text, "")),
        _ if kind.has_signature() => match text.rsplit_once('(') {
            Some((name, types)) => (name.trim_end(), types.trim_end_matches(')')),
            None => (text, ""),
        },
        _ => (text, ""),
    };
    extension.child(kind, name).with_signature(signature)
}

fn spelled(member: &ObjectId) -> String {
    let (name, signature) = (&member.name, &member.signature);
    match member.kind {
        Kind::OperatorClass | Kind::OperatorFamily => format!("{name}{USING}{signature}"),
        kind if kind.has_signature() => format!("{name}({signature})"),
        _ => name.to_string(),
    }
}

/// The node of an extension; the version is left to whoever installs it.
pub(super) fn write<'a>(
    extension: &Extension,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("extension");
    node.name(&id.name);
    if extension.schema_name != "public" && !extension.fixed {
        node.text("schema", &extension.schema_name);
    }
    writing.facets(id, &mut node);
    for member in writing.members_said(id) {
        let mut child = NodeWriter::new("member");
        child.argument(member.kind.name());
        child.argument(&spelled(&member));
        writing.facets(&member, &mut child);
        for column in writing.described_columns(&member) {
            let mut part = NodeWriter::new("column");
            part.name(&column.name);
            writing.annotations(&column, &mut part);
            child.add(part);
        }
        node.add(child);
    }
    // A new database has it: only what is said of it needs a node.
    (&*id.name != USUAL || node.has_parts()).then_some(node)
}

#[cfg(test)]
mod tests {
    use super::{named, spelled};
    use crate::model::{Kind, ObjectId};

    #[test]
    fn a_name_reads_back() {
        let extension = ObjectId::top(Kind::Extension, "x");
        for (kind, text, name, signature) in [
            (Kind::Function, "s.f(text, text)", "s.f", "text, text"),
            (Kind::Operator, "s.%(text, NONE)", "s.%", "text, NONE"),
            (
                Kind::OperatorClass,
                "s.\"a USING b\" USING gin",
                "s.\"a USING b\"",
                "gin",
            ),
            (Kind::View, "s.\"v(1)\"", "s.\"v(1)\"", ""),
            (Kind::Cast, "s.hstore AS json", "s.hstore AS json", ""),
        ] {
            let id = named(&extension, kind, text);
            assert_eq!((&*id.name, &*id.signature), (name, signature));
            assert_eq!(spelled(&id), text);
        }
    }
}
