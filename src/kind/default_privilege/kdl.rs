//! `default-privileges for=n { grant w… on=w to=n; revoke w… on=w from=n }`, at the top or in a schema.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::DefaultPrivilege;
use crate::kdl::{Diagnostic, Diagnostics, NodeReader, NodeWriter};
use crate::kind::Object;
use crate::kind::language::{Desired, NodeKind, PRIVILEGES, Place, Reading, Writing};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "default-privileges",
    places: &[Place::Top, Place::Schema],
    kinds: &[Kind::DefaultPrivilege],
    read,
};

/// What default privileges can be about.
const OBJECTS: &[&str] = &[
    "tables",
    "sequences",
    "functions",
    "types",
    "schemas",
    "large-objects",
];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let role = reader
        .name_of("for")
        .map(|role| role.value)
        .unwrap_or_default();
    for (word, granted) in [("grant", true), ("revoke", false)] {
        for mut child in reader.children(word) {
            read_one(reading, &mut child, parent, &role, granted);
            child.finish();
        }
    }
}

fn read_one(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    schema: Option<&ObjectId>,
    role: &str,
    granted: bool,
) {
    let privileges = reader.word_arguments(PRIVILEGES);
    let on = reader.word("on", OBJECTS);
    let grantable = granted && reader.boolean("with-grant-option").unwrap_or(false);
    let grantees = reader.list(if granted { "to" } else { "from" });
    if privileges.is_empty() {
        reader.missing("a privilege");
    }
    if grantees.is_empty() {
        reader.missing("a role");
    }
    let Some(on) = on else {
        return reader.missing("`on=` with what it is about");
    };
    for privilege in &privileges {
        for grantee in &grantees {
            let public = grantee.value.eq_ignore_ascii_case("public");
            let definition = DefaultPrivilege {
                on: on.value.replace('-', " "),
                grantee: if public {
                    "public".to_owned()
                } else {
                    grantee.value.clone()
                },
                privilege: privilege.value.replace('-', " ").to_uppercase(),
                granted,
                grantable,
            };
            let id = definition.id(schema, role);
            reading.declare_only(reader, &id, definition, false);
        }
    }
}

/// In a schema, default privileges only add to those of the database: what is revoked there and not given there has no
/// effect in PostgreSQL, which says nothing of it.
pub(in crate::kind) fn without_effect(desired: &Desired, diagnostics: &Diagnostics) {
    for (id, object) in &desired.objects {
        let (Object::DefaultPrivilege(revoked), Some(schema)) = (&object.object, id.schema())
        else {
            continue;
        };
        let of_all = DefaultPrivilege {
            privilege: "ALL".to_owned(),
            ..(**revoked).clone()
        };
        let given = desired.get(&of_all.id(id.parent.as_deref(), &id.name));
        let given = given.is_some_and(
            |given| matches!(&given.object, Object::DefaultPrivilege(it) if it.granted),
        );
        if revoked.granted || given {
            continue;
        }
        diagnostics.push(
            Diagnostic::error(
                "kdl::no-effect",
                format!(
                    "the default privileges in schema {schema} give {} no {} that could be taken away",
                    revoked.grantee,
                    revoked.privilege.to_lowercase()
                ),
            )
            .at(object.span, "this revokes nothing")
            .help(
                "in a schema, default privileges only add to those of the whole database; what PostgreSQL gives by \
                 itself, such as EXECUTE on functions to PUBLIC, is taken away for the whole database: put the node \
                 outside of the schema, or `revoke` it from each object",
            ),
        );
    }
}

/// One node for all default privileges of a role in a place.
pub(super) fn write<'a>(id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
    let catalog = writing.catalog;
    let mut grants: BTreeMap<(bool, &str, &str, bool), Vec<&str>> = BTreeMap::new();
    // Roles with the same rights stand in one node.
    let mut alike: IndexMap<(bool, &str, bool, Vec<String>), Vec<&str>> = IndexMap::new();
    let siblings: Vec<&ObjectId> = catalog
        .of_kind(Kind::DefaultPrivilege)
        .map(|(other, _)| other)
        .filter(|other| other.name == id.name && other.parent == id.parent)
        .collect();
    for sibling in siblings {
        if let Some(Object::DefaultPrivilege(it)) = catalog.get(sibling) {
            let key = (
                !it.granted,
                it.grantee.as_str(),
                it.on.as_str(),
                it.grantable,
            );
            grants.entry(key).or_default().push(&it.privilege);
        }
        writing.said(sibling);
    }
    let mut node = NodeWriter::new("default-privileges");
    if *id.name != *catalog.origin.role {
        node.text("for", &id.name);
    }
    for ((revoked, grantee, on, grantable), privileges) in grants {
        let all = all_of(on, catalog.origin.server_version);
        let words = if all.len() > 1 && all.iter().all(|word| privileges.contains(word)) {
            vec!["all".to_owned()]
        } else {
            privileges
                .iter()
                .map(|word| word.to_lowercase().replace(' ', "-"))
                .collect()
        };
        let rights = (revoked, on, grantable, words);
        alike.entry(rights).or_default().push(grantee);
    }
    for ((revoked, on, grantable, words), grantees) in alike {
        let grant = node.child(if revoked { "revoke" } else { "grant" });
        grant.arguments(&words).text("on", &on.replace(' ', "-"));
        if grantable {
            grant.boolean("with-grant-option", true);
        }
        grant.list(if revoked { "from" } else { "to" }, &grantees);
    }
    Some(node)
}

/// What ALL means for objects of a class on a server.
fn all_of(on: &str, server_version: u32) -> &'static [&'static str] {
    match on {
        "tables" if server_version >= 170_000 => &[
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "TRUNCATE",
            "REFERENCES",
            "TRIGGER",
            "MAINTAIN",
        ],
        "tables" => &[
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "TRUNCATE",
            "REFERENCES",
            "TRIGGER",
        ],
        "sequences" => &["SELECT", "UPDATE", "USAGE"],
        "schemas" => &["USAGE", "CREATE"],
        "large objects" => &["SELECT", "UPDATE"],
        _ => &[],
    }
}
