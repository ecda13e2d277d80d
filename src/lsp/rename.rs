//! Renaming: every place that means the object gets the new name, and its node gets `renamed-from`, so that `diff` renames
//! and does not make anew. What an SQL text only may mean is left and told.

use std::collections::{BTreeMap, BTreeSet};

use super::held::Base;
use crate::kdl::{Node, Path, SourceId, Span, Value, inside, parses, respelled, text_literal};
use crate::kind::language::{How, Mention, Spelling, Symbol};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

/// PostgreSQL cuts longer names, in bytes.
const LONGEST: usize = 63;

/// The edits of a rename.
#[derive(Debug, Default)]
pub(super) struct Renamed {
    /// By file, each place once.
    pub(super) edits: BTreeMap<SourceId, BTreeMap<Span, String>>,
    /// Places in SQL texts that may mean it and were left as they are.
    pub(super) left: Vec<Span>,
}

/// What is renamed at a place: where its name stands, and the name.
pub(super) fn prepare(base: &Base, id: SourceId, at: usize) -> Result<(Span, String), String> {
    let mention = base
        .at(id, at)
        .into_iter()
        .min_by_key(|mention| mention.how == How::Perhaps)
        .ok_or("nothing here has a name that can be changed")?;
    if mention.spelling == Spelling::Unnamed {
        return Err("this part has no name of its own: give it one with `name=`".to_owned());
    }
    let symbols = base.symbols(id, at);
    if !base.places(&symbols).any(|it| it.how == How::Declared) {
        return Err(format!(
            "{} is declared nowhere in the project",
            name(&mention.symbol)
        ));
    }
    if let Symbol::Object(id) = &mention.symbol
        && let Some(declared) = base.desired.get(id)
        && declared.object.rename(id, &called_otherwise(id)).is_empty()
    {
        return Err(format!("PostgreSQL gives {id} no other name"));
    }
    let file = base.sources.text(id);
    let shown = match mention.spelling {
        Spelling::Whole => {
            let inner = inside(file, mention.value);
            Span::new(id, inner.place(0), inner.place(inner.text.len()))
        }
        _ => mention.span,
    };
    Ok((shown, name(&mention.symbol)))
}

/// The same object under another name, whatever it is.
fn called_otherwise(id: &ObjectId) -> ObjectId {
    let mut other = id.clone();
    other.name = format!("{}_", id.name).into();
    other
}

fn name(symbol: &Symbol) -> String {
    match symbol {
        Symbol::Object(id) => id.name.to_string(),
        Symbol::Mixin(name) => name.clone(),
    }
}

/// The edits that give what is named at a place the name `new`.
pub(super) fn rename(base: &Base, id: SourceId, at: usize, new: &str) -> Result<Renamed, String> {
    prepare(base, id, at)?;
    if new.is_empty() || new.contains('\0') {
        return Err("a name has at least one letter".to_owned());
    }
    if new.len() > LONGEST {
        return Err(format!("PostgreSQL's names have at most {LONGEST} bytes"));
    }
    let symbols = base.symbols(id, at);
    for symbol in &symbols {
        is_free(base, symbol, new)?;
    }
    let mut renamed = Renamed::default();
    let mut certain: BTreeSet<Span> = BTreeSet::new();
    for mention in base.places(&symbols).filter(|it| it.how != How::Perhaps) {
        if let Some((span, text)) = edit(base, mention, new) {
            certain.insert(mention.span);
            renamed
                .edits
                .entry(span.source)
                .or_default()
                .insert(span, text);
        }
    }
    let perhaps = base.places(&symbols).filter(|it| it.how == How::Perhaps);
    let left: BTreeSet<Span> = perhaps.map(|it| it.span).collect();
    renamed.left = left.difference(&certain).copied().collect();
    let known = base.workspace.names_in_migrations();
    let mut noted: BTreeSet<&Symbol> = BTreeSet::new();
    let mut places: BTreeSet<Span> = BTreeSet::new();
    for mention in base.places(&symbols).filter(|it| it.how == How::Declared) {
        // A schema that is spread over files says it once, a column of a mixin for all its tables.
        if noted.insert(&mention.symbol) && places.insert(mention.node) {
            note(base, mention, new, known.as_ref(), &mut renamed);
        }
    }
    for (source, edits) in &renamed.edits {
        let text = applied(base.sources.text(*source), edits);
        let was_broken = parses(base.sources.text(*source)).is_err();
        if let (Err(why), false) = (parses(&text), was_broken) {
            return Err(format!("the file would not parse with that name: {why}"));
        }
    }
    Ok(renamed)
}

