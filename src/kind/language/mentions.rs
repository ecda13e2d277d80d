//! Every place in the files that names something: where it is declared, where a slot refers to it, where an SQL text
//! mentions it. Editors are answered with it. Slots say what they name; in an SQL text only PostgreSQL knows, so a mention
//! there is certain only where nothing else can be meant.

use std::collections::{BTreeMap, BTreeSet};

use super::Desired;
use crate::kdl::{Entry, Node, Path, Sources, Span, Value, inside};
use crate::kind::NODES;
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::{unquote_ident, unquote_literal};
use crate::sql::types::is_builtin_type;

/// What is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol {
    /// An object; a role that nobody declares too.
    Object(ObjectId),
    /// A mixin.
    Mixin(String),
}

/// How a place names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is declared here.
    Declared,
    /// It is meant here.
    Meant,
    /// An SQL text has its name, and may mean something else by it.
    Perhaps,
}

/// How the name is spelled there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// It is the whole value.
    Whole,
    /// A part of a dotted path.
    Part(usize),
    /// A name in an SQL text.
    Sql,
    /// Not at all: a part whose name is made by us or by PostgreSQL.
    Unnamed,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Where the name stands.
    pub span: Span,
    /// The value that it stands in.
    pub value: Span,
    /// The node around it.
    pub node: Span,
    /// What is named.
    pub symbol: Symbol,
    /// How.
    pub how: How,
    /// How it is spelled.
    pub spelling: Spelling,
}

/// What a slot names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Columns of the relation around.
    Columns,
    /// Columns of the relation that the first argument names.
    ColumnsOfFirst,
    /// A column by its path: `public.payment.payment_id`.
    ColumnPath,
    /// A table, or what can stand in its place; its columns may follow.
    Relation,
    /// A function or procedure.
    Routine,
    /// A type.
    Type,
    /// An index of the relation around.
    Index,
    /// An object of a schema, of this kind.
    InSchema(Kind),
    /// An object of the database or the cluster, of this kind.
    Top(Kind),
    /// A mixin.
    Mixin,
    /// An SQL expression over the columns of the relation around, if there is one.
    Expression,
    /// An SQL statement, or the body of a routine.
    Statement,
}

/// What the attribute `word` of a node names, as a property or as a child; `None` where that is nothing.
pub fn attribute_names(node: &str, word: &str) -> Option<Names> {
    Some(match (node, word) {
        (_, "owner" | "by")
        | ("grant" | "policy", "to")
        | ("revoke", "from")
        | ("default-privileges" | "user-mapping", "for")
        | ("role", "member-of" | "admin-of") => Names::Top(Kind::Role),
        ("extension" | "partition" | "statistics", "schema")
        | ("schema", "search-path")
        | ("publication", "tables-in-schema") => Names::Top(Kind::Schema),
        (_, "use") => Names::Mixin,
        ("server", "wrapper") => Names::Top(Kind::ForeignDataWrapper),
        ("foreign-table" | "partition", "server") => Names::Top(Kind::Server),
        ("function" | "procedure" | "transform", "language") => Names::Top(Kind::Language),
        ("table" | "materialized-view" | "partition", "access-method")
        | ("index" | "exclude" | "operator-class" | "operator-family", "method") => {
            Names::Top(Kind::AccessMethod)
        }
        (_, "references" | "inherits") | ("trigger", "from") => Names::Relation,
        ("sequence", "owned-by") => Names::ColumnPath,
        ("table" | "partition", "of")
        | ("sequence", "as")
        | ("function", "returns" | "transform-types")
        | ("procedure", "transform-types")
        | ("range", "subtype")
        | ("base-type", "element" | "like")
        | ("cast", "from" | "to")
        | ("transform", "for")
        | ("operator-class", "for" | "storage")
        | ("operator", "left" | "right")
        | ("aggregate", "stype" | "mstype") => Names::Type,
        ("event-trigger" | "trigger", "execute")
        | ("language", "handler" | "inline" | "validator")
        | ("foreign-data-wrapper", "handler" | "validator")
        | ("access-method", "handler")
        | ("cast" | "conversion" | "operator", "function")
        | ("operator", "restrict" | "join")
        | ("transform", "from-sql" | "to-sql")
        | ("function", "support")
        | (
            "aggregate",
            "sfunc" | "finalfunc" | "combinefunc" | "serialfunc" | "deserialfunc" | "msfunc"
            | "minvfunc" | "mfinalfunc",
        )
        | ("range", "canonical" | "subtype-diff")
        | (
            "base-type",
            "input" | "output" | "receive" | "send" | "typmod-in" | "typmod-out" | "analyze"
            | "subscript",
        )
        | ("text-search-parser", "start" | "gettoken" | "end" | "headline" | "lextypes")
        | ("text-search-template", "init" | "lexize") => Names::Routine,
        (_, "collate") => Names::InSchema(Kind::Collation),
        (_, "opclass" | "subtype-opclass") => Names::InSchema(Kind::OperatorClass),
        ("operator-class", "family") => Names::InSchema(Kind::OperatorFamily),
        ("text-search-configuration", "parser") => Names::InSchema(Kind::TextSearchParser),
        ("text-search-dictionary", "template") => Names::InSchema(Kind::TextSearchTemplate),
        ("mapping", "dictionaries") => Names::InSchema(Kind::TextSearchDictionary),
        (_, "include" | "period")
        | ("grant" | "revoke" | "rows", "columns")
        | ("rows", "key")
        | ("trigger", "of") => Names::Columns,
        ("table", "columns") => Names::ColumnsOfFirst,
        ("column" | "domain", "default")
        | ("column", "check" | "backfill" | "convert" | "convert-back")
        | (_, "where" | "using" | "with-check" | "when" | "expression") => Names::Expression,
        (_, "query" | "return" | "atomic" | "body") => Names::Statement,
        _ => return None,
    })
}

