//! The order of a block and the choice between property and child (rules R2 and R9), for `fmt`. What a word is, only the
//! language knows: it is asked through [`Arrangement`]. Comments go with the node below them, `/-` with its node; a block
//! with a word that the language does not have there stays in its order.

use std::collections::{BTreeMap, BTreeSet};

use super::format::{Block, INDENT, Item, Part, line};
use super::text::text_literal;
use super::writer::{SHORT, WIDTH};
use super::{Entry, Node, Span, Spanned, TextStyle, Value};

/// How a word stands in a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    /// A flag.
    Flag,
    /// One value: a property or a child.
    Attribute,
    /// An attribute of what the node stands for, and not its own: a child.
    Child,
    /// Several values, a property where it is one; else a child at this place in the order.
    List(usize),
    /// A node at this place in the order.
    Part(usize),
}

impl Seat {
    fn rank(self) -> usize {
        match self {
            Seat::Flag | Seat::Attribute | Seat::Child => 0,
            Seat::List(place) | Seat::Part(place) => place + 1,
        }
    }
}

/// What a node knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Level {
    /// The number of its arguments; none where they are an open list.
    pub arguments: Option<usize>,
    /// Its words.
    pub seats: BTreeMap<&'static str, Seat>,
}

impl Level {
    /// Whether a bare word is a flag there, the arguments and flags of the node counted from 0.
    fn is_flag(&self, word: &str, at: usize) -> bool {
        (at > 0 || self.arguments == Some(0)) && self.seats.get(word) == Some(&Seat::Flag)
    }
}

/// A language, asked by the formatter.
pub trait Arrangement {
    /// What the node knows to which these words lead from the top of a file; `None` where the language knows no such node.
    fn level(&self, way: &[String]) -> Option<&Level>;

    /// Whether two texts mean the same in the language.
    fn means_same(&self, before: &[Node], after: &[Node]) -> bool;
}

/// A language of which nothing is known: every word stays where it stands.
#[derive(Debug, Clone, Copy)]
pub struct AsWritten;

impl Arrangement for AsWritten {
    fn level(&self, _: &[String]) -> Option<&Level> {
        None
    }

    fn means_same(&self, _: &[Node], _: &[Node]) -> bool {
        true
    }
}

/// Arranges a block and all in it.
pub(super) fn arrange(
    block: &mut Block,
    way: &mut Vec<String>,
    depth: usize,
    language: &dyn Arrangement,
) {
    for item in &mut block.items {
        let Item::Node(parts, _) = item else { continue };
        let Some(word) = word_of(parts) else { continue };
        way.push(word.to_owned());
        for part in parts.iter_mut() {
            if let Part::Block(inner) = part {
                arrange(inner, way, depth + 1, language);
            }
        }
        if let Some(level) = language.level(way) {
            choose(parts, depth, level);
        }
        way.pop();
    }
    if let Some(level) = language.level(way) {
        sort(block, level);
    }
}

/// The word of a node, that of a hidden one too; `None` where `/-` hides what stands on the next line.
fn word_of(parts: &[Part]) -> Option<&str> {
    let leads = |part: &&Part| matches!(part, Part::SlashDash | Part::Comment(_));
    match parts.iter().find(|part| !leads(part)) {
        Some(Part::Value(word)) => Some(word),
        _ => None,
    }
}

/// Whether it goes with the node on a line below: a comment, a `/-` alone.
fn is_lead(parts: &[Part]) -> bool {
    parts
        .iter()
        .all(|part| matches!(part, Part::SlashDash | Part::Comment(_)))
}

/// A node with what goes with it.
struct Entered {
    items: Vec<Item>,
    rank: usize,
    after_blank: bool,
}

