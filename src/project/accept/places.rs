//! The place of each change in the files, and the edits there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::trees::{Start, Tree, start};
use super::{Edited, Unplaced};
use crate::kdl::{
    Cutting, Entry, Graft, Node, NodeWriter, Slot, SourceId, Splice, Stray, Value, Written,
    take_out, text_literal,
};
use crate::kind::language::{DeclaredRows, NodeWords, Rename, SHARED, file_name, vocabulary};
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::project::renamed::is_part;

/// The words by which a column says a constraint in passing; the first is the constraint itself.
fn passing_words(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::PrimaryKey => &["primary-key"],
        Kind::Unique => &["unique"],
        Kind::ForeignKey => &["references", "on-delete", "on-update"],
        Kind::Check => &["check"],
        _ => &[],
    }
}

/// The edits of all files, as they are found.
pub(super) struct Places<'t> {
    old: &'t Tree,
    new: &'t Tree,
    person: &'t Tree,
    folder: PathBuf,
    words: Vec<NodeWords>,
    splices: BTreeMap<SourceId, Splice<'t>>,
    /// Texts of files that are new, by path.
    fresh: BTreeMap<PathBuf, String>,
    /// The nodes that go.
    gone: BTreeSet<Start>,
    /// What goes into a node of the person, in order.
    into: BTreeMap<Start, Vec<Cutting>>,
    /// Constraints that a column would say and that the person gave a node, by the owner of the column's node.
    apart: Vec<(ObjectId, ObjectId)>,
    /// Enumerations whose values get nodes of their own here: all is said of them.
    spelled_out: BTreeSet<ObjectId>,
}

impl<'t> Places<'t> {
    pub(super) fn new(old: &'t Tree, new: &'t Tree, person: &'t Tree, folder: PathBuf) -> Self {
        Places {
            old,
            new,
            person,
            folder,
            words: vocabulary(),
            splices: BTreeMap::new(),
            fresh: BTreeMap::new(),
            gone: BTreeSet::new(),
            into: BTreeMap::new(),
            apart: Vec::new(),
            spelled_out: BTreeSet::new(),
        }
    }

    /// Notes a changed object that the person gave a node of its own, where the language would say it in passing.
    pub(super) fn said_apart(&mut self, id: &ObjectId) {
        let hosts = [self.old, self.new]
            .into_iter()
            .filter(|tree| tree.own(id).is_none() && tree.says(id).is_some())
            .filter_map(|tree| tree.owner_of(id));
        if self.person.own(id).is_some() && !passing_words(id.kind).is_empty() {
            for host in hosts {
                let pair = (id.clone(), host.clone());
                if !self.apart.contains(&pair) {
                    self.apart.push(pair);
                }
            }
        }
    }

    /// The edits for objects whose nodes are touched.
    pub(super) fn edit(
        mut self,
        touched: &BTreeSet<&ObjectId>,
        mut unplaced: Vec<Unplaced>,
    ) -> Result<Edited, Vec<Unplaced>> {
        // What goes is known before what comes looks for a neighbour.
        type Step<'t> = fn(&mut Places<'t>, &ObjectId) -> Result<(), String>;
        let steps: [Step<'t>; 3] = [Places::drop, Places::alter, Places::create];
        for step in steps {
            for id in touched {
                if let Err(why) = step(&mut self, id) {
                    unplaced.push(Unplaced {
                        id: (*id).clone(),
                        why,
                    });
                }
            }
        }
        self.fill();
        let mut edited = Edited { files: self.fresh };
        for (source, splice) in self.splices {
            let path = self
                .person
                .sources
                .get(source)
                .map(|file| file.path.clone());
            match (splice.finish(), path) {
                (Ok(text), Some(path)) => {
                    edited.files.insert(path, text);
                }
                _ => unplaced.extend(touched.iter().map(|id| Unplaced {
                    id: (*id).clone(),
                    why: format!(
                        "its changes in `{}` get in each other's way",
                        self.person.sources.display_name(source)
                    ),
                })),
            }
        }
        if unplaced.is_empty() {
            Ok(edited)
        } else {
            Err(unplaced)
        }
    }

