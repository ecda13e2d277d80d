//! Pictures as Mermaid, for pages that draw it themselves. The rule: only letters that Mermaid's grammar takes reach it.

use super::scene::cut;
use super::{Diagram, Entity, Mark, Order, Tie};

const CLASSES: &str = "    classDef added fill:#dcf5e3,stroke:#1a7f37,color:#1c2330\n    \
                       classDef dropped fill:#fde4e4,stroke:#c8313a,color:#1c2330\n    \
                       classDef changed fill:#fcf0cd,stroke:#9a6700,color:#1c2330\n";

/// A text between double quotes.
fn quoted(text: &str) -> String {
    let mut shown = String::new();
    for letter in cut(text, 120).chars() {
        match letter {
            // Mermaid's own escapes; a bare `#` or `;` would begin or end one.
            '"' => shown.push_str("#quot;"),
            '#' => shown.push_str("#35;"),
            ';' => shown.push_str("#59;"),
            '<' => shown.push_str("#lt;"),
            '>' => shown.push_str("#gt;"),
            '\\' => shown.push_str("#92;"),
            '`' => shown.push_str("#96;"),
            // An entity of HTML, and a formula between two of these.
            '&' => shown.push_str("#amp;"),
            '$' => shown.push_str("#36;"),
            letter => shown.push(letter),
        }
    }
    shown
}

/// A word of letters, digits and `_`.
fn word(text: &str) -> String {
    let mut word: String = text
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || letter == '_' {
                letter
            } else {
                '_'
            }
        })
        .collect();
    if !word.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        word.insert(0, 'x');
    }
    word
}

/// A type as Mermaid takes one: brackets stay, blanks do not; what stands between commas is said beside it.
fn type_word(text: &str) -> String {
    let (before, after) = match (text.split_once('('), text.rsplit_once(')')) {
        (Some((before, inside)), Some((_, after))) if inside.contains(',') => (before, after),
        _ => (text, ""),
    };
    let text: String = before
        .chars()
        .chain(after.chars())
        .map(|letter| match letter {
            letter if letter.is_ascii_alphanumeric() || "_-()[]".contains(letter) => letter,
            _ => '_',
        })
        .collect();
    if text.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        text
    } else {
        format!("t{text}")
    }
}

fn name(entity: &Entity, at: usize) -> String {
    format!("e{at}_{}", word(&entity.name))
}

impl Diagram {
    /// The diagram as `erDiagram`.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("erDiagram\n");
        for (at, entity) in self.entities.iter().enumerate() {
            let sign = match entity.mark {
                Mark::Same => String::new(),
                mark => format!("{} ", mark.sign()),
            };
            text.push_str(&format!(
                "    {}[\"{}\"] {{\n",
                name(entity, at),
                quoted(&format!("{sign}{}.{}", entity.schema, entity.name))
            ));
            for field in &entity.fields {
                let keys: Vec<&str> = [
                    (field.primary, "PK"),
                    (field.foreign, "FK"),
                    (field.unique, "UK"),
                ]
                .into_iter()
                .filter_map(|(is, word)| is.then_some(word))
                .collect();
                let mut notes: Vec<String> = Vec::new();
                let own = word(&field.name);
                if own != field.name {
                    notes.push(field.name.clone());
                }
                if field.data_type.contains(',') {
                    notes.push(field.data_type.clone());
                }
                if field.mark != Mark::Same {
                    notes.push(field.mark.word().to_owned());
                }
                if let Some(former) = &field.former {
                    notes.push(format!("before {former}"));
                }
                if field.not_null && !field.primary {
                    notes.push("not null".to_owned());
                }
                let notes = if notes.is_empty() {
                    String::new()
                } else {
                    format!(" \"{}\"", quoted(&notes.join(", ")))
                };
                text.push_str(&format!(
                    "        {} {own} {}{notes}\n",
                    type_word(&field.data_type),
                    keys.join(", ")
                ));
            }
            text.push_str("    }\n");
        }
        for relation in &self.relations {
            let (from, to) = (&self.entities[relation.from], &self.entities[relation.to]);
            let parent = if relation.optional { "|o" } else { "||" };
            let child = if relation.many { "o{" } else { "o|" };
            let line = if relation.tie == Tie::ForeignKey {
                "--"
            } else {
                ".."
            };
            let words = match relation.tie {
                Tie::ForeignKey => {
                    let names: Vec<&str> = relation
                        .from_fields
                        .iter()
                        .map(|at| from.fields[*at].name.as_str())
                        .collect();
                    if names.is_empty() {
                        relation.name.clone()
                    } else {
                        names.join(", ")
                    }
                }
                Tie::Inherits => "inherits".to_owned(),
                Tie::Reads => "reads".to_owned(),
            };
            text.push_str(&format!(
                "    {} {parent}{line}{child} {} : \"{}{}\"\n",
                name(to, relation.to),
                name(from, relation.from),
                match relation.mark {
                    Mark::Same => String::new(),
                    mark => format!("{} ", mark.sign()),
                },
                quoted(&words)
            ));
        }
        let marked: Vec<(usize, &Entity)> = self
            .entities
            .iter()
            .enumerate()
            .filter(|(_, entity)| entity.mark != Mark::Same)
            .collect();
        if !marked.is_empty() {
            text.push_str(CLASSES);
            for (at, entity) in marked {
                text.push_str(&format!(
                    "    class {} {}\n",
                    name(entity, at),
                    entity.mark.word()
                ));
            }
        }
        text
    }
}

impl Order {
    /// The order as a flowchart.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for (part, words) in self.parts.iter().enumerate() {
            text.push_str(&format!("    subgraph p{part}[\"{}\"]\n", quoted(words)));
            for (at, task) in self
                .tasks
                .iter()
                .enumerate()
                .filter(|(_, task)| task.part == part)
            {
                text.push_str(&format!(
                    "        t{at}[\"{}\"]:::{}\n",
                    quoted(&format!(
                        "{} {} {}",
                        task.numbers(),
                        task.mark.sign(),
                        task.object
                    )),
                    task.mark.word()
                ));
            }
            text.push_str("    end\n");
        }
        for (later, earlier) in &self.needs {
            text.push_str(&format!("    t{earlier} --> t{later}\n"));
        }
        text.push_str(CLASSES);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{quoted, type_word};

    #[test]
    fn letters_that_mermaid_takes_otherwise_have_their_numbers() {
        assert_eq!(
            quoted("a\\n `b` \"c\"#"),
            "a#92;n #96;b#96; #quot;c#quot;#35;"
        );
        assert_eq!(quoted("p &amp; q"), "p #amp;amp#59; q");
        assert_eq!(quoted("$$y^2$$"), "#36;#36;y^2#36;#36;");
        assert_eq!(quoted("a\u{202e}b\u{9b}"), "a#92;u{202e}b#92;u{9b}");
        assert_eq!(type_word("numeric(12,2)[]"), "numeric[]");
        assert_eq!(type_word("character varying(20)"), "character_varying(20)");
    }
}