/// Puts the nodes into the order of the language, those of one rank in the order in which they stand.
fn sort(block: &mut Block, level: &Level) {
    let mut entered: Vec<Entered> = Vec::new();
    let mut lead = Vec::new();
    let items = std::mem::take(&mut block.items);
    let rank = |item: &Item| match item {
        Item::Node(parts, _) => {
            let hides = matches!(parts.last(), Some(Part::SlashDash));
            word_of(parts)
                .filter(|_| !hides)
                .and_then(|word| level.seats.get(word))
                .map(|seat| seat.rank())
        }
        _ => None,
    };
    let known = items.iter().all(|item| match item {
        Item::Node(parts, _) => is_lead(parts) || rank(item).is_some(),
        _ => true,
    });
    let ranks: Vec<usize> = items.iter().filter_map(rank).collect();
    if !known || ranks.is_sorted() {
        block.items = items;
        return;
    }
    for item in items {
        let rank = rank(&item);
        lead.push(item);
        if let Some(rank) = rank {
            let after_blank = matches!(lead.first(), Some(Item::Blank));
            if after_blank {
                lead.remove(0);
            }
            entered.push(Entered {
                items: std::mem::take(&mut lead),
                rank,
                after_blank,
            });
        }
    }
    // Where an empty line stood between two ranks, one stands between them afterwards.
    let pair = |one: usize, other: usize| (one.min(other), one.max(other));
    let apart: BTreeSet<(usize, usize)> = entered
        .windows(2)
        .filter(|two| two[1].after_blank && two[0].rank != two[1].rank)
        .map(|two| pair(two[0].rank, two[1].rank))
        .collect();
    entered.sort_by_key(|it| it.rank);
    let mut last = None;
    for it in entered {
        let blank = match last {
            None => false,
            Some(rank) if rank == it.rank => it.after_blank,
            Some(rank) => it.after_blank || apart.contains(&pair(rank, it.rank)),
        };
        if blank {
            block.items.push(Item::Blank);
        }
        last = Some(it.rank);
        block.items.extend(it.items);
    }
    block.items.extend(lead);
}

/// A property while it is on its way: its word and how its value is spelled.
struct Property {
    word: String,
    value: Vec<Part>,
}

impl Property {
    /// As it stands on the node's line; nothing for what is only a flag.
    fn width(&self) -> usize {
        let value: usize = self.value.iter().map(Property::width_of).sum();
        self.word.chars().count() + usize::from(!self.value.is_empty()) + value
    }

    /// Whether it reads better on a line of its own.
    fn is_long(&self) -> bool {
        let letters: usize = self.value.iter().map(Property::width_of).sum();
        // The quotes are no letters.
        let lines = |part: &Part| matches!(part, Part::Value(text) if text.contains('\n'));
        letters > SHORT + 2 || self.value.iter().any(lines)
    }

    fn width_of(part: &Part) -> usize {
        match part {
            Part::Value(value) => value.chars().count(),
            _ => 1,
        }
    }
}

