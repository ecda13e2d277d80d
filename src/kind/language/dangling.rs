//! References that lead nowhere: to objects of a declared schema that nobody declares, and to columns that a table does not
//! have. Where an object may come from elsewhere (an extension, what the project leaves alone, PostgreSQL itself) nothing
//! is said: then PostgreSQL is asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Desired, DesiredObject};
use crate::kdl::{Diagnostic, Diagnostics, Path, Span, Spanned, nearest, suggestion, text_literal};
use crate::kind::Object;
use crate::kind::constraint::INDEXES;
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::types::{builtin_types, is_builtin_type, serial_type};

/// What a slot refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Referred {
    /// A table, or what can stand in its place.
    Relation,
    /// A function or procedure.
    Routine,
    /// A type.
    Type,
    /// What keeps the entries of an index.
    Method,
    /// What a routine is written in.
    Language,
}

/// Access methods of indexes that every server has.
pub const METHODS: &[&str] = &["btree", "hash", "gin", "gist", "spgist", "brin"];
/// Languages that every server has.
pub const LANGUAGES: &[&str] = &["sql", "plpgsql", "c", "internal"];

/// One reference, as it stands in the files.
#[derive(Debug, Clone)]
pub struct Reference {
    what: Referred,
    path: Path,
    /// The schema around it.
    home: Option<String>,
    span: Span,
    /// The columns that are meant, with their places.
    columns: Vec<Spanned<String>>,
}

/// Functions for triggers that PostgreSQL has itself.
const OWN_TRIGGERS: &[&str] = &[
    "suppress_redundant_updates_trigger",
    "tsvector_update_trigger",
    "tsvector_update_trigger_column",
    "unique_key_recheck",
];

impl Referred {
    fn word(self) -> &'static str {
        match self {
            Referred::Relation => "table",
            Referred::Routine => "function",
            Referred::Type => "type",
            Referred::Method => "access-method",
            Referred::Language => "language",
        }
    }

    fn fits(self, kind: Kind) -> bool {
        match self {
            Referred::Relation => kind == Kind::Partition || kind.is_type() && !is_plain_type(kind),
            Referred::Routine => matches!(kind, Kind::Function | Kind::Procedure),
            Referred::Method => kind == Kind::AccessMethod,
            Referred::Language => kind == Kind::Language,
            Referred::Type => kind.is_type(),
        }
    }
}

fn is_plain_type(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Enum
            | Kind::Domain
            | Kind::Composite
            | Kind::Range
            | Kind::BaseType
            | Kind::ShellType
    )
}

impl Reference {
    /// A reference by path.
    pub fn new(what: Referred, path: &Spanned<Path>, home: Option<&str>) -> Reference {
        Reference {
            what,
            path: path.value.clone(),
            home: home.map(str::to_owned),
            span: path.span,
            columns: Vec::new(),
        }
    }

    /// A reference by a name that stands in no schema.
    pub fn to_name(what: Referred, name: &Spanned<String>) -> Reference {
        Reference {
            what,
            path: Path(vec![name.value.clone()]),
            home: None,
            span: name.span,
            columns: Vec::new(),
        }
    }

    /// The schema around it.
    pub fn home(&self) -> Option<&str> {
        self.home.as_deref()
    }

