//! One room per kind of object: its definition, its place in pg_catalog and in KDL, and the statements that create,
//! alter and drop it. Every phase is generic code over the list below; kinds speak of each other by [`ObjectId`] only.

pub mod arguments;
pub(crate) mod aside;
pub mod bodies;
mod catalog;
pub mod constraint;
mod functions;
pub mod index_key;
mod inner;
pub mod language;
pub mod naming;
mod online;
mod operator_member;
pub mod options;
pub(crate) mod overload;
mod parts;
mod preflight;
pub mod reference;
mod results;
mod role_names;
mod routine;
pub(crate) mod row_type;
pub(crate) mod secrets;
pub(crate) mod setting;
mod shared;
pub mod since;
mod statement;
pub(crate) mod unnamed_operators;

use serde::{Deserialize, Serialize};

use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId};
use language::{NodeKind, Writing};

pub use catalog::{Addresses, Catalog, FORMAT, Member, Origin, circular};
pub(crate) use parts::{
    changes_with_parent, family, is_retyped, kept_parents, parent_tables, partitioned_table,
    partitioned_tables, references, tables_above,
};
pub use preflight::Preflight;
pub use shared::Shared;
pub use statement::{Form, Hazard, HazardClass, Stage, Statement, Stub};
pub(crate) use trigger_state::{copied_from, ties_of_copy};