/// What the argument of a node at `index` names; `parent` is the node around it.
pub fn argument_names(parent: Option<&str>, node: &str, index: usize) -> Option<Names> {
    Some(match (parent, node, index) {
        (_, "primary-key" | "unique" | "foreign-key" | "index" | "statistics" | "not-null", _)
        | (_, "partition-by", 1..)
        | (Some("index" | "exclude" | "partition-by"), "column", 0)
        | (_, "on-delete", 1..) => Names::Columns,
        (_, "column" | "attribute" | "domain", 1) => Names::Type,
        (_, "function" | "procedure" | "aggregate", 1) => Names::Type,
        (_, "check" | "expression" | "generated", 0) => Names::Expression,
        (_, "command", 0) => Names::Statement,
        (_, "execute", 0) => Names::Routine,
        (_, "cluster-on", 0) => Names::Index,
        (Some("publication"), "table", 0) => Names::Relation,
        _ => return None,
    })
}

/// Everything that the files name, file by file.
pub fn mentions(sources: &Sources, desired: &Desired) -> Vec<Mention> {
    let mut finder = Finder::new(sources, desired);
    for node in sources.nodes() {
        finder.top(node);
    }
    finder.found
}

/// What is around a node.
#[derive(Debug, Clone, Default)]
struct Around {
    /// The schemas that it may stand in: those of all tables that use a mixin.
    schemas: Vec<String>,
    /// The relations that it may be a part of.
    relations: Vec<ObjectId>,
}

struct Finder<'a> {
    sources: &'a Sources,
    desired: &'a Desired,
    /// Declared objects by the place of their nodes' heads.
    heads: BTreeMap<Span, Vec<&'a ObjectId>>,
    /// Objects of schemas by name.
    named: BTreeMap<(&'a str, &'a str), Vec<&'a ObjectId>>,
    columns: BTreeMap<&'a ObjectId, BTreeSet<&'a str>>,
    mixins: BTreeMap<&'a str, &'a Node>,
    found: Vec<Mention>,
}

impl<'a> Finder<'a> {
    fn new(sources: &'a Sources, desired: &'a Desired) -> Self {
        let mut finder = Finder {
            sources,
            desired,
            heads: BTreeMap::new(),
            named: BTreeMap::new(),
            columns: BTreeMap::new(),
            mixins: BTreeMap::new(),
            found: Vec::new(),
        };
        for (id, object) in &desired.objects {
            if id.kind.is_facet() {
                continue;
            }
            finder.heads.entry(object.span).or_default().push(id);
            match (id.parent.as_deref(), id.kind) {
                (Some(parent), Kind::Column | Kind::Attribute) => {
                    finder.columns.entry(parent).or_default().insert(&id.name);
                }
                (Some(parent), _) if parent.kind == Kind::Schema => {
                    let key = (&*parent.name, &*id.name);
                    finder.named.entry(key).or_default().push(id);
                }
                _ => {}
            }
        }
        for node in sources.nodes() {
            if let ("mixin", Some((name, _))) = (node.name.value.as_str(), first(node)) {
                finder.mixins.insert(name, node);
            }
        }
        finder
    }

