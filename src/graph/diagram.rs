//! What an entity-relation diagram says, before it is drawn: tables with their columns, and what refers to what. The rule:
//! it says only what the catalogs say; two catalogs give one diagram in which everything carries its mark.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::Mark;
use crate::diff::{Change, Changes};
use crate::kind::language::short_type;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId, QualifiedName};

/// Which columns are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// All.
    All,
    /// Those of keys, of foreign keys, and those that change.
    Keys,
    /// None.
    None,
}

/// What is drawn.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Only these schemas, with what is referred to from them; all where it is empty.
    pub schemas: Vec<String>,
    /// Only what is this near to a table, `(table, steps)`.
    pub around: Option<(ObjectId, usize)>,
    /// Which columns.
    pub columns: Columns,
    /// Views too.
    pub views: bool,
    /// Of a change: only what changes and what that refers to or is referred to by.
    pub only_changes: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Choice {
            schemas: Vec::new(),
            around: None,
            columns: Columns::All,
            views: false,
            only_changes: false,
        }
    }
}

/// An entity-relation diagram.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Diagram {
    /// Tables and what is drawn like them.
    pub entities: Vec<Entity>,
    /// What refers to what.
    pub relations: Vec<Relation>,
}

/// A table, a foreign table, or a view.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Entity {
    /// What it is.
    #[serde(skip)]
    pub id: ObjectId,
    /// Its kind.
    pub kind: &'static str,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its name before, with its schema, where it has another one now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What happens to it.
    pub mark: Mark,
    /// The columns that are drawn.
    pub fields: Vec<Field>,
    /// How many more it has.
    pub left_out: usize,
    /// How many partitions it has.
    pub partitions: usize,
}

/// A column.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its name before, where it has another one now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// Its type as people write it.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Its type before, where it has another one now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_type: Option<String>,
    /// Whether it refuses null.
    pub not_null: bool,
    /// Whether it is in the primary key.
    pub primary: bool,
    /// Whether it is in a foreign key.
    pub foreign: bool,
    /// Whether it is unique by itself.
    pub unique: bool,
    /// Its comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What happens to it.
    pub mark: Mark,
}

/// What ties two entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tie {
    /// A foreign key.
    ForeignKey,
    /// A table that takes its columns from another one.
    Inherits,
    /// A view that reads a table.
    Reads,
}

/// What refers to what.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Relation {
    /// Its name; empty where it has none.
    pub name: String,
    /// By what.
    pub tie: Tie,
    /// The entity that refers.
    pub from: usize,
    /// Its columns; none where that says nothing or they are not drawn.
    pub from_fields: Vec<usize>,
    /// The entity that is referred to.
    pub to: usize,
    /// Its columns.
    pub to_fields: Vec<usize>,
    /// Whether several rows may refer to one.
    pub many: bool,
    /// Whether a row need not refer to any.
    pub optional: bool,
    /// What happens to it.
    pub mark: Mark,
}

/// The kinds that are drawn as boxes.
const RELATIONS: &[Kind] = &[
    Kind::Table,
    Kind::ForeignTable,
    Kind::View,
    Kind::MaterializedView,
];

impl Diagram {
    /// The diagram of one state.
    pub fn of(catalog: &Catalog, choice: &Choice) -> Diagram {
        let changes = Changes::new();
        Builder::new(catalog, catalog, &changes, &[]).build(choice)
    }

    /// The diagram of a change. `renames` are the identities before and after, in their order; `changes` are what differs
    /// beyond them.
    pub fn of_change(
        before: &Catalog,
        after: &Catalog,
        changes: &Changes,
        renames: &[(ObjectId, ObjectId)],
        choice: &Choice,
    ) -> Diagram {
        let mut named = before.clone();
        for (from, to) in renames {
            named = named.renamed(from, to);
        }
        Builder::new(&named, after, changes, renames).build(choice)
    }

    /// Whether nothing is drawn.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// The schemas, in the order of their names.
    pub fn schemas(&self) -> Vec<&str> {
        let schemas: BTreeSet<&str> = self
            .entities
            .iter()
            .map(|entity| entity.schema.as_str())
            .collect();
        schemas.into_iter().collect()
    }
}

