//! The reference of a database: static pages that open from a folder, without a server. The rule: every object that people
//! would name has a page, every mention of one is a link to it, and every word of the database is escaped.

mod object;
mod pages;
mod relation;
mod rights;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::html::{Page, anchor, escape};
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};

/// What the pages are made of.
pub struct Reference<'a> {
    /// What the database is called.
    pub name: String,
    /// Where its state is from.
    pub label: String,
    /// The day on which the pages are made.
    pub date: String,
    /// The objects.
    pub catalog: &'a Catalog,
    /// Roles and their members beside those of the objects: role, member.
    pub members: Vec<(String, String)>,
    /// The tags that the files give to objects.
    pub tags: BTreeMap<ObjectId, Vec<String>>,
}

/// The pages, and what they look up.
struct Site<'a> {
    reference: &'a Reference<'a>,
    catalog: &'a Catalog,
    /// The file of every object that has a page.
    files: BTreeMap<&'a ObjectId, String>,
    /// Who needs an object that has a page.
    users: BTreeMap<&'a ObjectId, BTreeSet<&'a ObjectId>>,
    /// The direct parts of an object.
    parts: BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>,
    /// Foreign keys by the table that they refer to.
    referring: BTreeMap<ObjectId, Vec<&'a ObjectId>>,
}

impl Reference<'_> {
    /// The files: name and text.
    pub fn pages(&self) -> Vec<(String, String)> {
        Site::new(self).write()
    }
}

/// The name of a file: what is long, or differs from another one by capitals only, is told apart by a hash.
fn file_name(id: &ObjectId) -> String {
    let path = id.path();
    let mut name = format!("{}.{}", id.kind.name(), anchor(&path));
    if name.len() > 120 || name.chars().any(|letter| letter.is_ascii_uppercase()) {
        let digest = Sha256::digest(path.as_bytes());
        let hash: String = digest
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        name.truncate(100);
        name = format!("{}.{hash}", name.to_ascii_lowercase());
    }
    format!("{name}.html")
}

/// Whether people would look an object up: what stands in a schema, or by itself.
fn has_page(id: &ObjectId) -> bool {
    !id.kind.is_facet()
        && !matches!(
            id.kind,
            Kind::RoleMembership
                | Kind::RoleSetting
                | Kind::DatabaseSetting
                | Kind::DefaultPrivilege
                | Kind::OperatorFamilyMember
        )
        && id
            .parent
            .as_deref()
            .is_none_or(|parent| parent.kind == Kind::Schema)
}

/// The object with a page that this is, or is a part of.
fn paged(id: &ObjectId) -> Option<&ObjectId> {
    id.ancestors().find(|id| has_page(id))
}

