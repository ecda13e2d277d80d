//! KDL files with the objects that their nodes say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::kdl::{Diagnostics, Node, SourceId, Sources, Value, same_nodes};
use crate::kind::Catalog;
use crate::kind::language::{Desired, Rename, WriteOptions, read, vocabulary, write};
use crate::model::{Kind, ObjectId};
use crate::project::renamed::called_by;
use crate::project::{Declared, ProjectError};

/// Where a node begins.
pub(super) type Start = (SourceId, usize);

/// Files, and which node is whose.
pub(super) struct Tree {
    pub(super) sources: Arc<Sources>,
    pub(super) files: Vec<(SourceId, Vec<Node>)>,
    pub(super) desired: Desired,
    /// The objects that have a node of their own.
    own: BTreeMap<ObjectId, Start>,
    /// The other way round.
    owners: BTreeMap<Start, ObjectId>,
    /// The nodes of mixins: what they say, they say of several objects.
    mixed: BTreeSet<Start>,
}

impl Tree {
    /// A catalog as the language writes it.
    pub(super) fn of_catalog(
        catalog: &Catalog,
        options: &WriteOptions,
    ) -> Result<Tree, ProjectError> {
        let diagnostics = Diagnostics::new();
        let sources = Sources::from_texts(write(catalog, options), &diagnostics);
        let desired = read(sources.nodes(), &options.names, &diagnostics);
        let sources = Arc::new(sources);
        diagnostics
            .into_result(&sources)
            .map_err(|mistakes| ProjectError::Kdl(Box::new(mistakes)))?;
        Ok(Tree::new(sources, desired))
    }

    /// The files of a person.
    pub(super) fn of_files(declared: &Declared) -> Tree {
        Tree::new(declared.sources.clone(), declared.desired.clone())
    }

    fn new(sources: Arc<Sources>, desired: Desired) -> Tree {
        let files = sources
            .files()
            .map(|(id, _)| (id, sources.nodes_again(id)))
            .collect();
        let mut tree = Tree {
            sources,
            files,
            desired,
            own: BTreeMap::new(),
            owners: BTreeMap::new(),
            mixed: BTreeSet::new(),
        };
        tree.find_owners();
        tree
    }

    fn find_owners(&mut self) {
        let kinds: BTreeMap<&str, Kind> = vocabulary()
            .iter()
            .filter_map(|node| Some((node.word, *node.kinds.first()?)))
            .chain([("schema", Kind::Schema), ("partition", Kind::Table)])
            .collect();
        let mut words: BTreeMap<Start, (Option<Kind>, bool)> = BTreeMap::new();
        fn note(
            node: &Node,
            mixed: bool,
            kinds: &BTreeMap<&str, Kind>,
            words: &mut BTreeMap<Start, (Option<Kind>, bool)>,
        ) {
            let mixed = mixed || node.name.value == "mixin";
            let kind = kinds.get(node.name.value.as_str()).copied();
            words.insert(start(node), (kind, mixed));
            for child in &node.children {
                note(child, mixed, kinds, words);
            }
        }
        for (_, nodes) in &self.files {
            for node in nodes {
                note(node, false, &kinds, &mut words);
            }
        }
        for (id, object) in &self.desired.objects {
            let at = (object.span.source, object.span.start);
            match words.get(&at) {
                Some((_, true)) => {
                    self.mixed.insert(at);
                }
                Some((Some(kind), _)) if *kind == id.kind => {
                    // A node that says several of its kind is that of the outermost.
                    let depth = id.ancestors().count();
                    let outer = self
                        .owners
                        .get(&at)
                        .is_none_or(|known| known.ancestors().count() > depth);
                    if outer {
                        self.owners.insert(at, id.clone());
                    }
                    self.own.insert(id.clone(), at);
                }
                _ => {}
            }
        }
        let owners = &self.owners;
        self.own.retain(|id, at| owners.get(at) == Some(id));
    }

    /// The object whose node says something of `id`; none where nothing does.
    pub(super) fn owner_of(&self, id: &ObjectId) -> Option<&ObjectId> {
        let at = self.said_at(id)?;
        if let Some(owner) = self.owners.get(&at) {
            return Some(owner);
        }
        self.parents_of(at)
            .into_iter()
            .find_map(|node| self.owners.get(&start(node)))
    }

    /// Where `id` is said, or the nearest object that it is a part of.
    pub(super) fn said_at(&self, id: &ObjectId) -> Option<Start> {
        let object = id.ancestors().find_map(|id| self.desired.objects.get(id))?;
        Some((object.span.source, object.span.start))
    }

    /// The node that is `id`'s own.
    pub(super) fn own(&self, id: &ObjectId) -> Option<&Node> {
        self.node_at(*self.own.get(id)?)
    }

    /// The node that says `id`, its own or another's.
    pub(super) fn says(&self, id: &ObjectId) -> Option<&Node> {
        let object = self.desired.objects.get(id)?;
        self.node_at((object.span.source, object.span.start))
    }