struct Builder<'a> {
    before: &'a Catalog,
    after: &'a Catalog,
    changes: &'a Changes,
    renames: &'a [(ObjectId, ObjectId)],
}

/// A tie with the names of what it ties.
struct Named {
    relation: Relation,
    from: ObjectId,
    from_columns: Vec<String>,
    to: ObjectId,
    to_columns: Vec<String>,
}

impl<'a> Builder<'a> {
    fn new(
        before: &'a Catalog,
        after: &'a Catalog,
        changes: &'a Changes,
        renames: &'a [(ObjectId, ObjectId)],
    ) -> Self {
        Builder {
            before,
            after,
            changes,
            renames,
        }
    }

    fn build(&self, choice: &Choice) -> Diagram {
        let ties = self.ties(choice.views);
        let mut shown: BTreeSet<ObjectId> = BTreeSet::new();
        let referred: BTreeSet<&ObjectId> = ties
            .iter()
            .filter(|tie| tie.relation.tie == Tie::ForeignKey)
            .flat_map(|tie| [&tie.from, &tie.to])
            .collect();
        for kind in RELATIONS {
            if !choice.views && matches!(kind, Kind::View | Kind::MaterializedView) {
                continue;
            }
            for catalog in [self.before, self.after] {
                for (id, _) in catalog.of_kind(*kind) {
                    // Partitions are counted at their table; one that has keys of its own is drawn.
                    let partition = catalog.contains(&id.child(Kind::Partition, ""));
                    if !partition || referred.contains(id) {
                        shown.insert(id.clone());
                    }
                }
            }
        }
        // What stands at the edge shows its keys only.
        let mut edge: BTreeSet<ObjectId> = BTreeSet::new();
        let next_to = |set: &BTreeSet<ObjectId>, both: bool| -> BTreeSet<ObjectId> {
            ties.iter()
                .filter_map(|tie| {
                    if set.contains(&tie.from) {
                        Some(tie.to.clone())
                    } else if both && set.contains(&tie.to) {
                        Some(tie.from.clone())
                    } else {
                        None
                    }
                })
                .filter(|id| shown.contains(id) && !set.contains(id))
                .collect()
        };
        if let Some((table, steps)) = &choice.around {
            let mut near: BTreeSet<ObjectId> =
                shown.iter().filter(|id| *id == table).cloned().collect();
            for _ in 0..*steps {
                let next = next_to(&near, true);
                edge.clone_from(&next);
                near.extend(next);
            }
            shown = near;
        } else if choice.only_changes {
            let changed: BTreeSet<ObjectId> = shown
                .iter()
                .filter(|id| self.mark_of_entity(id, &ties) != Mark::Same)
                .cloned()
                .collect();
            edge = next_to(&changed, true);
            shown = changed.union(&edge).cloned().collect();
        } else if !choice.schemas.is_empty() {
            let chosen: BTreeSet<ObjectId> = shown
                .iter()
                .filter(|id| {
                    id.schema()
                        .is_some_and(|it| choice.schemas.iter().any(|s| s == it))
                })
                .cloned()
                .collect();
            edge = next_to(&chosen, false);
            shown = chosen.union(&edge).cloned().collect();
        }
        let ends = Ends::of(&ties);
        let mut order: Vec<&ObjectId> = shown.iter().collect();
        order.sort_by_key(|id| (id.schema().unwrap_or_default().to_owned(), id.name.clone()));
        let mut diagram = Diagram::default();
        let place: BTreeMap<&ObjectId, usize> =
            order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        for id in &order {
            let columns = match choice.columns {
                Columns::All if edge.contains(*id) => Columns::Keys,
                other => other,
            };
            diagram
                .entities
                .push(self.entity(id, &ties, &ends, columns));
        }
        for tie in &ties {
            let (Some(from), Some(to)) = (place.get(&tie.from), place.get(&tie.to)) else {
                continue;
            };
            let fields = |entity: &Entity, columns: &[String]| -> Vec<usize> {
                columns
                    .iter()
                    .filter_map(|name| entity.fields.iter().position(|field| field.name == *name))
                    .collect()
            };
            let mut relation = tie.relation.clone();
            relation.from = *from;
            relation.to = *to;
            relation.from_fields = fields(&diagram.entities[*from], &tie.from_columns);
            relation.to_fields = fields(&diagram.entities[*to], &tie.to_columns);
            diagram.relations.push(relation);
        }
        diagram
    }

