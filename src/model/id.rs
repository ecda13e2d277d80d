//! Identity: the natural key of an object, never an OID. Two objects of two databases are the same object when
//! their identities are equal.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, LazyLock};

use indexmap::IndexSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Kind;

/// The natural key of an object: its kind, what it is a part of, its name, and for routines and operators the types
/// that tell overloads apart.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, JsonSchema, Deserialize)]
pub struct ObjectId {
    /// What it is.
    pub kind: Kind,
    /// What it lives in: the schema of a table, the table of a column, the column of a default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Arc<ObjectId>>,
    /// Its name, exact; empty for what has none (a comment, an owner).
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub name: Arc<str>,
    /// The argument types of a routine or an operator, as `format_type` prints them; else empty.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub signature: Arc<str>,
}

/// What most identities have as their signature.
static NO_SIGNATURE: LazyLock<Arc<str>> = LazyLock::new(|| "".into());

impl ObjectId {
    /// An object of the database itself: a schema, an extension, a role.
    pub fn top(kind: Kind, name: &str) -> Self {
        ObjectId {
            kind,
            parent: None,
            name: name.into(),
            signature: NO_SIGNATURE.clone(),
        }
    }

    /// An object of a schema.
    pub fn in_schema(kind: Kind, schema: &str, name: &str) -> Self {
        Self::top(Kind::Schema, schema).child(kind, name)
    }

    /// A part of this object.
    pub fn child(&self, kind: Kind, name: &str) -> Self {
        Self::part_of(Arc::new(self.clone()), kind, name)
    }

    /// A part of an object, whose identity its parts share.
    pub fn part_of(parent: Arc<ObjectId>, kind: Kind, name: &str) -> Self {
        ObjectId {
            kind,
            parent: Some(parent),
            name: name.into(),
            signature: NO_SIGNATURE.clone(),
        }
    }

    /// The same identity with a signature.
    pub fn with_signature(mut self, signature: &str) -> Self {
        if *self.signature != *signature {
            self.signature = signature.into();
        }
        self
    }

    /// The schema that it lives in, at whatever depth; the schema itself for a schema.
    pub fn schema(&self) -> Option<&str> {
        self.ancestors()
            .find(|id| id.kind == Kind::Schema)
            .map(|id| &*id.name)
    }

    /// Whether it is the schema `public`, which comes with every new database: what is said of it is said against that.
    pub fn is_public_schema(&self) -> bool {
        self.kind == Kind::Schema && self.parent.is_none() && &*self.name == "public"
    }

    /// Whether all databases of the cluster share it: a role, and all that is a part or a facet of one.
    pub fn is_of_cluster(&self) -> bool {
        self.ancestors().any(|id| id.kind == Kind::Role)
    }

    /// Whether it is PostgreSQL's own, or stands on something that is: no object of a catalog, but others' rights on it are.
    pub fn is_built_in(&self) -> bool {
        self.ancestors()
            .last()
            .is_some_and(|top| match (top.kind, &*top.name) {
                (Kind::Schema, name) => name == "pg_catalog",
                (Kind::Language, name) => matches!(name, "internal" | "c" | "sql"),
                _ => false,
            })
    }

    /// The object that a facet is about, columns apart: those are their relation's.
    pub fn holder(&self) -> Option<&ObjectId> {
        self.parents()
            .find(|id| !matches!(id.kind, Kind::Column | Kind::Attribute))
    }

    /// What a type consists of that is no object by itself: an attribute of a composite type, a value of an enumeration.
    pub fn inner(&self, name: &str) -> Option<ObjectId> {
        let kind = match self.kind {
            Kind::Composite => Kind::Attribute,
            Kind::Enum => Kind::EnumValue,
            _ => return None,
        };
        Some(self.child(kind, name))
    }

    /// The type that consists of it, where it is such a part.
    pub fn inner_of(&self) -> Option<&ObjectId> {
        let is_inner = matches!(self.kind, Kind::Attribute | Kind::EnumValue);
        self.parent.as_deref().filter(|_| is_inner)
    }

    /// The extension that the object of a facet is a member of; `None` for a facet of anything else.
    pub fn extension(&self) -> Option<&ObjectId> {
        let extension = self.holder()?.parent.as_deref()?;
        (self.kind.is_facet() && extension.kind == Kind::Extension).then_some(extension)
    }

    /// This identity, then what it is a part of, outwards.
    pub fn ancestors(&self) -> impl Iterator<Item = &ObjectId> {
        std::iter::successors(Some(self), |id| id.parent.as_deref())
    }

