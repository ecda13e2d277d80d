//! `rule n on=w do=also|instead where=s enabled=w { command s… }`; without a command it does nothing.

use super::Rule;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::naming;
use crate::model::{Expression, Kind, ObjectId};
use crate::sql::lexer::{Token, significant};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "rule",
    places: &[Place::Relation],
    kinds: &[Kind::Rule],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(relation), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let events = &["select", "insert", "update", "delete"];
    let event = reader.word("on", events);
    let instead = reader
        .word("do", &["also", "instead"])
        .is_some_and(|word| word.value == "instead");
    let condition = reader.sql("where").map(|sql| sql.value);
    let states = &["origin", "replica", "always", "disabled"];
    let enabled = reader
        .word("enabled", states)
        .map_or("origin", |word| word.value);
    let mut commands = Vec::new();
    for mut child in reader.children("command") {
        if let Some(command) = child.statement_argument() {
            commands.push(command.value.trim().trim_end_matches(';').to_owned());
        }
        child.finish();
    }
    let Some(event) = event else {
        if !reader.has("on") {
            reader.missing("`on=`");
        }
        return;
    };
    let mut body = String::new();
    if let Some(condition) = condition {
        body.push_str(&format!("WHERE ({condition}) "));
    }
    body.push_str(if instead { "DO INSTEAD " } else { "DO ALSO " });
    match commands.as_slice() {
        [] => body.push_str("NOTHING"),
        [one] => body.push_str(one),
        several => body.push_str(&format!("({})", several.join(";\n"))),
    }
    let rule = Rule {
        event: event.value.to_owned(),
        body: Expression::written(body),
        enabled: enabled.to_owned(),
    };
    reading.declare(reader, &relation.child(Kind::Rule, &name.value), rule);
}

/// The parts of a body as the language writes them.
struct Body<'a> {
    condition: Option<&'a str>,
    instead: bool,
    commands: Vec<&'a str>,
}

/// Cuts `WHERE … DO INSTEAD …` apart. PostgreSQL prints `WHERE (…)`, so the first DO outside parentheses begins the
/// commands.
fn cut(text: &str) -> Option<Body<'_>> {
    let tokens = significant(text);
    let mut depth = 0_i32;
    let mut at = None;
    for (place, token) in tokens.iter().enumerate() {
        depth += nesting(token);
        if depth == 0 && token.is_word("do") {
            at = Some(place);
            break;
        }
    }
    let at = at?;
    let condition = tokens
        .first()
        .filter(|first| first.is_word("where"))
        .map(|first| text[first.end()..tokens[at].start].trim());
    let mut next = at + 1;
    let instead = tokens.get(next)?.is_word("instead");
    if instead || tokens.get(next)?.is_word("also") {
        next += 1;
    }
    let first = tokens.get(next)?;
    if first.is_word("nothing") {
        return Some(Body {
            condition,
            instead,
            commands: Vec::new(),
        });
    }
    let rest = text[first.start..].trim();
    let inner = if first.is("(") {
        naming::without_parentheses(rest)
    } else {
        rest
    };
    Some(Body {
        condition,
        instead,
        commands: statements(inner),
    })
}

fn nesting(token: &Token<'_>) -> i32 {
    i32::from(token.is("(")) - i32::from(token.is(")"))
}

/// The commands of a list, without their semicolons.
fn statements(text: &str) -> Vec<&str> {
    let mut commands = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for token in significant(text) {
        depth += nesting(&token);
        if depth == 0 && token.is(";") {
            commands.push(text[start..token.start].trim());
            start = token.end();
        }
    }
    commands.push(text[start..].trim());
    commands.retain(|command| !command.is_empty());
    commands
}

pub(super) fn write<'a>(rule: &Rule, id: &'a ObjectId, writing: &mut Writing<'a>) -> NodeWriter {
    let mut node = NodeWriter::new("rule");
    node.name(&id.name);
    node.text("on", &rule.event);
    if let Some(body) = cut(rule.body.text()) {
        if body.instead {
            node.text("do", "instead");
        }
        if let Some(condition) = body.condition {
            node.sql("where", naming::without_parentheses(condition));
        }
        for command in body.commands {
            node.child("command").sql_argument(command);
        }
    }
    if rule.enabled != "origin" {
        node.text("enabled", &rule.enabled);
    }
    writing.annotations(id, &mut node);
    node
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_body_is_cut_apart() {
        let body = cut("\n   WHERE (old.a = 'do') DO INSTEAD ( DELETE FROM public.a;\n INSERT INTO b VALUES ((1));\n)").unwrap();
        assert_eq!(body.condition, Some("(old.a = 'do')"));
        assert!(body.instead);
        assert_eq!(
            body.commands,
            ["DELETE FROM public.a", "INSERT INTO b VALUES ((1))"]
        );
        let nothing = cut(" DO INSTEAD NOTHING").unwrap();
        assert!(nothing.commands.is_empty() && nothing.condition.is_none());
    }
}