    fn top(&mut self, node: &'a Node) {
        let mut around = Around::default();
        match (node.name.value.as_str(), first(node)) {
            ("schema", Some((name, entry))) => {
                let id = ObjectId::top(Kind::Schema, name);
                self.declared(node, entry, Symbol::Object(id));
                around.schemas.push(name.to_owned());
                self.parts(node, &around);
            }
            ("mixin", Some((name, entry))) => {
                let symbol = Symbol::Mixin(name.to_owned());
                self.declared(node, entry, symbol);
                // Its parts are those of every table whose columns stand here.
                let mut relations = BTreeSet::new();
                for child in &node.children {
                    let ids = self.heads.get(&child.head()).into_iter().flatten();
                    relations.extend(ids.filter_map(|id| id.parent.as_deref()));
                }
                around.schemas = relations
                    .iter()
                    .filter_map(|id| id.schema().map(str::to_owned))
                    .collect();
                around.relations = relations.into_iter().cloned().collect();
                self.parts(node, &around);
            }
            _ => self.node(None, node, &around),
        }
    }

    /// A node with all that it says.
    fn node(&mut self, parent: Option<&str>, node: &'a Node, around: &Around) {
        let word = node.name.value.as_str();
        let declared = self.declare(node, word);
        let mut inner = around.clone();
        if matches!(
            word,
            "table" | "foreign-table" | "view" | "materialized-view" | "partition"
        ) && parent != Some("publication")
        {
            inner.relations = declared;
        }
        for (index, entry) in node.arguments().enumerate() {
            if let Some(names) = argument_names(parent, word, index) {
                self.slot(node, entry, names, &inner);
            }
        }
        self.parts(node, &inner);
    }

    /// The properties and children of a node.
    fn parts(&mut self, node: &'a Node, around: &Around) {
        let word = node.name.value.as_str();
        for entry in &node.entries {
            if let Some(key) = &entry.key
                && let Some(names) = attribute_names(word, &key.value)
            {
                self.slot(node, entry, names, around);
            }
        }
        for child in &node.children {
            let name = child.name.value.as_str();
            // An index has a `column` and a table has one: what is declared goes first.
            let attribute = attribute_names(word, name);
            match attribute {
                Some(names) if argument_names(Some(word), name, 0).is_none() => {
                    for (index, entry) in child.arguments().enumerate() {
                        match (names, index) {
                            (Names::ColumnsOfFirst, _) => {
                                self.columns_of_first(node, entry, around)
                            }
                            (Names::Relation, 1..) if name == "references" => {
                                self.columns_of_first(child, entry, around);
                            }
                            _ => self.slot(child, entry, names, around),
                        }
                    }
                    for grandchild in &child.children {
                        self.node(Some(name), grandchild, around);
                    }
                }
                _ => self.node(Some(word), child, around),
            }
        }
    }

    /// Notes what a node declares; gives the objects that are the node's own.
    fn declare(&mut self, node: &'a Node, word: &str) -> Vec<ObjectId> {
        let kinds = NODES
            .iter()
            .find(|kind| kind.word == word)
            .map_or(&[][..], |kind| kind.kinds);
        let own = match word {
            "attribute" => Kind::Attribute,
            _ => match kinds.first() {
                Some(kind) => *kind,
                None => return Vec::new(),
            },
        };
        let ids: Vec<ObjectId> = self
            .heads
            .get(&node.head())
            .into_iter()
            .flatten()
            .filter(|id| id.kind == own)
            .map(|id| (*id).clone())
            .collect();
        for id in &ids {
            let argument = first(node).filter(|(name, _)| **name == *id.name);
            let named = node
                .entries
                .iter()
                .find(|entry| entry.key.as_ref().is_some_and(|key| key.value == "name"));
            let symbol = Symbol::Object(id.clone());
            match (argument, named) {
                (Some((_, entry)), _) if argument_names(None, word, 0).is_none() => {
                    self.declared(node, entry, symbol);
                }
                (_, Some(entry)) => {
                    self.declared(node, entry, symbol);
                }
                _ => self.found.push(Mention {
                    span: node.name.span,
                    value: node.name.span,
                    node: node.span,
                    symbol,
                    how: How::Declared,
                    spelling: Spelling::Unnamed,
                }),
            }
        }
        ids
    }

