//! Routines whose signature names types that are renamed in the same plan. The files say the new signature alone; PostgreSQL
//! knows the routine by the one that it has when its own turn comes.

use super::names::{original, renamed};
use crate::kind::Catalog;
use crate::kind::language::Rename;
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::{qualified, unquote_ident};

/// What a type in a signature may be.
const TYPES: [Kind; 10] = [
    Kind::Enum,
    Kind::Domain,
    Kind::Composite,
    Kind::Range,
    Kind::BaseType,
    Kind::ShellType,
    Kind::Table,
    Kind::ForeignTable,
    Kind::View,
    Kind::MaterializedView,
];

/// A rename with the signature that the object has before, where nothing has the one that the file says. The renames are in
/// their order.
pub(super) fn with_old_signature(rename: &Rename, renames: &[Rename], before: &Catalog) -> Rename {
    let said = original(&rename.from, renames);
    if !rename.from.kind.has_signature() || before.contains(&said) {
        return rename.clone();
    }
    let is_it = |id: &&ObjectId| {
        id.name == said.name
            && id.parent == said.parent
            && signature_after(&id.signature, renames) == *rename.to.signature
    };
    let mut found = before.of_kind(said.kind).map(|(id, _)| id).filter(is_it);
    match found.next() {
        Some(old) => Rename {
            from: rename.from.clone().with_signature(&old.signature),
            ..rename.clone()
        },
        None => rename.clone(),
    }
}

/// The declared renames, each with the signature that the object has before, and those of the routines whose signatures alone
/// follow them.
pub(super) fn with_followers(renames: &[Rename], before: &Catalog) -> Vec<Rename> {
    let mut all: Vec<Rename> = renames
        .iter()
        .map(|rename| with_old_signature(rename, renames, before))
        .collect();
    let Some(first) = all.first().map(|rename| rename.span) else {
        return all;
    };
    let ids = before.objects.keys();
    let routines = ids.filter(|id| id.kind.has_signature() && !id.signature.is_empty());
    let followers: Vec<Rename> = routines
        .map(|id| (renamed(id, &all), signature_after(&id.signature, renames)))
        .filter(|(now, signature)| *now.signature != *signature)
        .map(|(now, signature)| Rename {
            to: now.clone().with_signature(&signature),
            from: now,
            span: first,
        })
        .collect();
    all.extend(followers);
    all
}

/// A signature after the renames of types, of relations and of their schemas.
pub(super) fn signature_after(signature: &str, renames: &[Rename]) -> String {
    let tokens = significant(signature);
    let mut after = String::new();
    let mut copied = 0;
    for parts in tokens.windows(3) {
        let [schema, dot, name] = parts else {
            continue;
        };
        if !dot.is(".") || schema.start < copied {
            continue;
        }
        let Some(new) = type_after(schema, name, renames) else {
            continue;
        };
        after.push_str(&signature[copied..schema.start]);
        after.push_str(&new);
        copied = name.end();
    }
    after.push_str(&signature[copied..]);
    after
}

/// The name that a type has after the renames, where they change it.
fn type_after(schema: &Token<'_>, name: &Token<'_>, renames: &[Rename]) -> Option<String> {
    let (schema, name) = (unquote_ident(schema.text), unquote_ident(name.text));
    let path = |id: &ObjectId| qualified(id.schema().unwrap_or_default(), &id.name);
    // With its schema it goes whatever it is; under a name of its own only as what it is.
    let there = renamed(&ObjectId::top(Kind::Schema, &schema), renames);
    let with_schema = qualified(&there.name, &name);
    let own = TYPES
        .into_iter()
        .map(|kind| {
            path(&renamed(
                &ObjectId::in_schema(kind, &schema, &name),
                renames,
            ))
        })
        .find(|path| *path != with_schema);
    Some(own.unwrap_or(with_schema)).filter(|new| *new != qualified(&schema, &name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdl::Span;

    #[test]
    fn types_and_their_schemas_are_followed() {
        let top = |name: &str| ObjectId::top(Kind::Schema, name);
        let typ = |schema: &str, name: &str| ObjectId::in_schema(Kind::Composite, schema, name);
        let renames = [
            (top("app"), top("Core")),
            (typ("Core", "mood"), typ("Core", "humour")),
        ]
        .map(|(from, to)| Rename {
            from,
            to,
            span: Span::default(),
        });
        let after = |signature: &str| signature_after(signature, &renames);
        assert_eq!(after("integer, app.mood[]"), "integer, \"Core\".humour[]");
        assert_eq!(after("lib.mood, app.other"), "lib.mood, \"Core\".other");
        assert_eq!(after(""), "");
    }
}
