//! `procedure n "params"? language=n security=definer { set n s; body | atomic | symbol x object-file=x }`

use super::Procedure;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::routine::{self, Code};
use crate::kind::setting;
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "procedure",
    places: &[Place::Schema],
    kinds: &[Kind::Procedure],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let list = reader
        .optional_list_argument("params")
        .map(|text| text.value)
        .unwrap_or_default();
    let home = schema.schema();
    let id = schema
        .child(Kind::Procedure, &name.value)
        .with_signature(&routine::signature(reading, &list, home));
    let procedure = Procedure {
        arguments: Expression::written(list),
        language: routine::language(reading, reader),
        security_definer: routine::security(reader),
        config: setting::read(reader),
        transforms: reader
            .types("transform-types")
            .iter()
            .map(|text| reading.data_type(text, home))
            .collect(),
        code: Code::read(reader),
    };
    reading.declare(reader, &id, procedure);
}

/// The node of a procedure.
pub(super) fn write<'a>(
    procedure: &Procedure,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("procedure");
    node.name(&id.name);
    let arguments = procedure.arguments.text();
    if !arguments.is_empty() {
        node.argument(arguments);
    }
    node.text("language", &procedure.language);
    if procedure.security_definer {
        node.text("security", "definer");
    }
    setting::write(&procedure.config, &mut node);
    node.list("transform-types", &procedure.transforms);
    writing.facets(id, &mut node);
    procedure.code.write(&mut node);
    Some(node)
}