/// Properties while they fit on the line, children where they do not.
fn choose(parts: &mut Vec<Part>, depth: usize, level: &Level) {
    let is_plain = |part: &Part| {
        matches!(
            part,
            Part::Value(_) | Part::Equals | Part::OpenType | Part::CloseType
        )
    };
    let blocks = parts.iter().position(|part| matches!(part, Part::Block(_)));
    let end = blocks.unwrap_or(parts.len());
    if !parts[..end].iter().all(is_plain) || blocks.is_some_and(|at| at + 1 != parts.len()) {
        return;
    }
    let had_block = blocks.is_some();
    let mut block = match parts.split_off(end).pop() {
        Some(Part::Block(block)) => block,
        _ => Block {
            inline: true,
            ..Block::default()
        },
    };
    if says_twice(&words_said(parts, &block, level)) {
        // A mistake, which is shown where it stands.
        if had_block {
            parts.push(Part::Block(block));
        }
        return;
    }
    let was_empty = had_block && block.items.is_empty();
    let whole = depth * INDENT.len() + line(parts, depth, true).chars().count();
    let said = properties(parts, level);
    let may_rise: Vec<Property> = rising(&block, parts, level);
    // Empty lines around what goes away go with it.
    let is_said = |item: &&Item| !matches!(item, Item::Blank);
    let items = block.items.iter().filter(is_said).count();
    let has_more = block.opening.is_some() || items > may_rise.len();
    let mut fits = Fits {
        width: whole - said.iter().map(|it| it.width() + 1).sum::<usize>(),
        reserved: 0,
    };
    // All of them where that leaves no block; else with room for its brace.
    let all = |fits: &mut Fits| said.iter().chain(&may_rise).all(|it| fits.takes(it));
    if has_more || !all(&mut fits.clone()) {
        fits.reserved = 2;
    }
    let stays: Vec<bool> = said.iter().map(|it| fits.takes(it)).collect();
    let mut lowered = Vec::new();
    if stays.contains(&false) {
        for (property, stays) in take_properties(parts, level).into_iter().zip(stays) {
            match stays {
                true => push(parts, property),
                false => lowered.push(property),
            }
        }
    }
    let mut kept: Vec<Item> = Vec::new();
    for item in std::mem::take(&mut block.items) {
        let property = match &item {
            Item::Node(child, None) if !goes_with_comment(&kept) => {
                as_property(child, parts, level)
            }
            _ => None,
        };
        match property.filter(|it| fits.takes(it)) {
            Some(property) if property.value.is_empty() => {
                let at = end_of_arguments(parts);
                parts.insert(at, Part::Value(property.word));
            }
            Some(property) => push(parts, property),
            None => kept.push(item),
        }
    }
    // Empty lines around what went away.
    kept.dedup_by(|item, before| matches!((item, before), (Item::Blank, Item::Blank)));
    while matches!(kept.first(), Some(Item::Blank)) {
        kept.remove(0);
    }
    while matches!(kept.last(), Some(Item::Blank)) {
        kept.pop();
    }
    let new = lowered.into_iter().map(|property| {
        let mut child = vec![Part::Value(property.word)];
        child.extend(property.value);
        Item::Node(child, None)
    });
    block.items = new.chain(kept).collect();
    if !block.items.is_empty() || block.opening.is_some() || was_empty {
        parts.push(Part::Block(block));
    }
}

/// The room on a node's line.
#[derive(Clone)]
struct Fits {
    width: usize,
    /// For the brace of a block.
    reserved: usize,
}

impl Fits {
    /// Whether a property still fits; then it stands there.
    fn takes(&mut self, property: &Property) -> bool {
        let width = self.width + property.width() + 1;
        let fits = !property.is_long() && width + self.reserved <= WIDTH;
        if fits {
            self.width = width;
        }
        fits
    }
}

/// The children of a block that may be properties.
fn rising(block: &Block, parts: &[Part], level: &Level) -> Vec<Property> {
    let mut before: &[Item] = &[];
    let mut rising = Vec::new();
    for (at, item) in block.items.iter().enumerate() {
        if let Item::Node(child, None) = item
            && !goes_with_comment(before)
        {
            rising.extend(as_property(child, parts, level));
        }
        before = &block.items[..=at];
    }
    rising
}

/// Whether what stands behind these has a comment above it, or a `/-`.
fn goes_with_comment(before: &[Item]) -> bool {
    let leads = |item: &Item| match item {
        Item::Comment(_) => true,
        Item::Node(parts, _) => matches!(parts.last(), Some(Part::SlashDash)) || is_lead(parts),
        Item::Blank => false,
    };
    match before {
        [.., lead, Item::Blank] => leads(lead),
        [.., lead] => leads(lead),
        [] => false,
    }
}

/// Whether a word may stand on its node's line as well as below it.
fn is_attribute(level: &Level, word: &str) -> bool {
    matches!(
        level.seats.get(word),
        Some(Seat::Flag | Seat::Attribute | Seat::List(_))
    )
}