/// What a kind knows of itself.
pub trait Definition:
    Clone + Eq + Serialize + schemars::JsonSchema + serde::de::DeserializeOwned
{
    /// The kind.
    const KIND: Kind;
    /// The system catalog whose OIDs its rows carry, `pg_class`.
    const CLASS: &'static str;
    /// The query over pg_catalog: see [`crate::pg::introspect`] for the columns that it gives.
    const CATALOG: &'static str;

    /// The statements that make it, its parts and facets apart.
    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement>;

    /// The statements that take it away.
    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement>;

    /// The way from this definition to another one of the same identity.
    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration;

    /// Its text inside the statement that creates its parent; `None` where it has to stand by itself.
    fn element(&self, _id: &ObjectId, _context: &Context<'_>) -> Option<Element> {
        None
    }

    /// Whether PostgreSQL refuses to make it, or to alter it to this, while its parent is used as it is: then the parent
    /// is made anew beside the old one.
    fn needs_new_parent(&self, _id: &ObjectId, _context: &Context<'_>) -> bool {
        false
    }

    /// A form of it that needs less, where it has one: for cycles.
    fn stub(&self, _id: &ObjectId, _context: &Context<'_>) -> Option<Stub> {
        None
    }

    /// The names that it occupies, beyond its identity: two objects cannot hold one at the same time.
    fn occupies(&self, _id: &ObjectId) -> Vec<NameSlot> {
        Vec::new()
    }

    /// What the index of it is over, part by part; nothing for what has no index.
    fn index_key(&self) -> Vec<String> {
        Vec::new()
    }

    /// What happens to it when something that it depends on is replaced by an object of the same name.
    fn when_replaced(
        &self,
        _id: &ObjectId,
        _dependency: &ObjectId,
        _context: &Context<'_>,
    ) -> Reaction {
        Reaction::Rebuild
    }

    /// Whether it came from a parent table or a partitioned table, so that it changes there and not here.
    fn is_inherited(&self) -> bool {
        false
    }

    /// Whether nothing that anybody can want to be another way is in it: it is known for the sake of plans alone.
    fn is_unseen(&self) -> bool {
        false
    }

    /// Whether something is left to say of it where a parent's statement made it.
    fn says_more_than_parent(&self, _id: &ObjectId, _context: &Context<'_>) -> bool {
        false
    }

    /// Whether it says nothing but a name: `catalog`, which does not hold it, has the same under PostgreSQL's own name.
    fn is_mere_name(&self, _id: &ObjectId, _catalog: &Catalog) -> bool {
        false
    }

    /// Takes the author's spelling of expressions from the desired definition that became this one.
    fn adopt_spelling(&mut self, _desired: &Self) {}

    /// Takes what the desired definition says that no catalog holds: how to get there, and the version that is stated.
    fn adopt_words(&mut self, _desired: &Self) {}

    /// Takes down what PostgreSQL leaves in the old schema when the object goes to another one.
    fn leave_behind(&mut self, _from: &str, _to: &str) {}

    /// The names of what a type consists of and is no object: attributes, values.
    fn inner_names(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Gives other names to these.
    fn rename_inner(&mut self, _called: &dyn Fn(&str) -> Option<String>) {}

    /// Says of it that it had another name before, as `renamed-from` does.
    fn was_called_inside(&mut self, _from: &str, _to: &str) {}

    /// Where it holds secrets.
    fn held(&mut self) -> secrets::Held<'_> {
        secrets::Held::Nothing
    }

    /// Leaves out the rows that making it would compute: a scratch database needs none, and nobody may read them there.
    fn leave_rows_out(&mut self) {}

    /// The definition with its identity's names left out: two parts of one parent with equal structures are the same
    /// part under two names. `None` where a name is a part of the meaning.
    fn structure(&self) -> Option<serde_json::Value> {
        None
    }

    /// Its node in KDL, parts and facets included; `None` where another object's node says it.
    fn write<'a>(&'a self, _id: &'a ObjectId, _writing: &mut Writing<'a>) -> Option<NodeWriter> {
        None
    }

    /// The move that PostgreSQL follows by itself in everything that uses its members, or what comes with it: it is made
    /// before anything is compared. `None` where there is none.
    fn relocation(&self, _to: &Self, _id: &ObjectId, _at: &Catalog) -> Option<Relocation> {
        None
    }

    /// Whether a change of a part's type means making this anew: a partition key cannot follow.
    fn is_rebuilt_with(&self, _part: &ObjectId) -> bool {
        false
    }

    /// The objects whose own change comes before the change of this one to `to`, beyond what it depends on, each with
    /// the object that ties the two: where that is taken away and put back, neither waits for the other.
    fn changes_after(
        &self,
        _to: &Self,
        _id: &ObjectId,
        _context: &Context<'_>,
    ) -> Vec<(ObjectId, ObjectId)> {
        Vec::new()
    }

    /// What a change to `to` still works with: it goes after that.
    fn changes_by(&self, _to: &Self) -> Option<ObjectId> {
        None
    }

    /// The statements by which it lets go of its parts before any of them changes; what `alter` says comes after them then.
    fn lets_go(
        &self,
        _to: &Self,
        _id: &ObjectId,
        _context: &Context<'_>,
    ) -> Option<Vec<Statement>> {
        None
    }

    /// The statements that set again what PostgreSQL forgets of it when a column that it depends on changes its type.
    fn set_again(&self, _id: &ObjectId, _context: &Context<'_>) -> Vec<Statement> {
        Vec::new()
    }

    /// The objects whose making and dropping bring and take this one.
    fn carried_by(&self, _id: &ObjectId, _context: &Context<'_>) -> Vec<ObjectId> {
        Vec::new()
    }

    /// Whether only making it anew leads to `to`, even where its own definition stays.
    fn is_made_anew(&self, _to: &Self, _id: &ObjectId, _context: &Context<'_>) -> bool {
        false
    }

    /// How its rows outlive making it anew; `None` where it has none, or where they cannot.
    fn carry(&self, _to: &Self, _id: &ObjectId, _context: &Context<'_>) -> Option<Carry> {
        None
    }

    /// What must hold of the database, so that nothing goes with it that the plan does not know.
    fn preflight_of_drop(&self, _id: &ObjectId, _context: &Context<'_>) -> Option<Preflight> {
        None
    }

    /// What must hold of the rows that are there, so that it can be made or become what it is. `from` is what it was.
    fn preflight(
        &self,
        _from: Option<&Self>,
        _id: &ObjectId,
        _context: &Context<'_>,
    ) -> Vec<Preflight> {
        Vec::new()
    }

    /// Whether an interrupted run left it behind: no way leads back to it.
    fn is_left_over(&self) -> bool {
        false
    }

    /// Makes it what the interrupted run would have made of it.
    fn finish(&mut self) {}

    /// What whoever reads it from a database has to know beside its node.
    fn note(&self) -> Option<&'static str> {
        None
    }

    /// The statement that gives it another name of the same parent, or moves it to another schema.
    fn rename(&self, _from: &ObjectId, _to: &ObjectId) -> Vec<Statement> {
        Vec::new()
    }
}