    /// The name under which an object is declared.
    fn declared(&mut self, node: &Node, entry: &Entry, symbol: Symbol) {
        let (how, spelling) = (How::Declared, Spelling::Whole);
        self.put(node, entry, entry.span, symbol, how, spelling);
    }

    fn put(
        &mut self,
        node: &Node,
        entry: &Entry,
        span: Span,
        symbol: Symbol,
        how: How,
        spelling: Spelling,
    ) {
        self.found.push(Mention {
            span,
            value: entry.span,
            node: node.span,
            symbol,
            how,
            spelling,
        });
    }

    fn slot(&mut self, node: &'a Node, entry: &'a Entry, names: Names, around: &Around) {
        let Value::Text(text, _) = &entry.value else {
            return;
        };
        match names {
            Names::Columns => self.column(node, entry, text, &around.relations),
            Names::ColumnsOfFirst => self.columns_of_first(node, entry, around),
            Names::Index => {
                for relation in &around.relations {
                    for kind in [Kind::Index, Kind::PrimaryKey, Kind::Unique, Kind::Exclude] {
                        let id = relation.child(kind, text);
                        if self.desired.objects.contains_key(&id) {
                            let symbol = Symbol::Object(id);
                            self.put(node, entry, entry.span, symbol, How::Meant, Spelling::Whole);
                        }
                    }
                }
            }
            Names::Top(Kind::Role) if text.eq_ignore_ascii_case("public") => {}
            Names::Top(kind) => {
                let id = ObjectId::top(kind, text);
                let is_known = kind == Kind::Role
                    || self.desired.objects.contains_key(&id)
                    || kind == Kind::Schema && self.desired.schemas.contains(text);
                if is_known {
                    let symbol = Symbol::Object(id);
                    self.put(node, entry, entry.span, symbol, How::Meant, Spelling::Whole);
                }
            }
            Names::Mixin => {
                let symbol = Symbol::Mixin(text.clone());
                self.put(node, entry, entry.span, symbol, How::Meant, Spelling::Whole);
            }
            Names::Relation => self.path(node, entry, text, around, is_relation),
            Names::Routine => self.path(node, entry, text, around, is_routine),
            Names::InSchema(kind) => self.path(node, entry, text, around, |it| it == kind),
            Names::ColumnPath => self.column_path(node, entry, text, around),
            Names::Type => self.sql(node, entry, around, Text::Type),
            Names::Expression => self.sql(node, entry, around, Text::Expression),
            Names::Statement => self.sql(node, entry, around, Text::Statement),
        }
    }

    fn column(&mut self, node: &Node, entry: &Entry, text: &str, relations: &[ObjectId]) {
        for relation in relations {
            if self.has_column(relation, text) {
                let symbol = Symbol::Object(relation.child(Kind::Column, text));
                self.put(node, entry, entry.span, symbol, How::Meant, Spelling::Whole);
            }
        }
    }

    fn has_column(&self, relation: &ObjectId, name: &str) -> bool {
        self.columns
            .get(relation)
            .is_some_and(|columns| columns.contains(name))
    }

    /// A column of the relation that the node's first argument names.
    fn columns_of_first(&mut self, node: &Node, entry: &Entry, around: &Around) {
        let (Some((path, _)), Value::Text(text, _)) = (first(node), &entry.value) else {
            return;
        };
        let Ok(path) = Path::parse(path) else { return };
        let relations: Vec<ObjectId> = self
            .resolve(&path.0, around, is_relation)
            .into_iter()
            .cloned()
            .collect();
        self.column(node, entry, text, &relations);
    }

    fn column_path(&mut self, node: &Node, entry: &Entry, text: &str, around: &Around) {
        let Ok(path) = Path::parse(text) else { return };
        let Some((column, relation)) = path.0.split_last() else {
            return;
        };
        let relations: Vec<ObjectId> = self
            .resolve(relation, around, is_relation)
            .into_iter()
            .cloned()
            .collect();
        let places = self.places(entry, text);
        let at = places.len().saturating_sub(1);
        for relation in relations {
            if at > 0 {
                let symbol = Symbol::Object(relation.clone());
                self.put(
                    node,
                    entry,
                    places[at - 1],
                    symbol,
                    How::Meant,
                    Spelling::Part(at - 1),
                );
            }
            if at > 1 {
                self.schema(node, entry, places[0], &path.0[0], Spelling::Part(0));
            }
            if self.has_column(&relation, column) {
                let symbol = Symbol::Object(relation.child(Kind::Column, column));
                self.put(
                    node,
                    entry,
                    places[at],
                    symbol,
                    How::Meant,
                    Spelling::Part(at),
                );
            }
        }
    }