    /// Notes the objects that a node says in passing before and have one of their own now, or the other way round: with
    /// another name beside them they are spelled otherwise.
    pub(super) fn said_otherwise(&mut self) -> BTreeSet<ObjectId> {
        let (old, new) = (self.old, self.new);
        let is_passing =
            |tree: &Tree, id: &ObjectId| tree.own(id).is_none() && tree.says(id).is_some();
        let mut found: BTreeSet<ObjectId> = BTreeSet::new();
        for (one, other) in [(old, new), (new, old)] {
            found.extend(one.owned().filter(|id| is_passing(other, id)).cloned());
        }
        for id in &found {
            self.said_apart(id);
        }
        let hosts: Vec<ObjectId> = found
            .iter()
            .flat_map(|id| [old, new].map(|tree| tree.owner_of(id).cloned()))
            .flatten()
            .collect();
        found.extend(hosts);
        found
    }

    /// Says of what has another name what it was called; the name itself is a change like others.
    pub(super) fn rename(&mut self, renames: &[Rename]) -> Vec<Unplaced> {
        let mut unplaced = Vec::new();
        for rename in renames.iter().filter(|it| !is_part(&it.to)) {
            let id = &rename.to;
            let table = id.parent.as_deref();
            let holds_rows = id.kind == Kind::Column
                && table.is_some_and(|table| self.declared_rows(table).is_some());
            let why = match self.person.own(id) {
                _ if holds_rows => "rows of its table are declared",
                _ if self.person.is_mixed(id) => "a mixin says it, of other objects too",
                None => "the files give it no node of its own",
                Some(node) => {
                    self.was_called(node, &rename.from.name);
                    continue;
                }
            };
            let called = format!("it was called {}, and {why}", rename.from.name);
            let id = id.clone();
            unplaced.push(Unplaced { id, why: called });
        }
        unplaced
    }

    /// Says in a node what it was called.
    fn was_called(&mut self, node: &Node, name: &str) {
        let was = text_literal(name);
        let said = node.entries.iter().find(|entry| {
            let key = entry.key.as_ref();
            key.is_some_and(|key| key.value == "renamed-from")
        });
        let splice = self.splice(node);
        match said {
            Some(entry) => splice.replace_text(entry.span, &was),
            None => splice.add_entry(node, &format!("renamed-from={was}")),
        };
    }

    /// Gives what a type consists of its other name, and says what it was called.
    pub(super) fn rename_inside(&mut self, renames: &[Rename], after: &Catalog) -> Vec<Unplaced> {
        let mut unplaced = Vec::new();
        for rename in renames {
            let renamed = self.rename_part(rename, renames, after);
            unplaced.extend(renamed.err().map(|why| Unplaced {
                id: rename.to.clone(),
                why: format!("it was called {}, and {why}", rename.from.name),
            }));
        }
        unplaced
    }