/// A move of an object whose members have no identity here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relocation {
    /// Where it goes: the schema must be there before.
    pub schema: String,
    /// The way there.
    pub there: Vec<Statement>,
    /// The way back.
    pub back: Vec<Statement>,
    /// What it is once it has gone there, and all else is as it was.
    pub reached: Object,
    /// Names that only texts say which PostgreSQL does not follow, of what has another name then.
    pub named: Vec<String>,
    /// The same where it only makes room for another one that moves.
    pub halfway: Option<Object>,
}

/// How rows outlive the making anew of what holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carry {
    /// Puts them aside, before anything is dropped.
    pub save: Vec<Statement>,
    /// Puts them back, once the columns and partitions are there.
    pub restore: Vec<Statement>,
}

/// How a definition becomes another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alteration {
    /// By statements that keep the object, its dependents and its rows.
    InPlace(Vec<Statement>),
    /// By statements that keep the object, once the dependents of these kinds are taken down; they are put back after.
    Disturbing(Vec<Statement>, &'static [Kind]),
    /// By taking it down and making it anew, its dependents too.
    Rebuild,
    /// By making the new one beside the old one (moved out of the way by `rename`), moving the dependents that can
    /// follow, then dropping the old one.
    Swap {
        /// Moves the old one out of the way.
        set_aside: Vec<Statement>,
        /// Drops it, once nothing uses it any more.
        discard: Vec<Statement>,
    },
}

/// How a dependent follows when something that it depends on is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// It is taken down before and made anew after.
    Rebuild,
    /// It follows by these statements, once its own dependents of these kinds are taken down; they are put back after.
    Follow(Vec<Statement>, &'static [Kind]),
    /// It is made anew beside the old one, as in [`Alteration::Swap`].
    Swap {
        /// Moves the old one out of the way.
        set_aside: Vec<Statement>,
        /// Drops it, once nothing uses it any more.
        discard: Vec<Statement>,
    },
    /// It does not notice.
    Ignore,
}

/// A part's text within its parent's CREATE statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// A line of its own between the parentheses.
    Line(String),
    /// Words behind the parent's own line: a column's default.
    Suffix(String),
}

/// A name that only one object can hold at a time, across kinds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameSlot {
    /// `relation`, `type`, `routine`.
    pub space: &'static str,
    /// The schema, or the table for a constraint.
    pub scope: String,
    /// The name, with argument types for routines.
    pub name: String,
}

impl NameSlot {
    /// The slot of a name in pg_class.
    pub fn relation(id: &ObjectId) -> Self {
        NameSlot {
            space: "relation",
            scope: id.schema().unwrap_or_default().to_owned(),
            name: id.name.to_string(),
        }
    }

    /// The slot of a name in pg_type.
    pub fn data_type(id: &ObjectId) -> Self {
        NameSlot {
            space: "type",
            scope: id.schema().unwrap_or_default().to_owned(),
            name: id.name.to_string(),
        }
    }

    /// The slot of a name with argument types in pg_proc.
    pub fn routine(id: &ObjectId) -> Self {
        NameSlot {
            space: "routine",
            scope: id.schema().unwrap_or_default().to_owned(),
            name: format!("{}({})", id.name, id.signature),
        }
    }

    /// The slot of a name in pg_constraint.
    pub fn constraint(id: &ObjectId) -> Self {
        NameSlot {
            space: "constraint",
            scope: id
                .parent
                .as_ref()
                .map(|parent| parent.path())
                .unwrap_or_default(),
            name: id.name.to_string(),
        }
    }
}