    /// Where the parts of a path stand in the file.
    fn places(&self, entry: &Entry, text: &str) -> Vec<Span> {
        let file = self.sources.text(entry.span.source);
        let inner = inside(file, entry.span);
        Path::places(text)
            .into_iter()
            .map(|place| {
                Span::new(
                    entry.span.source,
                    inner.place(place.start),
                    inner.place(place.end),
                )
            })
            .collect()
    }

    fn path(
        &mut self,
        node: &Node,
        entry: &Entry,
        text: &str,
        around: &Around,
        fits: impl Fn(Kind) -> bool,
    ) {
        let Ok(path) = Path::parse(text) else { return };
        let ids: Vec<ObjectId> = self
            .resolve(&path.0, around, fits)
            .into_iter()
            .cloned()
            .collect();
        let places = self.places(entry, text);
        let last = places.len() - 1;
        if last == 1 {
            self.schema(node, entry, places[0], &path.0[0], Spelling::Part(0));
        }
        // Which of several of one name is meant, its arguments say.
        let how = if ids.len() > 1 && ids.windows(2).all(|pair| pair[0].parent == pair[1].parent) {
            How::Perhaps
        } else {
            How::Meant
        };
        for id in ids {
            let spelling = Spelling::Part(last);
            self.put(node, entry, places[last], Symbol::Object(id), how, spelling);
        }
    }

    fn schema(&mut self, node: &Node, entry: &Entry, span: Span, name: &str, spelling: Spelling) {
        if self.desired.schemas.contains(name) {
            let symbol = Symbol::Object(ObjectId::top(Kind::Schema, name));
            self.put(node, entry, span, symbol, How::Meant, spelling);
        }
    }

    /// The declared objects that a path of one or two parts names.
    fn resolve(
        &self,
        path: &[String],
        around: &Around,
        fits: impl Fn(Kind) -> bool,
    ) -> Vec<&'a ObjectId> {
        let found = |schema: &str, name: &str| -> Vec<&'a ObjectId> {
            let lower = name.to_lowercase();
            [name, &lower]
                .iter()
                .filter_map(|name| self.named.get(&(schema, *name)))
                .map(|ids| {
                    let fitting = ids.iter().copied().filter(|id| fits(id.kind));
                    fitting.collect::<Vec<_>>()
                })
                .find(|ids| !ids.is_empty())
                .unwrap_or_default()
        };
        match path {
            [schema, name] => found(schema, name),
            [name] => {
                let mut all: Vec<&ObjectId> = Vec::new();
                for home in &around.schemas {
                    let others = self.desired.search_paths.get(home).into_iter().flatten();
                    let ids = std::iter::once(home)
                        .chain(others)
                        .map(|schema| found(schema, name))
                        .find(|ids| !ids.is_empty());
                    for id in ids.unwrap_or_default() {
                        if !all.contains(&id) {
                            all.push(id);
                        }
                    }
                }
                all
            }
            _ => Vec::new(),
        }
    }
}

/// What an SQL text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Type,
    Expression,
    Statement,
}

/// Functions whose argument names a relation in a string.
const NAMING_CALLS: &[&str] = &["nextval", "currval", "setval"];

