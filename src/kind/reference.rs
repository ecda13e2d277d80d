//! How statements name an object: `auth.users`, `auth.add(integer)`, `"odd name" ON auth.users`.

use super::language::object_name;
use super::{Catalog, Object, naming};
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::{ident, qualified};

/// The name of a schema-level or top-level object as statements write it, with argument types where it has them.
pub fn name(id: &ObjectId) -> String {
    let bare = match id.parent.as_deref() {
        Some(parent) if parent.kind == Kind::Schema => match id.kind {
            // An operator's name is no identifier: only its schema is quoted.
            Kind::Operator => format!("{}.{}", ident(&parent.name), id.name),
            _ => qualified(&parent.name, &id.name),
        },
        Some(parent) if parent.kind == Kind::Extension => id.name.to_string(),
        _ => ident(&id.name),
    };
    match id.kind {
        Kind::Function | Kind::Procedure => format!("{bare}({})", id.signature),
        Kind::Aggregate if id.signature.is_empty() => format!("{bare}(*)"),
        Kind::Aggregate => format!("{bare}({})", id.signature),
        Kind::Operator => format!("{bare} ({})", id.signature),
        _ => bare,
    }
}

/// The identity of a member of an extension, which is the extension's and no object: its name is SQL, with its schema
/// where it is in one.
pub fn member(extension: &ObjectId, kind: Kind, schema: &str, name: &str) -> ObjectId {
    let name = match kind {
        // An operator's name is no identifier, and what has none is known by SQL.
        Kind::Operator => format!("{}.{name}", ident(schema)),
        Kind::Cast | Kind::Transform => name.to_owned(),
        _ => qualified(schema, name),
    };
    extension.child(kind, &name)
}

/// The name of an object of a schema, without its argument types.
pub fn schema_name(id: &ObjectId) -> String {
    qualified(id.schema().unwrap_or_default(), &id.name)
}

/// The name of the relation or other object that a part belongs to.
pub fn parent(id: &ObjectId) -> String {
    id.parent.as_deref().map(name).unwrap_or_default()
}

/// The same of an object that may be in another schema than what it is a part of.
pub fn described_in(id: &ObjectId, catalog: &Catalog) -> String {
    match catalog.get(id) {
        Some(Object::Statistics(statistics)) => format!("STATISTICS {}", statistics.name(id)),
        _ => described(id),
    }
}

/// The object as COMMENT ON, SECURITY LABEL ON and ALTER EXTENSION name it, with its kind: `COLUMN auth.users.email`.
pub fn described(id: &ObjectId) -> String {
    match id.kind {
        // These have no name; their identity is SQL.
        Kind::Cast => return format!("CAST ({})", id.name),
        Kind::Transform => return format!("TRANSFORM FOR {}", id.name),
        _ => {}
    }
    let Some(up) = id.parent.as_deref() else {
        return format!("{} {}", id.kind.sql(), name(id));
    };
    match id.kind {
        Kind::Column | Kind::Attribute => format!("COLUMN {}.{}", name(up), ident(&id.name)),
        Kind::DomainConstraint | Kind::DomainNotNull => {
            format!("CONSTRAINT {} ON DOMAIN {}", ident(&id.name), name(up))
        }
        Kind::PrimaryKey
        | Kind::Unique
        | Kind::Check
        | Kind::NotNull
        | Kind::Exclude
        | Kind::ForeignKey => {
            format!("CONSTRAINT {} ON {}", ident(&id.name), name(up))
        }
        Kind::Trigger | Kind::Policy | Kind::Rule => {
            format!("{} {} ON {}", id.kind.sql(), ident(&id.name), name(up))
        }
        Kind::TriggerState => format!("TRIGGER {} ON {}", ident(&id.name), name(up)),
        Kind::Index => format!("INDEX {}", index(id)),
        Kind::Statistics => format!("STATISTICS {}", index(id)),
        Kind::OperatorClass | Kind::OperatorFamily => {
            format!(
                "{} {} USING {}",
                id.kind.sql(),
                name(id),
                ident(&id.signature)
            )
        }
        _ => format!("{} {}", id.kind.sql(), name(id)),
    }
}

/// An index or statistics object by its schema, which is its table's.
pub fn index(id: &ObjectId) -> String {
    qualified(id.schema().unwrap_or_default(), &id.name)
}

/// The sequence of an identity column; `None` where the column counts nothing.
pub fn identity_sequence(column: &ObjectId, catalog: &Catalog) -> Option<String> {
    let Object::Column(definition) = catalog.get(column)? else {
        return None;
    };
    let identity = definition.identity.as_ref()?;
    let relation = column.parent.as_deref()?;
    let name = if identity.name.is_empty() {
        object_name(&relation.name, &column.name, naming::label(Kind::Sequence))
    } else {
        identity.name.clone()
    };
    Some(qualified(relation.schema()?, &name))
}

/// A qualified name; unqualified where it has no schema.
pub fn of(name: &QualifiedName) -> String {
    if name.schema.is_empty() {
        ident(&name.name)
    } else {
        qualified(&name.schema, &name.name)
    }
}

/// `ALTER TABLE auth.users`, or `ALTER FOREIGN TABLE …`, for the relation with this identity.
pub fn alter_relation(relation: &ObjectId) -> String {
    format!("ALTER {} {}", relation.kind.sql(), name(relation))
}

/// A list of identifiers, separated by commas.
pub fn columns<S: AsRef<str>>(names: &[S]) -> String {
    names
        .iter()
        .map(|name| ident(name.as_ref()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The statements that give an object of a schema another name, another schema, or both.
pub fn rename_in_schema(kind: &str, from: &ObjectId, to: &ObjectId) -> Vec<super::Statement> {
    let mut statements = Vec::new();
    let mut at = from.clone();
    if from.schema() != to.schema() {
        let schema = ident(to.schema().unwrap_or_default());
        statements.push(super::Statement::sql(format!(
            "ALTER {kind} {} SET SCHEMA {schema}",
            name(&at)
        )));
        at.parent = to.parent.clone();
    }
    if from.name != to.name {
        statements.push(super::Statement::sql(format!(
            "ALTER {kind} {} RENAME TO {}",
            name(&at),
            ident(&to.name)
        )));
    }
    statements
}

/// The same for what an access method is a part of the name of: operator classes and families.
pub fn rename_using(kind: &str, from: &ObjectId, to: &ObjectId) -> Vec<super::Statement> {
    let method = ident(&from.signature);
    rename_in_schema(kind, from, to)
        .into_iter()
        .map(|statement| {
            let text = statement.text();
            let text = text
                .replacen(" SET SCHEMA ", &format!(" USING {method} SET SCHEMA "), 1)
                .replacen(" RENAME TO ", &format!(" USING {method} RENAME TO "), 1);
            super::Statement::sql(text)
        })
        .collect()
}

/// `RENAME what old TO new` on the object that a part belongs to.
pub fn rename_part(what: &str, from: &ObjectId, to: &ObjectId) -> Vec<super::Statement> {
    let Some(relation) = to.parent.as_deref() else {
        return Vec::new();
    };
    // ALTER FOREIGN TABLE knows no such action, and ALTER TABLE takes foreign tables.
    let head = match what {
        "CONSTRAINT" => format!("ALTER TABLE {}", name(relation)),
        _ => alter_relation(relation),
    };
    vec![super::Statement::sql(format!(
        "{head} RENAME {what} {} TO {}",
        ident(&from.name),
        ident(&to.name)
    ))]
}