/// The attributes that a node says, on its line and below.
fn words_said(parts: &[Part], block: &Block, level: &Level) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in parts.iter().enumerate().skip(1) {
        let is_value = matches!(
            parts[at - 1],
            Part::Equals | Part::OpenType | Part::CloseType
        );
        match part {
            Part::Value(word) if matches!(parts.get(at + 1), Some(Part::Equals)) => {
                words.push(word.clone());
            }
            Part::Value(word) if !is_value && level.is_flag(word, at - 1) => {
                words.push(word.clone());
            }
            _ => {}
        }
    }
    for item in &block.items {
        // A comment may stand before the word.
        if let Item::Node(child, _) = item
            && !matches!(
                child.iter().find(|part| !matches!(part, Part::Comment(_))),
                Some(Part::SlashDash)
            )
            && let Some(word) = word_of(child)
            && is_attribute(level, word)
        {
            words.push(word.to_owned());
        }
    }
    words
}

fn says_twice(words: &[String]) -> bool {
    let once: BTreeSet<&String> = words.iter().collect();
    once.len() != words.len()
}

fn push(parts: &mut Vec<Part>, property: Property) {
    parts.push(Part::Value(property.word));
    parts.push(Part::Equals);
    parts.extend(property.value);
}

/// Behind the last argument, or the node's word.
fn end_of_arguments(parts: &[Part]) -> usize {
    let mut at = 1;
    let mut index = 1;
    while index < parts.len() {
        match (&parts[index], parts.get(index + 1)) {
            (Part::Value(_), Some(Part::Equals)) => index += 1 + value_length(&parts[index + 1..]),
            _ => {
                index += 1;
                at = index;
            }
        }
    }
    at
}

/// How many parts `=` and its value are.
fn value_length(parts: &[Part]) -> usize {
    match parts {
        [Part::Equals, Part::OpenType, ..] => 5,
        _ => 2,
    }
}

/// The properties on a node's line that may be children.
fn properties(parts: &[Part], level: &Level) -> Vec<Property> {
    let mut parts: Vec<Part> = parts.iter().filter_map(Part::plain).collect();
    take_properties(&mut parts, level)
}

/// Takes out of a node's line the properties that may be children.
fn take_properties(parts: &mut Vec<Part>, level: &Level) -> Vec<Property> {
    let mut taken = Vec::new();
    let mut index = 1;
    while index < parts.len() {
        let word = match (&parts[index], parts.get(index + 1)) {
            (Part::Value(word), Some(Part::Equals)) => word.clone(),
            _ => {
                index += 1;
                continue;
            }
        };
        let end = (index + 1 + value_length(&parts[index + 1..])).min(parts.len());
        if is_attribute(level, &word) {
            let mut value: Vec<Part> = parts.drain(index..end).collect();
            value.drain(..2);
            taken.push(Property { word, value });
        } else {
            index = end;
        }
    }
    taken
}

/// A child as a property of its node, where it is one short value and stands there alone.
fn as_property(child: &[Part], node: &[Part], level: &Level) -> Option<Property> {
    let [Part::Value(word), value @ ..] = child else {
        return None;
    };
    let said = node
        .windows(2)
        .any(|two| matches!(two, [Part::Value(key), Part::Equals] if key == word));
    if said {
        return None;
    }
    let value = match value {
        [] => None,
        [Part::Value(text)] => Some(vec![Part::Value(text.clone())]),
        [
            Part::OpenType,
            Part::Value(kind),
            Part::CloseType,
            Part::Value(text),
        ] => Some(vec![
            Part::OpenType,
            Part::Value(kind.clone()),
            Part::CloseType,
            Part::Value(text.clone()),
        ]),
        _ => return None,
    };
    let value = match (level.seats.get(word.as_str())?, value) {
        (Seat::Flag, None) => flag_value(node, level),
        (Seat::Flag, Some(value)) => match value.as_slice() {
            [Part::Value(text)] if text == "#true" => flag_value(node, level),
            [Part::Value(text)] if text == "#false" => value,
            _ => return None,
        },
        (Seat::Attribute | Seat::List(_), Some(value)) => value,
        _ => return None,
    };
    Some(Property {
        word: word.clone(),
        value,
    })
}

