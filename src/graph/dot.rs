//! Pictures as DOT, for Graphviz. The rule: every word of a database stands in a quoted string or is escaped in a label.

use super::{Diagram, Mark, Order, Tie};
use crate::html::escape;
use crate::sql::hostile::is_harmless;

const HEAD: &str = "    graph [rankdir=RL, splines=ortho, nodesep=0.4, ranksep=1.0, fontname=\"Helvetica\"];\n    \
                    node [shape=plain, fontname=\"Helvetica\", fontsize=11];\n    edge [arrowsize=0.7, color=\"#98a2b3\"];\n";

fn quoted(text: &str) -> String {
    let mut shown = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                shown.push('\\');
                shown.push(letter);
            }
            '\n' => shown.push_str("\\n"),
            letter if letter.is_control() => shown.push(' '),
            letter if is_harmless(letter) => shown.push(letter),
            letter => shown.push_str(&format!("u+{:04x}", u32::from(letter))),
        }
    }
    shown.push('"');
    shown
}

fn ground(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Same => ("#edf1f7", "#98a2b3"),
        Mark::Added => ("#dcf5e3", "#1a7f37"),
        Mark::Dropped => ("#fde4e4", "#c8313a"),
        Mark::Changed => ("#fcf0cd", "#9a6700"),
    }
}

/// A label's text in one line: Graphviz knows the entities of HTML.
fn label(text: &str) -> String {
    escape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

impl Diagram {
    /// The diagram as a digraph with a cluster for each schema.
    pub fn dot(&self) -> String {
        let mut text = format!("digraph schema {{\n{HEAD}");
        for (number, schema) in self.schemas().into_iter().enumerate() {
            text.push_str(&format!(
                "    subgraph cluster_{number} {{\n        label={}; color=\"#c3cad5\"; style=dashed;\n",
                quoted(schema)
            ));
            for (at, entity) in self
                .entities
                .iter()
                .enumerate()
                .filter(|(_, it)| it.schema == schema)
            {
                let (fill, edge) = ground(entity.mark);
                text.push_str(&format!(
                    "        e{at} [label=<<table border=\"1\" cellborder=\"0\" cellspacing=\"0\" color=\"{edge}\"><tr><td colspan=\"2\" port=\"head\" bgcolor=\"{fill}\"><b>{}{}</b></td></tr>",
                    if entity.mark == Mark::Same { String::new() } else { format!("{} ", entity.mark.sign()) },
                    label(&entity.name)
                ));
                for (row, field) in entity.fields.iter().enumerate() {
                    let ground = if field.mark == Mark::Same {
                        String::new()
                    } else {
                        format!(" bgcolor=\"{}\"", ground(field.mark).0)
                    };
                    let name = label(&field.name);
                    text.push_str(&format!(
                        "<tr><td align=\"left\" port=\"f{row}\"{ground}>{}{}</td><td align=\"right\"{ground}>{}{}</td></tr>",
                        if field.mark == Mark::Same { String::new() } else { format!("{} ", field.mark.sign()) },
                        if field.primary { format!("<u>{name}</u>") } else { name },
                        label(&field.data_type),
                        if field.not_null { "" } else { "?" }
                    ));
                }
                text.push_str("</table>>];\n");
            }
            text.push_str("    }\n");
        }
        for relation in &self.relations {
            let end = |at: usize, fields: &[usize]| match fields {
                [one, ..] => format!("e{at}:f{one}"),
                [] => format!("e{at}:head"),
            };
            let mut attributes = vec![format!("tooltip={}", quoted(&relation.name))];
            if relation.tie != Tie::ForeignKey {
                attributes.push("style=dashed".to_owned());
            }
            if relation.mark != Mark::Same {
                attributes.push(format!("color=\"{}\"", ground(relation.mark).1));
            }
            attributes.push(format!(
                "dir=both, arrowtail={}",
                if relation.many { "crow" } else { "tee" }
            ));
            text.push_str(&format!(
                "    {} -> {} [{}];\n",
                end(relation.from, &relation.from_fields),
                end(relation.to, &relation.to_fields),
                attributes.join(", ")
            ));
        }
        text.push_str("}\n");
        text
    }
}

impl Order {
    /// The order as a digraph with a cluster for each transaction.
    pub fn dot(&self) -> String {
        let mut text = format!("digraph plan {{\n{HEAD}    node [shape=box, style=filled];\n");
        for (part, words) in self.parts.iter().enumerate() {
            text.push_str(&format!(
                "    subgraph cluster_{part} {{\n        label={};\n",
                quoted(words)
            ));
            for (at, task) in self
                .tasks
                .iter()
                .enumerate()
                .filter(|(_, task)| task.part == part)
            {
                let (fill, edge) = ground(task.mark);
                text.push_str(&format!(
                    "        t{at} [label={}, fillcolor=\"{fill}\", color=\"{edge}\"];\n",
                    quoted(&format!(
                        "{} {} {}",
                        task.numbers(),
                        task.mark.sign(),
                        task.object
                    ))
                ));
            }
            text.push_str("    }\n");
        }
        for (later, earlier) in &self.needs {
            text.push_str(&format!("    t{later} -> t{earlier};\n"));
        }
        text.push_str("}\n");
        text
    }
}
