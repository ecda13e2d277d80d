//! Takes what differs between two writings of a node over into a third one, which a person wrote: one value, one word, one
//! child, and nothing else of it. Where the person spelled it so that the place can't be told, it says so and leaves it.

use std::collections::BTreeMap;

use super::format::{comments, same_nodes};
use super::splice::{Cutting, Splice, end_of_block};
use super::{Entry, Node, Value};

/// The children that may stand several times, whatever their number here.
const REPEATED: &[&str] = &["grant", "revoke", "security-label"];

/// One change of a node.
pub struct Graft<'a> {
    /// The node as it would be written before.
    pub old: &'a Node,
    /// The node as it would be written now.
    pub new: &'a Node,
    /// The text that `new` stands in.
    pub text: &'a str,
    /// The node of the person.
    pub person: &'a Node,
    /// The text that `person` stands in.
    pub persons_text: &'a str,
    /// The words that may be flags.
    pub flags: &'a [&'static str],
    /// Whether a word is looked at.
    pub looks_at: &'a dyn Fn(&str) -> bool,
    /// Whether a child of `old` has a change of its own, so that it is left.
    pub leaves_old: &'a dyn Fn(&Node) -> bool,
    /// The same of a child of `new`, which stands in another text.
    pub leaves_new: &'a dyn Fn(&Node) -> bool,
}

/// The person's node has no place for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stray;

/// How a word is said.
#[derive(Clone, Copy)]
enum Said<'n> {
    Flag,
    Property(&'n Entry),
    Child(&'n Node),
}

/// A node taken apart.
struct Parts<'n> {
    arguments: Vec<&'n Entry>,
    words: BTreeMap<&'n str, Said<'n>>,
    repeated: Vec<&'n Node>,
}