    fn rename_part(
        &mut self,
        rename: &Rename,
        all: &[Rename],
        after: &Catalog,
    ) -> Result<(), String> {
        let Some(whole) = rename.to.inner_of() else {
            return Ok(());
        };
        self.mixed(whole)?;
        let person = self.person;
        let node = person
            .own(whole)
            .ok_or("the files do not declare its type")?;
        let is_it = |child: &&Node| {
            let first = child.arguments().next().map(|entry| &entry.value);
            child.name.value == rename.to.kind.name()
                && matches!(first, Some(Value::Text(text, _)) if *text == *rename.to.name)
        };
        if let Some(child) = node.children.iter().find(is_it)
            && let Some(name) = child.arguments().next()
        {
            let now = text_literal(&rename.to.name);
            self.splice(child).replace_text(name.span, &now);
            self.was_called(child, &rename.from.name);
            return Ok(());
        }
        let Some(Object::Enum(now)) = after.get(whole) else {
            return Err("no node says it".to_owned());
        };
        let mut values = node.arguments().skip(1).peekable();
        let has_nodes = node.children.iter().any(|it| it.name.value == "value");
        if values.peek().is_none() || has_nodes {
            return Err("no node says it".to_owned());
        }
        // Values in a row get nodes, in which that can be said.
        if !self.spelled_out.insert(whole.clone()) {
            return Ok(());
        }
        let nodes = now.values.iter().map(|value| {
            let mut node = NodeWriter::new("value");
            node.argument(value);
            let is_it = |it: &&Rename| it.to.inner_of() == Some(whole) && *it.to.name == **value;
            if let Some(rename) = all.iter().find(is_it) {
                node.text("renamed-from", &rename.from.name);
            }
            node
        });
        let nodes: Vec<NodeWriter> = nodes.collect();
        // What comes beside is said apart; the name of the type stands before its values.
        let name = node.arguments().next();
        let is_other =
            |entry: &&Entry| !matches!(&entry.value, Value::Text(name, _) if *name == *whole.name);
        let splice = self.splice(node);
        if let Some(name) = name.filter(is_other) {
            splice.replace_text(name.span, &text_literal(&whole.name));
        }
        for value in values {
            splice.remove_entry(value.span);
        }
        splice.insert_into(node, nodes.as_slice());
        Ok(())
    }

