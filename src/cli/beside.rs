//! What stands beside a line of a plan: of a new column its type, of an index its key, of an altered object what it was and what
//! it becomes, and what the statements that do it mean for others.

use std::collections::BTreeMap;

use super::headline::Line;
use super::report::escaped;
use crate::author::Authored;
use crate::diff::Change;
use crate::facts::read::read;
use crate::facts::{Facts, World, facts};
use crate::kind::grant::privilege;
use crate::kind::{Catalog, Hazard, Object};
use crate::model::{Kind, ObjectId};
use crate::plan::Verb;
use crate::project::{attributes, script_of};
use crate::sql::secret::mask;
use crate::sql::split::split;

/// Longer texts of attributes are cut.
const LONGEST: usize = 60;
/// More of them of one object than these are counted.
const MOST: usize = 6;

/// What is known of the lines of a plan.
pub(super) struct Beside<'a> {
    authored: &'a Authored,
    /// What the statements about an object mean for others, in their order, each once.
    meaning: BTreeMap<&'a ObjectId, Vec<String>>,
}

impl<'a> Beside<'a> {
    pub(super) fn of(authored: &'a Authored) -> Beside<'a> {
        let mut world = world_of(&authored.before);
        world.begin();
        let mut meaning: BTreeMap<&ObjectId, Vec<String>> = BTreeMap::new();
        for step in &authored.up.steps {
            let text = step.statement.text();
            let command = read(&text);
            let words = words(&facts(&text, &command, &world));
            world.apply(&command);
            let Some(words) = words else { continue };
            for (_, id) in &step.objects {
                let said = meaning.entry(id).or_default();
                if !said.contains(&words) {
                    said.push(words.clone());
                }
            }
        }
        Beside { authored, meaning }
    }

    /// Whether an object goes and comes again.
    pub(super) fn is_replaced(&self, id: &ObjectId) -> bool {
        let does = |verb: Verb| {
            let mut steps = self.authored.up.steps.iter();
            steps.any(|step| step.objects.iter().any(|it| it.0 == verb && it.1 == *id))
        };
        does(Verb::Drop) && does(Verb::Create)
    }

    /// What is said of it on its line: `numeric(12,2) not null`.
    pub(super) fn about(&self, line: &Line<'_>) -> String {
        match line.change {
            Change::Create => about(&self.authored.after, line.id),
            Change::Drop if line.id.kind == Kind::Grant => about(&self.authored.before, line.id),
            Change::Drop => String::new(),
            Change::Alter => {
                let found = self.attributes(line.id);
                match found.as_slice() {
                    [one] => one.clone(),
                    _ => String::new(),
                }
            }
        }
    }

    /// What is said of it below its line, where several attributes become others.
    pub(super) fn below(&self, line: &Line<'_>) -> Vec<String> {
        if line.change != Change::Alter {
            return Vec::new();
        }
        let mut found = self.attributes(line.id);
        if found.len() < 2 {
            return Vec::new();
        }
        let more = found.len().saturating_sub(MOST);
        found.truncate(MOST);
        if more > 0 {
            found.push(format!("and {more} more"));
        }
        found
    }

    /// `ACCESS EXCLUSIVE, instant`; nothing where nobody meets it.
    pub(super) fn meaning(&self, id: &ObjectId) -> String {
        match self.meaning.get(id) {
            Some(said) => said.join("; then "),
            // What goes and comes again looks as if somebody had to wait.
            None if self.is_replaced(id) => "no lock that others meet".to_owned(),
            None => String::new(),
        }
    }

    fn attributes(&self, id: &ObjectId) -> Vec<String> {
        let mut former = id.clone();
        for rename in self.authored.renames.iter().rev() {
            former = former.renamed(&rename.to, &rename.from);
        }
        let before = self.authored.before.get(&former);
        let (Some(before), Some(after)) = (before, self.authored.after.get(id)) else {
            return Vec::new();
        };
        let found = attributes(before, after).into_iter().map(|it| {
            let (before, after) = old_and_new(&it.before, &it.after, LONGEST, "none");
            format!("{}  {before} → {after}", it.name)
        });
        found.collect()
    }
}

/// What is known of the relations before a plan: their shape, and no sizes.
fn world_of(before: &Catalog) -> World {
    let mut world = World::default();
    let Ok(script) = script_of(before, before.origin.server_version, &before.origin.role) else {
        return world;
    };
    if let Ok(parts) = split(&script) {
        for statement in &parts.statements {
            world.apply(&read(statement.text));
        }
    }
    world.settle();
    world
}

/// What a statement means for others: `instant`, `reads the whole table, nobody waits`.
fn words(facts: &Facts) -> Option<String> {
    let mode = facts.strongest()?;
    let mut work: Vec<&str> = facts.work.iter().map(|(_, work)| work.words()).collect();
    work.dedup();
    Some(match (work.is_empty(), mode.blocks_writes()) {
        (true, true) => format!("{mode}, instant"),
        (true, false) => mode.blocks().to_owned(),
        (false, _) => format!("{}, {}", work.join(", "), mode.blocks()),
    })
}

/// Two values in one line each; where they are long, what is the same at their beginnings is left out, so that both show
/// where they differ.
pub(super) fn old_and_new(
    before: &str,
    after: &str,
    longest: usize,
    nothing: &str,
) -> (String, String) {
    /// How much of what is the same stays, to find the place.
    const KEPT: usize = 12;
    let line = |text: &str| -> Vec<char> {
        let line = mask(text);
        let words: Vec<&str> = line.split_whitespace().collect();
        words.join(" ").chars().collect()
    };
    let (before, after) = (line(before), line(after));
    let same = before
        .iter()
        .zip(&after)
        .take_while(|(one, other)| one == other)
        .count();
    let is_long = before.len() > longest || after.len() > longest;
    let from = match is_long {
        true => same.saturating_sub(KEPT),
        false => 0,
    };
    let shown = |text: &[char]| {
        if text.is_empty() {
            return nothing.to_owned();
        }
        let part: String = text.iter().skip(from).take(longest).collect();
        let (first, last) = (
            if from > 0 { "…" } else { "" },
            if text.len() > from + longest {
                "…"
            } else {
                ""
            },
        );
        escaped(&format!("{first}{part}{last}"))
    };
    (shown(&before), shown(&after))
}

/// What a hazard is about: its code may say the kind already.
pub(super) fn subject(hazard: &Hazard) -> String {
    let object = &hazard.object;
    match object.kind == Kind::Grant || object.kind.name() == hazard.code {
        true => object.path(),
        false => object.to_string(),
    }
}

/// A new object in a few words.
fn about(after: &Catalog, id: &ObjectId) -> String {
    let said = match after.get(id) {
        Some(Object::Column(column)) => {
            let mut said = column.data_type.clone();
            if column.not_null {
                said.push_str(" not null");
            }
            if let Some(Object::Default(it)) = after.get(&id.child(Kind::Default, "")) {
                said.push_str(&format!(" default {}", it.expression.canonical));
            }
            said
        }
        Some(Object::Index(index)) => {
            let keys: Vec<String> = index.keys.iter().map(|key| key.what()).collect();
            let unique = if index.unique { "unique " } else { "" };
            format!("{unique}({})", keys.join(", "))
        }
        Some(Object::Grant(grant)) => {
            let privilege = privilege(id);
            match (grant.granted, grant.grantable) {
                (false, _) => format!("{privilege} taken away"),
                (true, true) => format!("{privilege} with grant option"),
                (true, false) => privilege.to_owned(),
            }
        }
        _ => String::new(),
    };
    short(&said)
}

fn short(text: &str) -> String {
    let line = mask(text);
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => escaped(&format!("{}…", &line[..at])),
        None => escaped(&line),
    }
}

#[cfg(test)]
mod tests {
    use super::old_and_new;

    #[test]
    fn long_values_show_where_they_differ() {
        let told = |before: &str, after: &str| {
            let (before, after) = old_and_new(before, after, 20, "none");
            format!("{before} → {after}")
        };
        assert_eq!(told("", "a  b"), "none → a b");
        assert_eq!(told("short", "shorter"), "short → shorter");
        assert_eq!(
            told(
                "status IN ('open', 'paid', 'sent')",
                "status IN ('open', 'paid', 'sent', 'returned')"
            ),
            "…aid', 'sent') → …aid', 'sent', 'retur…"
        );
    }
}
