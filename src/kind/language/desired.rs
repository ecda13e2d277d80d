//! What the files ask for, before PostgreSQL has seen it: definitions in the author's spelling, with their places.

use std::collections::{BTreeMap, BTreeSet};

use super::Reference;
use crate::kdl::Span;
use crate::kind::Object;
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
}

impl Desired {
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

    /// The place of an object, or of the nearest object that it is a part of.
    pub fn span(&self, id: &ObjectId) -> Option<Span> {
        id.ancestors()
            .find_map(|id| self.objects.get(id))
            .map(|object| object.span)
            .or_else(|| self.absent.get(id).copied())
    }
}