impl<'a> Site<'a> {
    fn new(reference: &'a Reference<'a>) -> Site<'a> {
        let catalog = reference.catalog;
        let mut site = Site {
            reference,
            catalog,
            files: BTreeMap::new(),
            users: BTreeMap::new(),
            parts: BTreeMap::new(),
            referring: BTreeMap::new(),
        };
        for (id, object) in &catalog.objects {
            if has_page(id) {
                site.files.insert(id, file_name(id));
            }
            if let Some(parent) = id.parent.as_deref() {
                site.parts.entry(parent).or_default().push(id);
            }
            if let Object::ForeignKey(key) = &**object {
                let to =
                    ObjectId::in_schema(Kind::Table, &key.references.schema, &key.references.name);
                site.referring.entry(to).or_default().push(id);
            }
        }
        for parts in site.parts.values_mut() {
            parts.sort_by_key(|id| {
                (
                    id.kind,
                    catalog.positions.get(*id).copied().unwrap_or(i32::MAX),
                    *id,
                )
            });
        }
        for (id, needed) in &catalog.dependencies {
            let Some(user) = paged(id) else { continue };
            for needed in needed.iter().filter_map(paged) {
                if needed != user && needed.kind != Kind::Schema {
                    site.users.entry(needed).or_default().insert(user);
                }
            }
        }
        site
    }

    /// The parts of a kind, columns in their order.
    fn parts_of(&self, id: &ObjectId, kind: Kind) -> Vec<(&'a ObjectId, &'a Object)> {
        self.parts
            .get(id)
            .into_iter()
            .flatten()
            .filter(|part| part.kind == kind)
            .filter_map(|part| self.catalog.get(part).map(|object| (*part, object)))
            .collect()
    }

    fn comment(&self, id: &ObjectId) -> Option<&'a str> {
        match self.catalog.get(&id.child(Kind::Comment, "")) {
            Some(Object::Comment(comment)) => Some(&comment.text),
            _ => None,
        }
    }

    fn tags(&self, id: &ObjectId) -> String {
        let tags = self
            .reference
            .tags
            .get(id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        tags.iter()
            .map(|tag| format!(" <span class=\"badge\">{}</span>", escape(tag)))
            .collect()
    }

    /// A link to an object, by its path; plain text where it has no page.
    fn link(&self, id: &ObjectId) -> String {
        self.link_as(id, &id.path())
    }

    fn link_as(&self, id: &ObjectId, words: &str) -> String {
        match paged(id).and_then(|id| self.files.get(id)) {
            Some(file) => format!(
                "<a href=\"{}\">{}</a>",
                escape(&address(file)),
                escape(words)
            ),
            None => escape(words),
        }
    }

    fn write(&self) -> Vec<(String, String)> {
        let mut pages = vec![
            ("index.html".to_owned(), self.page("", &self.index())),
            (
                "roles.html".to_owned(),
                self.page("Who may do what", &self.roles()),
            ),
            ("search.js".to_owned(), self.search()),
        ];
        for (id, file) in &self.files {
            pages.push((file.clone(), self.page(&id.to_string(), &self.object(id))));
        }
        pages
    }

    fn page(&self, title: &str, body: &str) -> String {
        let name = &self.reference.name;
        let title = if title.is_empty() {
            name.clone()
        } else {
            format!("{title} · {name}")
        };
        let body = format!(
            "<nav class=\"bar\" aria-label=\"Pages\"><a href=\"index.html\"><strong>{}</strong></a><a href=\"roles.html\">Who may do what</a>\
             <span class=\"grow\"></span><div class=\"find\"><input id=\"search\" type=\"search\" autocomplete=\"off\" placeholder=\"Search  ( / )\" aria-label=\"Search\" \
             aria-controls=\"found\"><ul id=\"found\" hidden></ul></div></nav>\n<main id=\"main\">\n{body}</main>\n\
             <footer>{} · made by schemactl {} on {}</footer>",
            escape(name),
            escape(&self.reference.label),
            env!("CARGO_PKG_VERSION"),
            escape(&self.reference.date)
        );
        Page {
            title,
            style: format!("{}{STYLE}", crate::graph::STYLE),
            body,
            script: SCRIPT.to_owned(),
            files: vec!["search.js".to_owned()],
        }
        .write()
    }
}

/// A file as a link names it.
fn address(file: &str) -> String {
    file.to_owned()
}

const STYLE: &str = ".find{position:relative}#found{position:absolute;right:0;top:2.2rem;z-index:9;width:min(34rem,90vw);max-height:70vh;overflow:auto;margin:0;padding:.25rem;\
list-style:none;background:var(--bg);border:1px solid var(--line);border-radius:8px;box-shadow:0 8px 30px #0003}#found a{display:block;padding:.3rem .6rem;border-radius:5px;text-decoration:none;color:inherit;overflow-wrap:anywhere}\
#found a:hover,#found a:focus{background:var(--panel)}#found small{color:var(--dim)}main>h1{font-size:1.5rem;margin:1.75rem 0 .25rem;overflow-wrap:anywhere}.lead{font-size:1.05rem;margin:.25rem 0 1rem;white-space:pre-line}\
.facts{display:flex;flex-wrap:wrap;gap:.25rem 2rem;margin:.5rem 0 0;padding:0;list-style:none}.facts b{font-weight:600;color:var(--dim);font-size:13px;margin-right:.4rem}";

const SCRIPT: &str = include_str!("search.js");