/// What the statements of a kind may look at besides the object itself.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The catalog that the statements start from.
    pub before: &'a Catalog,
    /// The catalog that they lead to.
    pub after: &'a Catalog,
    /// The server's version as `server_version_num` gives it, 150018.
    pub server_version: u32,
    /// The role that runs the statements; objects made belong to it.
    pub role: &'a str,
    /// Whether statements take the form that lets readers and writers go on.
    pub online: bool,
    /// The partitioned tables of which all partitions are known, wherever the statements run.
    pub exact: Option<&'a std::collections::BTreeSet<ObjectId>>,
    /// Whether values that nobody has any more are stood in for, so that a way back works on tables with rows.
    pub stand_in: bool,
    /// What the plan makes, new or anew, once that is decided.
    pub made: Option<&'a Made>,
}

/// What a plan makes, new or anew.
#[derive(Debug, Default)]
pub struct Made {
    /// The objects.
    pub objects: std::collections::BTreeSet<ObjectId>,
    /// Of the indexes and keys of partitioned tables those that cannot take over what the partitions have.
    pub only: std::collections::BTreeSet<ObjectId>,
}

impl<'a> Context<'a> {
    /// The plain forms of statements that lead from one catalog to another, of a plan in which nothing is decided yet.
    pub fn new(
        before: &'a Catalog,
        after: &'a Catalog,
        server_version: u32,
        role: &'a str,
    ) -> Context<'a> {
        Context {
            before,
            after,
            server_version,
            role,
            online: false,
            exact: None,
            stand_in: false,
            made: None,
        }
    }
}

impl Context<'_> {
    /// Whether the object is there before and after, and the plan does not make it anew.
    pub fn keeps(&self, id: &ObjectId) -> bool {
        self.before.contains(id) && self.after.contains(id) && !self.makes(id)
    }

    /// Whether the plan makes the object, rather than keep it; before that is decided, whether its own change demands it.
    pub fn makes(&self, id: &ObjectId) -> bool {
        if let Some(made) = self.made {
            return made.objects.contains(id);
        }
        match (self.before.get(id), self.after.get(id)) {
            (Some(from), Some(to)) => from.alter(to, id, self) == Alteration::Rebuild,
            (None, Some(_)) => true,
            _ => false,
        }
    }
}

