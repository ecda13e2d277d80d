//! Other names of what types consist of and is no object by itself: attributes of composite types, values of enumerations. A
//! rename is done where the old name is there and the new one is free, or about to be; those that have run change nothing.

use super::{Definition, Object, Relocation, Statement, naming};
use crate::model::ObjectId;

/// An old name and a new one.
pub(super) type Renamed = (String, String);

/// The renames that lead from one list of names to another, in an order in which each new name is free: of those that the
/// later definition says, and those of the earlier one turned round.
pub(super) fn renames(
    from: &[&str],
    to: &[&str],
    said: &[Renamed],
    said_before: &[Renamed],
) -> Vec<Renamed> {
    let all = said.iter().cloned().chain(turned(said_before));
    let leads = |(old, new): &Renamed| from.contains(&old.as_str()) && to.contains(&new.as_str());
    let mut waiting: Vec<Renamed> = all.filter(leads).collect();
    let mut renames: Vec<Renamed> = Vec::new();
    loop {
        let is_free = |(_, new): &Renamed| {
            !from.contains(&new.as_str()) || renames.iter().any(|(left, _)| left == new)
        };
        let Some(next) = waiting.iter().position(is_free) else {
            break;
        };
        let (old, new) = waiting.remove(next);
        waiting.retain(|it| it.0 != old && it.1 != new);
        renames.push((old, new));
    }
    let exchanges = exchanges(from, to, waiting);
    renames.extend(exchanges);
    renames
}

/// The renames of names that are exchanged, by way of a name of nobody's. Whether that was done the order tells: what is
/// renamed stays in its place.
fn exchanges(from: &[&str], to: &[&str], mut ring: Vec<Renamed>) -> Vec<Renamed> {
    let in_both = |name: &str| from.contains(&name) && to.contains(&name);
    ring.retain(|(old, new)| in_both(old) && in_both(new) && old != new);
    // Links that lead on and are led to, until none is left over.
    loop {
        let many = ring.len();
        let (olds, news): (Vec<String>, Vec<String>) = ring.iter().cloned().unzip();
        ring.retain(|(old, new)| news.contains(old) && olds.contains(new));
        if ring.len() == many {
            break;
        }
    }
    let renamed = |name: &str| {
        let link = ring.iter().find(|(old, _)| old == name);
        link.map_or(name.to_owned(), |(_, new)| new.clone())
    };
    let kept = |names: &[&str]| -> Vec<String> {
        let names = names.iter().filter(|name| in_both(name));
        names.map(|name| (*name).to_owned()).collect()
    };
    let wanted = kept(to);
    let is_done = kept(from) == wanted;
    let leads = kept(from).iter().map(|name| renamed(name)).eq(wanted);
    if ring.is_empty() || is_done || !leads {
        return Vec::new();
    }
    let aside = |name: &str| naming::aside(name);
    let away = ring.iter().map(|(old, _)| (old.clone(), aside(old)));
    let back = ring.iter().map(|(old, new)| (aside(old), new.clone()));
    away.chain(back).collect()
}

/// The move by which what uses a type goes on with it under the new names; `None` where there are none.
pub(super) fn relocation<D: Definition + Into<Object>>(
    from: &D,
    id: &ObjectId,
    renames: Vec<Renamed>,
    statements: impl Fn(&[Renamed]) -> Vec<Statement>,
) -> Option<Relocation> {
    if renames.is_empty() {
        return None;
    }
    let mut reached = from.clone();
    for (old, new) in &renames {
        reached.rename_inner(&|name| (name == old).then(|| new.clone()));
    }
    Some(Relocation {
        schema: id.schema().unwrap_or_default().to_owned(),
        there: statements(&renames),
        back: statements(&turned(&renames)),
        reached: reached.into(),
        named: renames.into_iter().map(|(old, _)| old).collect(),
        halfway: None,
    })
}

/// Renames that lead back.
fn turned(renames: &[Renamed]) -> Vec<Renamed> {
    let back = renames.iter().rev();
    back.map(|(old, new)| (new.clone(), old.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn led(from: &[&str], to: &[&str], said: &[(&str, &str)]) -> Vec<String> {
        let said: Vec<Renamed> = said
            .iter()
            .map(|(old, new)| ((*old).to_owned(), (*new).to_owned()))
            .collect();
        let steps = renames(from, to, &said, &[]).into_iter();
        steps.map(|(old, new)| format!("{old}→{new}")).collect()
    }

    #[test]
    fn each_new_name_is_free() {
        let said = [("b", "a"), ("a", "aa")];
        assert_eq!(led(&["a", "b"], &["aa", "a"], &said), ["a→aa", "b→a"]);
        // It has run.
        assert!(led(&["aa", "a"], &["aa", "a"], &said).is_empty());
        // Another one has the old name since.
        assert_eq!(led(&["a"], &["b", "a"], &[("a", "b")]), ["a→b"]);
        assert!(led(&["b"], &["b", "a"], &[("a", "b")]).is_empty());
    }

    #[test]
    fn names_are_exchanged_once() {
        let said = [("a", "b"), ("b", "a")];
        let steps = led(&["a", "b", "c"], &["b", "a", "c"], &said);
        let away = |name: &str| format!("{name}→{}", naming::aside(name));
        let back = |name: &str, new: &str| format!("{}→{new}", naming::aside(name));
        assert_eq!(
            steps,
            [away("a"), away("b"), back("a", "b"), back("b", "a")]
        );
        assert!(led(&["b", "a", "c"], &["b", "a", "c"], &said).is_empty());
    }
}