    /// The same under other names.
    pub(super) fn following(mut self, renames: &[Rename]) -> Tree {
        if renames.is_empty() {
            return self;
        }
        let now = |id: &ObjectId| called_by(id, renames);
        self.own = self.own.iter().map(|(id, at)| (now(id), *at)).collect();
        self.owners = self.owners.iter().map(|(at, id)| (*at, now(id))).collect();
        let objects = std::mem::take(&mut self.desired.objects).into_iter();
        self.desired.objects = objects.map(|(id, it)| (now(&id), it)).collect();
        let rows = std::mem::take(&mut self.desired.rows).into_iter();
        self.desired.rows = rows.map(|(id, it)| (now(&id), it)).collect();
        self
    }

    /// The same where types call what they consist of as it is called now; the texts are as they were.
    pub(super) fn following_inside(mut self, renames: &[Rename]) -> Tree {
        let wholes: BTreeSet<&ObjectId> =
            renames.iter().filter_map(|it| it.to.inner_of()).collect();
        for whole in wholes {
            let node = self.own.get(whole).copied();
            let Some(node) = node.and_then(|at| self.node_at_mut(at)) else {
                continue;
            };
            for part in &mut node.children {
                let mut entries = part.entries.iter_mut();
                let name = entries.find(|it| it.key.is_none());
                let Some(Value::Text(name, _)) = name.map(|entry| &mut entry.value) else {
                    continue;
                };
                let is_it = |it: &&Rename| {
                    it.to.inner_of() == Some(whole)
                        && *it.from.name == **name
                        && it.to.kind.name() == part.name.value
                };
                if let Some(rename) = renames.iter().find(is_it) {
                    *name = rename.to.name.to_string();
                }
            }
        }
        self
    }

    /// The objects of which the other tree has a node too that says something else in its own words.
    pub(super) fn differing<'t>(&'t self, other: &Tree) -> BTreeSet<&'t ObjectId> {
        let differs = |id: &&ObjectId| match (self.own(id), other.own(id)) {
            (Some(one), Some(two)) => !same_nodes(&[self.alone(one)], &[other.alone(two)]),
            _ => false,
        };
        self.own.keys().filter(differs).collect()
    }

    /// A node without what has a node of its own in it.
    fn alone(&self, node: &Node) -> Node {
        let children = node.children.iter().filter(|child| !self.is_owned(child));
        Node {
            children: children.map(|child| self.alone(child)).collect(),
            ..node.clone()
        }
    }

    /// The objects in whose nodes the node of `id` stands, the nearest first.
    pub(super) fn around(&self, id: &ObjectId) -> Vec<&ObjectId> {
        let parents = self.own.get(id).map(|at| self.parents_of(*at));
        let parents = parents.into_iter().flatten();
        parents
            .filter_map(|node| self.owners.get(&start(node)))
            .collect()
    }

    /// The objects that have nodes of their own here.
    pub(super) fn owned(&self) -> impl Iterator<Item = &ObjectId> {
        self.own.keys()
    }

    /// The enumerations whose values have nodes of their own.
    pub(super) fn with_value_nodes(&self) -> BTreeSet<ObjectId> {
        let has = |id: &&ObjectId| {
            let node = self.own(id);
            node.is_some_and(|node| node.children.iter().any(|it| it.name.value == "value"))
        };
        let all = self.owned().filter(|id| id.kind == Kind::Enum);
        all.filter(has).cloned().collect()
    }

    /// Whether a node is an object's own.
    pub(super) fn is_owned(&self, node: &Node) -> bool {
        self.owners.contains_key(&start(node))
    }

    /// Whether what says `id` stands in a mixin.
    pub(super) fn is_mixed(&self, id: &ObjectId) -> bool {
        self.said_at(id).is_some_and(|at| self.mixed.contains(&at))
    }

    pub(super) fn text(&self, node: &Node) -> &str {
        self.sources.text(node.span.source)
    }

    /// The node that begins at a place.
    pub(super) fn node_at(&self, at: Start) -> Option<&Node> {
        self.path_to(at)?.pop()
    }

    fn node_at_mut(&mut self, at: Start) -> Option<&mut Node> {
        fn within(nodes: &mut [Node], at: Start) -> Option<&mut Node> {
            nodes.iter_mut().find_map(|node| match start(node) == at {
                true => Some(node),
                false => within(&mut node.children, at),
            })
        }
        let (_, nodes) = self.files.iter_mut().find(|(id, _)| *id == at.0)?;
        within(nodes, at)
    }

    /// The nodes around a place, the nearest first.
    fn parents_of(&self, at: Start) -> Vec<&Node> {
        let mut path = self.path_to(at).unwrap_or_default();
        path.pop();
        path.reverse();
        path
    }

    /// The nodes down to the one that begins at a place.
    fn path_to(&self, at: Start) -> Option<Vec<&Node>> {
        let (_, nodes) = self.files.iter().find(|(id, _)| *id == at.0)?;
        let mut path: Vec<&Node> = Vec::new();
        let mut level = nodes;
        loop {
            let node = level.iter().find(|node| {
                (node.span.start..node.span.end.max(node.span.start + 1)).contains(&at.1)
            })?;
            path.push(node);
            if start(node) == at {
                return Some(path);
            }
            level = &node.children;
        }
    }
}

pub(super) fn start(node: &Node) -> Start {
    (node.name.span.source, node.name.span.start)
}
