//! What extensions say of their members by themselves: no catalog tells it from what a person said, so each is made in a new
//! database and read there. Where one cannot be made, all that is said of its members counts as said by a person.

use std::collections::BTreeMap;

use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::pg::introspect::{IntrospectError, introspect_here};
use crate::sql::quote::ident;

/// The comments on members of extensions.
pub fn member_comments(catalog: &Catalog) -> impl Iterator<Item = (&ObjectId, &str)> {
    catalog
        .of_kind(Kind::Comment)
        .filter_map(|(id, object)| match object {
            Object::Comment(comment) if id.extension().is_some() => {
                Some((id, comment.text.as_str()))
            }
            _ => None,
        })
}

/// Why nothing was learned.
#[derive(Debug, thiserror::Error)]
pub enum BornError {
    /// The scratch database fails.
    #[error("the scratch database fails: {0}")]
    Sql(#[from] SqlError),
    /// It cannot be read.
    #[error(transparent)]
    Introspect(#[from] IntrospectError),
}

/// The comments that the extensions of a catalog give their members, as a new database shows them, which is left as it
/// was.
///
/// # Errors
///
/// When the database cannot be worked on at all.
pub async fn born(
    session: &Session,
    catalog: &Catalog,
) -> Result<BTreeMap<ObjectId, String>, BornError> {
    let mut waiting: Vec<String> = catalog
        .of_kind(Kind::Extension)
        .filter_map(|(id, object)| match object {
            Object::Extension(extension) => {
                let (name, schema) = (ident(&id.name), ident(&extension.schema_name));
                let make = format!("CREATE EXTENSION IF NOT EXISTS {name}");
                Some(match extension.schema_name.as_str() {
                    "" => format!("SET LOCAL search_path TO public; {make}"),
                    _ if extension.fixed => make,
                    _ => format!("CREATE SCHEMA IF NOT EXISTS {schema}; {make} SCHEMA {schema}"),
                })
            }
            _ => None,
        })
        .collect();
    session.execute("BEGIN").await?;
    // One may need another: as long as any can be made, the others are tried again.
    loop {
        let before = waiting.len();
        let mut left = Vec::new();
        for make in waiting {
            session.execute("SAVEPOINT extension").await?;
            match session.execute(&make).await {
                Ok(()) => session.execute("RELEASE SAVEPOINT extension").await?,
                Err(_) => {
                    session.execute("ROLLBACK TO SAVEPOINT extension").await?;
                    left.push(make);
                }
            }
        }
        waiting = left;
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    session.execute("SET LOCAL search_path = ''").await?;
    let made = introspect_here(session.client()).await;
    session.execute("ROLLBACK").await?;
    let made = made?;
    Ok(member_comments(&made)
        .map(|(id, text)| (id.clone(), text.to_owned()))
        .collect())
}
