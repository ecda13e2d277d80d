//! Everything that is no table: routines, types, sequences, schemas, publications, roles, privileges, comments.

use super::command::{AlterAction, Command, CreateRoutine, Grant, TypeAction};
use super::cursor::Cursor;
use super::table;
use crate::model::QualifiedName;
use crate::sql::lexer::TokenKind;
use crate::sql::types::canonical_type;

pub(super) fn create(at: &mut Cursor<'_>) -> Option<Command> {
    if at.take("schema") {
        return schema(at);
    }
    if at.take("sequence") {
        at.take("if not exists");
        return Some(Command::Sequence {
            name: at.name()?,
            made: true,
        });
    }
    if at.take_any(&["function", "procedure"]).is_some() {
        return routine(at);
    }
    if at.take("type") {
        return Some(Command::CreateType { name: at.name()? });
    }
    if at.take("domain") {
        let name = at.name()?;
        at.take("as");
        let base = canonical_type(at.type_name(table::AFTER_TYPE));
        let constrained = at.has("check") || at.has("not null");
        return Some(Command::CreateDomain {
            name,
            base,
            constrained,
        });
    }
    if at.take("statistics") {
        at.take("if not exists");
        let name = match at.sees("on") {
            true => None,
            false => at.name(),
        };
        at.seek("from");
        return Some(Command::CreateStatistics {
            name,
            table: at.name()?,
        });
    }
    if at.take("publication") {
        return publication(at);
    }
    if at.take_any(&["role", "user", "group"]).is_some() {
        return role(at, false);
    }
    None
}

fn schema(at: &mut Cursor<'_>) -> Option<Command> {
    at.take("if not exists");
    let name = match at.sees("authorization") {
        true => None,
        false => Some(at.ident()?),
    };
    let owner = match at.take("authorization") {
        true => Some(at.ident()?),
        false => None,
    };
    let mut elements = Vec::new();
    while !at.is_done() {
        let mut element = at.expression(&["create", "grant"]).to_owned();
        if element.eq_ignore_ascii_case("grant") {
            element = format!("{element} {}", at.expression(&["create", "grant"]));
        }
        elements.push(element);
    }
    Some(Command::CreateSchema {
        name: name.or_else(|| owner.clone())?,
        owner,
        elements,
    })
}

/// DROP OWNED BY and REASSIGN OWNED BY.
pub(super) fn owned(at: &mut Cursor<'_>) -> Option<Command> {
    let roles = at.names().into_iter().map(|role| role.name).collect();
    let to = match at.take("to") {
        true => at.ident(),
        false => None,
    };
    Some(Command::Owned { roles, to })
}