macro_rules! definitions {
    ($($kind:ident => $room:ident::$definition:ident,)*) => {
        /// The definition of an object of any kind; boxed, since a column takes four times the room of an owner.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Object {
            $(#[doc = concat!("See [`mod@", stringify!($room), "`].")] $kind(Box<$room::$definition>),)*
        }

        $(impl From<$room::$definition> for Object {
            fn from(definition: $room::$definition) -> Self { Object::$kind(Box::new(definition)) }
        })*

        /// The definition, without its kind.
        impl serde::Serialize for Object {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $(Object::$kind(it) => it.serialize(serializer),)* }
            }
        }

        /// The definition of one of the kinds.
        impl schemars::JsonSchema for Object {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                "Object".into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let kinds = vec![$(generator.subschema_for::<$room::$definition>(),)*];
                schemars::json_schema!({
                    "description": "The definition of an object; its kind says which one it is.",
                    "anyOf": kinds,
                })
            }
        }

        impl Object {
            /// The kinds that are built, in the order of creation.
            pub const BUILT: &'static [Kind] = &[$(Kind::$kind,)*];

            /// Its kind.
            pub fn kind(&self) -> Kind {
                match self { $(Object::$kind(_) => Kind::$kind,)* }
            }

            /// See [`Definition::create`].
            pub fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
                match self { $(Object::$kind(it) => it.create(id, context),)* }
            }

            /// See [`Definition::drop`].
            pub fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
                match self { $(Object::$kind(it) => Definition::drop(&**it, id, context),)* }
            }

            /// See [`Definition::alter`]; a change of kind is a rebuild.
            pub fn alter(&self, to: &Object, id: &ObjectId, context: &Context<'_>) -> Alteration {
                match (self, to) {
                    $((Object::$kind(from), Object::$kind(to)) => from.alter(to, id, context),)*
                    _ => Alteration::Rebuild,
                }
            }

            /// See [`Definition::element`].
            pub fn element(&self, id: &ObjectId, context: &Context<'_>) -> Option<Element> {
                match self { $(Object::$kind(it) => it.element(id, context),)* }
            }

            /// See [`Definition::needs_new_parent`].
            pub fn needs_new_parent(&self, id: &ObjectId, context: &Context<'_>) -> bool {
                match self { $(Object::$kind(it) => it.needs_new_parent(id, context),)* }
            }

            /// See [`Definition::stub`].
            pub fn stub(&self, id: &ObjectId, context: &Context<'_>) -> Option<Stub> {
                match self { $(Object::$kind(it) => it.stub(id, context),)* }
            }

            /// See [`Definition::occupies`].
            pub fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
                match self { $(Object::$kind(it) => it.occupies(id),)* }
            }

            /// See [`Definition::index_key`].
            pub fn index_key(&self) -> Vec<String> {
                match self { $(Object::$kind(it) => it.index_key(),)* }
            }

            /// See [`Definition::when_replaced`].
            pub fn when_replaced(&self, id: &ObjectId, dependency: &ObjectId, context: &Context<'_>) -> Reaction {
                match self { $(Object::$kind(it) => it.when_replaced(id, dependency, context),)* }
            }

            /// See [`Definition::is_inherited`].
            pub fn is_inherited(&self) -> bool {
                match self { $(Object::$kind(it) => it.is_inherited(),)* }
            }

            /// See [`Definition::is_unseen`].
            pub fn is_unseen(&self) -> bool {
                match self { $(Object::$kind(it) => it.is_unseen(),)* }
            }

            /// See [`Definition::says_more_than_parent`].
            pub fn says_more_than_parent(&self, id: &ObjectId, context: &Context<'_>) -> bool {
                match self { $(Object::$kind(it) => it.says_more_than_parent(id, context),)* }
            }

            /// See [`Definition::is_mere_name`].
            pub fn is_mere_name(&self, id: &ObjectId, catalog: &Catalog) -> bool {
                match self { $(Object::$kind(it) => it.is_mere_name(id, catalog),)* }
            }

            /// See [`Definition::adopt_spelling`].
            pub fn adopt_spelling(&mut self, desired: &Object) {
                match (self, desired) {
                    $((Object::$kind(it), Object::$kind(desired)) => it.adopt_spelling(desired),)*
                    _ => {}
                }
            }

            /// See [`Definition::leave_behind`].
            pub fn leave_behind(&mut self, from: &str, to: &str) {
                match self { $(Object::$kind(it) => it.leave_behind(from, to),)* }
            }

            /// See [`Definition::rename_inner`].
            pub fn rename_inner(&mut self, called: &dyn Fn(&str) -> Option<String>) {
                match self { $(Object::$kind(it) => it.rename_inner(called),)* }
            }

            /// See [`Definition::inner_names`].
            pub fn inner_names(&self) -> Vec<&str> {
                match self { $(Object::$kind(it) => it.inner_names(),)* }
            }

            /// See [`Definition::was_called_inside`].
            pub fn was_called_inside(&mut self, from: &str, to: &str) {
                match self { $(Object::$kind(it) => it.was_called_inside(from, to),)* }
            }

            /// See [`Definition::adopt_words`].
            pub fn adopt_words(&mut self, desired: &Object) {
                match (self, desired) {
                    $((Object::$kind(it), Object::$kind(desired)) => it.adopt_words(desired),)*
                    _ => {}
                }
            }

            /// The word of ALTER DEFAULT PRIVILEGES for objects like this; a column may bring a sequence.
            pub fn default_privileges_class(&self) -> Option<&'static str> {
                match self {
                    Object::Column(column) if column.identity.is_some() => Some("sequences"),
                    other => other.kind().default_privileges_class(),
                }
            }

            /// See [`Definition::held`].
            pub fn held(&mut self) -> secrets::Held<'_> {
                match self { $(Object::$kind(it) => it.held(),)* }
            }

            /// See [`Definition::leave_rows_out`].
            pub fn leave_rows_out(&mut self) {
                match self { $(Object::$kind(it) => it.leave_rows_out(),)* }
            }

            /// See [`Definition::structure`].
            pub fn structure(&self) -> Option<serde_json::Value> {
                match self { $(Object::$kind(it) => it.structure(),)* }
            }

            /// See [`Definition::write`].
            pub fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
                match self { $(Object::$kind(it) => it.write(id, writing),)* }
            }

            /// See [`Definition::relocation`].
            pub fn relocation(
                &self,
                to: &Object,
                id: &ObjectId,
                at: &Catalog,
            ) -> Option<Relocation> {
                match (self, to) {
                    $((Object::$kind(from), Object::$kind(to)) => from.relocation(to, id, at),)*
                    _ => None,
                }
            }

            /// See [`Definition::is_rebuilt_with`].
            pub fn is_rebuilt_with(&self, part: &ObjectId) -> bool {
                match self { $(Object::$kind(it) => it.is_rebuilt_with(part),)* }
            }

            /// See [`Definition::changes_after`].
            pub fn changes_after(&self, to: &Object, id: &ObjectId, context: &Context<'_>) -> Vec<(ObjectId, ObjectId)> {
                match (self, to) {
                    $((Object::$kind(from), Object::$kind(to)) => from.changes_after(to, id, context),)*
                    _ => Vec::new(),
                }
            }

            /// See [`Definition::changes_by`].
            pub fn changes_by(&self, to: &Object) -> Option<ObjectId> {
                match (self, to) {
                    $((Object::$kind(from), Object::$kind(to)) => from.changes_by(to),)*
                    _ => None,
                }
            }

            /// See [`Definition::lets_go`].
            pub fn lets_go(&self, to: &Object, id: &ObjectId, context: &Context<'_>) -> Option<Vec<Statement>> {
                match (self, to) {
                    $((Object::$kind(from), Object::$kind(to)) => from.lets_go(to, id, context),)*
                    _ => None,
                }
            }

            /// See [`Definition::set_again`].
            pub fn set_again(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
                match self { $(Object::$kind(it) => it.set_again(id, context),)* }
            }

            /// See [`Definition::carried_by`].
            pub fn carried_by(&self, id: &ObjectId, context: &Context<'_>) -> Vec<ObjectId> {
                match self { $(Object::$kind(it) => it.carried_by(id, context),)* }
            }

            /// See [`Definition::is_made_anew`].
            pub fn is_made_anew(&self, to: &Object, id: &ObjectId, context: &Context<'_>) -> bool {
                match (self, to) {
                    $((Object::$kind(from), Object::$kind(to)) => from.is_made_anew(to, id, context),)*
                    _ => false,
                }
            }

            /// See [`Definition::carry`].
            pub fn carry(&self, to: &Object, id: &ObjectId, context: &Context<'_>) -> Option<Carry> {
                match (self, to) {
                    $((Object::$kind(from), Object::$kind(to)) => from.carry(to, id, context),)*
                    _ => None,
                }
            }

            /// See [`Definition::preflight_of_drop`].
            pub fn preflight_of_drop(&self, id: &ObjectId, context: &Context<'_>) -> Option<Preflight> {
                match self { $(Object::$kind(it) => it.preflight_of_drop(id, context),)* }
            }

            /// See [`Definition::preflight`].
            pub fn preflight(&self, from: Option<&Object>, id: &ObjectId, context: &Context<'_>) -> Vec<Preflight> {
                match (self, from) {
                    $((Object::$kind(it), Some(Object::$kind(from))) => it.preflight(Some(&**from), id, context),)*
                    $((Object::$kind(it), _) => it.preflight(None, id, context),)*
                }
            }

            /// See [`Definition::note`].
            pub fn note(&self) -> Option<&'static str> {
                match self { $(Object::$kind(it) => it.note(),)* }
            }

            /// See [`Definition::is_left_over`].
            pub fn is_left_over(&self) -> bool {
                match self { $(Object::$kind(it) => it.is_left_over(),)* }
            }

            /// See [`Definition::finish`].
            pub fn finish(&mut self) {
                match self { $(Object::$kind(it) => it.finish(),)* }
            }

            /// See [`Definition::rename`].
            pub fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
                match self { $(Object::$kind(it) => it.rename(from, to),)* }
            }

            /// The definition as JSON, without its kind.
            pub fn to_json(&self) -> serde_json::Value {
                serde_json::to_value(self).unwrap_or(serde_json::Value::Null)
            }

            /// The definition of a kind from a deserializer: a catalog row or JSON.
            ///
            /// # Errors
            ///
            /// When a field is missing or of another type; when the kind is not built.
            pub fn deserialize<'de, D: serde::Deserializer<'de>>(kind: Kind, deserializer: D) -> Result<Self, D::Error> {
                match kind {
                    $(Kind::$kind => $room::$definition::deserialize(deserializer).map(Object::from),)*
                    other => Err(serde::de::Error::custom(format!("kind `{other}` is not built"))),
                }
            }

            /// The system catalog and the query of a kind.
            pub fn source(kind: Kind) -> Option<Source> {
                match kind {
                    $(Kind::$kind => Some(Source {
                        kind,
                        class: <$room::$definition as Definition>::CLASS,
                        query: <$room::$definition as Definition>::CATALOG,
                    }),)*
                    _ => None,
                }
            }
        }
    };
}