    /// The schema that it says.
    pub fn schema(&self) -> Option<&str> {
        self.path.schema()
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The same, to columns of it.
    #[must_use]
    pub fn columns(mut self, columns: Vec<Spanned<String>>) -> Reference {
        self.columns = columns;
        self
    }

    /// The type of a slot, where it names one and is no other SQL.
    pub fn to_type(written: &Spanned<String>, home: Option<&str>) -> Option<Reference> {
        let text = written.value.trim();
        let end = text.find(['(', '[']).unwrap_or(text.len());
        let path = Path::parse(text[..end].trim_end()).ok()?;
        let folded = |part: &String| part.chars().all(|it| it.is_alphanumeric() || it == '_');
        // What is made with another type: the array of one, the multirange of a range.
        let made = path.name().starts_with('_') || path.name().contains("multirange");
        (path.0.len() <= 2 && path.0.iter().all(folded) && !made).then_some(Reference {
            what: Referred::Type,
            path,
            home: home.map(str::to_owned),
            span: written.span,
            columns: Vec::new(),
        })
    }
}

/// Reports the references that lead nowhere; `is_ours` tells whether an object of a declared schema would be the
/// project's, by the word of its kind and its path.
pub fn dangling(
    desired: &Desired,
    is_ours: &dyn Fn(&str, &str) -> bool,
    diagnostics: &Diagnostics,
) {
    // What seems to be missing may stand in what could not be read.
    if !diagnostics.is_complete() {
        return;
    }
    let mut columns_of: BTreeMap<&ObjectId, BTreeSet<&str>> = BTreeMap::new();
    for id in desired.objects.keys().filter(|id| id.kind == Kind::Column) {
        if let Some(table) = id.parent.as_deref() {
            columns_of.entry(table).or_default().insert(&id.name);
        }
    }
    for reference in &desired.references {
        match find(desired, reference) {
            Some(found) => columns(desired, reference, &found, &columns_of, diagnostics),
            None => missing(desired, reference, is_ours, diagnostics),
        }
    }
    for kind in [Kind::ClusterOn, Kind::ReplicaIdentity] {
        for (id, it) in desired.of_kind(kind) {
            index(desired, id, it, diagnostics);
        }
    }
}

/// The schemas in which a reference is looked up.
fn places<'a>(desired: &'a Desired, reference: &'a Reference) -> Vec<&'a str> {
    match (reference.path.schema(), reference.home.as_deref()) {
        (Some(schema), _) => vec![schema],
        (None, Some(home)) => {
            let others = desired.search_paths.get(home).into_iter().flatten();
            std::iter::once(home)
                .chain(others.map(String::as_str))
                .collect()
        }
        (None, None) => Vec::new(),
    }
}

fn find(desired: &Desired, reference: &Reference) -> Option<QualifiedName> {
    let name = reference.path.name();
    let lower = name.to_lowercase();
    places(desired, reference).into_iter().find_map(|schema| {
        [name, &lower].into_iter().find_map(|name| {
            let known = desired
                .names
                .contains_key(&(schema.to_owned(), name.to_owned()));
            known.then(|| QualifiedName::new(schema, name))
        })
    })
}

fn missing(
    desired: &Desired,
    reference: &Reference,
    is_ours: &dyn Fn(&str, &str) -> bool,
    diagnostics: &Diagnostics,
) {
    let name = reference.path.name();
    let bare = reference.path.schema().is_none();
    let own = match reference.what {
        Referred::Relation => false,
        Referred::Method => return misspelt(desired, reference, METHODS, diagnostics),
        Referred::Language => return misspelt(desired, reference, LANGUAGES, diagnostics),
        Referred::Routine => OWN_TRIGGERS.contains(&name) || name.starts_with("RI_FKey"),
        Referred::Type => is_builtin_type(name) || serial_type(name).is_some(),
    };
    if bare && own {
        return;
    }
    if let Some((table, column)) = column_meant(desired, reference) {
        let written = reference.path.to_string();
        let near = match &column {
            Ok(_) => String::new(),
            Err(near) => format!("{near}; "),
        };
        let column = column.unwrap_or_else(|_| "COLUMN".to_owned());
        diagnostics.push(
            Diagnostic::error(
                "kdl::dangling",
                format!("nobody declares a relation `{written}`"),
            )
            .at(reference.span, "refers to nothing")
            .help(format!(
                "{near}a path is SCHEMA.TABLE; the column stands behind it: `references {{ {table} {column} }}`"
            )),
        );
        return;
    }
    let places = places(desired, reference);
    if reference.path.0.len() > 2
        || places.is_empty()
        || !places
            .iter()
            .all(|schema| is_all_ours(desired, schema, reference, is_ours))
    {
        return;
    }
    let candidates: Vec<String> = desired
        .names
        .iter()
        .filter(|(_, kinds)| kinds.iter().any(|kind| reference.what.fits(*kind)))
        .map(|((schema, name), _)| match places.first() {
            Some(place) if bare && place == schema => name.clone(),
            _ => format!("{schema}.{name}"),
        })
        .collect();
    let known: Vec<&str> = candidates.iter().map(String::as_str).collect();
    let written = reference.path.to_string();
    // The same name in another schema is the nearest of all.
    let elsewhere = candidates
        .iter()
        .find(|candidate| candidate.rsplit_once('.').is_some_and(|(_, it)| it == name));
    // Extensions that nobody declares mostly stand in `public`.
    let own = match reference.what {
        Referred::Type if bare && !places.contains(&"public") => near_built_in_type(name),
        _ => None,
    };
    let near = match elsewhere.map(String::as_str).or(own) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => suggestion(&written, &known, ""),
    };
    let is_near = near.starts_with("did you mean");
    // A type or function of no declared name may be an extension's that nobody declares, or PostgreSQL's own.
    let may_be_another = reference.what != Referred::Relation && (bare || places == ["public"]);
    if may_be_another && !is_near {
        return;
    }
    let word = reference.what.word();
    let help = if is_near {
        near
    } else {
        format!(
            "declare it; what is in the database and not the project's is left out by `scope {{ ignore {word}={} }}` in schemactl.kdl",
            text_literal(&path_at(&places, name))
        )
    };
    diagnostics.push(
        Diagnostic::error(
            "kdl::dangling",
            format!("nobody declares a {word} `{written}`"),
        )
        .at(reference.span, "refers to nothing")
        .help(help),
    );
}