impl Graft<'_> {
    /// Asks for the edits.
    ///
    /// # Errors
    /// [`Stray`]; the splice is to be taken back to its mark then.
    pub fn apply(&self, splice: &mut Splice<'_>) -> Result<(), Stray> {
        let repeats = |word: &str| {
            REPEATED.contains(&word)
                || [self.old, self.new, self.person]
                    .iter()
                    .any(|node| named(node, word).count() > 1)
        };
        let (old, new) = (
            self.parts(self.old, self.leaves_old, &repeats),
            self.parts(self.new, self.leaves_new, &repeats),
        );
        self.arguments(&old, &new, splice)?;
        let mut gone: Vec<&Node> = Vec::new();
        let mut fresh: Vec<Cutting> = Vec::new();
        for (word, before) in &old.words {
            if (self.looks_at)(word) && !new.words.contains_key(word) {
                self.take_away(word, *before, splice, &mut gone)?;
            }
        }
        for (word, now) in &new.words {
            let same = old.words.get(word).is_some_and(|it| is_same(*it, *now));
            if (self.looks_at)(word) && !same {
                self.say(word, *now, splice, &mut gone, &mut fresh)?;
            }
        }
        self.repeated(&old, &new, splice, &mut gone, &mut fresh)?;
        self.children(&gone, &fresh, splice);
        Ok(())
    }

    fn parts<'n>(
        &self,
        node: &'n Node,
        leaves: &dyn Fn(&Node) -> bool,
        repeats: &dyn Fn(&str) -> bool,
    ) -> Parts<'n> {
        let mut parts = Parts {
            arguments: Vec::new(),
            words: BTreeMap::new(),
            repeated: Vec::new(),
        };
        for entry in &node.entries {
            match (&entry.key, &entry.value) {
                (Some(key), Value::Boolean(true)) if self.is_flag(&key.value) => {
                    parts.words.insert(&key.value, Said::Flag);
                }
                (Some(key), _) => {
                    parts.words.insert(&key.value, Said::Property(entry));
                }
                (None, Value::Text(text, _))
                    if self.is_flag(text) && !parts.arguments.is_empty() =>
                {
                    parts.words.insert(text, Said::Flag);
                }
                (None, _) => parts.arguments.push(entry),
            }
        }
        for child in node.children.iter().filter(|child| !leaves(child)) {
            let word = child.name.value.as_str();
            if repeats(word) {
                parts.repeated.push(child);
            } else {
                parts.words.insert(word, Said::Child(child));
            }
        }
        parts
    }

    fn is_flag(&self, word: &str) -> bool {
        self.flags.contains(&word)
    }

    fn spelled(&self, entry: &Entry) -> &str {
        &self.text[entry.span.range()]
    }

    fn cut(&self, node: &Node) -> Cutting {
        Cutting::of(self.text, node)
    }

    fn arguments(
        &self,
        old: &Parts<'_>,
        new: &Parts<'_>,
        splice: &mut Splice<'_>,
    ) -> Result<(), Stray> {
        let alike = |a: &[&Entry], b: &[&Entry]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_equal(a, b))
        };
        if !(self.looks_at)("") || alike(&old.arguments, &new.arguments) {
            return Ok(());
        }
        let person = self.parts(self.person, &|_| true, &|_| false).arguments;
        if person.len() != old.arguments.len() {
            return Err(Stray);
        }
        let (before, now) = (&old.arguments, &new.arguments);
        if before.len() == now.len() {
            for ((before, now), person) in before.iter().zip(now).zip(&person) {
                if !is_equal(before, now) {
                    splice.replace_text(person.span, self.spelled(now));
                }
            }
            return Ok(());
        }
        // A list: what stays keeps its spelling, so it must be told apart by its values.
        if !alike(&person, before) {
            return Err(Stray);
        }
        let is_in = |list: &[&Entry], entry: &Entry| list.iter().any(|it| is_equal(it, entry));
        for entry in person.iter().filter(|entry| !is_in(now, entry)) {
            splice.remove_entry(entry.span);
        }
        let mut after: Option<&Entry> = None;
        for entry in now {
            match person.iter().find(|it| is_equal(it, entry)) {
                Some(known) => after = Some(known),
                None => {
                    let place = after.map_or(self.person.name.span.end, |entry| entry.span.end);
                    splice.insert_text(place, &format!(" {}", self.spelled(entry)));
                }
            }
        }
        Ok(())
    }

    /// A word that is not said any more.
    fn take_away<'n>(
        &'n self,
        word: &str,
        before: Said<'_>,
        splice: &mut Splice<'_>,
        gone: &mut Vec<&'n Node>,
    ) -> Result<(), Stray> {
        match self.persons(word) {
            Some(Place::Entry(entry)) => {
                splice.remove_entry(whole(entry));
            }
            Some(Place::Child(child)) => gone.push(child),
            // What is said by silence needs no word.
            None if matches!(before, Said::Property(entry) if entry.value == Value::Boolean(false)) =>
                {}
            None => return Err(Stray),
        }
        Ok(())
    }

    /// A word that is new, or says something else now.
    fn say<'n>(
        &'n self,
        word: &str,
        now: Said<'_>,
        splice: &mut Splice<'_>,
        gone: &mut Vec<&'n Node>,
        fresh: &mut Vec<Cutting>,
    ) -> Result<(), Stray> {
        match (self.persons(word), now) {
            (Some(Place::Entry(entry)), Said::Property(now)) if entry.key.is_some() => {
                splice.replace_text(entry.span, self.spelled(now));
            }
            (Some(Place::Child(child)), Said::Property(now)) => match child.entries.as_slice() {
                [one] if one.key.is_none() => {
                    splice.replace_text(one.span, self.spelled(now));
                }
                _ => return Err(Stray),
            },
            (Some(Place::Child(child)), Said::Child(now)) => {
                if !splice.replace_below_comments(child, &self.cut(now)) {
                    return Err(Stray);
                }
            }
            (Some(Place::Entry(entry)), Said::Child(now)) => {
                splice.remove_entry(whole(entry));
                fresh.push(self.cut(now));
            }
            (Some(Place::Entry(entry)), _) => {
                splice.remove_entry(whole(entry));
                splice.add_entry(self.person, word);
            }
            (Some(Place::Child(child)), Said::Flag) => {
                gone.push(child);
                splice.add_entry(self.person, word);
            }
            (None, Said::Flag) => {
                splice.add_entry(self.person, word);
            }
            (None, Said::Property(now)) => {
                splice.add_entry(self.person, &format!("{word}={}", self.spelled(now)));
            }
            (None, Said::Child(now)) => fresh.push(self.cut(now)),
        }
        Ok(())
    }

    fn repeated<'n>(
        &'n self,
        old: &Parts<'_>,
        new: &Parts<'_>,
        splice: &mut Splice<'_>,
        gone: &mut Vec<&'n Node>,
        fresh: &mut Vec<Cutting>,
    ) -> Result<(), Stray> {
        let looked = |node: &&&Node| (self.looks_at)(&node.name.value);
        let is_in = |list: &[&Node], node: &Node| list.iter().any(|it| says_the_same(it, node));
        let mut altered: Vec<&Node> = Vec::new();
        for before in old.repeated.iter().filter(looked) {
            if is_in(&new.repeated, before) {
                continue;
            }
            let theirs = self.persons_child(before, &old.repeated).ok_or(Stray)?;
            match namesake(before, &old.repeated, &new.repeated) {
                Some(now) => {
                    let graft = Graft {
                        old: before,
                        new: now,
                        person: theirs,
                        persons_text: self.persons_text,
                        looks_at: &|_| true,
                        ..*self
                    };
                    graft.apply(splice)?;
                    altered.push(now);
                }
                None => gone.push(theirs),
            }
        }
        let stays = |node: &&Node| !gone.iter().any(|it| it.span == node.span);
        for (place, now) in new.repeated.iter().enumerate() {
            let is_known =
                is_in(&old.repeated, now) || altered.iter().any(|it| it.span == now.span);
            if is_known || !looked(&now) {
                continue;
            }
            let word = now.name.value.as_str();
            let mut theirs = named(self.person, word).filter(stays);
            // Where their order counts, behind the nearest of those before it that is there.
            let others = new.repeated[..place].iter().rev();
            let mut others = others.filter(|it| it.name.value == word);
            let before = match REPEATED.contains(&word) {
                true => named(self.person, word).filter(stays).last(),
                false => others.find_map(|it| self.persons_child(it, &new.repeated)),
            };
            match (before.filter(|it| stays(it)), theirs.next()) {
                (Some(child), _) => splice.insert_after(child, &self.cut(now)),
                (None, Some(first)) => splice.insert_before(first, &self.cut(now)),
                (None, None) => {
                    fresh.push(self.cut(now));
                    continue;
                }
            };
        }
        Ok(())
    }

    /// The person's child that says what one of these does, else the one that has its name alone.
    fn persons_child(&self, node: &Node, all: &[&Node]) -> Option<&Node> {
        let mut theirs = self.person.children.iter();
        let same = theirs.find(|it| says_the_same(it, node));
        let all_theirs: Vec<&Node> = self.person.children.iter().collect();
        same.or_else(|| namesake(node, all, &all_theirs))
    }

    /// The children that go and come; a block with nothing in it goes too.
    fn children(&self, gone: &[&Node], fresh: &[Cutting], splice: &mut Splice<'_>) {
        let head = self
            .person
            .entries
            .iter()
            .map(|entry| entry.span.end)
            .fold(self.person.name.span.end, usize::max);
        let end = end_of_block(self.persons_text, head, self.person);
        let inside = &self.persons_text[head..end];
        let empty = !gone.is_empty()
            && gone.len() == self.person.children.len()
            && fresh.is_empty()
            && comments(inside).is_empty();
        if empty {
            splice.remove_block(head, self.person);
            return;
        }
        for child in gone {
            // What is said otherwise keeps what was said of it.
            match self.is_said_again(child) {
                true => splice.remove(child),
                false => splice.remove_with_comments(child),
            };
        }
        if !fresh.is_empty() {
            splice.insert_into(self.person, fresh);
        }
    }

    /// Whether a right comes where another one goes.
    fn is_said_again(&self, child: &Node) -> bool {
        let word = child.name.value.as_str();
        let comes = |now: &Node| !named(self.old, word).any(|it| says_the_same(it, now));
        REPEATED.contains(&word) && named(self.new, word).any(comes)
    }

    fn persons(&self, word: &str) -> Option<Place<'_>> {
        place_of(self.person, word)
    }
}