    fn mark(&self, id: &ObjectId) -> Mark {
        match self.changes.get(id) {
            Some(Change::Create) => Mark::Added,
            Some(Change::Drop) => Mark::Dropped,
            Some(Change::Alter) => Mark::Changed,
            None if self.former(id).is_some() => Mark::Changed,
            None => Mark::Same,
        }
    }

    /// The identity before, of what is called otherwise now.
    fn former(&self, id: &ObjectId) -> Option<&ObjectId> {
        self.renames
            .iter()
            .find(|(_, to)| to == id)
            .map(|(from, _)| from)
    }

    /// A table changes where anything in it does.
    fn mark_of_entity(&self, id: &ObjectId, ties: &[Named]) -> Mark {
        let own = self.mark(id);
        if own != Mark::Same {
            return own;
        }
        // Who may do what, and whose it is, is not what the picture shows.
        let seen = |part: &ObjectId| {
            !matches!(part.kind, Kind::Owner | Kind::Grant | Kind::SecurityLabel)
                && part.parents().any(|parent| parent == id)
        };
        let changed = self.changes.keys().any(seen) || self.renames.iter().any(|(_, to)| seen(to));
        let tied = ties
            .iter()
            .any(|tie| tie.from == *id && tie.relation.mark != Mark::Same);
        if changed || tied {
            Mark::Changed
        } else {
            Mark::Same
        }
    }

    /// The catalog that still has an object: the one after, where it has.
    fn catalog_of(&self, id: &ObjectId) -> &'a Catalog {
        if self.after.contains(id) {
            self.after
        } else {
            self.before
        }
    }

    fn comment(&self, id: &ObjectId) -> Option<String> {
        match self.catalog_of(id).get(&id.child(Kind::Comment, "")) {
            Some(Object::Comment(comment)) => Some(comment.text.clone()),
            _ => None,
        }
    }

    fn entity(&self, id: &ObjectId, ties: &[Named], ends: &Ends<'_>, columns: Columns) -> Entity {
        let mut fields = self.fields(id, ends);
        let all = fields.len();
        fields.retain(|field| match columns {
            Columns::All => true,
            Columns::Keys => {
                field.primary
                    || field.foreign
                    || field.mark != Mark::Same
                    || ends.has(&ends.referred, id, &field.name)
            }
            Columns::None => false,
        });
        let partitions = self
            .catalog_of(id)
            .of_kind(Kind::Partition)
            .filter(|(_, object)| match object {
                Object::Partition(partition) => {
                    ObjectId::in_schema(
                        Kind::Table,
                        &partition.parent.schema,
                        &partition.parent.name,
                    ) == *id
                }
                _ => false,
            })
            .count();
        Entity {
            id: id.clone(),
            kind: id.kind.name(),
            schema: id.schema().unwrap_or_default().to_owned(),
            name: id.name.to_string(),
            former: self.former(id).map(ObjectId::path),
            comment: self.comment(id),
            mark: self.mark_of_entity(id, ties),
            left_out: all - fields.len(),
            fields,
            partitions,
        }
    }

    /// The columns of an entity: those after in their order, then those that go.
    fn fields(&self, id: &ObjectId, ends: &Ends<'_>) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        let schema = id.schema().unwrap_or_default();
        let were: BTreeMap<String, String> = columns_of(self.before, id)
            .into_iter()
            .map(|(name, data_type, _)| (name, data_type))
            .collect();
        for (catalog, gone) in [(self.after, false), (self.before, true)] {
            let singles = unique_columns(catalog, id);
            let primary = primary_columns(catalog, id);
            for (name, data_type, not_null) in columns_of(catalog, id) {
                if gone && fields.iter().any(|field| field.name == name) {
                    continue;
                }
                let column = id.child(Kind::Column, &name);
                let foreign = ends.has(&ends.referring, id, &name);
                let was = were.get(&name);
                let default = column.child(Kind::Default, "");
                let mark = match was {
                    None => Mark::Added,
                    Some(_) if gone => Mark::Dropped,
                    Some(was)
                        if self.mark(&column) != Mark::Same
                            || self.changes.contains_key(&default)
                            || *was != data_type =>
                    {
                        Mark::Changed
                    }
                    Some(_) => Mark::Same,
                };
                fields.push(Field {
                    former: self.former(&column).map(|from| from.name.to_string()),
                    former_type: was
                        .filter(|was| !gone && **was != data_type)
                        .map(|was| type_in(was, schema)),
                    data_type: type_in(&data_type, schema),
                    not_null: not_null || primary.contains(&name),
                    primary: primary.contains(&name),
                    foreign,
                    unique: singles.contains(&name),
                    comment: self.comment(&column),
                    mark,
                    name,
                });
            }
        }
        fields
    }

    fn ties(&self, views: bool) -> Vec<Named> {
        let mut ties: Vec<Named> = Vec::new();
        for (catalog, gone) in [(self.after, false), (self.before, true)] {
            for (id, object) in catalog.of_kind(Kind::ForeignKey) {
                let (Some(table), Object::ForeignKey(key)) = (id.parent.as_deref(), object) else {
                    continue;
                };
                let mut mark = self.mark(id);
                if gone && mark != Mark::Dropped {
                    continue;
                }
                // A key that points elsewhere now is two keys in a picture.
                if let (Mark::Changed, Some(Object::ForeignKey(was))) = (mark, self.before.get(id))
                    && !gone
                    && (was.references != key.references
                        || was.columns != key.columns
                        || was.referenced_columns != key.referenced_columns)
                {
                    mark = Mark::Added;
                    ties.push(foreign_key(self.before, id, table, was, Mark::Dropped));
                }
                ties.push(foreign_key(catalog, id, table, key, mark));
            }
            for (id, object) in catalog.of_kind(Kind::Inherits) {
                let mark = self.mark(id);
                if let (Some(table), Object::Inherits(inherits), true) =
                    (id.parent.as_deref(), object, !gone || mark == Mark::Dropped)
                {
                    let to = relation_of(catalog, &inherits.parent);
                    ties.push(plain(Tie::Inherits, table, &to, mark));
                }
            }
            if !views {
                continue;
            }
            for kind in [Kind::View, Kind::MaterializedView] {
                for (id, _) in catalog.of_kind(kind) {
                    let read = reads(catalog, id);
                    let other = if gone { self.after } else { self.before };
                    let others = reads(other, id);
                    for to in read {
                        let mark = match (others.contains(&to), gone) {
                            (true, true) => continue,
                            (true, false) => Mark::Same,
                            (false, true) => Mark::Dropped,
                            (false, false) => Mark::Added,
                        };
                        ties.push(plain(Tie::Reads, id, &to, mark));
                    }
                }
            }
        }
        ties
    }
}

