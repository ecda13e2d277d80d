//! What may be written at a place: the words of the language, and the names that the files declare.

use std::collections::BTreeSet;

use lsp_types::{CompletionItem, CompletionItemKind, CompletionTextEdit, TextEdit};

use super::held::{Base, Held};
use super::lines::Lines;
use super::words::{Level, takes};
use crate::kdl::{Asked, Cursor, Head, Path, Slot, Span, Standing, Value, text_literal};
use crate::kind::language::{LANGUAGES, METHODS, Names, Symbol, argument_names, attribute_names};
use crate::model::{Kind, ObjectId};
use crate::sql::types::builtin_types;

const SERIAL: &[&str] = &["serial", "bigserial", "smallserial"];

/// One thing that may be written.
struct Candidate {
    label: String,
    insert: String,
    detail: String,
    kind: CompletionItemKind,
    /// What stands first in the list.
    rank: u8,
}

/// What may be written at byte `at` of `text`; `base` is none in the project file.
pub(super) fn complete(
    held: &Held,
    base: Option<&Base>,
    text: &str,
    at: usize,
    lines: &Lines<'_>,
) -> Vec<CompletionItem> {
    let cursor = Cursor::of(text, at);
    let is_project = base.is_none();
    let Some(level) = Level::within(is_project, &cursor.around) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    match (&cursor.standing, &cursor.head) {
        (Standing::Word, _) => nodes(&level, &cursor, is_project, &mut found),
        (Standing::Entry, Some(head)) => {
            if let Some(node) = level.enter(&head.word) {
                entries(held, base, &cursor, head, &node, &mut found);
            }
        }
        (Standing::Value(word), Some(head)) => {
            if let Some(node) = level.enter(&head.word) {
                if let Some(asked) = node.attribute(word) {
                    values(asked, &mut found);
                }
                if let Some(names) = attribute_names(&head.word, word) {
                    names_of(base, &cursor, head, names, &mut found);
                }
                if is_project && word == "after" {
                    environments(held, &mut found);
                }
            }
        }
        _ => {}
    }
    let range = lines.range(Span::new(
        crate::kdl::SourceId::default(),
        cursor.written.start,
        cursor.written.end,
    ));
    let mut seen = BTreeSet::new();
    found.retain(|candidate| seen.insert(candidate.label.clone()));
    found
        .into_iter()
        .map(|it| CompletionItem {
            sort_text: Some(format!("{}{}", it.rank, it.label)),
            filter_text: Some(it.label.clone()),
            kind: Some(it.kind),
            detail: (!it.detail.is_empty()).then_some(it.detail),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, it.insert))),
            label: it.label,
            ..CompletionItem::default()
        })
        .collect()
}

/// Words of nodes.
fn nodes(level: &Level, cursor: &Cursor, is_project: bool, found: &mut Vec<Candidate>) {
    if cursor.quoted {
        return;
    }
    for word in &level.nodes {
        found.push(Candidate {
            label: (*word).to_owned(),
            insert: (*word).to_owned(),
            detail: String::new(),
            kind: CompletionItemKind::CLASS,
            rank: 0,
        });
    }
    for asked in level.words.iter().filter(|asked| !asked.argument) {
        // In schema files a flag stands on its node's line, in the project file it is a line of its own.
        if is_project || asked.slot != Slot::Flag {
            found.push(Candidate {
                label: asked.word.to_owned(),
                insert: asked.word.to_owned(),
                detail: takes(asked),
                kind: CompletionItemKind::PROPERTY,
                rank: 1,
            });
        }
    }
}

/// Arguments, flags and the words of properties.
fn entries(
    held: &Held,
    base: Option<&Base>,
    cursor: &Cursor,
    head: &Head,
    node: &Level,
    found: &mut Vec<Candidate>,
) {
    let index = head.arguments.len();
    let parent = cursor.around.last();
    // `references core.tenants id` and `to ana bob` are attributes of the node around.
    let attribute = parent.and_then(|parent| attribute_names(&parent.word, &head.word));
    let own = argument_names(parent.map(|it| it.word.as_str()), &head.word, index);
    match (own, attribute) {
        (Some(names), _) => names_of(base, cursor, head, names, found),
        (None, Some(Names::Relation)) if index > 0 && head.word == "references" => {
            names_of(base, cursor, head, Names::ColumnsOfFirst, found);
        }
        (None, Some(names)) => names_of(base, cursor, head, names, found),
        (None, None) => {}
    }
    if base.is_none() && head.word == "after" {
        environments(held, found);
    }
    if let Some(asked) = node.argument(index) {
        values(asked, found);
    } else if let Some(asked) = parent
        .and_then(|_| Level::within(base.is_none(), &cursor.around))
        .and_then(|around| around.attribute(&head.word).cloned())
    {
        values(&asked, found);
    }
    if cursor.quoted {
        return;
    }
    for asked in node.words.iter().filter(|asked| !asked.argument) {
        let said = head.properties.iter().chain(&head.arguments);
        if said.into_iter().any(|word| word == asked.word) {
            continue;
        }
        let is_property = match asked.slot {
            Slot::Pairs | Slot::Body => false,
            Slot::Node => {
                attribute_names(&head.word, asked.word).is_some() || asked.word.starts_with("on-")
            }
            _ => true,
        };
        if is_property {
            let is_flag = asked.slot == Slot::Flag;
            found.push(Candidate {
                label: asked.word.to_owned(),
                insert: if is_flag {
                    asked.word.to_owned()
                } else {
                    format!("{}=", asked.word)
                },
                detail: takes(asked),
                kind: if is_flag {
                    CompletionItemKind::KEYWORD
                } else {
                    CompletionItemKind::PROPERTY
                },
                rank: if is_flag { 2 } else { 3 },
            });
        }
    }
}

