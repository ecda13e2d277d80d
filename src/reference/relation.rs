//! What the page of a table or a view says of its parts.

use super::Site;
use super::object::cell;
use super::rights::role_link;
use crate::graph::{Choice, Diagram, columns_of, type_in};
use crate::html::{anchor, escape};
use crate::kind::{Catalog, Context, Object};
use crate::model::{Kind, ObjectId};

impl Site<'_> {
    pub(super) fn relation(&self, id: &ObjectId) -> String {
        let mut html = self.columns(id);
        html.push_str(&self.around(id));
        for (title, kinds) in [
            ("Keys", &[Kind::PrimaryKey, Kind::Unique][..]),
            ("Refers to", &[Kind::ForeignKey]),
            ("Checks", &[Kind::Check, Kind::Exclude, Kind::NotNull]),
            ("Indexes", &[Kind::Index]),
            ("Triggers and rules", &[Kind::Trigger, Kind::Rule]),
            ("Statistics", &[Kind::Statistics]),
        ] {
            html.push_str(&self.parts_as_sql(id, title, kinds));
        }
        html.push_str(&self.referred_by(id));
        html.push_str(&self.policies(id));
        html.push_str(&self.partitions(id));
        if let Some(query) = match self.catalog.get(id) {
            Some(Object::View(view)) => Some(view.query.text()),
            Some(Object::MaterializedView(view)) => Some(view.query.text()),
            _ => None,
        } {
            html.push_str(&format!(
                "<section><h2>Query</h2><pre class=\"code\" tabindex=\"0\">{}</pre></section>\n",
                crate::html::sql(query)
            ));
        }
        html
    }

    fn columns(&self, id: &ObjectId) -> String {
        let mut rows = String::new();
        let keys: Vec<String> = self
            .parts_of(id, Kind::PrimaryKey)
            .into_iter()
            .flat_map(|(_, object)| match object {
                Object::PrimaryKey(key) => key.0.columns.clone(),
                _ => Vec::new(),
            })
            .collect();
        for (name, data_type, not_null) in columns_of(self.catalog, id) {
            let column = id.child(Kind::Column, &name);
            let default = match self.catalog.get(&column.child(Kind::Default, "")) {
                Some(Object::Default(default)) => cell(default.expression.text()),
                _ => self.given(&column),
            };
            let key = if keys.contains(&name) {
                " <span class=\"badge\">key</span>"
            } else {
                ""
            };
            let target = self
                .parts_of(id, Kind::ForeignKey)
                .into_iter()
                .find_map(|(_, object)| match object {
                    Object::ForeignKey(it) if it.columns.contains(&name) => {
                        let to = ObjectId::in_schema(
                            Kind::Table,
                            &it.references.schema,
                            &it.references.name,
                        );
                        Some(format!(" → {}", self.link(&to)))
                    }
                    _ => None,
                })
                .unwrap_or_default();
            rows.push_str(&format!(
                "<tr id=\"c-{}\"><td><strong>{}</strong>{key}{}</td><td><code>{}</code>{target}</td><td>{}</td><td>{default}</td><td>{}</td></tr>\n",
                anchor(&name),
                escape(&name),
                self.tags(&column),
                escape(&type_in(&data_type, id.schema().unwrap_or_default())),
                if not_null || keys.contains(&name) { "never null" } else { "" },
                escape(self.comment(&column).unwrap_or_default())
            ));
        }
        format!(
            "<section id=\"columns\"><h2>Columns</h2><table class=\"list\"><thead><tr><th scope=\"col\">column</th><th scope=\"col\">type</th><th scope=\"col\"></th>\
             <th scope=\"col\">where nothing is given</th><th scope=\"col\">what for</th></tr></thead><tbody>\n{rows}</tbody></table></section>\n"
        )
    }

    /// How a column gets its value where it has no default.
    fn given(&self, column: &ObjectId) -> String {
        match self.catalog.get(column) {
            Some(Object::Column(it)) => match (&it.identity, &it.generated) {
                (Some(identity), _) if identity.always => "counts by itself, always".to_owned(),
                (Some(_), _) => "counts by itself".to_owned(),
                (None, Some(generated)) => {
                    format!("computed: {}", cell(generated.expression.text()))
                }
                (None, None) => String::new(),
            },
            _ => String::new(),
        }
    }

    fn around(&self, id: &ObjectId) -> String {
        let choice = Choice {
            around: Some((id.clone(), 1)),
            views: matches!(id.kind, Kind::View | Kind::MaterializedView),
            ..Choice::default()
        };
        let diagram = Diagram::of(self.catalog, &choice);
        if diagram.relations.is_empty() {
            return String::new();
        }
        format!(
            "<section><h2>What is tied to it</h2>\n{}</section>\n",
            self.picture(&diagram, &format!("Around {}", id.path()))
        )
    }

    /// Parts by the SQL that makes them.
    fn parts_as_sql(&self, id: &ObjectId, title: &str, kinds: &[Kind]) -> String {
        let nothing = Catalog::default();
        let context = Context::new(
            &nothing,
            self.catalog,
            self.catalog.origin.server_version,
            &self.catalog.origin.role,
        );
        let mut rows = String::new();
        for kind in kinds {
            for (part, object) in self.parts_of(id, *kind) {
                let statements = object.create(part, &context);
                let text: Vec<String> = statements
                    .iter()
                    .map(|statement| statement.text())
                    .collect();
                let text = text.join(";\n");
                // Its name and table are said already.
                let short = text
                    .split_once(" ADD CONSTRAINT ")
                    .and_then(|(_, rest)| rest.split_once(' '))
                    .map_or(text.as_str(), |(_, rest)| rest);
                rows.push_str(&format!(
                    "<tr><td>{}{}</td><td>{}</td><td>{}</td></tr>\n",
                    escape(&part.name),
                    self.tags(part),
                    cell(short),
                    escape(self.comment(part).unwrap_or_default())
                ));
            }
        }
        if rows.is_empty() {
            return rows;
        }
        format!(
            "<section><h2>{title}</h2><table class=\"list\"><thead><tr><th scope=\"col\">name</th><th scope=\"col\">definition</th><th scope=\"col\">what for</th></tr></thead><tbody>\n{rows}</tbody></table></section>\n"
        )
    }

    fn referred_by(&self, id: &ObjectId) -> String {
        let mut rows = String::new();
        for key in self.referring.get(id).into_iter().flatten() {
            let (Some(table), Some(Object::ForeignKey(it))) =
                (key.parent.as_deref(), self.catalog.get(key))
            else {
                continue;
            };
            let when = it.on_delete.as_deref().map_or_else(
                || "a row that is referred to cannot be deleted".to_owned(),
                |action| format!("on delete {}", action.replace('-', " ")),
            );
            rows.push_str(&format!(
                "<tr><td>{}</td><td><code>{}</code></td><td>{}</td></tr>\n",
                self.link(table),
                escape(&it.columns.join(", ")),
                escape(&when)
            ));
        }
        if rows.is_empty() {
            return rows;
        }
        format!(
            "<section><h2>Referred to by</h2><table class=\"list\"><thead><tr><th scope=\"col\">table</th><th scope=\"col\">columns</th><th scope=\"col\">when a row goes</th></tr></thead><tbody>\n{rows}</tbody></table></section>\n"
        )
    }

    fn policies(&self, id: &ObjectId) -> String {
        let state = self
            .parts_of(id, Kind::RowLevelSecurity)
            .into_iter()
            .find_map(|(_, object)| match object {
                Object::RowLevelSecurity(it) => Some((it.enabled, it.forced)),
                _ => None,
            });
        let mut rows = String::new();
        for (policy, object) in self.parts_of(id, Kind::Policy) {
            let Object::Policy(it) = object else { continue };
            let roles: Vec<String> = it.roles.iter().map(|role| role_link(role)).collect();
            let expression = |text: &Option<crate::model::Expression>| {
                text.as_ref()
                    .map_or_else(String::new, |text| cell(text.text()))
            };
            rows.push_str(&format!(
                "<tr><td>{}</td><td>{}{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                escape(&policy.name),
                escape(&it.command),
                if it.restrictive { ", restrictive" } else { "" },
                if roles.is_empty() {
                    "everybody".to_owned()
                } else {
                    roles.join(", ")
                },
                expression(&it.using),
                expression(&it.with_check)
            ));
        }
        if rows.is_empty() && state.is_none() {
            return String::new();
        }
        let words = match state {
            Some((true, true)) => "Row-level security is on, for the owner too.",
            Some((true, false)) => "Row-level security is on; the owner is not bound by it.",
            _ => "Row-level security is off: the policies say nothing.",
        };
        format!(
            "<section><h2>Policies</h2><p>{words}</p><table class=\"list\"><thead><tr><th scope=\"col\">policy</th><th scope=\"col\">for</th><th scope=\"col\">roles</th>\
             <th scope=\"col\">rows that are seen</th><th scope=\"col\">rows that may be written</th></tr></thead><tbody>\n{rows}</tbody></table></section>\n"
        )
    }

    fn partitions(&self, id: &ObjectId) -> String {
        let mut items = String::new();
        for (partition, object) in self.catalog.of_kind(Kind::Partition) {
            let (Some(table), Object::Partition(it)) = (partition.parent.as_deref(), object) else {
                continue;
            };
            if ObjectId::in_schema(Kind::Table, &it.parent.schema, &it.parent.name) == *id {
                items.push_str(&format!(
                    "<tr><td>{}</td><td>{}</td></tr>\n",
                    self.link(table),
                    cell(&it.bound)
                ));
            } else if table == id {
                let parent = ObjectId::in_schema(Kind::Table, &it.parent.schema, &it.parent.name);
                return format!(
                    "<section><h2>A partition</h2><p>of {}: {}</p></section>\n",
                    self.link(&parent),
                    cell(&it.bound)
                );
            }
        }
        if items.is_empty() {
            return items;
        }
        format!(
            "<section><h2>Partitions</h2><table class=\"list\"><tbody>\n{items}</tbody></table></section>\n"
        )
    }
}