    /// The rows that the files declare of a table.
    pub(super) fn declared_rows(&self, table: &ObjectId) -> Option<&'t DeclaredRows> {
        self.person.desired.rows.get(table)
    }

    /// The node of `rows`.
    fn rows_node(&self, declared: &DeclaredRows) -> Result<&'t Node, String> {
        let at = (declared.span.source, declared.span.start);
        let node = self.person.node_at(at);
        node.ok_or_else(|| "its rows stand in no node that can be told".to_owned())
    }

    fn row_node(&self, declared: &DeclaredRows, place: usize) -> Result<&'t Node, String> {
        let span = declared.rows.get(place).map(|row| row.span);
        let begins = span.map(|span| (span.source, span.start));
        let rows = self.rows_node(declared)?;
        let found = rows.children.iter().find(|row| Some(start(row)) == begins);
        found.ok_or_else(|| "a mixin says it, of other tables too".to_owned())
    }

    /// Takes a row away.
    pub(super) fn drop_row(&mut self, declared: &DeclaredRows, place: usize) -> Result<(), String> {
        let node = self.row_node(declared, place)?;
        self.take(node);
        Ok(())
    }

    /// Adds a row behind the others.
    pub(super) fn add_row(
        &mut self,
        declared: &DeclaredRows,
        row: &NodeWriter,
    ) -> Result<(), String> {
        let rows = self.rows_node(declared)?;
        match rows.children.last() {
            Some(last) => self.splice(last).insert_after(last, row),
            None => self.splice(rows).insert_into(rows, row),
        };
        Ok(())
    }

    /// Replaces a value of a row by the one of a row that has this alone, where they differ.
    pub(super) fn set_cell(
        &mut self,
        declared: &DeclaredRows,
        place: usize,
        column: &str,
        value: &NodeWriter,
    ) -> Result<(), String> {
        let node = self.row_node(declared, place)?;
        let at = declared.columns.iter().position(|it| it == column);
        let entry = at.and_then(|at| node.arguments().nth(at));
        let Some(entry) = entry else { return Ok(()) };
        let mut text = String::new();
        value.write(0, &mut text);
        let text = text.trim().strip_prefix("row ").unwrap_or_default();
        let old = &self.person.text(node)[entry.span.range()];
        if old != text && old.trim_matches('"') != text.trim_matches('"') {
            self.splice(node).replace_text(entry.span, text);
        }
        Ok(())
    }

    fn splice(&mut self, node: &Node) -> &mut Splice<'t> {
        let source = node.span.source;
        let text = self.person.sources.text(source);
        self.splices
            .entry(source)
            .or_insert_with(|| Splice::new(source, text))
    }

    fn take(&mut self, node: &Node) {
        if self.gone.insert(start(node)) {
            self.splice(node).remove_with_comments(node);
        }
    }

    fn mixed(&self, id: &ObjectId) -> Result<(), String> {
        if self.person.is_mixed(id) {
            return Err("a mixin says it, of other objects too".to_owned());
        }
        Ok(())
    }

    fn drop(&mut self, id: &ObjectId) -> Result<(), String> {
        let goes = |id: &ObjectId| {
            self.old.own(id).is_some() && (self.new.own(id).is_none() || self.moves(id))
        };
        if !goes(id) || self.old.around(id).into_iter().any(goes) {
            return Ok(());
        }
        self.mixed(id)?;
        let person = self.person;
        if id.kind == Kind::Schema {
            for node in schema_nodes(person, &id.name) {
                self.take(node);
            }
            return Ok(());
        }
        if let Some(node) = person.own(id) {
            self.take(node);
            return Ok(());
        }
        let Some(host) = person.says(id) else {
            // The files do not say it any more.
            return Ok(());
        };
        if self.new.says(id).is_some() {
            // The node that says it in passing is altered.
            return Ok(());
        }
        let words = passing_words(id.kind);
        let splice = self.splice(host);
        let said = words.iter().filter(|word| take_out(host, word, splice));
        if said.count() == 0 {
            return Err("it is said in passing by another node".to_owned());
        }
        Ok(())
    }

    /// Whether a node stands elsewhere than before: a partition that is a table of its own now.
    fn moves(&self, id: &ObjectId) -> bool {
        let (Some(old), Some(new)) = (self.old.own(id), self.new.own(id)) else {
            return false;
        };
        let place = |tree: &Tree| tree.around(id).first().map(|it| (*it).clone());
        old.name.value != new.name.value || place(self.old) != place(self.new)
    }

    fn alter(&mut self, id: &ObjectId) -> Result<(), String> {
        let (Some(old), Some(new)) = (self.old.own(id), self.new.own(id)) else {
            return Ok(());
        };
        if self.moves(id) || self.new.around(id).into_iter().any(|it| self.moves(it)) {
            return Ok(());
        }
        let person = self.person;
        let apart: Vec<ObjectId> = self
            .apart
            .iter()
            .filter(|(_, host)| host == id)
            .map(|(part, _)| part.clone())
            .collect();
        for part in &apart {
            self.alter_apart(part, old, new)?;
        }
        let others: BTreeSet<&str> = apart
            .iter()
            .flat_map(|part| passing_words(part.kind))
            .copied()
            .collect();
        self.mixed(id)?;
        let nodes: Vec<&Node> = match id.kind {
            Kind::Schema => schema_nodes(person, &id.name),
            _ => person.own(id).into_iter().collect(),
        };
        if nodes.is_empty() {
            return Err("the files do not declare it".to_owned());
        }
        let is_said = self.spelled_out.contains(id);
        let looks_at = |word: &str| !(others.contains(word) || is_said && word.is_empty());
        for node in &nodes {
            if self.graft(old, new, node, &looks_at).is_ok() {
                return Ok(());
            }
        }
        // A node without parts of its own can be written anew.
        let has_parts = |tree: &Tree, node: &Node| node.children.iter().any(|it| tree.is_owned(it));
        let person_node = nodes[0];
        if id.kind == Kind::Schema
            || has_parts(self.new, new)
            || has_parts(person, person_node)
            || person_node.children.iter().any(|it| it.name.value == "use")
        {
            return Err("what changed of it is spelled in another way in the files".to_owned());
        }
        let cutting = Cutting::of(self.new.text(new), new);
        match self
            .splice(person_node)
            .replace_below_comments(person_node, &cutting)
        {
            true => Ok(()),
            false => Err("its node hides something with `/-`".to_owned()),
        }
    }

    /// A constraint that the person gave a node: what the column would say of it is taken over there.
    fn alter_apart(&mut self, part: &ObjectId, old: &Node, new: &Node) -> Result<(), String> {
        let Some(node) = self.person.own(part) else {
            return Ok(());
        };
        let words = passing_words(part.kind);
        let (before, now) = (self.old.says(part), self.new.says(part));
        if let Some(own) = self.new.own(part) {
            return self.name_apart(node, own);
        }
        match (before.is_some(), now.is_some()) {
            (true, false) => {
                self.take(node);
                Ok(())
            }
            (true, true) if part.kind == Kind::ForeignKey => self
                .graft(old, new, node, &|word| words.contains(&word))
                .map_err(|Stray| "its changes have no place in the node".to_owned()),
            (true, true) => {
                let said = new
                    .entries
                    .iter()
                    .find(|entry| entry.key.as_ref().is_some_and(|key| key.value == words[0]));
                match (said, node.arguments().next()) {
                    (Some(said), Some(mine)) => {
                        let text = self.new.text(new)[said.span.range()].to_owned();
                        self.splice(node).replace_text(mine.span, &text);
                        Ok(())
                    }
                    (None, _) => Ok(()),
                    _ => Err("its changes have no place in the node".to_owned()),
                }
            }
            // The person says it already.
            _ => Ok(()),
        }
    }

    /// A constraint has a node of its own in the files as in the writing now: its name is said where it is no usual one any more.
    fn name_apart(&mut self, node: &Node, now: &Node) -> Result<(), String> {
        fn named(node: &Node) -> Option<&Entry> {
            let mut entries = node.entries.iter();
            entries.find(|entry| entry.key.as_ref().is_some_and(|key| key.value == "name"))
        }
        if let (Some(name), None) = (named(now), named(node)) {
            let spelled = self.new.text(now)[name.span.range()].to_owned();
            self.splice(node)
                .add_entry(node, &format!("name={spelled}"));
        }
        Ok(())
    }

    fn graft(
        &mut self,
        old: &Node,
        new: &Node,
        node: &Node,
        looks_at: &dyn Fn(&str) -> bool,
    ) -> Result<(), Stray> {
        let (before, after, person) = (self.old, self.new, self.person);
        let flags: Vec<&'static str> = self
            .words
            .iter()
            .filter(|it| it.word == node.name.value)
            .flat_map(|it| &it.words)
            .filter(|asked| !asked.argument && asked.slot == Slot::Flag)
            .map(|asked| asked.word)
            .collect();
        let graft = Graft {
            old,
            new,
            text: after.text(new),
            person: node,
            persons_text: person.text(node),
            flags: &flags,
            looks_at,
            leaves_old: &|child| before.is_owned(child),
            leaves_new: &|child| after.is_owned(child),
        };
        let splice = self.splice(node);
        let mark = splice.mark();
        let result = graft.apply(splice);
        if result.is_err() {
            splice.back_to(mark);
        }
        result
    }

    fn create(&mut self, id: &ObjectId) -> Result<(), String> {
        let comes = |id: &ObjectId| {
            self.new.own(id).is_some() && (self.old.own(id).is_none() || self.moves(id))
        };
        let Some(node) = self.new.own(id).filter(|_| comes(id)) else {
            return Ok(());
        };
        let around = self.new.around(id);
        // What was said in passing is taken out there.
        let in_passing = self.person.own(id).is_none()
            && self.old.own(id).is_none()
            && self.old.says(id).is_some();
        let is_said = self.person.says(id).is_some() && !self.moves(id) && !in_passing;
        if around.iter().any(|it| comes(it)) || is_said {
            return Ok(());
        }
        let cutting = Cutting::of(self.new.text(node), node);
        let person = self.person;
        match around.first().copied().or(id.parent.as_deref()) {
            None => self.create_at_top(id, node, cutting),
            Some(schema) if schema.kind == Kind::Schema => {
                self.create_in_schema(id, &schema.name, node, cutting);
            }
            Some(holder) => {
                self.mixed(holder)?;
                let holder = person
                    .own(holder)
                    .ok_or("the files do not declare its place")?;
                self.create_in(holder, node, cutting);
            }
        }
        Ok(())
    }

    /// Behind the last one of the same word, else at the end of the node.
    fn create_in(&mut self, holder: &'t Node, node: &Node, cutting: Cutting) {
        let stays = |child: &&Node| !self.gone.contains(&start(child));
        let last = holder
            .children
            .iter()
            .filter(|child| child.name.value == node.name.value)
            .rfind(stays);
        match last {
            Some(last) => {
                self.splice(last).insert_after(last, &cutting);
            }
            None => self.into.entry(start(holder)).or_default().push(cutting),
        }
    }

    fn create_in_schema(&mut self, id: &ObjectId, schema: &str, node: &Node, cutting: Cutting) {
        let nodes: Vec<&Node> = schema_nodes(self.person, schema)
            .into_iter()
            .filter(|node| !self.gone.contains(&start(node)))
            .collect();
        let head = format!("schema {}", text_literal(schema));
        let count = |holder: &&&Node| {
            let same = |child: &&Node| child.name.value == node.name.value;
            holder.children.iter().filter(same).count()
        };
        let with: Vec<&&Node> = nodes.iter().filter(|it| count(it) > 0).collect();
        let Some(last) = with.last().or(nodes.last().as_ref()).copied() else {
            let path = self.folder.join(format!("{}.kdl", file_name(schema)));
            self.add_to(path, &cutting.inside(&head));
            return;
        };
        // Where each table has a file of its own, the new one gets one too.
        if with.len() > 1 && with.iter().all(|it| count(it) == 1) {
            let beside = self
                .person
                .sources
                .get(last.span.source)
                .map(|it| it.path.as_path());
            let folder = beside.and_then(Path::parent).unwrap_or(Path::new(""));
            let path = folder.join(format!("{}.kdl", file_name(&id.name)));
            let known = self
                .person
                .sources
                .files()
                .any(|(_, file)| file.path == path);
            if !known && !path.exists() {
                self.add_to(path, &cutting.inside(&head));
                return;
            }
        }
        self.create_in(last, node, cutting);
    }

    fn create_at_top(&mut self, id: &ObjectId, node: &Node, cutting: Cutting) {
        let person = self.person;
        let stays = |child: &&Node| !self.gone.contains(&start(child));
        let last = person
            .files
            .iter()
            .flat_map(|(_, nodes)| nodes)
            .filter(|it| it.name.value == node.name.value)
            .rfind(stays);
        match last {
            Some(last) if id.kind != Kind::Schema => {
                self.splice(last).insert_after(last, &cutting);
            }
            _ => {
                let name = match id.kind {
                    Kind::Schema => format!("{}.kdl", file_name(&id.name)),
                    _ => SHARED.to_owned(),
                };
                self.add_to(self.folder.join(name), &cutting);
            }
        }
    }

    /// At the end of a file, which may be new.
    fn add_to(&mut self, path: PathBuf, cutting: &Cutting) {
        let person = self.person;
        let known = person.sources.files().find(|(_, file)| file.path == path);
        match known {
            Some((source, file)) => {
                self.splices
                    .entry(source)
                    .or_insert_with(|| Splice::new(source, &file.text))
                    .append(cutting);
            }
            None => {
                let text = self.fresh.entry(path).or_default();
                text.push_str(&cutting.at_level(0));
            }
        }
    }

    /// What comes into nodes that had nothing of its kind.
    fn fill(&mut self) {
        for (at, cuttings) in std::mem::take(&mut self.into) {
            if let Some(node) = self.person.node_at(at) {
                self.splice(node).insert_into(node, cuttings.as_slice());
            }
        }
    }
}

/// The nodes of a schema, which may be spread over files.
fn schema_nodes<'t>(tree: &'t Tree, name: &str) -> Vec<&'t Node> {
    let is_named = |node: &&Node| {
        let first = node.arguments().next().map(|entry| &entry.value);
        matches!(first, Some(crate::kdl::Value::Text(text, _)) if text == name)
    };
    tree.files
        .iter()
        .flat_map(|(_, nodes)| nodes)
        .filter(|node| node.name.value == "schema")
        .filter(is_named)
        .collect()
}