/// The closed list of a word.
fn values(asked: &Asked, found: &mut Vec<Candidate>) {
    let booleans: &[&'static str] = match asked.slot {
        Slot::Boolean | Slot::Flag => &["#true", "#false"],
        _ => &[],
    };
    // `on-delete=cascade` is short for a node with that argument.
    let first = asked.parts.first().filter(|part| part.argument);
    let of_part = first.map_or(&[][..], |part| &part.values);
    for value in asked.values.iter().chain(of_part).chain(booleans) {
        found.push(Candidate {
            label: (*value).to_owned(),
            insert: (*value).to_owned(),
            detail: format!("value of {}", asked.word),
            kind: CompletionItemKind::ENUM_MEMBER,
            rank: 0,
        });
    }
}

fn environments(held: &Held, found: &mut Vec<Candidate>) {
    let named = held
        .file
        .nodes()
        .filter(|node| node.name.value == "environment");
    for node in named {
        if let Some(Value::Text(name, _)) = node.arguments().next().map(|entry| &entry.value) {
            name_of(
                name,
                name,
                "environment",
                CompletionItemKind::VALUE,
                false,
                found,
            );
        }
    }
}

fn name_of(
    label: &str,
    value: &str,
    detail: &str,
    kind: CompletionItemKind,
    quoted: bool,
    found: &mut Vec<Candidate>,
) {
    found.push(Candidate {
        label: label.to_owned(),
        insert: if quoted {
            value.to_owned()
        } else {
            text_literal(value)
        },
        detail: detail.to_owned(),
        kind,
        rank: 0,
    });
}

/// The names that a slot may say.
fn names_of(
    base: Option<&Base>,
    cursor: &Cursor,
    head: &Head,
    names: Names,
    found: &mut Vec<Candidate>,
) {
    let Some(base) = base else { return };
    let quoted = cursor.quoted;
    let home = cursor
        .around
        .first()
        .filter(|head| head.word == "schema")
        .and_then(|head| head.arguments.first());
    let in_schemas = |fits: &dyn Fn(Kind) -> bool, found: &mut Vec<Candidate>| {
        for id in base.objects() {
            let Some(schema) = id.parent.as_deref().filter(|it| it.kind == Kind::Schema) else {
                continue;
            };
            if !fits(id.kind) {
                continue;
            }
            let whole = Path(vec![schema.name.to_string(), id.name.to_string()]).to_string();
            let short = Path(vec![id.name.to_string()]).to_string();
            // What is written with its schema so far is gone on with so.
            let is_home = home.is_some_and(|home| **home == *schema.name);
            let kind = kind_of(id.kind);
            if is_home {
                name_of(&short, &short, id.kind.name(), kind, quoted, found);
            }
            name_of(&whole, &whole, id.kind.name(), kind, quoted, found);
        }
    };
    // Only a table can be referred to by a key.
    let is_reference = head.word == "references"
        || matches!(&cursor.standing, Standing::Value(word) if word == "references");
    let fits = |kind: Kind| match is_reference {
        true => kind == Kind::Table,
        false => is_relation(kind),
    };
    match names {
        Names::Columns => columns(base, &relation(cursor, head), quoted, found),
        Names::ColumnsOfFirst => {
            let path = head
                .arguments
                .first()
                .and_then(|path| Path::parse(path).ok());
            let Some(path) = path else { return };
            let Some(schema) = path.schema().or(home.map(String::as_str)) else {
                return;
            };
            let around = Around::Relation(schema.to_owned(), path.name().to_owned());
            columns(base, &around, quoted, found);
        }
        Names::ColumnPath => {
            for id in base.of_kind(Kind::Column) {
                let parts = id.ancestors().map(|id| id.name.to_string());
                let mut parts: Vec<String> = parts.collect();
                parts.reverse();
                let path = Path(parts).to_string();
                name_of(
                    &path,
                    &path,
                    "column",
                    CompletionItemKind::FIELD,
                    quoted,
                    found,
                );
            }
        }
        Names::Relation => in_schemas(&fits, found),
        Names::Routine => in_schemas(&is_routine, found),
        Names::InSchema(wanted) => in_schemas(&|kind| kind == wanted, found),
        Names::Type => {
            for name in builtin_types().chain(SERIAL.iter().copied()) {
                name_of(
                    name,
                    name,
                    "PostgreSQL's own",
                    CompletionItemKind::STRUCT,
                    quoted,
                    found,
                );
            }
            let is_own =
                |kind: Kind| kind.is_type() && !is_relation(kind) && kind != Kind::ShellType;
            in_schemas(&is_own, found);
        }
        Names::Top(kind) => top(base, kind, quoted, found),
        Names::Mixin => {
            for mention in &base.mentions {
                if let Symbol::Mixin(name) = &mention.symbol {
                    name_of(
                        name,
                        name,
                        "mixin",
                        CompletionItemKind::MODULE,
                        quoted,
                        found,
                    );
                }
            }
        }
        Names::Index => {
            if let Around::Relation(schema, name) = relation(cursor, head) {
                let table = ObjectId::in_schema(Kind::Table, &schema, &name);
                for kind in [Kind::Index, Kind::PrimaryKey, Kind::Unique] {
                    for id in base.of_kind(kind) {
                        if id.parent.as_deref() == Some(&table) {
                            let item = CompletionItemKind::REFERENCE;
                            name_of(&id.name, &id.name, kind.name(), item, quoted, found);
                        }
                    }
                }
            }
        }
        // Only within the quotes of a text names alone help.
        Names::Expression | Names::Statement if quoted => {
            columns(base, &relation(cursor, head), quoted, found);
            in_schemas(&|kind| is_relation(kind) || is_routine(kind), found);
        }
        Names::Expression | Names::Statement => {}
    }
}

