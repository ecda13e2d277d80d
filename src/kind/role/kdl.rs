//! `role n <login superuser createdb createrole inherit=#false replication bypassrls> connection-limit=# valid-until=x
//! { member-of n…; admin-of n…; set n x }`

use super::{FLAGS, Role};
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::Object;
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::role_membership::RoleMembership;
use crate::kind::role_setting::RoleSetting;
use crate::kind::setting;
use crate::model::{Kind, ObjectId, Options};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "role",
    places: &[Place::Top],
    kinds: &[Kind::Role, Kind::RoleMembership, Kind::RoleSetting],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let id = ObjectId::top(Kind::Role, &name.value);
    let mut role = Role::default();
    let flags: Vec<Option<bool>> = FLAGS
        .iter()
        .map(|(_, word, _)| reader.flag_value(word))
        .collect();
    if let Ok(flags) = <[Option<bool>; 7]>::try_from(flags) {
        role.set_flags(flags);
    }
    role.connection_limit = reader.number("connection-limit").map(|number| number.value);
    role.valid_until = reader.text("valid-until").map(|text| text.value);
    for (word, admin) in [("member-of", false), ("admin-of", true)] {
        for group in reader.list(word) {
            let membership = RoleMembership {
                admin,
                ..RoleMembership::default()
            };
            let id = id.child(Kind::RoleMembership, &group.value);
            reading.declare_only(reader, &id, membership, false);
        }
    }
    for (key, value) in setting::read(reader).0 {
        let id = id.child(Kind::RoleSetting, &key);
        reading.declare_only(reader, &id, RoleSetting { value }, false);
    }
    reading.declare(reader, &id, role);
}

/// The node of a role: what is not PostgreSQL's default. A role that the written catalog does not mention is left out.
pub(super) fn write<'a>(
    role: &Role,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    if !writing.mentions_role(&id.name) {
        return None;
    }
    let mut node = NodeWriter::new("role");
    node.name(&id.name);
    for ((_, word, usual), value) in FLAGS.iter().zip(role.flags()) {
        match value {
            Some(value) if value != *usual && value => {
                node.flag(word);
            }
            Some(value) if value != *usual => {
                node.boolean(word, value);
            }
            _ => {}
        }
    }
    if let Some(limit) = role.connection_limit.filter(|limit| *limit != -1) {
        node.number("connection-limit", limit);
    }
    if let Some(until) = role.valid_until.as_deref().filter(|it| *it != "infinity") {
        node.text("valid-until", until);
    }
    writing.annotations(id, &mut node);
    let (mut member, mut admin) = (Vec::new(), Vec::new());
    for part in writing.parts_of(id, Kind::RoleMembership) {
        writing.said(part);
        if let Some(Object::RoleMembership(membership)) = writing.catalog.get(part) {
            let list = if membership.admin {
                &mut admin
            } else {
                &mut member
            };
            list.push(part.name.to_string());
        }
    }
    node.list("member-of", &member);
    node.list("admin-of", &admin);
    let mut settings = Options::default();
    for part in writing.parts_of(id, Kind::RoleSetting) {
        writing.said(part);
        if let Some(Object::RoleSetting(setting)) = writing.catalog.get(part) {
            settings
                .0
                .push((part.name.to_string(), setting.value.clone()));
        }
    }
    setting::write(&settings, &mut node);
    Some(node)
}