impl<'a> Finder<'a> {
    /// The names in an SQL text.
    fn sql(&mut self, node: &'a Node, entry: &'a Entry, around: &Around, what: Text) {
        if entry.annotation.as_deref().is_some_and(|it| it != "sql") {
            return;
        }
        let file = self.sources.text(entry.span.source);
        let inner = inside(file, entry.span);
        let tokens = significant(&inner.text);
        let has_query = tokens.iter().any(|token| token.is_word("select"));
        let begun = self.found.len();
        let mut unknown = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let token = &tokens[at];
            let mut end = at + 1;
            if token.is_ident() {
                while end + 1 < tokens.len() && tokens[end].is(".") && tokens[end + 1].is_ident() {
                    end += 2;
                }
                let path: Vec<&Token<'_>> = tokens[at..end].iter().step_by(2).collect();
                let span = |token: &Token<'_>| {
                    Span::new(
                        entry.span.source,
                        inner.place(token.start),
                        inner.place(token.end()),
                    )
                };
                let place = Place {
                    names: path.iter().map(|token| unquote_ident(token.text)).collect(),
                    spans: path.iter().map(|token| span(token)).collect(),
                    is_call: tokens.get(end).is_some_and(|next| next.is("(")),
                    behind: at
                        .checked_sub(1)
                        .map(|before| tokens[before].text.to_lowercase()),
                    has_query,
                };
                let known = self.found.len();
                self.name_in_sql(node, entry, around, what, &place);
                if self.found.len() == known && !place.is_call && place.names.len() < 3 {
                    unknown.push(place);
                }
            } else if token.is_string() && names_something(&tokens, at) {
                self.named_by_string(node, entry, around, token, &inner);
            }
            at = end;
        }
        // A name behind an alias, or without a table, may be a column of any relation that the text speaks of.
        let mut relations: Vec<ObjectId> = Vec::new();
        for mention in &self.found[begun..] {
            if let Symbol::Object(id) = &mention.symbol
                && is_relation(id.kind)
                && !relations.contains(id)
            {
                relations.push(id.clone());
            }
        }
        for place in unknown {
            if let (Some(name), Some(span)) = (place.names.last(), place.spans.last()) {
                self.column_in_sql(node, entry, name, *span, &relations, How::Perhaps);
            }
        }
    }

    /// `'auth.users_seq'` where a call or a cast reads it as a name.
    fn named_by_string(
        &mut self,
        node: &Node,
        entry: &Entry,
        around: &Around,
        token: &Token<'_>,
        inner: &crate::kdl::Inside<'_>,
    ) {
        let text = unquote_literal(token.text).unwrap_or_default();
        // Only where each byte has its place.
        if token.text.len() != text.len() + 2 || !token.text.starts_with('\'') {
            return;
        }
        let parts = significant(&text);
        let path: Vec<&Token<'_>> = parts.iter().step_by(2).collect();
        if path.is_empty() || path.len() > 2 || !path.iter().all(|part| part.is_ident()) {
            return;
        }
        let names: Vec<String> = path.iter().map(|part| unquote_ident(part.text)).collect();
        let spans: Vec<Span> = path
            .iter()
            .map(|part| {
                let start = token.start + 1 + part.start;
                let end = token.start + 1 + part.end();
                Span::new(entry.span.source, inner.place(start), inner.place(end))
            })
            .collect();
        let ids: Vec<ObjectId> = self
            .resolve(&names, around, |kind| is_relation(kind) || is_routine(kind))
            .into_iter()
            .cloned()
            .collect();
        self.object_in_sql(node, entry, &names, &spans, ids, How::Meant);
    }

    fn object_in_sql(
        &mut self,
        node: &Node,
        entry: &Entry,
        names: &[String],
        spans: &[Span],
        ids: Vec<ObjectId>,
        how: How,
    ) {
        if ids.is_empty() {
            return;
        }
        if let ([schema, _], [place, _]) = (names, spans) {
            self.schema(node, entry, *place, schema, Spelling::Sql);
        }
        let Some(span) = spans.last() else { return };
        for id in ids {
            self.put(node, entry, *span, Symbol::Object(id), how, Spelling::Sql);
        }
    }

    fn name_in_sql(
        &mut self,
        node: &Node,
        entry: &Entry,
        around: &Around,
        what: Text,
        place: &Place,
    ) {
        let any = |kind: Kind| is_relation(kind) || kind.is_type() || is_routine(kind);
        let of_call = |kind: Kind| is_routine(kind) == place.is_call || what == Text::Type;
        let found = |finder: &Self, names: &[String]| -> Vec<ObjectId> {
            finder
                .resolve(names, around, |kind| any(kind) && of_call(kind))
                .into_iter()
                .cloned()
                .collect()
        };
        match place.names.as_slice() {
            [name] => {
                if what == Text::Type {
                    if !is_builtin_type(name) {
                        let ids: Vec<ObjectId> = self
                            .resolve(&place.names, around, |kind| kind.is_type())
                            .into_iter()
                            .cloned()
                            .collect();
                        self.object_in_sql(
                            node,
                            entry,
                            &place.names,
                            &place.spans,
                            ids,
                            How::Meant,
                        );
                    }
                    return;
                }
                let is_column = !place.is_call
                    && around
                        .relations
                        .iter()
                        .any(|relation| self.has_column(relation, name));
                if is_column && what == Text::Expression && place.behind.as_deref() != Some("::") {
                    let how = if place.has_query {
                        How::Perhaps
                    } else {
                        How::Meant
                    };
                    self.column_in_sql(node, entry, name, place.spans[0], &around.relations, how);
                    return;
                }
                let is_table_place = place.behind.as_deref().is_some_and(|word| {
                    matches!(
                        word,
                        "from" | "join" | "into" | "update" | "only" | "table" | "::"
                    )
                });
                let ids = found(self, &place.names);
                // In a query of a view an unqualified name is looked up as in the schema; a body does that when it runs.
                let how = if place.is_call || is_table_place && !is_body(node) {
                    How::Meant
                } else {
                    How::Perhaps
                };
                let how = if ids.len() > 1 { How::Perhaps } else { how };
                self.object_in_sql(node, entry, &place.names, &place.spans, ids, how);
            }
            [one, two, rest @ ..] => {
                let ids = found(self, &place.names[..2]);
                if !ids.is_empty() {
                    if let ([column, ..], Some(relation)) =
                        (rest, ids.iter().find(|id| is_relation(id.kind)))
                    {
                        let relation = [relation.clone()];
                        self.column_in_sql(
                            node,
                            entry,
                            column,
                            place.spans[2],
                            &relation,
                            How::Meant,
                        );
                    }
                    let how = if ids.len() > 1 {
                        How::Perhaps
                    } else {
                        How::Meant
                    };
                    self.object_in_sql(node, entry, &place.names[..2], &place.spans[..2], ids, how);
                    return;
                }
                let own: Vec<ObjectId> = around
                    .relations
                    .iter()
                    .filter(|relation| {
                        *relation.name == **one
                            || one.eq_ignore_ascii_case("new")
                            || one.eq_ignore_ascii_case("old")
                            || one.eq_ignore_ascii_case("excluded")
                    })
                    .cloned()
                    .collect();
                let how = if place.has_query && !own.iter().any(|it| *it.name == **one) {
                    How::Perhaps
                } else {
                    How::Meant
                };
                for relation in own.iter().filter(|relation| *relation.name == **one) {
                    let symbol = Symbol::Object(relation.clone());
                    self.put(node, entry, place.spans[0], symbol, how, Spelling::Sql);
                }
                self.column_in_sql(node, entry, two, place.spans[1], &own, how);
            }
            [] => {}
        }
    }

    fn column_in_sql(
        &mut self,
        node: &Node,
        entry: &Entry,
        name: &str,
        span: Span,
        relations: &[ObjectId],
        how: How,
    ) {
        for relation in relations {
            if self.has_column(relation, name) {
                let symbol = Symbol::Object(relation.child(Kind::Column, name));
                self.put(node, entry, span, symbol, how, Spelling::Sql);
            }
        }
    }
}