/// Nothing where a flag can be a bare word: behind all arguments.
fn flag_value(node: &[Part], level: &Level) -> Vec<Part> {
    let given = node[1..]
        .iter()
        .enumerate()
        .filter(|(at, part)| {
            let before = &node[*at];
            let is_key = matches!(node.get(at + 2), Some(Part::Equals));
            let is_flag = matches!(part, Part::Value(word) if level.is_flag(word, *at));
            matches!(part, Part::Value(_))
                && !is_key
                && !is_flag
                && !matches!(before, Part::Equals | Part::OpenType | Part::CloseType)
        })
        .count();
    match level.arguments {
        Some(fixed) if given >= fixed => Vec::new(),
        _ => vec![Part::Value("#true".to_owned())],
    }
}

/// A tree in which it does not matter what [`arrange`] changes: attributes as properties by their words, parts in order.
pub(super) fn settled(
    nodes: &[Node],
    way: &mut Vec<String>,
    language: &dyn Arrangement,
) -> Vec<Node> {
    let mut settled: Vec<Node> = nodes
        .iter()
        .map(|node| {
            way.push(text_literal(&node.name.value));
            let mut node = Node {
                children: settled(&node.children, way, language),
                ..node.clone()
            };
            if let Some(level) = language.level(way) {
                settle(&mut node, level);
            }
            way.pop();
            node
        })
        .collect();
    if let Some(level) = language.level(way)
        && nodes
            .iter()
            .all(|node| level.seats.contains_key(node.name.value.as_str()))
    {
        settled.sort_by_key(|node| level.seats[node.name.value.as_str()].rank());
    }
    settled
}

fn settle(node: &mut Node, level: &Level) {
    let seat = |word: &str| level.seats.get(word).copied();
    let property = |word: &str, value: Value, annotation: Option<String>| Entry {
        key: Some(Spanned::new(word.to_owned(), Span::default())),
        annotation,
        value,
        span: Span::default(),
    };
    let on_the_line = node
        .entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| match (&entry.key, &entry.value) {
            (Some(key), _) => Some(key.value.clone()),
            (None, Value::Text(word, TextStyle::Bare | TextStyle::Quoted))
                if level.is_flag(word, index) =>
            {
                Some(word.clone())
            }
            _ => None,
        });
    let below = node.children.iter().map(|child| &child.name.value);
    let below = below.filter(|word| is_attribute(level, word)).cloned();
    if says_twice(&on_the_line.chain(below).collect::<Vec<_>>()) {
        return;
    }
    let mut arguments = Vec::new();
    let mut properties = Vec::new();
    for (index, entry) in std::mem::take(&mut node.entries).into_iter().enumerate() {
        match &entry.value {
            _ if entry.key.is_some() => properties.push(entry),
            Value::Text(word, TextStyle::Bare | TextStyle::Quoted)
                if level.is_flag(word, index) =>
            {
                properties.push(property(word, Value::Boolean(true), None));
            }
            _ => arguments.push(entry),
        }
    }
    node.children.retain(|child| {
        let word = child.name.value.as_str();
        let entry = match (seat(word), child.entries.as_slice()) {
            _ if !child.children.is_empty() => None,
            (Some(Seat::Flag), []) => Some(property(word, Value::Boolean(true), None)),
            (Some(Seat::Flag | Seat::Attribute | Seat::List(_)), [one]) if one.key.is_none() => {
                Some(property(word, one.value.clone(), one.annotation.clone()))
            }
            _ => None,
        };
        let stays = entry.is_none();
        properties.extend(entry);
        stays
    });
    properties.sort_by(|one, other| {
        let word = |entry: &Entry| entry.key.as_ref().map(|key| key.value.clone());
        word(one).cmp(&word(other))
    });
    arguments.extend(properties);
    node.entries = arguments;
}