/// The columns that foreign keys begin and end at, by table.
struct Ends<'a> {
    referring: BTreeMap<&'a ObjectId, BTreeSet<&'a str>>,
    referred: BTreeMap<&'a ObjectId, BTreeSet<&'a str>>,
}

impl<'a> Ends<'a> {
    fn of(ties: &'a [Named]) -> Ends<'a> {
        let mut ends = Ends {
            referring: BTreeMap::new(),
            referred: BTreeMap::new(),
        };
        for tie in ties {
            let from = tie.from_columns.iter().map(String::as_str);
            ends.referring.entry(&tie.from).or_default().extend(from);
            let to = tie.to_columns.iter().map(String::as_str);
            ends.referred.entry(&tie.to).or_default().extend(to);
        }
        ends
    }

    fn has(&self, of: &BTreeMap<&ObjectId, BTreeSet<&str>>, id: &ObjectId, column: &str) -> bool {
        of.get(id).is_some_and(|columns| columns.contains(column))
    }
}

fn plain(tie: Tie, from: &ObjectId, to: &ObjectId, mark: Mark) -> Named {
    Named {
        relation: Relation {
            name: String::new(),
            tie,
            from: 0,
            from_fields: Vec::new(),
            to: 0,
            to_fields: Vec::new(),
            many: true,
            optional: false,
            mark,
        },
        from: from.clone(),
        from_columns: Vec::new(),
        to: to.clone(),
        to_columns: Vec::new(),
    }
}

fn foreign_key(
    catalog: &Catalog,
    id: &ObjectId,
    table: &ObjectId,
    key: &crate::kind::foreign_key::ForeignKey,
    mark: Mark,
) -> Named {
    let to = relation_of(catalog, &key.references);
    let unique = [Kind::PrimaryKey, Kind::Unique].into_iter().any(|kind| {
        catalog
            .children(table, kind)
            .into_iter()
            .any(|(_, object)| {
                let columns = key_columns(object);
                !columns.is_empty() && columns.iter().all(|column| key.columns.contains(column))
            })
    });
    let optional =
        key.columns
            .iter()
            .any(|name| match catalog.get(&table.child(Kind::Column, name)) {
                Some(Object::Column(column)) => {
                    !column.not_null && !primary_columns(catalog, table).contains(name)
                }
                _ => false,
            });
    let mut to_columns = key.referenced_columns.clone();
    if to_columns.is_empty() {
        to_columns = primary_columns(catalog, &to);
    }
    Named {
        relation: Relation {
            name: id.name.to_string(),
            tie: Tie::ForeignKey,
            from: 0,
            from_fields: Vec::new(),
            to: 0,
            to_fields: Vec::new(),
            many: !unique,
            optional,
            mark,
        },
        from: table.clone(),
        from_columns: key.columns.clone(),
        to,
        to_columns,
    }
}

/// The relation of a name.
fn relation_of(catalog: &Catalog, name: &QualifiedName) -> ObjectId {
    let of = |kind: &Kind| ObjectId::in_schema(*kind, &name.schema, &name.name);
    RELATIONS
        .iter()
        .map(of)
        .find(|id| catalog.contains(id))
        .unwrap_or_else(|| of(&Kind::Table))
}

/// The relations that a view reads.
fn reads(catalog: &Catalog, view: &ObjectId) -> BTreeSet<ObjectId> {
    catalog
        .dependencies_of(view)
        .flat_map(ObjectId::ancestors)
        .filter(|id| RELATIONS.contains(&id.kind) && *id != view)
        .cloned()
        .collect()
}

fn key_columns(object: &Object) -> &[String] {
    match object {
        Object::PrimaryKey(key) => &key.0.columns,
        Object::Unique(key) => &key.0.columns,
        _ => &[],
    }
}

fn primary_columns(catalog: &Catalog, table: &ObjectId) -> Vec<String> {
    catalog
        .children(table, Kind::PrimaryKey)
        .into_iter()
        .flat_map(|(_, object)| key_columns(object).to_vec())
        .collect()
}

/// The columns that are unique by themselves.
fn unique_columns(catalog: &Catalog, table: &ObjectId) -> BTreeSet<String> {
    let constraints = catalog
        .children(table, Kind::Unique)
        .into_iter()
        .filter_map(|(_, object)| match key_columns(object) {
            [one] => Some(one.clone()),
            _ => None,
        });
    let indexes = catalog
        .children(table, Kind::Index)
        .into_iter()
        .filter_map(|(_, object)| match object {
            Object::Index(index) if index.unique && index.predicate.is_none() => {
                match index.keys.as_slice() {
                    [key] => key.column.clone(),
                    _ => None,
                }
            }
            _ => None,
        });
    constraints.chain(indexes).collect()
}

/// A type as people write it in a schema: PostgreSQL's own in short, those of the schema by their bare names.
pub fn type_in(data_type: &str, schema: &str) -> String {
    let own = data_type
        .strip_prefix(schema)
        .and_then(|rest| rest.strip_prefix('.'));
    own.map_or_else(|| short_type(data_type), str::to_owned)
}

/// Name, type and whether it refuses null, of every column of a relation, in order.
pub fn columns_of(catalog: &Catalog, relation: &ObjectId) -> Vec<(String, String, bool)> {
    match catalog.get(relation) {
        Some(Object::View(view)) => view
            .columns
            .iter()
            .map(|column| (column.name.clone(), column.data_type.clone(), false))
            .collect(),
        Some(Object::MaterializedView(view)) => view
            .columns
            .iter()
            .map(|column| (column.name.clone(), column.data_type.clone(), false))
            .collect(),
        _ => catalog
            .children(relation, Kind::Column)
            .into_iter()
            .filter_map(|(id, object)| match object {
                Object::Column(column) => Some((
                    id.name.to_string(),
                    column.data_type.clone(),
                    column.not_null,
                )),
                _ => None,
            })
            .collect(),
    }
}