    /// What it is a part of, itself excluded.
    pub fn parents(&self) -> impl Iterator<Item = &ObjectId> {
        self.ancestors().skip(1)
    }

    /// The relation, type or other schema-level object that this is, or is a part of.
    pub fn root(&self) -> &ObjectId {
        self.ancestors()
            .take_while(|id| id.kind != Kind::Schema || id.parent.is_some())
            .last()
            .unwrap_or(self)
    }

    /// The object that people would say this is about: the table of a column or of its comment.
    pub fn whole(&self) -> &ObjectId {
        self.ancestors()
            .find(|ancestor| {
                !ancestor.kind.is_facet()
                    && ancestor
                        .parent
                        .as_deref()
                        .is_none_or(|parent| parent.kind == Kind::Schema)
            })
            .unwrap_or(self)
    }

    /// Whether this is `other` or a part of it.
    pub fn is_within(&self, other: &ObjectId) -> bool {
        self.ancestors().any(|id| id == other)
    }

    /// The same identity after `from` became `to`, at whatever depth `from` stands in it; itself when it does not.
    pub fn renamed(&self, from: &ObjectId, to: &ObjectId) -> ObjectId {
        if self == from {
            return to.clone();
        }
        match &self.parent {
            Some(parent) if parent.is_within(from) => ObjectId {
                parent: Some(Arc::new(parent.renamed(from, to))),
                ..self.clone()
            },
            _ => self.clone(),
        }
    }

    /// The dotted path for people: `auth.users.email`, `auth.add(integer, integer)`.
    pub fn path(&self) -> String {
        let mut parts: Vec<&ObjectId> = self.ancestors().filter(|id| !id.name.is_empty()).collect();
        parts.reverse();
        let mut path = String::new();
        for part in parts {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part.name);
            if part.kind.has_signature() {
                path.push('(');
                path.push_str(&part.signature);
                path.push(')');
            }
        }
        path
    }
}

impl Ord for ObjectId {
    /// By kind, then by what it is a part of, name and signature. Parts of one object share its identity: then it is not
    /// looked at.
    fn cmp(&self, other: &Self) -> Ordering {
        let parents = || match (&self.parent, &other.parent) {
            (Some(one), Some(other)) if Arc::ptr_eq(one, other) => Ordering::Equal,
            (one, other) => one.cmp(other),
        };
        self.kind
            .cmp(&other.kind)
            .then_with(parents)
            .then_with(|| texts(&self.name, &other.name))
            .then_with(|| texts(&self.signature, &other.signature))
    }
}

/// The order of two texts, which are not looked at where they are one, or empty.
fn texts(one: &Arc<str>, other: &Arc<str>) -> Ordering {
    match (one.is_empty(), other.is_empty()) {
        (true, true) => Ordering::Equal,
        _ if Arc::ptr_eq(one, other) => Ordering::Equal,
        _ => one.cmp(other),
    }
}

/// Makes what many identities are a part of one in memory, where it was read for each of them.
#[derive(Debug, Default)]
pub struct Sharing(IndexSet<Arc<ObjectId>>);

impl Sharing {
    /// The same identity, its parents shared with all that came before.
    pub fn share(&mut self, mut id: ObjectId) -> ObjectId {
        if id.signature.is_empty() {
            id.signature = NO_SIGNATURE.clone();
        }
        id.parent = id.parent.take().map(|parent| self.shared(parent));
        id
    }

    fn shared(&mut self, id: Arc<ObjectId>) -> Arc<ObjectId> {
        if let Some(known) = self.0.get(&id) {
            return known.clone();
        }
        let id = Arc::new(self.share(Arc::unwrap_or_clone(id)));
        self.0.insert(id.clone());
        id
    }
}

impl PartialOrd for ObjectId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        match &self.parent {
            Some(parent) if self.name.is_empty() => write!(f, "{} of {parent}", self.kind),
            _ if path.is_empty() => write!(f, "{}", self.kind),
            _ => write!(f, "{} {path}", self.kind),
        }
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The exact name of an object of a schema, without its kind.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema, Deserialize, Default,
)]
pub struct QualifiedName {
    /// The schema; empty where the author left it to the search path.
    pub schema: String,
    /// The name.
    pub name: String,
}

impl QualifiedName {
    /// A name in a schema.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        QualifiedName {
            schema: schema.into(),
            name: name.into(),
        }
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.schema.is_empty() {
            f.write_str(&self.name)
        } else {
            write!(f, "{}.{}", self.schema, self.name)
        }
    }
}
