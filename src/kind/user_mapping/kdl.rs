//! `user-mapping for=n { options k=x password=(env)N }`, in a `server` node.

use super::{UserMapping, is_secret};
use crate::kdl::{Diagnostic, NodeReader, NodeWriter, TextOrEnvironment};
use crate::kind::language::{Reading, Writing};
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
    let mut mapping = UserMapping::default();
    for (key, value) in reader.pairs_or_env("options") {
        match value.value {
            TextOrEnvironment::Environment(variable) => {
                mapping.secrets.0.push((key.value, variable));
            }
            TextOrEnvironment::Text(_) if is_secret(&key.value) => {
                // The value is not repeated: it may be a secret.
                let help = format!(
                    "write `{}=(env)NAME` and set NAME where schemactl runs",
                    key.value
                );
                reader.report(
                    Diagnostic::error(
                        "kdl::secret",
                        format!("`{}` takes its value from the environment", key.value),
                    )
                    .at(value.span, "not `(env)NAME`")
                    .help(help),
                );
            }
            TextOrEnvironment::Text(text) => mapping.options.0.push((key.value, text)),
        }
    }
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
    node.pairs("options", &mapping.options.0);
    if !mapping.secrets.is_empty() {
        let child = node.child("options");
        for (key, variable) in &mapping.secrets.0 {
            child.env(key, variable);
        }
    }
    Some(node)
}