fn top(base: &Base, kind: Kind, quoted: bool, found: &mut Vec<Candidate>) {
    let mut names: BTreeSet<&str> = base.of_kind(kind).map(|id| &*id.name).collect();
    match kind {
        Kind::Language => names.extend(LANGUAGES),
        Kind::AccessMethod => names.extend(METHODS.iter().chain(&["heap"])),
        Kind::Schema => names.extend(base.desired.schemas.iter().map(String::as_str)),
        Kind::Role => {
            names.insert("public");
            names.extend(
                base.mentions
                    .iter()
                    .filter_map(|mention| match &mention.symbol {
                        Symbol::Object(id) if id.kind == Kind::Role => Some(&*id.name),
                        _ => None,
                    }),
            );
        }
        _ => {}
    }
    for name in names {
        name_of(name, name, kind.name(), kind_of(kind), quoted, found);
    }
}

/// The relation that a place is in.
enum Around {
    Relation(String, String),
    Mixin(String),
    Nothing,
}

fn relation(cursor: &Cursor, head: &Head) -> Around {
    let all = || cursor.around.iter().chain(std::iter::once(head));
    let named = |head: &Head| head.arguments.first().cloned().unwrap_or_default();
    match all().next() {
        Some(top) if top.word == "mixin" => Around::Mixin(named(top)),
        Some(top) if top.word == "schema" => {
            let mut relation = all().filter(|head| {
                matches!(
                    head.word.as_str(),
                    "table" | "foreign-table" | "view" | "materialized-view" | "partition"
                )
            });
            match relation.next_back() {
                Some(relation) => Around::Relation(named(top), named(relation)),
                None => Around::Nothing,
            }
        }
        _ => Around::Nothing,
    }
}

fn columns(base: &Base, around: &Around, quoted: bool, found: &mut Vec<Candidate>) {
    let mut put = |name: &str| {
        name_of(
            name,
            name,
            "column",
            CompletionItemKind::FIELD,
            quoted,
            found,
        );
    };
    match around {
        Around::Relation(schema, name) => {
            for id in base.of_kind(Kind::Column) {
                let fits = id.parent.as_deref().is_some_and(|relation| {
                    *relation.name == **name && relation.schema() == Some(schema)
                });
                if fits {
                    put(&id.name);
                }
            }
        }
        Around::Mixin(name) => {
            let mixins = base
                .sources
                .nodes()
                .filter(|node| node.name.value == "mixin");
            let first = |node: &crate::kdl::Node| match &node.arguments().next()?.value {
                Value::Text(text, _) => Some(text.clone()),
                _ => None,
            };
            for mixin in mixins.filter(|node| first(node).as_ref() == Some(name)) {
                for child in mixin.children.iter().filter(|it| it.name.value == "column") {
                    if let Some(column) = first(child) {
                        put(&column);
                    }
                }
            }
        }
        Around::Nothing => {}
    }
}

fn is_relation(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView
    )
}

fn is_routine(kind: Kind) -> bool {
    matches!(kind, Kind::Function | Kind::Procedure | Kind::Aggregate)
}

fn kind_of(kind: Kind) -> CompletionItemKind {
    match kind {
        kind if is_relation(kind) => CompletionItemKind::CLASS,
        kind if is_routine(kind) => CompletionItemKind::FUNCTION,
        Kind::Enum => CompletionItemKind::ENUM,
        Kind::Schema => CompletionItemKind::MODULE,
        Kind::Role => CompletionItemKind::VALUE,
        _ => CompletionItemKind::STRUCT,
    }
}