/// A name in an SQL text.
struct Place {
    names: Vec<String>,
    spans: Vec<Span>,
    is_call: bool,
    /// The token before it.
    behind: Option<String>,
    /// Whether the text holds a query, whose tables may have columns of the same names.
    has_query: bool,
}

fn is_body(node: &Node) -> bool {
    matches!(node.name.value.as_str(), "body" | "atomic" | "return")
}

fn is_relation(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView | Kind::Sequence
    )
}

fn is_routine(kind: Kind) -> bool {
    matches!(kind, Kind::Function | Kind::Procedure | Kind::Aggregate)
}

fn names_something(tokens: &[Token<'_>], at: usize) -> bool {
    let cast = tokens.get(at + 1).is_some_and(|token| token.is("::"))
        && tokens
            .get(at + 2)
            .is_some_and(|token| token.text.to_lowercase().starts_with("reg"));
    let call = at >= 2
        && tokens[at - 1].is("(")
        && NAMING_CALLS.iter().any(|name| tokens[at - 2].is_word(name));
    cast || call
}

/// The first argument, where it is a text.
fn first(node: &Node) -> Option<(&str, &Entry)> {
    let entry = node.arguments().next()?;
    match &entry.value {
        Value::Text(text, _) => Some((text, entry)),
        _ => None,
    }
}
