//! `built-in w x { grant; revoke }`: rights on what is PostgreSQL's own, an object of `pg_catalog` or one of its languages.
//! Nothing else of it is a project's to say.

use super::{NodeKind, Place, Reading, Writing};
use crate::kdl::{Diagnostic, NodeReader, NodeWriter};
use crate::kind::reference;
use crate::model::{Kind, ObjectId};
use crate::sql::quote::unquote_ident;

/// The node.
pub(in crate::kind) const BUILT_IN: NodeKind = NodeKind {
    word: "built-in",
    places: &[Place::Top],
    kinds: &[Kind::Grant],
    read,
};

/// The kinds of PostgreSQL's own objects that privileges stand on.
const KINDS: &[&str] = &[
    "function",
    "procedure",
    "aggregate",
    "table",
    "view",
    "base-type",
    "range",
    "domain",
    "composite",
    "enum",
    "language",
    "schema",
];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let kind = reader.word_argument("a kind", KINDS);
    let name = reader.text_argument("a name with its schema");
    let kind = kind.and_then(|kind| Kind::from_name(kind.value));
    let (Some(kind), Some(name)) = (kind, name) else {
        return;
    };
    let id = named(kind, &name.value);
    if !id.is_built_in() && !reader.is_recording() {
        reader.report(
            Diagnostic::error(
                "kdl::not-built-in",
                format!("`{}` is not PostgreSQL's own", name.value),
            )
            .at(name.span, "not in pg_catalog")
            .help("write `pg_catalog.` before the name, or declare the object in its schema"),
        );
    }
    reading.privileges(reader, &id);
}

/// The object of a name as SQL has it: `pg_catalog.pg_ls_dir(text)`, `sql`.
fn named(kind: Kind, text: &str) -> ObjectId {
    let (name, types) = match text.split_once('(') {
        Some((name, types)) if kind.has_signature() => {
            (name.trim_end(), types.trim_end_matches(')'))
        }
        _ => (text, ""),
    };
    match name.split_once('.') {
        Some((schema, name)) => {
            ObjectId::in_schema(kind, &unquote_ident(schema), &unquote_ident(name))
        }
        None => ObjectId::top(kind, &unquote_ident(name)),
    }
    .with_signature(types)
}

/// The node of an object with the rights that are not those which initdb gives.
pub(super) fn write(id: &ObjectId, writing: &mut Writing<'_>) -> NodeWriter {
    let mut node = NodeWriter::new("built-in");
    node.argument(id.kind.name());
    node.argument(&spelled(id));
    writing.grants(id, &mut node);
    node
}

fn spelled(id: &ObjectId) -> String {
    match id.kind {
        // Without arguments, an aggregate is named otherwise in SQL.
        Kind::Aggregate => format!("{}({})", reference::schema_name(id), id.signature),
        _ => reference::name(id),
    }
}

#[cfg(test)]
mod tests {
    use super::{named, spelled};
    use crate::model::Kind;

    #[test]
    fn a_name_reads_back() {
        for (kind, text) in [
            (
                Kind::Function,
                "pg_catalog.pg_ls_dir(text, boolean, boolean)",
            ),
            (Kind::Function, "pg_catalog.pg_reload_conf()"),
            (Kind::Aggregate, "pg_catalog.count()"),
            (Kind::BaseType, "pg_catalog.\"char\""),
            (Kind::View, "pg_catalog.pg_roles"),
            (Kind::Language, "sql"),
            (Kind::Schema, "pg_catalog"),
        ] {
            let id = named(kind, text);
            assert!(id.is_built_in(), "{text}");
            assert_eq!(spelled(&id), text);
        }
        assert!(!named(Kind::Table, "public.t").is_built_in());
        assert!(!named(Kind::Language, "plpgsql").is_built_in());
    }
}