/// What of a routine decides about rights beside SECURITY DEFINER.
fn powers(at: &Cursor<'_>) -> Vec<&'static str> {
    let mut powers = Vec::new();
    let mut says = |power, words: &[&str]| {
        if words.iter().any(|words| at.has(words)) {
            powers.push(power);
        }
    };
    says("leakproof", &["leakproof"]);
    says("invoker", &["security invoker"]);
    says(
        "role",
        &[
            "set role",
            "set session_authorization",
            "set session authorization",
            "reset role",
            "reset all",
        ],
    );
    powers
}

fn routine(at: &mut Cursor<'_>) -> Option<Command> {
    let name = at.name()?;
    at.group();
    let mut routine = CreateRoutine {
        name,
        language: "sql".to_owned(),
        definer: at.has("security definer"),
        search_path: sets_search_path(at),
        powers: powers(at),
        trigger: at.has("returns trigger") || at.has("returns event_trigger"),
        body: None,
    };
    // By itself SECURITY INVOKER is what a routine is born with.
    routine.powers.retain(|power| *power != "invoker");
    let mut rest = at.clone();
    if rest.seek("language") {
        let language = rest.string().or_else(|| rest.ident());
        routine.language = language.unwrap_or_default().to_ascii_lowercase();
    }
    let mut rest = at.clone();
    while rest.seek("as") {
        if let Some(body) = rest.string() {
            routine.body = Some(body);
            break;
        }
    }
    for begins in ["begin atomic", "return"] {
        let mut rest = at.clone();
        if routine.body.is_none() && rest.seek(begins) {
            routine.body = Some(format!("{begins} {}", rest.rest()));
        }
    }
    Some(Command::CreateRoutine(routine))
}

fn sets_search_path(at: &Cursor<'_>) -> bool {
    at.has("set search_path")
}

fn publication(at: &mut Cursor<'_>) -> Option<Command> {
    let name = at.ident()?;
    let mut tables = Vec::new();
    let mut inner = at.clone();
    // FOR TABLE a, b · ADD TABLE a · SET TABLE a
    if inner.seek("table") {
        for mut part in inner.list() {
            // TABLES IN SCHEMA names none.
            part.take("table");
            part.take("only");
            if !part.sees("tables in schema") {
                tables.extend(part.name());
            }
        }
    }
    let mut published = None;
    let mut inner = at.clone();
    if inner.seek("with") || inner.seek("set") {
        let text = inner
            .group()
            .map(|mut group| group.rest().to_ascii_lowercase());
        published = text.filter(|text| text.contains("publish"));
    }
    let changes = published.is_none_or(|text| {
        let said = text.contains("update") || text.contains("delete");
        said || !text.contains("insert") && !text.contains("truncate")
    });
    Some(Command::Publication {
        name,
        tables,
        changes,
    })
}

fn role(at: &mut Cursor<'_>, altered: bool) -> Option<Command> {
    let name = at.ident()?;
    let mighty = ["superuser", "bypassrls"].iter().any(|word| at.has(word));
    let (mut member_of, mut members) = (Vec::new(), Vec::new());
    if altered {
        // ALTER GROUP g ADD USER a, b
        if at.take_any(&["add user", "drop user"]).is_some() {
            members.extend(at.names());
        }
    } else {
        while !at.is_done() {
            if at.take_any(&["in role", "in group"]).is_some() {
                member_of.extend(at.names());
            } else if at.take_any(&["role", "user", "admin"]).is_some() {
                members.extend(at.names());
            } else {
                at.skip_one();
            }
        }
    }
    let names = |names: Vec<QualifiedName>| names.into_iter().map(|role| role.name).collect();
    Some(Command::Role {
        name,
        altered,
        mighty,
        member_of: names(member_of),
        members: names(members),
    })
}

/// What ALTER may be followed by, other than what is told apart below.
const ALTERED: &[&str] = &[
    "schema",
    "function",
    "procedure",
    "routine",
    "aggregate",
    "type",
    "domain",
    "sequence",
    "statistics",
    "collation",
    "conversion",
    "language",
    "event trigger",
    "extension",
    "server",
    "subscription",
    "database",
    "operator",
    "foreign data wrapper",
    "text search configuration",
    "text search dictionary",
    "text search parser",
    "text search template",
];

pub(super) fn alter(at: &mut Cursor<'_>) -> Option<Command> {
    for kind in [
        "table",
        "index",
        "view",
        "materialized view",
        "foreign table",
    ] {
        if at.take(kind) {
            return table::alter(at, kind);
        }
    }
    if at.take("default privileges") {
        let public = at
            .tokens()
            .windows(2)
            .any(|pair| pair[0].is_word("to") && pair[1].is_word("public"));
        return Some(Command::DefaultPrivileges {
            public: public && at.has("grant"),
        });
    }
    if at.take("publication") {
        return publication(at);
    }
    if at.take_any(&["role", "user", "group"]).is_some() {
        return role(at, true);
    }
    if at.take("policy") {
        let name = at.ident()?;
        at.seek("on");
        return Some(Command::MakePart {
            kind: "policy",
            name,
            table: at.name()?,
            altered: true,
        });
    }
    if at.take("large object") {
        return Some(Command::Alter {
            kind: "large object",
            name: QualifiedName::new("", at.next()?.text),
            action: AlterAction::Owner,
        });
    }
    let kind = at.take_any(ALTERED)?;
    at.take("procedural");
    at.take("if exists");
    let name = at.name()?;
    at.group();
    let action = if at.has("rename to") {
        AlterAction::Rename
    } else if at.has("set schema") {
        AlterAction::SetSchema
    } else if at.has("owner to") {
        AlterAction::Owner
    } else {
        AlterAction::Other
    };
    match (kind, &action) {
        ("function" | "procedure" | "routine", AlterAction::Other) => Some(Command::AlterRoutine {
            name,
            definer: at.has("security definer"),
            search_path: sets_search_path(at),
            powers: powers(at),
        }),
        ("type", AlterAction::Rename | AlterAction::Other) => Some(Command::AlterType {
            name,
            action: type_action(at),
        }),
        ("domain", AlterAction::Other) => Some(Command::AlterDomain {
            name,
            checks: (at.has("add") && !at.has("not valid"))
                || at.has("validate")
                || at.has("set not null"),
        }),
        ("sequence", AlterAction::Other) => Some(Command::Sequence { name, made: false }),
        _ => Some(Command::Alter { kind, name, action }),
    }
}

fn type_action(at: &mut Cursor<'_>) -> TypeAction {
    if at.take("add value") {
        at.take("if not exists");
        return TypeAction::AddValue {
            value: at.string().unwrap_or_default(),
            placed: at.has("before") || at.has("after"),
        };
    }
    if at.take("rename value") {
        return TypeAction::RenameValue(at.string().unwrap_or_default());
    }
    if at.sees("rename") {
        return TypeAction::Rename;
    }
    let mut dropped = at.clone();
    if dropped.seek("drop attribute") {
        dropped.take("if exists");
        return TypeAction::Attribute(dropped.ident());
    }
    if at.has("attribute") {
        return TypeAction::Attribute(None);
    }
    TypeAction::Other
}

/// COMMENT and SECURITY LABEL, from `ON`.
pub(super) fn comment(at: &mut Cursor<'_>, label: bool) -> Option<Command> {
    at.take("on");
    let mut words = Vec::new();
    const KINDS: &[&str] = &[
        "materialized view",
        "foreign table",
        "column",
        "constraint",
        "trigger",
        "policy",
        "rule",
        "table",
        "index",
        "view",
    ];
    let kind = match at.take_any(KINDS) {
        Some(kind) => kind.to_owned(),
        None => {
            words.push(at.next()?.text.to_ascii_lowercase());
            words.join(" ")
        }
    };
    let name = match kind.as_str() {
        "constraint" | "trigger" | "policy" | "rule" => {
            at.ident()?;
            at.take("on");
            if at.take("domain") {
                return Some(Command::Comment {
                    label,
                    kind: "domain".to_owned(),
                    name: at.name()?,
                });
            }
            at.name()?
        }
        "column" => {
            let mut parts = vec![at.ident()?];
            while at.take_sign(".") {
                parts.extend(at.ident());
            }
            parts.pop();
            let table = parts.pop()?;
            QualifiedName::new(parts.pop().unwrap_or_default(), table)
        }
        _ => at.name().unwrap_or_default(),
    };
    Some(Command::Comment { label, kind, name })
}

pub(super) fn grant(at: &mut Cursor<'_>, revoked: bool) -> Option<Command> {
    at.take_any(&["grant option for", "admin option for"]);
    let privileges: Vec<String> = {
        let mut words = at.clone();
        words.until(&["on", "to", "from"]);
        let text = at.until(&["on", "to", "from"]);
        let mut inner = Cursor::new(text);
        inner
            .list()
            .iter_mut()
            .map(|part| part.until(&["("]).to_ascii_lowercase())
            .collect()
    };
    let roles = !at.take("on");
    let (mut kind, mut names) = (String::new(), Vec::new());
    if roles {
        names.extend(privileges.iter().map(|role| QualifiedName::new("", role)));
    } else {
        const KINDS: &[&str] = &[
            "all tables in schema",
            "all sequences in schema",
            "all functions in schema",
            "all procedures in schema",
            "all routines in schema",
            "foreign data wrapper",
            "foreign server",
            "large object",
            "table",
            "sequence",
            "database",
            "domain",
            "function",
            "procedure",
            "routine",
            "language",
            "schema",
            "tablespace",
            "type",
            "parameter",
        ];
        kind = at.take_any(KINDS).unwrap_or("table").to_owned();
        names = at.names();
        // Large objects are called by numbers.
        while kind == "large object" && !at.is_done() && !at.sees("to") && !at.sees("from") {
            let number = at.next().filter(|token| !token.is(","));
            names.extend(number.map(|number| QualifiedName::new("", number.text)));
        }
    }
    let end = if revoked { "from" } else { "to" };
    if !at.seek(end) {
        return None;
    }
    let mut grantees = Vec::new();
    for mut part in at.list() {
        part.take("group");
        let token = part.peek().copied();
        if let Some(name) = part.ident() {
            let public = token.is_some_and(|token| token.kind == TokenKind::Word)
                && name.eq_ignore_ascii_case("public");
            grantees.push(if public { "public".to_owned() } else { name });
        }
    }
    Some(Command::Grant(Grant {
        revoked,
        roles,
        kind,
        names,
        grantees,
        privileges,
    }))
}
