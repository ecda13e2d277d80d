//! Comments, once for all kinds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constraint::attached_to;
use super::{Alteration, Catalog, Context, Definition, Object, Statement, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::{dollar, literal};

/// The name in the identity of a comment on the index of a key, which can have one beside the key's own.
pub const INDEX: &str = "index";

/// The name in the identity of a comment on the sequence of an identity column, which is a part of the column.
pub const SEQUENCE: &str = "sequence";

/// The comment on the object that is its parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Comment {
    /// The text, exact.
    pub text: String,
}

fn comment(id: &ObjectId, text: &str, catalog: &Catalog) -> Vec<Statement> {
    let Some(object) = id.parent.as_deref() else {
        return Vec::new();
    };
    let described = match &*id.name {
        INDEX => format!("INDEX {}", reference::index(object)),
        // Where the column counts no more, the comment went with the sequence.
        SEQUENCE => match reference::identity_sequence(object, catalog) {
            Some(sequence) => format!("SEQUENCE {sequence}"),
            None => return Vec::new(),
        },
        _ => reference::described_in(object, catalog),
    };
    vec![Statement::sql(format!("COMMENT ON {described} IS {text}"))]
}

/// The comments of an index of a partition, or of its constraint, once more: where PostgreSQL makes the partitioned table's anew because
/// a column gets another type, its copies lose theirs, and before 17 they get that of the topmost one.
pub(super) fn again(copy: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    let parents = std::iter::successors(attached_to(copy, context.after), |parent| {
        attached_to(parent, context.after)
    });
    let Some(topmost) = parents.last() else {
        return Vec::new();
    };
    // An index has one; a constraint has its own, and that of its index.
    let (index, own) = match copy.kind {
        Kind::Index => ("", None),
        _ => (INDEX, Some("")),
    };
    let names = own.into_iter().chain([index]);
    let comments = names.map(|name| (name, copy.child(Kind::Comment, name)));
    let again = comments.flat_map(|(name, id)| match context.after.get(&id) {
        Some(Object::Comment(own)) => comment(&id, &literal(&own.text), context.after),
        _ => {
            let passed_on = topmost.child(Kind::Comment, index);
            let has_it = |state: &Catalog| state.contains(&passed_on);
            let gets_it = name == index
                && context.server_version < 170_000
                && (has_it(context.before) || has_it(context.after));
            match gets_it {
                true => comment(&id, "NULL", context.after),
                false => Vec::new(),
            }
        }
    });
    again.collect()
}

impl Definition for Comment {
    const KIND: Kind = Kind::Comment;
    const CLASS: &'static str = "";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        comment(id, &literal(&self.text), context.after)
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        // `public` has a comment in every new database: pg_dump prints its absence, and so does introspection.
        match id.parent.as_deref() {
            Some(schema) if schema.is_public_schema() => {
                comment(id, &literal("standard public schema"), context.before)
            }
            // An extension is born with the comment of its control file.
            Some(extension) if extension.kind == Kind::Extension => {
                let name = literal(&extension.name);
                let body = format!(
                    "BEGIN EXECUTE pg_catalog.format({}, {name}, (SELECT comment FROM pg_catalog.pg_available_extensions WHERE name = {name})); END",
                    literal("COMMENT ON EXTENSION %I IS %L")
                );
                vec![Statement::sql(format!("DO {}", dollar(&body)))]
            }
            Some(column)
                if &*id.name == SEQUENCE
                    && reference::identity_sequence(column, context.after).is_none() =>
            {
                Vec::new()
            }
            _ => comment(id, "NULL", context.before),
        }
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        Alteration::InPlace(to.create(id, context))
    }
}
