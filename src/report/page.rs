//! The review page as HTML.

use super::objects::{attributes, excerpt};
use super::sides::sides;
use super::{CLASSES, Line, Review, word};
use crate::diff::Change;
use crate::graph::{Order, STYLE, Scene};
use crate::html::{Page, anchor, escape, sql};
use crate::model::ObjectId;

impl Review<'_> {
    /// The whole page.
    pub fn html(&self) -> String {
        let title = format!("{}: {}", self.project, self.subject);
        let mut body = self.head();
        body.push_str(&self.bar());
        body.push_str("<main id=\"main\">\n");
        body.push_str(&self.hazards());
        body.push_str(&self.objects());
        body.push_str(&self.pictures());
        body.push_str(&self.sql());
        body.push_str(&self.proof());
        body.push_str("</main>\n");
        body.push_str(&format!(
            "<footer>Made by schemactl {} on {}. The page asks the network for nothing.</footer>",
            env!("CARGO_PKG_VERSION"),
            escape(&self.date)
        ));
        Page {
            title,
            style: STYLE.to_owned(),
            body,
            ..Page::default()
        }
        .write()
    }

    fn head(&self) -> String {
        let (added, changed, dropped) = self.counts();
        let loses = self
            .hazards
            .iter()
            .filter(|it| it.class == "data-loss")
            .count();
        let mut chips = String::new();
        for (class, sign, count, what) in [
            ("added", "+", added, "to add"),
            ("changed", "~", changed, "to change"),
            ("dropped", "−", dropped, "to drop"),
        ] {
            chips.push_str(&format!(
                "<span class=\"chip {class}\">{sign} {count} {what}</span>"
            ));
        }
        chips.push_str(&match loses {
            0 => "<span class=\"chip\">no data lost</span>".to_owned(),
            _ => "<span class=\"chip dropped\">data is lost</span>".to_owned(),
        });
        let unproven = self
            .files
            .iter()
            .filter(|file| file.proven.is_none())
            .count();
        if unproven > 0 {
            chips.push_str(&format!(
                "<span class=\"chip changed\">{unproven} not proven</span>"
            ));
        }
        let database = if self.database.is_empty() {
            String::new()
        } else {
            format!(" · for {}", escape(&self.database))
        };
        let approval = self.approval.as_ref().map_or_else(String::new, |hash| {
            format!(
                "<p>Approval hash <code id=\"approval\">{}</code> <button type=\"button\" data-copy=\"approval\">copy</button> \
                 <span class=\"sub\">— if environment, files or hazards change, so does the hash.</span></p>",
                escape(hash)
            )
        });
        format!(
            "<header class=\"top\"><h1>{}: {}</h1><div class=\"sub\">{}{database}</div><div class=\"chips\">{chips}</div>{approval}</header>\n",
            escape(&self.project),
            escape(&self.subject),
            escape(&self.date)
        )
    }

    fn bar(&self) -> String {
        let mut links = String::new();
        for (target, words) in [
            ("hazards", format!("Hazards ({})", self.hazards.len())),
            ("changes", format!("Changes ({})", self.by_object().len())),
            ("diagram", "Diagram".to_owned()),
            ("order", "Order".to_owned()),
            ("sql", format!("SQL ({})", self.files.len())),
            ("proof", "Proof".to_owned()),
        ] {
            links.push_str(&format!("<a href=\"#{target}\">{words}</a>"));
        }
        format!(
            "<nav class=\"bar\" aria-label=\"Sections\">{links}<span class=\"grow\"></span>\
             <span class=\"sub\" id=\"filtered\" role=\"status\"></span>\
             <input id=\"filter\" type=\"search\" placeholder=\"Filter changes  ( / )\" aria-label=\"Filter changes\">\
             <button type=\"button\" data-fold=\"open\">unfold all</button><button type=\"button\" data-fold=\"shut\">fold all</button></nav>\n"
        )
    }

    fn hazards(&self) -> String {
        let mut html = String::from("<section id=\"hazards\"><h2>What may hurt</h2>\n");
        if self.hazards.is_empty() {
            html.push_str("<p class=\"good\">Nothing is lost, nobody has to wait longer than a moment, and the way back is exact.</p>");
        } else {
            html.push_str("<ul class=\"hazards\">\n");
            for hazard in &self.hazards {
                let meaning = CLASSES
                    .iter()
                    .find(|(class, _)| *class == hazard.class)
                    .map_or("", |(_, meaning)| meaning);
                html.push_str(&format!(
                    "<li class=\"{}\"><span class=\"badge\">{}</span>{}<div class=\"sub\">{} · {}{}</div></li>\n",
                    anchor(&hazard.class),
                    escape(&hazard.class.replace('-', " ")),
                    escape(&hazard.text),
                    escape(&hazard.file),
                    escape(&hazard.code),
                    if hazard.code.is_empty() { meaning.to_owned() } else { format!(": {meaning}") }
                ));
            }
            html.push_str("</ul>");
        }
        html.push_str("</section>\n");
        html
    }

    fn objects(&self) -> String {
        let mut html = String::from("<section id=\"changes\"><h2>What changes</h2>\n");
        let objects = self.by_object();
        if objects.is_empty() {
            html.push_str(
                "<p class=\"none\">The schema stays as it is; the files change rows only.</p>",
            );
        }
        for (id, parts) in &objects {
            let before_id = self.before_named(id);
            let change = match (self.before.contains(&before_id), self.after.contains(id)) {
                (false, _) => Change::Create,
                (true, false) => Change::Drop,
                (true, true) => Change::Alter,
            };
            let (sign, class) = sign(change);
            let renamed = if before_id == *id {
                String::new()
            } else {
                format!(
                    " <span class=\"sub\">before {}</span>",
                    escape(&before_id.path())
                )
            };
            let (before, after) = (excerpt(self.before, &before_id), excerpt(self.after, id));
            let diff = if before == after {
                // Who owns it, or privileges that its schema says for all.
                String::new()
            } else {
                sides(&before, &after)
            };
            html.push_str(&format!(
                "<details class=\"card\" open data-filter=\"{}\"><summary><span class=\"sign {class}\">{sign}</span>{}{renamed}</summary><div class=\"in\">{}{diff}</div></details>\n",
                escape(&format!("{id} {} {class}", parts.iter().map(|line| line.id.to_string()).collect::<Vec<_>>().join(" "))),
                escape(&id.to_string()),
                self.parts(id, parts)
            ));
        }
        html.push_str("</section>\n");
        html
    }

    /// The parts of an object that change, with their attributes.
    fn parts(&self, whole: &ObjectId, parts: &[Line<'_>]) -> String {
        let mut html = String::new();
        for (from, to) in self.renames {
            if to.whole() == whole {
                html.push_str(&format!(
                    "<li><span class=\"sign changed\">~</span>{} <span class=\"why\">renamed from <code>{}</code></span></li>\n",
                    escape(&to.to_string()),
                    escape(&from.name)
                ));
            }
        }
        for line in parts {
            let (id, change) = (line.id, line.change);
            let (sign, class) = sign(change);
            let mut why = String::new();
            if change == Change::Alter
                && let (Some(before), Some(after)) =
                    (self.before.get(&self.before_named(id)), self.after.get(id))
            {
                for (word, from, to) in attributes(&before.to_json(), &after.to_json()) {
                    let short = |text: &str| {
                        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
                        if line.chars().count() > 90 {
                            format!("{}…", line.chars().take(89).collect::<String>())
                        } else {
                            line
                        }
                    };
                    why.push_str(&format!(
                        "<span class=\"why\">{}: <code>{}</code> → <code>{}</code></span>",
                        escape(&word),
                        escape(&short(&from)),
                        escape(&short(&to))
                    ));
                }
            }
            html.push_str(&format!(
                "<li><span class=\"sign {class}\">{sign}</span>{} <span class=\"sub\">{}{}</span>{why}</li>\n",
                escape(&id.to_string()),
                word(change),
                escape(&line.copies())
            ));
        }
        if html.is_empty() {
            html
        } else {
            format!("<ul class=\"parts\">\n{html}</ul>\n")
        }
    }

    fn pictures(&self) -> String {
        let diagram = if self.diagram.is_empty() {
            "<p class=\"none\">No table changes.</p>".to_owned()
        } else {
            let scene = Scene::of_diagram(
                &self.diagram,
                "The tables that change, and what is tied to them",
                true,
            );
            format!(
                "<div class=\"picture\" tabindex=\"0\">{}</div>",
                scene.svg_in_page()
            )
        };
        let order = match &self.order {
            Some(order) if !order.tasks.is_empty() => {
                let scene = Scene::of_order(order, "Which statement waits for which");
                let note = match self.are_of_files(order) {
                    true => "",
                    false => {
                        "<p class=\"none\">The statements are those that schemactl would write for this change now; the files \
                         were written otherwise, and what runs is what stands in them.</p>\n"
                    }
                };
                format!(
                    "{note}<div class=\"picture\" tabindex=\"0\">{}</div>",
                    scene.svg_in_page()
                )
            }
            _ => "<p class=\"none\">There is no order to show.</p>".to_owned(),
        };
        format!(
            "<section id=\"diagram\"><h2>The tables that change, and what is tied to them</h2>\n{diagram}</section>\n\
             <section id=\"order\"><h2>What waits for what</h2>\n{order}</section>\n"
        )
    }

    /// Whether the statements of an order are those of the files.
    fn are_of_files(&self, order: &Order) -> bool {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let files: Vec<String> = self.files.iter().map(|file| line(&file.up)).collect();
        let mut statements = order.tasks.iter().flat_map(|task| &task.statements);
        statements.all(|it| files.iter().any(|file| file.contains(&line(it))))
    }

    fn sql(&self) -> String {
        let mut html = String::from("<section id=\"sql\"><h2>The SQL</h2>\n");
        for (number, file) in self.files.iter().enumerate() {
            let code = |direction: &str, text: Option<&str>| match text {
                Some(text) => format!(
                    "<div><div class=\"codehead\"><h4>{direction}</h4><button type=\"button\" data-copy=\"{direction}{number}\">copy</button></div>\
                     <pre class=\"code\" tabindex=\"0\" id=\"{direction}{number}\">{}</pre></div>",
                    sql(text)
                ),
                None => format!(
                    "<div><div class=\"codehead\"><h4>{direction}</h4></div><p class=\"none\">there is no way back</p></div>"
                ),
            };
            html.push_str(&format!(
                "<details class=\"card\" open><summary>{} <span class=\"sub\">{}</span></summary><div class=\"in two\">{}{}</div></details>\n",
                escape(&file.label),
                if file.transaction { "one transaction" } else { "no transaction" },
                code("up", Some(&file.up)),
                code("down", file.down.as_deref())
            ));
        }
        html.push_str("</section>\n");
        html
    }

    fn proof(&self) -> String {
        let mut rows = String::new();
        for file in &self.files {
            let (class, words) = match &file.proven {
                Some(words) => ("added", format!("✓ {}", escape(words))),
                None => ("changed", "not proven: written or edited by hand; <code>schemactl restamp</code> proves it".to_owned()),
            };
            rows.push_str(&format!(
                "<tr><td>{}</td><td class=\"{class}\">{words}</td></tr>\n",
                escape(&file.label)
            ));
        }
        format!(
            "<section id=\"proof\"><h2>How it was proven</h2>\n<p class=\"sub\">A proven migration was run up and down on a PostgreSQL of its own, with rows in the tables: \
             up gives the state that was asked for, down the one before.</p>\n\
             <table class=\"list\"><thead><tr><th scope=\"col\">migration</th><th scope=\"col\">proof</th></tr></thead><tbody>\n{rows}</tbody></table></section>\n"
        )
    }
}

fn sign(change: Change) -> (&'static str, &'static str) {
    match change {
        Change::Create => ("+", "added"),
        Change::Alter => ("~", "changed"),
        Change::Drop => ("−", "dropped"),
    }
}
