//! What a database says of the relations that statements touch: read once, by one query over pg_catalog, with sizes.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::inside::calls;
use crate::facts::read::{Command, Demand, read};
use crate::facts::{
    Domain, KnownColumn, KnownConstraint, KnownIndex, Relation, RelationKind, Size, World,
};
use crate::model::QualifiedName;
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::sql::block::with_strings;
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::unquote_ident;

const RELATIONS: &str = include_str!("live.sql");

/// One row of the query.
#[derive(Debug, Deserialize)]
struct Row {
    schema: String,
    name: String,
    kind: String,
    rows: Option<f64>,
    bytes: u64,
    index_bytes: u64,
    row_security: bool,
    identified: bool,
    default_partition: Option<(String, String)>,
    children: Vec<(String, String)>,
    reads: Vec<(String, String)>,
    columns: Vec<ColumnRow>,
    constraints: Vec<ConstraintRow>,
    indexes: Vec<IndexRow>,
    published: Vec<String>,
    counters: Vec<(String, u64, u64)>,
}

#[derive(Debug, Deserialize)]
struct ColumnRow {
    name: String,
    #[serde(rename = "type")]
    type_name: String,
    not_null: bool,
    default: bool,
    width: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct ConstraintRow {
    name: String,
    #[serde(rename = "type")]
    letter: String,
    valid: bool,
    columns: Vec<String>,
    expression: Option<String>,
    references: Option<(String, String)>,
}

#[derive(Debug, Deserialize)]
struct IndexRow {
    name: String,
    unique: bool,
    method: String,
    predicate: Option<String>,
    bytes: u64,
    keys: Vec<String>,
}

/// Reads what a database says of everything that these texts of SQL may touch.
///
/// # Errors
/// [`SqlError`] where the database does not answer.
pub async fn world<'a>(
    session: &Session,
    texts: impl IntoIterator<Item = &'a str>,
) -> Result<World, SqlError> {
    let (mut names, mut schemas) = (BTreeSet::new(), Vec::new());
    for text in texts {
        for text in with_strings(text) {
            let tokens = significant(&text).into_iter();
            names.extend(
                tokens
                    .filter(Token::is_ident)
                    .map(|it| unquote_ident(it.text)),
            );
        }
        if let Command::Drop(removal) = read(text)
            && removal.kind == "schema"
        {
            schemas.extend(removal.names.into_iter().map(|name| name.name));
        }
    }
    let named: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut world = World::default();
    world.whole = true;
    world.major = Some(session.major());
    for row in session.texts_of(RELATIONS, &[&named, &schemas]).await? {
        let Some(text) = row.into_iter().next().flatten() else {
            continue;
        };
        // The query and the struct are one thing; a test reads a database with every kind of it.
        if let Ok(row) = serde_json::from_str::<Row>(&text) {
            world.insert(QualifiedName::new(&row.schema, &row.name), relation(row));
        } else {
            tracing::warn!("a relation could not be read: {text}");
        }
    }
    const FUNCTIONS: &str = "SELECT p.proname::text, pg_catalog.bool_or(p.provolatile = 'v')::text FROM pg_catalog.pg_proc p \
         WHERE p.proname::text = ANY ($1::text[]) GROUP BY p.proname";
    for row in session.texts_of(FUNCTIONS, &[&named]).await? {
        if let [Some(name), Some(volatile)] = row.as_slice() {
            world.insert_function(name, volatile == "true");
        }
    }
    const DOMAINS: &str = "SELECT n.nspname::text, t.typname::text, (t.typnotnull OR EXISTS (SELECT FROM pg_catalog.pg_constraint k \
         WHERE k.contypid = t.oid))::text, pg_catalog.format_type(t.typbasetype, t.typtypmod) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         WHERE t.typtype = 'd' AND t.typname::text = ANY ($1::text[])";
    for row in session.texts_of(DOMAINS, &[&named]).await? {
        if let [Some(schema), Some(name), Some(constrained), Some(base)] = row.as_slice() {
            let domain = Domain {
                base: base.clone(),
                constrained: constrained == "true",
            };
            world.insert_domain(QualifiedName::new(schema, name), domain);
        }
    }
    routines(session, &mut world, names).await?;
    Ok(world)
}

/// The routines of these names that are not PostgreSQL's own, with those that their bodies name.
async fn routines(
    session: &Session,
    world: &mut World,
    mut names: BTreeSet<String>,
) -> Result<(), SqlError> {
    let mut known = BTreeSet::new();
    // Before 14 bodies are texts alone.
    let body = match session.major() {
        14.. => "coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)",
        _ => "p.prosrc",
    };
    let query = format!(
        "SELECT p.proname::text, l.lanname::text, {body} \
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang \
         JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind <> 'a' AND p.proname::text = ANY ($1::text[]) \
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass \
         AND d.objid = p.oid AND d.deptype = 'e') ORDER BY p.oid"
    );
    while !names.is_empty() {
        let wanted: Vec<String> = std::mem::take(&mut names).into_iter().collect();
        let rows = session.texts_of(&query, &[&wanted]).await?;
        known.extend(wanted);
        for row in rows {
            let [Some(name), Some(language), Some(body)] = row.as_slice() else {
                continue;
            };
            world.insert_routine(name, language, body);
            names.append(&mut calls(body));
        }
        names.retain(|name| !known.contains(name));
    }
    Ok(())
}

fn relation(row: Row) -> Relation {
    let path = |(schema, name): (String, String)| QualifiedName::new(schema, name);
    Relation {
        kind: match row.kind.as_str() {
            "p" => RelationKind::Partitioned,
            "v" => RelationKind::View,
            "m" => RelationKind::MaterializedView,
            "f" => RelationKind::Foreign,
            "S" => RelationKind::Sequence,
            _ => RelationKind::Table,
        },
        here: false,
        columns: row
            .columns
            .into_iter()
            .map(|column| KnownColumn {
                name: column.name,
                type_name: column.type_name,
                not_null: column.not_null,
                default: column.default,
                width: column.width,
            })
            .collect(),
        all_columns: true,
        constraints: row.constraints.into_iter().filter_map(constraint).collect(),
        indexes: row
            .indexes
            .into_iter()
            .map(|index| KnownIndex {
                name: index.name,
                keys: index.keys,
                unique: index.unique,
                method: index.method,
                predicate: index.predicate,
                bytes: Some(index.bytes),
            })
            .collect(),
        all_indexes: true,
        children: row.children.into_iter().map(path).collect(),
        default_partition: row.default_partition.map(path),
        row_security: Some(row.row_security),
        published: row.published,
        identified: row.identified,
        size: Some(Size {
            rows: row.rows,
            bytes: row.bytes,
            index_bytes: row.index_bytes,
        }),
        reads: row.reads.into_iter().map(path).collect(),
        counters: row.counters,
    }
}

fn constraint(row: ConstraintRow) -> Option<KnownConstraint> {
    let demand = match row.letter.as_str() {
        "p" => Demand::PrimaryKey(row.columns),
        "u" => Demand::Unique(row.columns),
        "f" => {
            let (schema, name) = row.references?;
            Demand::ForeignKey {
                columns: row.columns,
                references: QualifiedName::new(schema, name),
            }
        }
        "c" => Demand::Check(row.expression.unwrap_or_default()),
        "n" => Demand::NotNull(row.columns.into_iter().next()?),
        _ => Demand::Exclude,
    };
    Some(KnownConstraint {
        name: row.name,
        demand,
        valid: row.valid,
    })
}
