//! Who may do what: what owners have, what is granted, what roles have by being members of others.

use std::collections::{BTreeMap, BTreeSet};

use super::Site;
use crate::html::{anchor, escape};
use crate::kind::Object;
use crate::kind::grant::privilege;
use crate::model::{Kind, ObjectId};

/// What one role has on one object: privileges, each with its column where it is a column's.
type Rights<'a> = BTreeMap<&'a ObjectId, BTreeSet<String>>;

impl<'a> Site<'a> {
    pub(super) fn owner(&self, id: &ObjectId) -> Option<&'a str> {
        match self.catalog.get(&id.child(Kind::Owner, "")) {
            Some(Object::Owner(owner)) => Some(&owner.role),
            _ => None,
        }
    }

    /// The privileges on an object and its columns, by role.
    fn rights_on(&self, id: &ObjectId) -> BTreeMap<&'a str, BTreeSet<String>> {
        let mut rights: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let columns = self
            .parts_of(id, Kind::Column)
            .into_iter()
            .map(|(column, _)| column);
        let own = std::iter::once(id);
        for holder in own.chain(columns) {
            for (grant, object) in self.parts_of(holder, Kind::Grant) {
                let Object::Grant(held) = object else {
                    continue;
                };
                let mut words = privilege(grant).to_owned();
                if let Some(grantor) = &held.grantor {
                    words.push_str(&format!(" by {grantor}"));
                }
                if holder.kind == Kind::Column {
                    words.push_str(&format!(" ({})", holder.name));
                }
                if held.grantable {
                    words.push_str(", may pass it on");
                }
                if !held.granted {
                    words = format!("not {words}");
                }
                rights.entry(&grant.name).or_default().insert(words);
            }
        }
        rights
    }

    /// Who may do what with an object.
    pub(super) fn rights(&self, id: &ObjectId) -> String {
        let mut rows = String::new();
        if let Some(owner) = self.owner(id) {
            rows.push_str(&format!(
                "<tr><td>{}</td><td>everything, as the owner</td></tr>\n",
                role_link(owner)
            ));
        }
        for (role, words) in self.rights_on(id) {
            rows.push_str(&format!(
                "<tr><td>{}</td><td>{}</td></tr>\n",
                role_link(role),
                escape(&words.into_iter().collect::<Vec<_>>().join(", "))
            ));
        }
        let by_itself = match id.kind {
            Kind::Function | Kind::Procedure | Kind::Aggregate => {
                "everybody may EXECUTE it, unless that is taken away above"
            }
            Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType => {
                "everybody may use it (USAGE), unless that is taken away above"
            }
            _ => "",
        };
        if !by_itself.is_empty() {
            rows.push_str(&format!(
                "<tr><td class=\"none\">by itself</td><td class=\"none\">{by_itself}</td></tr>\n"
            ));
        }
        if rows.is_empty() {
            return String::new();
        }
        format!(
            "<section id=\"rights\"><h2>Who may do what</h2><table class=\"list\"><thead><tr><th scope=\"col\">role</th><th scope=\"col\">may</th></tr></thead><tbody>\n{rows}</tbody></table></section>\n"
        )
    }

    /// The page of all roles.
    pub(super) fn roles(&self) -> String {
        let mut held: BTreeMap<String, Rights<'a>> = BTreeMap::new();
        let mut owned: BTreeMap<String, Vec<&'a ObjectId>> = BTreeMap::new();
        for id in self.files.keys().copied() {
            if let Some(owner) = self.owner(id) {
                owned.entry(owner.to_owned()).or_default().push(id);
            }
            for (role, words) in self.rights_on(id) {
                held.entry(role.to_owned()).or_default().insert(id, words);
            }
        }
        let mut member_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (id, _) in self.catalog.of_kind(Kind::RoleMembership) {
            if let Some(role) = id.parent.as_deref() {
                member_of
                    .entry(role.name.to_string())
                    .or_default()
                    .insert(id.name.to_string());
            }
        }
        let mut roles: BTreeSet<String> = self
            .catalog
            .of_kind(Kind::Role)
            .map(|(id, _)| id.name.to_string())
            .collect();
        roles.extend(held.keys().cloned());
        roles.extend(owned.keys().cloned());
        let later = self.later();
        roles.extend(later.keys().cloned());
        // What everybody has by itself.
        roles.insert("public".to_owned());
        // Members of a role that is told of, and their members, whoever declares them.
        let known = |role: &str| ObjectId::top(Kind::Role, role);
        loop {
            let before = roles.len() + member_of.values().map(BTreeSet::len).sum::<usize>();
            for (role, member) in &self.reference.members {
                if roles.contains(role) || self.catalog.contains(&known(member)) {
                    let groups = member_of.entry(member.clone()).or_default();
                    groups.insert(role.clone());
                    roles.extend([role.clone(), member.clone()]);
                }
            }
            roles.extend(member_of.keys().cloned());
            roles.extend(member_of.values().flatten().cloned());
            let after = roles.len() + member_of.values().map(BTreeSet::len).sum::<usize>();
            if before == after {
                break;
            }
        }
        let mut html = String::from(
            "<h1>Who may do what</h1><p class=\"sub\">An owner may do everything. A role has what is granted to it, to the roles that it is a member of, and to <code>public</code>, which is everybody.</p>\n",
        );
        for role in &roles {
            html.push_str(&format!(
                "<section id=\"r-{}\"><h2>{}</h2>\n",
                anchor(role),
                escape(role)
            ));
            let page = ObjectId::top(Kind::Role, role);
            if self.files.contains_key(&page) {
                html.push_str(&format!(
                    "<p>{}</p>\n",
                    self.link_as(&page, "the role's own page")
                ));
            }
            let mut all = BTreeSet::new();
            inherited(role, &member_of, &mut all);
            if !all.is_empty() {
                let links: Vec<String> = all.iter().map(|role| role_link(role)).collect();
                html.push_str(&format!(
                    "<p>Has what these have, as a member: {}</p>\n",
                    links.join(", ")
                ));
            }
            let members: Vec<String> = member_of
                .iter()
                .filter(|(_, groups)| groups.contains(role))
                .map(|(member, _)| role_link(member))
                .collect();
            if !members.is_empty() {
                html.push_str(&format!("<p>Its members: {}</p>\n", members.join(", ")));
            }
            if role == "public" {
                html.push_str(&format!("<p>{OF_EVERYBODY}</p>\n"));
            }
            if let Some(objects) = owned.get(role) {
                html.push_str(&format!(
                    "<details><summary>Owns {} objects</summary><p>{}</p></details>\n",
                    objects.len(),
                    objects
                        .iter()
                        .map(|id| self.link(id))
                        .collect::<Vec<_>>()
                        .join(", ")
                ));
            }
            let mut rows = String::new();
            for holder in std::iter::once(role).chain(&all) {
                for (id, words) in held.get(holder).into_iter().flatten() {
                    rows.push_str(&format!(
                        "<tr><td>{} <span class=\"sub\">{}</span></td><td>{}</td><td>{}</td></tr>\n",
                        self.link(id),
                        id.kind.name().replace('-', " "),
                        escape(&words.iter().cloned().collect::<Vec<_>>().join(", ")),
                        if holder == role { "granted".to_owned() } else { format!("by {}", role_link(holder)) }
                    ));
                }
            }
            if rows.is_empty() {
                html.push_str("<p class=\"none\">Nothing is granted to it.</p>");
            } else {
                html.push_str(&format!(
                    "<table class=\"list\"><thead><tr><th scope=\"col\">object</th><th scope=\"col\">may</th><th scope=\"col\">why</th></tr></thead><tbody>\n{rows}</tbody></table>"
                ));
            }
            let mut lines: Vec<String> = Vec::new();
            for holder in std::iter::once(role).chain(&all) {
                for line in later.get(holder).into_iter().flatten() {
                    let by = match holder == role {
                        true => String::new(),
                        false => format!(", by {}", role_link(holder)),
                    };
                    lines.push(format!("<li>{}{by}</li>\n", escape(line)));
                }
            }
            if !lines.is_empty() {
                html.push_str(&format!(
                    "<h3>Default privileges: of what is made later</h3><ul>\n{}</ul>\n",
                    lines.concat()
                ));
            }
            html.push_str("</section>\n");
        }
        html
    }

    /// What roles will have on objects that are made later, by role.
    fn later(&self) -> BTreeMap<String, Vec<String>> {
        let mut later: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (id, object) in self.catalog.of_kind(Kind::DefaultPrivilege) {
            let Object::DefaultPrivilege(it) = object else {
                continue;
            };
            let mut words = format!("{} on {}", it.privilege, it.on);
            if !id.name.is_empty() {
                words.push_str(&format!(" that {} makes", id.name));
            }
            if let Some(schema) = id.schema() {
                words.push_str(&format!(" in {schema}"));
            }
            if it.grantable {
                words.push_str(", may pass it on");
            }
            if !it.granted {
                words = format!("not {words}");
            }
            later.entry(it.grantee.clone()).or_default().push(words);
        }
        later
    }
}

/// What PostgreSQL gives to everybody by itself.
const OF_EVERYBODY: &str = "Everybody may by itself: connect to the database and make temporary tables in it, run every \
    function and procedure (EXECUTE), use every type and language (USAGE), unless it is taken away below.";

/// The roles that a role is a member of, at whatever distance.
fn inherited(
    role: &str,
    member_of: &BTreeMap<String, BTreeSet<String>>,
    all: &mut BTreeSet<String>,
) {
    for other in member_of.get(role).into_iter().flatten() {
        if all.insert(other.clone()) {
            inherited(other, member_of, all);
        }
    }
}

/// A link to a role among all.
pub(super) fn role_link(role: &str) -> String {
    format!(
        "<a href=\"roles.html#r-{}\">{}</a>",
        anchor(role),
        escape(role)
    )
}