/// Where a person says a word.
enum Place<'n> {
    Entry(&'n Entry),
    Child(&'n Node),
}

fn place_of<'n>(node: &'n Node, word: &str) -> Option<Place<'n>> {
    let said =
        node.entries
            .iter()
            .enumerate()
            .find(|(place, entry)| match (&entry.key, &entry.value) {
                (Some(key), _) => key.value == word,
                (None, Value::Text(text, _)) => *place > 0 && text == word,
                _ => false,
            });
    match said {
        Some((_, entry)) => Some(Place::Entry(entry)),
        None => named(node, word).next().map(Place::Child),
    }
}

/// Takes a word out of a node, as a flag, a property or a child. Gives whether it was there.
pub fn take_out(node: &Node, word: &str, splice: &mut Splice<'_>) -> bool {
    match place_of(node, word) {
        Some(Place::Entry(entry)) => {
            splice.remove_entry(whole(entry));
        }
        Some(Place::Child(child)) => {
            splice.remove(child);
        }
        None => return false,
    }
    true
}

fn named<'n>(node: &'n Node, word: &str) -> impl Iterator<Item = &'n Node> {
    node.children
        .iter()
        .filter(move |child| child.name.value == word)
}

/// The one among others that has a node's word and first argument, where neither list has them twice.
fn namesake<'n>(node: &Node, all: &[&Node], others: &[&'n Node]) -> Option<&'n Node> {
    let first = node.arguments().next()?;
    let is_it = |it: &&&Node| {
        it.name.value == node.name.value
            && it.arguments().next().is_some_and(|it| is_equal(it, first))
    };
    let mut found = others.iter().filter(is_it);
    match (found.next(), found.next(), all.iter().filter(is_it).count()) {
        (Some(one), None, 0..=1) => Some(one),
        _ => None,
    }
}

