//! The page of one object: what it is for, its parts, what it needs and who needs it, and how the files would say it.

use std::collections::BTreeSet;

use super::rights::role_link;
use super::{Site, has_page, paged};
use crate::html::{escape, sql};
use crate::kind::Object;
use crate::model::{Kind, ObjectId};
use crate::report::excerpt;

impl Site<'_> {
    pub(super) fn object(&self, id: &ObjectId) -> String {
        let mut html = format!(
            "<h1><span class=\"sub\">{}</span> {}{}</h1>\n",
            escape(&id.kind.name().replace('-', " ")),
            escape(&id.path()),
            self.tags(id)
        );
        if let Some(comment) = self.comment(id) {
            html.push_str(&format!("<p class=\"lead\">{}</p>\n", escape(comment)));
        }
        html.push_str(&self.facts(id));
        match self.catalog.get(id) {
            Some(Object::Schema(_)) => html.push_str(&self.members(id)),
            Some(
                Object::Table(_)
                | Object::ForeignTable(_)
                | Object::View(_)
                | Object::MaterializedView(_),
            ) => {
                html.push_str(&self.relation(id));
            }
            _ => {}
        }
        html.push_str(&self.rights(id));
        html.push_str(&self.needs(id));
        let text = excerpt(self.catalog, id);
        if !text.is_empty() && id.kind != Kind::Schema {
            html.push_str(&format!(
                "<section id=\"kdl\"><h2>In KDL</h2><div class=\"codehead\"><span></span><button type=\"button\" data-copy=\"text\">copy</button></div>\
                 <pre class=\"code\" tabindex=\"0\" id=\"text\">{}</pre></section>\n",
                escape(&text)
            ));
        }
        html
    }

    /// Short facts in one line.
    fn facts(&self, id: &ObjectId) -> String {
        let mut facts: Vec<(&str, String)> = Vec::new();
        if let Some(schema) = id.parent.as_deref() {
            facts.push(("schema", self.link(schema)));
        }
        if let Some(owner) = self.owner(id) {
            facts.push(("owner", role_link(owner)));
        }
        let mut say =
            |word, text: &str| facts.push((word, format!("<code>{}</code>", escape(text))));
        match self.catalog.get(id) {
            Some(Object::Enum(it)) => say("values", &it.values.join(", ")),
            Some(Object::Domain(it)) => say("type", &it.data_type),
            Some(Object::Range(it)) => say("of", &it.subtype),
            Some(Object::Function(it)) => {
                say("returns", it.returns.as_deref().unwrap_or("void"));
                say("language", &it.language);
                say("volatility", &it.volatility);
                if it.security_definer {
                    say("runs", "with the rights of its owner");
                }
            }
            Some(Object::Procedure(it)) => say("language", &it.language),
            Some(Object::Sequence(it)) => {
                say("counts", &format!("from {} by {}", it.start, it.increment))
            }
            Some(Object::Extension(it)) => say("version", &it.version),
            Some(Object::Table(it)) => {
                if let Some(key) = &it.partition_by {
                    say("partitioned by", key);
                }
                if it.unlogged {
                    say("unlogged", "yes");
                }
            }
            _ => {}
        }
        if facts.is_empty() {
            return String::new();
        }
        let items: String = facts
            .into_iter()
            .map(|(word, text)| format!("<li><b>{word}</b>{text}</li>"))
            .collect();
        format!("<ul class=\"facts\">{items}</ul>\n")
    }

    /// What stands in a schema, by kind.
    fn members(&self, schema: &ObjectId) -> String {
        let members: Vec<&ObjectId> = self
            .parts
            .get(schema)
            .into_iter()
            .flatten()
            .copied()
            .filter(|id| has_page(id))
            .collect();
        let mut kinds: Vec<Kind> = members.iter().map(|id| id.kind).collect();
        kinds.dedup();
        kinds.sort_by_key(|kind| (*kind != Kind::Table, *kind));
        kinds.dedup();
        let mut html = String::new();
        for kind in kinds {
            let of_kind: Vec<&ObjectId> = members
                .iter()
                .copied()
                .filter(|id| id.kind == kind)
                .collect();
            let mut title = super::pages::plural(kind, of_kind.len());
            if let Some(first) = title.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            html.push_str(&format!(
                "<section><h2>{title} ({})</h2>\n{}</section>\n",
                of_kind.len(),
                self.list(&of_kind)
            ));
        }
        html.push_str(&self.default_privileges(schema));
        html
    }

    /// What is granted on objects that are made later.
    fn default_privileges(&self, schema: &ObjectId) -> String {
        let text: String = excerpt(self.catalog, schema);
        let has = self
            .catalog
            .of_kind(Kind::DefaultPrivilege)
            .any(|(id, _)| id.parents().any(|parent| parent == schema));
        if !has {
            return String::new();
        }
        format!(
            "<section><h2>What objects get that are made later</h2><pre class=\"code\" tabindex=\"0\">{}</pre></section>\n",
            escape(&text)
        )
    }

    /// What it needs, and who needs it.
    fn needs(&self, id: &ObjectId) -> String {
        let needed: BTreeSet<&ObjectId> = self
            .catalog
            .dependencies
            .iter()
            .filter(|(user, _)| paged(user) == Some(id))
            .flat_map(|(_, needed)| needed)
            .filter_map(paged)
            .filter(|needed| *needed != id && needed.kind != Kind::Schema)
            .collect();
        let mut html = String::new();
        let users = self.users.get(id).cloned().unwrap_or_default();
        for (title, objects) in [("Needs", needed), ("Needed by", users)] {
            if !objects.is_empty() {
                let links: Vec<String> = objects
                    .into_iter()
                    .map(|id| {
                        format!(
                            "{} <span class=\"sub\">{}</span>",
                            self.link(id),
                            id.kind.name().replace('-', " ")
                        )
                    })
                    .collect();
                html.push_str(&format!(
                    "<section><h2>{title}</h2><p>{}</p></section>\n",
                    links.join(", ")
                ));
            }
        }
        html
    }
}

/// SQL within a cell.
pub(super) fn cell(text: &str) -> String {
    format!(
        "<code class=\"code\" style=\"padding:0;border:0;background:none\">{}</code>",
        sql(text)
    )
}
