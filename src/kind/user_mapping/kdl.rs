//! `user-mapping for=n { options k=x password=(env)N }`, in a `server` node.

use super::UserMapping;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{Reading, Writing};
use crate::kind::secrets;
use crate::model::{Kind, ObjectId};

/// Reads the node of a mapping.
pub(in crate::kind) fn read(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    server: &ObjectId,
) {
    let role = reader.name_of("for");
    let Some(role) = reader.or_recorded(role) else {
        reader.missing("`for=` with a role");
        return;
    };
    let name = if role.value.eq_ignore_ascii_case("public") {
        "public"
    } else {
        &role.value
    };
    let (options, secrets) = secrets::read(reader);
    let mapping = UserMapping {
        options,
        secrets,
        hidden: false,
    };
    let id = server.child(Kind::UserMapping, name);
    reading.declare_only(reader, &id, mapping, false);
}

/// The node of a mapping.
pub(super) fn write<'a>(
    mapping: &UserMapping,
    id: &'a ObjectId,
    _: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("user-mapping");
    node.text("for", &id.name);
    secrets::write(&mapping.options, &mapping.secrets, &mut node);
    Some(node)
}
