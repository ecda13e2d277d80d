//! `role n <login superuser createdb createrole inherit=#false replication bypassrls> connection-limit=# valid-until=x
//! { member-of n… inherit=#true set=#false; admin-of n… inherit=#true set=#false; set n x }`

use std::collections::BTreeMap;

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
        for mut child in reader.attributes(word) {
            let groups = child.arguments();
            if groups.is_empty() && !child.is_recording() {
                child.missing("at least one value");
            }
            let membership = RoleMembership {
                admin,
                inherit: child.boolean("inherit"),
                set: child.boolean("set"),
            };
            for group in groups {
                let id = id.child(Kind::RoleMembership, &group.value);
                reading.declare_only(reader, &id, membership.clone(), false);
            }
            child.finish();
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
            Some(value) if value == *usual && !writing.roles_in_full => {}
            Some(true) => {
                node.flag(word);
            }
            Some(value) => {
                node.boolean(word, value);
            }
            None => {}
        }
    }
    if let Some(limit) = role
        .connection_limit
        .filter(|limit| *limit != -1 || writing.roles_in_full)
    {
        node.number("connection-limit", limit);
    }
    if let Some(until) = role.valid_until.as_deref().filter(|it| *it != "infinity") {
        node.text("valid-until", until);
    }
    writing.annotations(id, &mut node);
    // Those of the same words stand in one line.
    let mut lines: BTreeMap<(bool, Option<bool>, Option<bool>), Vec<String>> = BTreeMap::new();
    for part in writing.parts_of(id, Kind::RoleMembership) {
        writing.said(part);
        if let Some(Object::RoleMembership(membership)) = writing.catalog.get(part) {
            let words = match writing.roles_in_full {
                true => (membership.inherit, membership.set),
                false => membership.words(role.inherit),
            };
            let line = lines.entry((membership.admin, words.0, words.1));
            line.or_default().push(part.name.to_string());
        }
    }
    for ((admin, inherit, set), groups) in lines {
        let word = if admin { "admin-of" } else { "member-of" };
        if inherit.or(set).is_none() {
            node.list(word, &groups);
            continue;
        }
        let line = node.child(word);
        line.arguments(&groups);
        for (word, value) in [("inherit", inherit), ("set", set)] {
            if let Some(value) = value {
                line.boolean(word, value);
            }
        }
    }
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