/// A text with its edits made.
fn applied(text: &str, edits: &BTreeMap<Span, String>) -> String {
    let mut result = String::new();
    let mut at = 0;
    for (span, with) in edits {
        result.push_str(text.get(at..span.start).unwrap_or_default());
        result.push_str(with);
        at = span.end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

fn is_free(base: &Base, symbol: &Symbol, new: &str) -> Result<(), String> {
    let taken = match symbol {
        Symbol::Object(id) => {
            let mut to = id.clone();
            to.name = new.into();
            // Relations of a schema share their names, whatever their kind.
            let same_space = |other: &ObjectId| {
                other.parent == id.parent
                    && *other.name == *new
                    && is_relation(other.kind)
                    && is_relation(id.kind)
            };
            (base.desired.objects.contains_key(&to) && to != *id)
                || (is_relation(id.kind)
                    && *id.name != *new
                    && base.desired.objects.keys().any(same_space))
        }
        Symbol::Mixin(name) => {
            let to = Symbol::Mixin(new.to_owned());
            name != new
                && base
                    .mentions
                    .iter()
                    .any(|it| it.how == How::Declared && it.symbol == to)
        }
    };
    if taken {
        return Err(format!("`{new}` is declared already"));
    }
    Ok(())
}

fn is_relation(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Table
            | Kind::ForeignTable
            | Kind::View
            | Kind::MaterializedView
            | Kind::Sequence
            | Kind::Composite
    )
}

/// What one place becomes.
fn edit(base: &Base, mention: &Mention, new: &str) -> Option<(Span, String)> {
    let file = base.sources.text(mention.span.source);
    match mention.spelling {
        Spelling::Unnamed => None,
        Spelling::Whole => Some((mention.value, text_literal(new))),
        Spelling::Part(part) => {
            let mut path = Path::parse(&inside(file, mention.value).text).ok()?;
            *path.0.get_mut(part)? = new.to_owned();
            Some((mention.value, text_literal(&path.to_string())))
        }
        Spelling::Sql => {
            let value = file.get(mention.value.range())?;
            let written = ident(new);
            // A bare value that is not one any more is quoted as a whole.
            if !value.starts_with(['"', '#', '(']) {
                let start = mention.span.start - mention.value.start;
                let end = mention.span.end - mention.value.start;
                let text = format!("{}{written}{}", &value[..start], &value[end..]);
                return Some((mention.value, text_literal(&text)));
            }
            Some((mention.span, respelled(file, mention.value, &written)))
        }
    }
}

/// Writes `renamed-from` into the node that declares it.
fn note(
    base: &Base,
    mention: &Mention,
    new: &str,
    known: Option<&BTreeSet<String>>,
    renamed: &mut Renamed,
) {
    let Symbol::Object(id) = &mention.symbol else {
        return;
    };
    let Some(object) = base.desired.get(id) else {
        return;
    };
    let mut to = id.clone();
    to.name = new.into();
    // A part whose name is a property is found by its structure: another name there is a rename already.
    let is_argument = mention.spelling == Spelling::Whole;
    let named = node_at(base.nodes(mention.node.source), mention.node);
    let Some(node) = named.filter(|_| is_argument && !object.object.rename(id, &to).is_empty())
    else {
        return;
    };
    let by_property = node
        .entries
        .iter()
        .any(|entry| entry.key.is_some() && entry.span == mention.value);
    if by_property {
        return;
    }
    let edits = renamed.edits.entry(mention.node.source).or_default();
    match earlier(node) {
        Some((whole, value, before)) => {
            if before == new {
                // Back to the name that it had.
                let file = base.sources.text(mention.node.source);
                let kept = file[..whole.start].trim_end_matches([' ', '\t']).len();
                edits.insert(Span::new(whole.source, kept, whole.end), String::new());
            } else if known.is_some_and(|names| names.contains(&*id.name)) {
                // The rename before this one has run its way into the migrations.
                edits.insert(value, text_literal(&id.name));
            }
        }
        // What no migration ever spoke of has no name in any database.
        None if known.is_none_or(|names| names.contains(&*id.name)) => {
            let head = node
                .entries
                .iter()
                .map(|entry| entry.span.end)
                .fold(node.name.span.end, usize::max);
            let word = format!(" renamed-from={}", text_literal(&id.name));
            // Where the name is the last word, both edits meet at one place.
            let at = Span::new(mention.node.source, head, head);
            edits.insert(at, word);
        }
        None => {}
    }
}

/// `renamed-from` as it stands: all of it, its value, what it says.
fn earlier(node: &Node) -> Option<(Span, Span, String)> {
    let text = |value: &Value| match value {
        Value::Text(text, _) => Some(text.clone()),
        _ => None,
    };
    let property = node.entries.iter().find_map(|entry| {
        let key = entry
            .key
            .as_ref()
            .filter(|key| key.value == "renamed-from")?;
        Some((key.span.to(entry.span), entry.span, text(&entry.value)?))
    });
    property.or_else(|| {
        let child = node
            .children
            .iter()
            .find(|child| child.name.value == "renamed-from")?;
        let entry = child.arguments().next()?;
        Some((child.span, entry.span, text(&entry.value)?))
    })
}

fn node_at(nodes: &[Node], span: Span) -> Option<&Node> {
    nodes.iter().find_map(|node| {
        if node.span == span {
            return Some(node);
        }
        let inside = node.span.start <= span.start && span.end <= node.span.end;
        inside.then(|| node_at(&node.children, span)).flatten()
    })
}
