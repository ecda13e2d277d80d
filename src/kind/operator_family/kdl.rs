//! `operator-family n method=n { operator # x left=t right=t for-order-by=p; function # s left=t right=t }`

use super::OperatorFamily;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::Object;
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::operator_family_member::OperatorFamilyMember;
use crate::kind::operator_member;
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "operator-family",
    places: &[Place::Schema],
    kinds: &[Kind::OperatorFamily, Kind::OperatorFamilyMember],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let method = reader.name_of("method");
    if method.is_none() && !reader.is_recording() {
        reader.missing("`method=`");
    }
    let id = schema
        .child(Kind::OperatorFamily, &name.value)
        .with_signature(&method.map(|name| name.value).unwrap_or_default());
    for member in operator_member::read(reading, reader, schema.schema()) {
        if member.left.is_empty() {
            reader.missing("`left=` and `right=` on each operator and function");
            continue;
        }
        let part = id.child(Kind::OperatorFamilyMember, &member.name());
        reading.declare_only(reader, &part, OperatorFamilyMember { member }, false);
    }
    reading.declare(reader, &id, OperatorFamily {});
}

/// The node of an operator family.
pub(super) fn write<'a>(
    _: &OperatorFamily,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("operator-family");
    node.name(&id.name);
    node.text("method", &id.signature);
    writing.facets(id, &mut node);
    for part in writing.parts_of(id, Kind::OperatorFamilyMember) {
        writing.said(part);
        if let Some(Object::OperatorFamilyMember(it)) = writing.catalog.get(part) {
            let members = std::slice::from_ref(&it.member);
            operator_member::write(members, "", writing, id, &mut node);
        }
    }
    Some(node)
}
