//! Columns that recur: the same run of columns in several tables becomes a mixin that they use. Only on request, because
//! two tables may have the same columns by chance.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::kdl::NodeWriter;

/// In how many tables a run must stand.
const TABLES: usize = 3;
/// How many columns make a run.
const COLUMNS: usize = 2;
/// The longest name that is made of the names of all columns.
const NAME: usize = 40;

/// Puts mixins in the place of the runs of columns that recur in the `table` nodes below; gives the mixins.
pub(super) fn fold(nodes: &mut [&mut NodeWriter]) -> Vec<NodeWriter> {
    let mut tables: Vec<&mut NodeWriter> = nodes
        .iter_mut()
        .flat_map(|node| node.nodes_mut())
        .filter(|node| node.is("table"))
        .collect();
    let mut mixins = Vec::new();
    let mut names = BTreeSet::new();
    while let Some(run) = best_run(&tables) {
        let columns: Vec<&str> = run.iter().map(|column| column_name(column)).collect();
        let name = mixin_name(&columns, &mut names);
        let mut mixin = NodeWriter::new("mixin");
        mixin.name(&name);
        for table in &mut tables {
            let texts = columns_of(table);
            let Some(place) = place_of(&texts, &run) else {
                continue;
            };
            let mut used = NodeWriter::new("use");
            used.name(&name);
            let taken = table.replace_children(place, used);
            if !mixin.has_parts() {
                for node in taken {
                    mixin.add(node);
                }
            }
        }
        mixins.push(mixin);
    }
    mixins
}

/// The children of a table as texts; what is no column, an empty one.
fn columns_of(table: &NodeWriter) -> Vec<String> {
    table
        .child_texts()
        .into_iter()
        .map(|text| {
            if text.starts_with("column ") {
                text
            } else {
                String::new()
            }
        })
        .collect()
}

fn place_of(texts: &[String], run: &[String]) -> Option<Range<usize>> {
    texts
        .windows(run.len())
        .position(|window| window == run)
        .map(|start| start..start + run.len())
}

/// The run that saves most lines: in enough tables, long enough; the first by its text where several do.
fn best_run(tables: &[&mut NodeWriter]) -> Option<Vec<String>> {
    let mut seen: BTreeMap<Vec<String>, BTreeSet<usize>> = BTreeMap::new();
    for (index, table) in tables.iter().enumerate() {
        let texts = columns_of(table);
        for start in 0..texts.len() {
            let columns = texts[start..]
                .iter()
                .take_while(|text| !text.is_empty())
                .count();
            for length in COLUMNS..=columns {
                let run = texts[start..start + length].to_vec();
                seen.entry(run).or_default().insert(index);
            }
        }
    }
    seen.into_iter()
        .filter(|(_, tables)| tables.len() >= TABLES)
        .max_by_key(|(run, tables)| (run.len() - 1) * (tables.len() - 1))
        .map(|(run, _)| run)
}

fn column_name(text: &str) -> &str {
    text.split_whitespace().nth(1).unwrap_or_default()
}

/// The names of the columns in a row, or the first and the last of many.
fn mixin_name(columns: &[&str], names: &mut BTreeSet<String>) -> String {
    let plain: Vec<&str> = columns.iter().map(|name| name.trim_matches('"')).collect();
    let mut name = plain.join("_");
    if name.len() > NAME {
        name = [plain.first(), plain.last()]
            .into_iter()
            .flatten()
            .copied()
            .collect::<Vec<_>>()
            .join("_to_");
    }
    let mut unique = name.clone();
    let mut number = 2;
    while !names.insert(unique.clone()) {
        unique = format!("{name}_{number}");
        number += 1;
    }
    unique
}
