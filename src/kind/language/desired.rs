//! What the files ask for, before PostgreSQL has seen it: definitions in the author's spelling, with their places.

use std::collections::{BTreeMap, BTreeSet};

use super::Reference;
use crate::kdl::{Literal, Span};
use crate::kind::Object;
use crate::kind::by_hand::ByHand;
use crate::model::{Kind, ObjectId};

/// A declared object.
#[derive(Debug, Clone)]
pub struct DesiredObject {
    /// The definition in the author's spelling.
    pub object: Object,
    /// Where it stands.
    pub span: Span,
    /// Whether its name was made by us, because the author left it to PostgreSQL.
    pub unnamed: bool,
}

/// A word that an object had another name before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The identity before.
    pub from: ObjectId,
    /// The identity that is declared.
    pub to: ObjectId,
    /// Where the word stands.
    pub span: Span,
}

impl Rename {
    /// How many objects stand around it.
    pub fn depth(&self) -> usize {
        self.to.parents().count()
    }
}

/// What contains goes before what it contains: a part's old identity stands under the new name of its parent, also where the
/// files say it under the old one.
pub fn outer_first(renames: &[Rename]) -> Vec<Rename> {
    let mut sorted = renames.to_vec();
    sorted.sort_by_key(Rename::depth);
    for at in 0..sorted.len() {
        let (outer, rest) = sorted.split_at_mut(at);
        let rename = &mut rest[0];
        let outer = || outer.iter().filter(|it| it.depth() < rename.depth());
        if !outer().any(|it| rename.from.is_within(&it.to))
            && let Some(around) = outer().find(|it| rename.from.is_within(&it.from))
        {
            rename.from = rename.from.renamed(&around.from, &around.to);
        }
    }
    sorted
}

/// The identity that an object had before the renames, which stand from the outside inwards.
pub fn original(id: &ObjectId, renames: &[Rename]) -> ObjectId {
    renames.iter().rev().fold(id.clone(), |id, rename| {
        id.renamed(&rename.to, &rename.from)
    })
}

/// Everything that the files ask for.
#[derive(Debug, Clone, Default)]
pub struct Desired {
    /// The declared objects.
    pub objects: BTreeMap<ObjectId, DesiredObject>,
    /// The order of columns and attributes within their parents, from 1.
    pub positions: BTreeMap<ObjectId, i32>,
    /// The schemas that the files speak of.
    pub schemas: BTreeSet<String>,
    /// The search path of a schema's unqualified names, the schema itself first.
    pub search_paths: BTreeMap<String, Vec<String>>,
    /// Renames, in the order of the files.
    pub renames: Vec<Rename>,
    /// What a new database has and this one must not.
    pub absent: BTreeMap<ObjectId, Span>,
    /// The names that the files declare in schemas, with the kinds of their nodes.
    pub names: BTreeMap<(String, String), BTreeSet<Kind>>,
    /// What slots refer to, in the order of the files.
    pub references: Vec<Reference>,
    /// The tags that objects have: schemactl's own words, which no database keeps.
    pub tags: BTreeMap<ObjectId, Vec<String>>,
    /// Partitioned tables whose partitions are exactly the declared ones.
    pub exact_partitions: BTreeSet<ObjectId>,
    /// The hand-written objects as the last run recorded them, where that is known: what ran then takes them away.
    pub recorded: BTreeMap<ObjectId, ByHand>,
    /// The declared rows, by table.
    pub rows: BTreeMap<ObjectId, DeclaredRows>,
    /// What schemas say of all their objects of a class, which is said of each of those too.
    pub for_all: Vec<ForAll>,
}

/// A privilege on all objects of a class in a schema: `grant select on=tables to=x`.
#[derive(Debug, Clone)]
pub struct ForAll {
    /// The schema.
    pub schema: ObjectId,
    /// The class: `tables`.
    pub on: &'static str,
    /// Who gets it; `public` for everybody.
    pub grantee: String,
    /// The privilege.
    pub privilege: String,
    /// Whether it is given.
    pub granted: bool,
    /// Whether the grantee may pass it on.
    pub grantable: bool,
    /// Where it stands.
    pub span: Span,
}

/// The rows that the files declare of one table.
#[derive(Debug, Clone, Default)]
pub struct DeclaredRows {
    /// The columns by which a row is known.
    pub key: Vec<String>,
    /// The columns of which the rows have values.
    pub columns: Vec<String>,
    /// Whether the table holds no other rows.
    pub exact: bool,
    /// The rows.
    pub rows: Vec<DeclaredRow>,
    /// Where they stand.
    pub span: Span,
}

/// One declared row.
#[derive(Debug, Clone)]
pub struct DeclaredRow {
    /// Its values, one for each column.
    pub cells: Vec<Literal>,
    /// Where it stands.
    pub span: Span,
}

impl DeclaredRows {
    /// The value of a row in a column.
    pub fn cell<'r>(&self, row: &'r DeclaredRow, column: &str) -> Option<&'r Literal> {
        let place = self.columns.iter().position(|it| it == column)?;
        row.cells.get(place)
    }
}

impl Desired {
    /// The partitions of all partitioned tables are exactly the declared ones.
    pub fn all_partitions_declared(&mut self) {
        let partitioned = self.objects.iter().filter(
            |(_, it)| matches!(&it.object, Object::Table(table) if table.partition_by.is_some()),
        );
        let partitioned: Vec<ObjectId> = partitioned.map(|(id, _)| id.clone()).collect();
        self.exact_partitions.extend(partitioned);
    }

    /// The declared definitions.
    pub fn known(&self) -> impl Iterator<Item = (&ObjectId, &Object)> {
        self.objects.iter().map(|(id, it)| (id, &it.object))
    }

    /// The declared objects of one kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&ObjectId, &DesiredObject)> {
        self.objects
            .range(ObjectId::top(kind, "")..)
            .take_while(move |(id, _)| id.kind == kind)
    }

    /// Whether the files speak of a schema: what stands in it is then theirs to say.
    pub fn speaks_of(&self, schema: &str) -> bool {
        self.schemas.contains(schema)
            || self
                .absent
                .keys()
                .any(|id| id.kind == Kind::Schema && &*id.name == schema)
    }

    /// The object of an identity.
    pub fn get(&self, id: &ObjectId) -> Option<&DesiredObject> {
        self.objects.get(id)
    }

    /// Whether the files declare an object; what is silent of a role is about the one that applies.
    pub fn declares(&self, id: &ObjectId, applying: &str) -> bool {
        let silent = || ObjectId {
            name: "".into(),
            ..id.clone()
        };
        self.objects.contains_key(id)
            || id.kind == Kind::DefaultPrivilege
                && *id.name == *applying
                && self.objects.contains_key(&silent())
    }

    /// The place of an object, or of the nearest object that it is a part of.
    pub fn span(&self, id: &ObjectId) -> Option<Span> {
        self.span_of_row(id).or_else(|| self.span_of_object(id))
    }

    /// The place of a row that is named by its place in the declaration.
    fn span_of_row(&self, id: &ObjectId) -> Option<Span> {
        let declared = self.rows.get(id.parent.as_deref()?);
        let declared = declared.filter(|_| id.kind == Kind::Row)?;
        let place: Option<usize> = id.signature.parse().ok();
        let row = place.and_then(|place| declared.rows.get(place));
        Some(row.map_or(declared.span, |row| row.span))
    }

    fn span_of_object(&self, id: &ObjectId) -> Option<Span> {
        id.ancestors()
            .find_map(|id| self.objects.get(id))
            .map(|object| object.span)
            .or_else(|| self.absent.get(id).copied())
    }
}