/// Types of extensions whose names are near to PostgreSQL's own: they may be meant.
const OF_EXTENSIONS: &[&str] = &[
    "int1", "int16", "ip4", "ip6", "uint1", "uint2", "uint4", "uint8", "ulid",
];

/// The type of PostgreSQL's own, by any of its names, that a name is one slip away from.
pub fn near_built_in_type(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    if OF_EXTENSIONS.contains(&&*name) || name.len() < 4 {
        return None;
    }
    let all = builtin_types().chain(["serial", "bigserial", "smallserial"]);
    let near = all.filter(|it| strsim::damerau_levenshtein(it, &name) == 1);
    // A letter is forgotten more often than one is put in.
    near.max_by_key(|it| it.len())
}

/// Reports a name that is nearly one of PostgreSQL's own, where nothing that is declared may bring it.
fn misspelt(desired: &Desired, reference: &Reference, known: &[&str], diagnostics: &Diagnostics) {
    let name = reference.path.name();
    let is_declared = desired
        .objects
        .keys()
        .any(|id| reference.what.fits(id.kind) && *id.name == *name);
    let is_brought = desired.of_kind(Kind::Extension).next().is_some();
    if is_declared || is_brought || known.contains(&name) {
        return;
    }
    let Some(near) = nearest(name, known.iter().copied()) else {
        return;
    };
    diagnostics.push(
        Diagnostic::error(
            "kdl::dangling",
            format!(
                "nobody declares {} `{name}`",
                match reference.what {
                    Referred::Method => "an access method",
                    _ => "a language",
                }
            ),
        )
        .at(reference.span, "refers to nothing")
        .help(format!("did you mean `{near}`?")),
    );
}

/// The table and the column of it that a path to a relation ends with, where no schema but a table has its first name; of
/// a column that the table does not have what is near.
fn column_meant(
    desired: &Desired,
    reference: &Reference,
) -> Option<(String, Result<String, String>)> {
    let (column, table) = reference.path.0.split_last()?;
    if reference.what != Referred::Relation {
        return None;
    }
    let id = match (table, reference.home.as_deref()) {
        ([table], Some(home)) if !desired.schemas.contains(table) => {
            ObjectId::in_schema(Kind::Table, home, table)
        }
        ([schema, table], _) => ObjectId::in_schema(Kind::Table, schema, table),
        _ => return None,
    };
    let path = Path(table.to_vec()).to_string();
    if desired.get(&id.child(Kind::Column, column)).is_some() {
        return Some((path, Ok(column.clone())));
    }
    // A schema that nobody declares may be called as the table is; a table that is meant says what it has.
    let known: Vec<&str> = desired
        .of_kind(Kind::Column)
        .filter(|(it, _)| it.parent.as_deref() == Some(&id))
        .map(|(it, _)| &*it.name)
        .collect();
    let none = format!("`{path}` has no columns");
    let near = format!(
        "`{path}` is a table here; {}",
        suggestion(column, &known, &none)
    );
    desired.get(&id).map(|_| (path, Err(near)))
}

