//! The pages about many objects: the first one, and what the search looks through.

use std::collections::BTreeMap;

use super::{Site, has_page};
use crate::graph::{Choice, Columns, Diagram, Scene, columns_of};
use crate::html::{anchor, escape, json_in_script};
use crate::model::{Kind, ObjectId};

/// Above this number of tables the first page shows the columns of keys only, and above the other one no picture.
const MANY: usize = 40;
const TOO_MANY: usize = 250;

impl Site<'_> {
    pub(super) fn index(&self) -> String {
        let schemas: Vec<&ObjectId> = self
            .catalog
            .of_kind(Kind::Schema)
            .map(|(id, _)| id)
            .collect();
        let mut html = format!(
            "<h1>{}</h1><p class=\"sub\">{}</p>\n",
            escape(&self.reference.name),
            escape(&self.reference.label)
        );
        html.push_str("<section><h2>Schemas</h2><table class=\"list\"><thead><tr><th scope=\"col\">schema</th><th scope=\"col\">holds</th><th scope=\"col\">what for</th></tr></thead><tbody>\n");
        for schema in &schemas {
            html.push_str(&format!(
                "<tr><td>{}{}</td><td>{}</td><td>{}</td></tr>\n",
                self.link(schema),
                self.tags(schema),
                self.counts(schema),
                escape(self.comment(schema).unwrap_or_default())
            ));
        }
        html.push_str("</tbody></table></section>\n");
        html.push_str(&self.picture_of_all());
        let others: Vec<&ObjectId> = self
            .files
            .keys()
            .copied()
            .filter(|id| id.parent.is_none() && !matches!(id.kind, Kind::Schema | Kind::Role))
            .collect();
        if !others.is_empty() {
            html.push_str("<section><h2>Of the database</h2>\n");
            html.push_str(&self.list(&others));
            html.push_str("</section>\n");
        }
        html
    }

    /// `12 tables, 3 views`.
    fn counts(&self, schema: &ObjectId) -> String {
        let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
        for part in self.parts.get(schema).into_iter().flatten() {
            if has_page(part) {
                *counts.entry(part.kind).or_default() += 1;
            }
        }
        let mut words: Vec<(Kind, usize)> = counts.into_iter().collect();
        words.sort_by_key(|(kind, _)| (*kind != Kind::Table, *kind));
        words
            .into_iter()
            .map(|(kind, count)| format!("{count} {}", plural(kind, count)))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn picture_of_all(&self) -> String {
        let tables = self.catalog.of_kind(Kind::Table).count();
        if tables == 0 || tables > TOO_MANY {
            return String::new();
        }
        let choice = Choice {
            columns: if tables > MANY {
                Columns::Keys
            } else {
                Columns::All
            },
            ..Choice::default()
        };
        let diagram = Diagram::of(self.catalog, &choice);
        format!(
            "<section><h2>Tables</h2>\n{}</section>\n",
            self.picture(&diagram, "The tables and what refers to what")
        )
    }

    /// A picture whose boxes lead to their pages.
    pub(super) fn picture(&self, diagram: &Diagram, title: &str) -> String {
        let scene = Scene::of_diagram(diagram, title, false)
            .with_links(|at| self.files.get(&diagram.entities[at].id).cloned());
        format!(
            "<div class=\"picture\" tabindex=\"0\">{}</div>\n",
            scene.svg_in_page()
        )
    }

    /// Objects with their comments.
    pub(super) fn list(&self, objects: &[&ObjectId]) -> String {
        let mut html = String::from(
            "<table class=\"list\"><thead><tr><th scope=\"col\">name</th><th scope=\"col\">kind</th><th scope=\"col\">what for</th></tr></thead><tbody>\n",
        );
        for id in objects {
            let name = if id.kind.has_signature() {
                format!("{}({})", id.name, id.signature)
            } else {
                id.name.to_string()
            };
            html.push_str(&format!(
                "<tr><td>{}{}</td><td>{}</td><td>{}</td></tr>\n",
                self.link_as(id, &name),
                self.tags(id),
                id.kind.name().replace('-', " "),
                escape(self.comment(id).unwrap_or_default())
            ));
        }
        html.push_str("</tbody></table>\n");
        html
    }

    /// What the search looks through: path, kind, page, comment, of every object and column.
    pub(super) fn search(&self) -> String {
        let mut entries = Vec::new();
        for (id, file) in &self.files {
            let tags = self
                .reference
                .tags
                .get(*id)
                .map(|tags| tags.join(" "))
                .unwrap_or_default();
            let words = format!("{} {tags}", self.comment(id).unwrap_or_default());
            entries.push(serde_json::json!([
                id.path(),
                id.kind.name(),
                file,
                words.trim()
            ]));
            for (column, ..) in columns_of(self.catalog, id) {
                let part = id.child(Kind::Column, &column);
                let tags = self
                    .reference
                    .tags
                    .get(&part)
                    .map(|tags| tags.join(" "))
                    .unwrap_or_default();
                let words = format!("{} {tags}", self.comment(&part).unwrap_or_default());
                entries.push(serde_json::json!([
                    part.path(),
                    "column",
                    format!("{file}#c-{}", anchor(&column)),
                    words.trim()
                ]));
            }
        }
        format!(
            "window.SCHEMACTL_SEARCH = {};\n",
            json_in_script(&serde_json::Value::Array(entries))
        )
    }
}

/// The word for several of a kind.
pub(super) fn plural(kind: Kind, count: usize) -> String {
    let word = kind.name().replace('-', " ");
    if count == 1 {
        return word;
    }
    if let Some(stem) = word.strip_suffix('y') {
        return format!("{stem}ies");
    }
    if word.ends_with('s') || word.ends_with('x') {
        return format!("{word}es");
    }
    format!("{word}s")
}