/// Where the objects of a kind are read from.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The kind.
    pub kind: Kind,
    /// The system catalog of its OIDs; empty for a kind that no other object can point at.
    pub class: &'static str,
    /// The query, with version switches `{14: new | old}`.
    pub query: &'static str,
}

pub mod access_method;
pub mod aggregate;
pub mod base_type;
pub mod by_hand;
pub mod cast;
pub mod check;
pub mod cluster_on;
pub mod collation;
pub mod column;
pub mod comment;
pub mod composite;
pub mod conversion;
pub mod database_setting;
pub mod default;
pub mod default_privilege;
pub mod domain;
pub mod domain_constraint;
pub mod domain_not_null;
pub mod enumeration;
pub mod event_trigger;
pub mod exclude;
pub mod extension;
pub mod extension_dependency;
pub mod foreign_data_wrapper;
pub mod foreign_key;
pub mod foreign_table;
pub mod function;
pub mod grant;
pub mod index;
pub mod index_attach;
pub mod inherits;
pub mod key;
pub mod materialized_view;
pub mod not_null;
pub mod operator;
pub mod operator_class;
pub mod operator_family;
pub mod operator_family_member;
pub mod owner;
pub mod partition;
pub mod policy;
pub mod procedural_language;
pub mod procedure;
pub mod publication;
pub mod publication_schema;
pub mod publication_table;
pub mod range;
pub mod replica_identity;
pub mod role;
pub mod role_membership;
pub mod role_setting;
pub mod row;
pub mod row_level_security;
pub mod rule;
pub mod schema;
pub mod security_label;
pub mod sequence;
pub mod sequence_owner;
pub mod server;
pub mod shell_type;
pub mod statistics;
pub mod subscription;
pub mod table;
pub mod text_search;
pub mod transform;
pub mod trigger;
pub mod trigger_state;
pub mod user_mapping;
pub mod view;