fn path_at(places: &[&str], name: &str) -> String {
    let schema = places.first().copied().unwrap_or_default();
    Path(vec![schema.to_owned(), name.to_owned()]).to_string()
}

/// Whether all that stands in a schema under this name would be declared.
fn is_all_ours(
    desired: &Desired,
    schema: &str,
    reference: &Reference,
    is_ours: &dyn Fn(&str, &str) -> bool,
) -> bool {
    let extension_may_stand_there =
        desired
            .of_kind(Kind::Extension)
            .any(|(_, it)| match &it.object {
                Object::Extension(extension) => {
                    extension.schema_name.is_empty() || extension.schema_name == schema
                }
                _ => false,
            });
    let path = path_at(&[schema], reference.path.name());
    desired.schemas.contains(schema)
        && !extension_may_stand_there
        && Kind::ALL
            .iter()
            .filter(|kind| reference.what.fits(**kind))
            .all(|kind| is_ours(kind.name(), &path))
}

/// Reports an index that a relation does not have; those of a partition may be its table's.
fn index(desired: &Desired, id: &ObjectId, it: &DesiredObject, diagnostics: &Diagnostics) {
    let (Some(relation), Some(name)) = (
        id.parent.as_deref(),
        match &it.object {
            Object::ClusterOn(order) => Some(&order.index),
            Object::ReplicaIdentity(identity) => identity.index.as_ref(),
            _ => None,
        },
    ) else {
        return;
    };
    if let Some(Object::Table(table)) = desired.get(relation).map(|it| &it.object)
        && table.partition_of.is_some()
    {
        return;
    }
    let known: Vec<&str> = INDEXES
        .into_iter()
        .flat_map(|kind| desired.of_kind(kind))
        .filter(|(id, _)| id.parent.as_deref() == Some(relation))
        .map(|(id, _)| &*id.name)
        .collect();
    if !known.contains(&name.as_str()) {
        diagnostics.push(
            Diagnostic::error(
                "kdl::dangling",
                format!("`{}` has no index `{name}`", relation.path()),
            )
            .at(it.span, "refers to nothing")
            .help(suggestion(name, &known, "the table has no indexes")),
        );
    }
}

/// Reports columns that a declared table does not have, where all of its columns are its own.
fn columns(
    desired: &Desired,
    reference: &Reference,
    found: &QualifiedName,
    columns_of: &BTreeMap<&ObjectId, BTreeSet<&str>>,
    diagnostics: &Diagnostics,
) {
    if reference.columns.is_empty() {
        return;
    }
    let id = ObjectId::in_schema(Kind::Table, &found.schema, &found.name);
    let Some(Object::Table(table)) = desired.get(&id).map(|it| &it.object) else {
        return;
    };
    if table.partition_of.is_some() || table.of_type.is_some() || !table.inherits.is_empty() {
        return;
    }
    let known: Vec<&str> = columns_of.get(&id).into_iter().flatten().copied().collect();
    for column in &reference.columns {
        if !known.contains(&column.value.as_str()) {
            diagnostics.push(
                Diagnostic::error(
                    "kdl::dangling",
                    format!("`{}` has no column `{}`", id.path(), column.value),
                )
                .at(column.span, "refers to nothing")
                .help(suggestion(
                    &column.value,
                    &known,
                    "the table has no columns",
                )),
            );
        }
    }
}
