//! The KDL language over the kinds: which node stands where and which kind reads it. Reading gives desired objects,
//! writing gives nodes that read back to the same objects; what equals PostgreSQL's default is not written.

mod absent;
mod arrangement;
mod built_in;
mod bulk;
mod clashes;
mod dangling;
mod desired;
mod facets;
mod meaning;
mod mentions;
mod mixin_circles;
mod mixins;
mod names;
mod reading;
mod roles;
mod vocabulary;
mod writing;

use crate::kdl::NodeReader;
use crate::model::{Kind, ObjectId};

pub(in crate::kind) use absent::ABSENT;
pub use absent::missing;
pub use arrangement::Order;
pub(in crate::kind) use built_in::BUILT_IN;
pub use clashes::clashes;
pub use dangling::{LANGUAGES, METHODS, Reference, Referred, dangling, near_built_in_type};
pub use desired::{
    DeclaredRow, DeclaredRows, Desired, DesiredObject, ForAll, Rename, original, outer_first,
};
pub use facets::PRIVILEGES;
pub use mentions::{
    How, Mention, Names, Spelling, Symbol, argument_names, attribute_names, mentions,
};
pub use names::{NamePatterns, object_name};
pub use reading::{Reading, read};
pub use roles::unknown_roles;
pub use vocabulary::{NodeWords, schema_words, vocabulary};
pub use writing::{SHARED, WriteOptions, Writing, file_name, short_type, write};

/// Where a node may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the top of a file: an object of the cluster or the database.
    Top,
    /// In a `schema` node.
    Schema,
    /// In a `table`, `foreign-table`, `view`, `materialized-view` or `partition` node.
    Relation,
}

/// A node of the language and the kind that reads it.
#[derive(Clone, Copy)]
pub struct NodeKind {
    /// The node's word.
    pub word: &'static str,
    /// Where it may stand.
    pub places: &'static [Place],
    /// The kinds of objects that it declares, the first being the node's own.
    pub kinds: &'static [Kind],
    /// Reads the node, whose parent is the schema or relation given (none at the top), and declares its objects. The
    /// caller finishes the reader.
    pub read: fn(&mut Reading<'_>, &mut NodeReader<'_>, Option<&ObjectId>),
}