definitions! {
    Role => role::Role,
    RoleMembership => role_membership::RoleMembership,
    RoleSetting => role_setting::RoleSetting,
    DatabaseSetting => database_setting::DatabaseSetting,
    Schema => schema::Schema,
    Extension => extension::Extension,
    Language => procedural_language::Language,
    ForeignDataWrapper => foreign_data_wrapper::ForeignDataWrapper,
    Server => server::Server,
    UserMapping => user_mapping::UserMapping,
    Collation => collation::Collation,
    Enum => enumeration::Enum,
    ShellType => shell_type::ShellType,
    BaseType => base_type::BaseType,
    Domain => domain::Domain,
    DomainConstraint => domain_constraint::DomainConstraint,
    DomainNotNull => domain_not_null::DomainNotNull,
    Composite => composite::Composite,
    Range => range::Range,
    Sequence => sequence::Sequence,
    Function => function::Function,
    Procedure => procedure::Procedure,
    Aggregate => aggregate::Aggregate,
    Operator => operator::Operator,
    AccessMethod => access_method::AccessMethod,
    OperatorFamily => operator_family::OperatorFamily,
    OperatorClass => operator_class::OperatorClass,
    OperatorFamilyMember => operator_family_member::OperatorFamilyMember,
    Cast => cast::Cast,
    Transform => transform::Transform,
    Conversion => conversion::Conversion,
    TextSearchParser => text_search::TextSearchParser,
    TextSearchTemplate => text_search::TextSearchTemplate,
    TextSearchDictionary => text_search::TextSearchDictionary,
    TextSearchConfiguration => text_search::TextSearchConfiguration,
    Table => table::Table,
    ForeignTable => foreign_table::ForeignTable,
    Column => column::Column,
    Default => default::Default,
    SequenceOwner => sequence_owner::SequenceOwner,
    Inherits => inherits::Inherits,
    PrimaryKey => key::PrimaryKey,
    Unique => key::Unique,
    Check => check::Check,
    NotNull => not_null::NotNull,
    Exclude => exclude::Exclude,
    Partition => partition::Partition,
    Index => index::Index,
    IndexAttach => index_attach::IndexAttach,
    ForeignKey => foreign_key::ForeignKey,
    View => view::View,
    MaterializedView => materialized_view::MaterializedView,
    Rule => rule::Rule,
    Statistics => statistics::Statistics,
    ClusterOn => cluster_on::ClusterOn,
    TriggerState => trigger_state::TriggerState,
    ReplicaIdentity => replica_identity::ReplicaIdentity,
    RowLevelSecurity => row_level_security::RowLevelSecurity,
    Policy => policy::Policy,
    Trigger => trigger::Trigger,
    Row => row::Row,
    Publication => publication::Publication,
    PublicationTable => publication_table::PublicationTable,
    PublicationSchema => publication_schema::PublicationSchema,
    Subscription => subscription::Subscription,
    Comment => comment::Comment,
    Owner => owner::Owner,
    Grant => grant::Grant,
    SecurityLabel => security_label::SecurityLabel,
    ExtensionDependency => extension_dependency::ExtensionDependency,
    DefaultPrivilege => default_privilege::DefaultPrivilege,
    Sql => by_hand::ByHand,
    EventTrigger => event_trigger::EventTrigger,
}

