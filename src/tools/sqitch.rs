//! sqitch: its plan, by which the ids of changes are computed anew, and its deploy scripts, known by their SHA-1.

use std::collections::{BTreeMap, BTreeSet};

use super::files::{List, as_text, sha1};
use super::{Text, Told, ToolError};

/// Its plan, at the top of its folder.
pub(super) const PLAN: &str = "sqitch.plan";

/// Fills in the scripts; gives those of the plan that have not run.
pub(super) fn files(told: &mut Told, list: &List) -> Result<Vec<String>, ToolError> {
    let mut scripts: BTreeMap<String, String> = BTreeMap::new();
    for path in list.files.keys().filter(|path| path.starts_with("deploy/")) {
        scripts.insert(sha1(&list.bytes(path)?), path.clone());
    }
    let mut ran: BTreeSet<String> = BTreeSet::new();
    let last: BTreeMap<String, usize> = told
        .past
        .iter()
        .enumerate()
        .filter_map(|(place, past)| Some((past.file.clone()?, place)))
        .collect();
    for (place, past) in told.past.iter_mut().enumerate() {
        let Some(change) = past.file.clone() else {
            continue;
        };
        // A change that was reworked has its script under the name of a tag.
        let is_its = |path: &&String| {
            let stem = path.strip_prefix("deploy/").unwrap_or_default();
            let rest = stem.strip_prefix(&*change).unwrap_or_default();
            rest == ".sql" || rest.starts_with('@')
        };
        let of_hash = past.hash.as_ref().and_then(|hash| scripts.get(hash));
        let present = format!("deploy/{change}.sql");
        let is_last = last.get(&change) == Some(&place);
        let path = match of_hash.filter(|path| is_its(path)) {
            Some(path) => path.clone(),
            None if is_last && list.has(&present) => present,
            None => continue,
        };
        let bytes = list.bytes(&path)?;
        let revert = path.replacen("deploy/", "revert/", 1);
        past.script = Some(Text {
            up: as_text(&bytes),
            down: list.has(&revert).then(|| list.text(&revert)).transpose()?,
            checked: past.hash.as_ref().map(|hash| *hash == sha1(&bytes)),
            path: path.clone(),
        });
        ran.insert(path);
    }
    let Ok(plan) = std::fs::read_to_string(list.folder.join(PLAN)) else {
        return Ok(Vec::new());
    };
    let planned = planned(&plan);
    let ids: BTreeSet<&str> = planned.iter().map(|change| change.id.as_str()).collect();
    let deployed: BTreeSet<&str> = told.past.iter().map(|past| &*past.version).collect();
    let strange = told
        .past
        .iter()
        .filter(|past| !ids.contains(&*past.version));
    let strange: Vec<String> = strange
        .map(|past| format!("{PLAN} has no change {} `{}`", past.version, past.name))
        .collect();
    if strange.len() == told.past.len() && !strange.is_empty() {
        told.notes.push(format!(
            "{PLAN} is of another project: ids were not checked"
        ));
        return Ok(Vec::new());
    }
    if !strange.is_empty() {
        return Err(ToolError::Altered {
            tool: told.tool.name(),
            files: strange,
        });
    }
    let waiting = planned
        .iter()
        .filter(|it| !deployed.contains(it.id.as_str()));
    Ok(waiting.map(|change| change.name.clone()).collect())
}

/// A change of the plan with the id that sqitch gives it.
struct Planned {
    name: String,
    id: String,
}

/// The changes of a plan.
fn planned(plan: &str) -> Vec<Planned> {
    let (mut project, mut uri) = (String::new(), None);
    let mut changes: Vec<Planned> = Vec::new();
    for line in plan.lines() {
        if let Some(pragma) = line.strip_prefix('%') {
            match pragma.split_once('=') {
                Some(("project", name)) => project = name.trim().to_owned(),
                Some(("uri", name)) => uri = Some(name.trim().to_owned()),
                _ => {}
            }
            continue;
        }
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with('@') {
            continue;
        }
        let Some(change) = Line::read(line) else {
            continue;
        };
        let mut info = vec![format!("project {project}")];
        info.extend(uri.iter().map(|uri| format!("uri {uri}")));
        info.push(format!("change {}", change.name));
        info.extend(changes.last().map(|before| format!("parent {}", before.id)));
        info.push(format!("planner {}", change.planner));
        info.push(format!("date {}", change.date));
        for (word, mark, names) in [
            ("requires", "+", change.requires),
            ("conflicts", "-", change.conflicts),
        ] {
            if !names.is_empty() {
                info.push(word.to_owned());
                info.extend(names.iter().map(|name| format!("  {mark} {name}")));
            }
        }
        if !change.note.is_empty() {
            info.extend([String::new(), change.note]);
        }
        let info = info.join("\n");
        // As git names its objects.
        let id = sha1(format!("change {}\0{info}", info.len()).as_bytes());
        changes.push(Planned {
            name: change.name.to_owned(),
            id,
        });
    }
    changes
}

/// `users [a !b] 2024-01-01T00:00:00Z Ana <ana@example.com> # Note.`
struct Line<'l> {
    name: &'l str,
    requires: Vec<&'l str>,
    conflicts: Vec<&'l str>,
    date: &'l str,
    planner: &'l str,
    note: String,
}

impl Line<'_> {
    fn read(line: &str) -> Option<Line<'_>> {
        let (name, rest) = line.split_once(char::is_whitespace)?;
        let rest = rest.trim_start();
        let (needed, rest) = match rest.strip_prefix('[') {
            Some(rest) => rest.split_once(']')?,
            None => ("", rest),
        };
        let (date, rest) = rest.trim_start().split_once(char::is_whitespace)?;
        let (planner, rest) = rest.split_at(rest.find('>')? + 1);
        let note = rest.trim().strip_prefix('#').unwrap_or_default();
        let mut line = Line {
            name: name.trim_start_matches('+'),
            requires: Vec::new(),
            conflicts: Vec::new(),
            date,
            planner: planner.trim(),
            note: unescaped(note.trim()),
        };
        for needed in needed.split_whitespace() {
            match needed.strip_prefix('!') {
                Some(conflict) => line.conflicts.push(conflict),
                None => line.requires.push(needed),
            }
        }
        Some(line)
    }
}

/// A note as it was before the plan took it into one line.
fn unescaped(note: &str) -> String {
    let mut text = String::with_capacity(note.len());
    let mut letters = note.chars();
    while let Some(letter) = letters.next() {
        match (letter, letters.clone().next()) {
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('r')) => text.push('\r'),
            ('\\', Some('\\')) => text.push('\\'),
            _ => {
                text.push(letter);
                continue;
            }
        }
        letters.next();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_that_sqitch_gives() {
        // Of the plan in tests/adopt/sqitch, as `sqitch plan` prints them.
        let plan = include_str!("../../tests/adopt/sqitch/sqitch.plan");
        let ids: Vec<String> = planned(plan).into_iter().map(|it| it.id).collect();
        assert_eq!(
            ids,
            [
                "854810a497d7eb0fef6de1ec886f54ba019c3ba6",
                "0cbc4bc62d2fb716eb0bf2a840dc01a9caffc3ea",
                "2bc807bf061f4b059aabf6ccdd240416e3e73ea0",
            ]
        );
    }

    #[test]
    fn lines_that_are_no_changes_are_passed_over() {
        assert!(planned("%project=a\n\n# x\n@v1 2024-01-01T00:00:00Z A <a@b>\nodd").is_empty());
    }
}
