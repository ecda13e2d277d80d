//! `transform for=t language=n from-sql=p to-sql=p`

use super::Transform;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{arguments, functions};
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::ident;

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "transform",
    places: &[Place::Top],
    kinds: &[Kind::Transform],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let (data_type, language) = (reader.typ("for"), reader.name_of("language"));
    let (Some(data_type), Some(language)) =
        (reader.or_recorded(data_type), reader.or_recorded(language))
    else {
        reader.missing("`for=` and `language=`");
        return;
    };
    let data_type =
        arguments::settled_type(&data_type.value, &|name: &str| QualifiedName::new("", name));
    let name = format!("{data_type} LANGUAGE {}", ident(&language.value));
    let transform = Transform {
        data_type,
        language: language.value,
        from_sql: functions::read_call(reading, reader, "from-sql", None),
        to_sql: functions::read_call(reading, reader, "to-sql", None),
    };
    reading.declare(reader, &ObjectId::top(Kind::Transform, &name), transform);
}

/// The node of a transform.
pub(super) fn write<'a>(
    transform: &Transform,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("transform");
    node.text("for", &transform.data_type)
        .text("language", &transform.language);
    for (word, name) in [
        ("from-sql", &transform.from_sql),
        ("to-sql", &transform.to_sql),
    ] {
        if let Some(name) = name {
            node.text(word, name);
        }
    }
    writing.facets(id, &mut node);
    Some(node)
}