/// Every node of the language, with the kind that reads it.
pub const NODES: &[NodeKind] = &[
    role::kdl::NODE,
    language::ABSENT,
    language::BUILT_IN,
    extension::kdl::NODE,
    procedural_language::kdl::NODE,
    foreign_data_wrapper::kdl::NODE,
    server::kdl::NODE,
    collation::kdl::NODE,
    enumeration::kdl::NODE,
    base_type::kdl::NODE,
    domain::kdl::NODE,
    composite::kdl::NODE,
    range::kdl::NODE,
    sequence::kdl::NODE,
    function::kdl::NODE,
    procedure::kdl::NODE,
    aggregate::kdl::NODE,
    operator::kdl::NODE,
    access_method::kdl::NODE,
    operator_family::kdl::NODE,
    operator_class::kdl::NODE,
    cast::kdl::NODE,
    transform::kdl::NODE,
    conversion::kdl::NODE,
    text_search::kdl::PARSER,
    text_search::kdl::TEMPLATE,
    text_search::kdl::DICTIONARY,
    text_search::kdl::CONFIGURATION,
    table::kdl::NODE,
    foreign_table::kdl::NODE,
    column::kdl::NODE,
    key::kdl::PRIMARY_KEY,
    key::kdl::UNIQUE,
    check::kdl::NODE,
    not_null::kdl::NODE,
    exclude::kdl::NODE,
    partition::kdl::NODE,
    index::kdl::NODE,
    foreign_key::kdl::NODE,
    view::kdl::NODE,
    materialized_view::kdl::NODE,
    rule::kdl::NODE,
    statistics::kdl::NODE,
    cluster_on::kdl::NODE,
    replica_identity::kdl::NODE,
    row_level_security::kdl::NODE,
    policy::kdl::NODE,
    trigger::kdl::NODE,
    row::kdl::NODE,
    default_privilege::kdl::NODE,
    publication::kdl::NODE,
    subscription::kdl::NODE,
    event_trigger::kdl::NODE,
    by_hand::kdl::NODE,
];