/// A property with its key.
fn whole(entry: &Entry) -> super::Span {
    match &entry.key {
        Some(key) => key.span.to(entry.span),
        None => entry.span,
    }
}

/// Equal values, however they are spelled.
fn is_equal(a: &Entry, b: &Entry) -> bool {
    a.annotation == b.annotation
        && match (&a.value, &b.value) {
            (Value::Text(a, _), Value::Text(b, _)) => a == b,
            (a, b) => a == b,
        }
}

fn is_same(a: Said<'_>, b: Said<'_>) -> bool {
    match (a, b) {
        (Said::Flag, Said::Flag) => true,
        (Said::Property(a), Said::Property(b)) => is_equal(a, b),
        (Said::Child(a), Said::Child(b)) => {
            same_nodes(std::slice::from_ref(a), std::slice::from_ref(b))
        }
        _ => false,
    }
}

/// Whether two nodes say the same, in whatever order, as properties or as children.
fn says_the_same(a: &Node, b: &Node) -> bool {
    fn said(node: &Node) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for entry in &node.entries {
            let key = entry.key.as_ref().map_or("", |key| key.value.as_str());
            all.push((key.to_owned(), entry.value.describe()));
        }
        for child in &node.children {
            for (key, value) in said(child) {
                all.push((format!("{}{key}", child.name.value), value));
            }
        }
        all.sort();
        all
    }
    a.name.value == b.name.value && said(a) == said(b)
}

#[cfg(test)]
mod tests {
    use super::super::SourceId;
    use super::super::source::parse_text;
    use super::*;

    fn grafted(old: &str, new: &str, person: &str) -> Option<String> {
        let source = SourceId::default();
        let [old, now, mine] = [old, new, person].map(|text| parse_text(source, text).0);
        let mut splice = Splice::new(source, person);
        let graft = Graft {
            old: &old[0],
            new: &now[0],
            text: new,
            person: &mine[0],
            persons_text: person,
            flags: &["not-null", "unique"],
            looks_at: &|_| true,
            leaves_old: &|_| false,
            leaves_new: &|_| false,
        };
        graft.apply(&mut splice).ok()?;
        Some(splice.finish().unwrap())
    }

    #[test]
    fn only_what_differs_is_taken_over() {
        let result = grafted(
            "column a text not-null default=x",
            "column a \"varchar(3)\" unique default=x comment=\"y z\"",
            "column   a \"character varying\" not-null=#true { default x } // mine",
        );
        assert_eq!(
            result.unwrap(),
            "column   a \"varchar(3)\" comment=\"y z\" unique { default x } // mine"
        );
    }

    #[test]
    fn children_and_lists_change_in_their_places() {
        let result = grafted(
            "t a { grant select to=x; grant insert to=y; body \"1\" }",
            "t a { grant insert to=y; grant update to=y; body \"2\" }",
            "t a {\n    // who\n    grant select { to x } // x\n    grant insert to=y\n    body \"1\"\n}\n",
        );
        insta::assert_snapshot!(result.unwrap(), @r#"
        t a {
            // who
            // x
            grant insert to=y
            grant update to=y
            body "2"
        }
        "#);
        assert_eq!(
            grafted("enum e a c d", "enum e a b c", "enum   e \"a\" c  d").unwrap(),
            "enum   e \"a\" b  c"
        );
    }

    #[test]
    fn parts_with_names_keep_their_places() {
        let old = "c a { attribute x integer; attribute y integer; attribute z text }";
        let mine = "c a {\n    // one\n    attribute x int\n    attribute y int // two\n    // three\n    attribute z text\n}\n";
        let new = "c a { attribute w text; attribute x bigint; attribute v text; attribute z text; attribute u text }";
        insta::assert_snapshot!(grafted(old, new, mine).unwrap(), @r#"
        c a {
            attribute w text
            // one
            attribute x bigint
            attribute v text
            // three
            attribute z text
            attribute u text
        }
        "#);
    }

    #[test]
    fn what_has_no_place_is_left() {
        assert_eq!(
            grafted("t a owner=x", "t a", "t a { grant select to=x }"),
            None
        );
        assert_eq!(
            grafted("enum e a b", "enum e a b c", "enum e { value a }"),
            None
        );
    }
}
