//! `server n wrapper=n type=x version=x { options k=x password=(env)N; user-mapping for=n { options k=x password=(env)N } }`

use super::Server;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{secrets, user_mapping};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "server",
    places: &[Place::Top],
    kinds: &[Kind::Server, Kind::UserMapping],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let wrapper = reader.name_of("wrapper");
    if wrapper.is_none() && !reader.is_recording() {
        reader.missing("`wrapper=`");
    }
    let id = ObjectId::top(Kind::Server, &name.value);
    let (options, secrets) = secrets::read(reader);
    let server = Server {
        wrapper: wrapper.map(|name| name.value).unwrap_or_default(),
        server_type: reader.text("type").map(|text| text.value),
        version: reader.text("version").map(|text| text.value),
        options,
        secrets,
    };
    for mut child in reader.children("user-mapping") {
        user_mapping::kdl::read(reading, &mut child, &id);
        child.finish();
    }
    reading.declare(reader, &id, server);
}

/// The node of a server.
pub(super) fn write<'a>(
    server: &Server,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("server");
    node.name(&id.name);
    node.text("wrapper", &server.wrapper);
    for (word, value) in [("type", &server.server_type), ("version", &server.version)] {
        if let Some(value) = value {
            node.text(word, value);
        }
    }
    writing.facets(id, &mut node);
    secrets::write(&server.options, &server.secrets, &mut node);
    writing.add_parts(id, &[Kind::UserMapping], &mut node);
    Some(node)
}
