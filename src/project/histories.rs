//! Tables in which other migration tools keep their history: the tool makes and alters them, so they are no objects of a
//! project. They are known by their columns, and left out by lines of `scope` that stand in the project file.

use std::collections::BTreeSet;

use crate::config::Scope;
use crate::kdl::Path;
use crate::kind::Catalog;
use crate::model::{Kind, ObjectId};
use crate::tools::{Shape, Tool, known_shapes, likely_by_hand, shapes};

/// The table of another tool, and the lines of `scope` that leave it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OthersHistory {
    /// The table.
    pub shape: Shape,
    /// The tool.
    pub tool: Tool,
    /// Kind and pattern of each line.
    pub lines: Vec<(&'static str, String)>,
}

/// The tables of tools that are known, of which the scope says nothing.
pub fn others_histories(catalog: &Catalog, scope: &Scope) -> Vec<OthersHistory> {
    known_shapes(catalog)
        .filter_map(|shape| {
            let tool = shape.sure_tool()?;
            let silent = scope.says("table", &shape.id.path()).is_none();
            silent.then(|| OthersHistory {
                lines: lines_of(catalog, &shape),
                tool,
                shape,
            })
        })
        .collect()
}

/// The tables that look like a history that somebody made.
pub fn likely_histories(catalog: &Catalog) -> Vec<Shape> {
    shapes(catalog)
        .filter(|shape| shape.sure_tool().is_none() && likely_by_hand(shape))
        .collect()
}

/// The lines of `scope` that leave a history out: its schema, where nothing else is in it, else its tables and what counts
/// their rows.
pub fn lines_of(catalog: &Catalog, shape: &Shape) -> Vec<(&'static str, String)> {
    let tables = shape.with_companions(catalog);
    let is_in_one = |id: &ObjectId| tables.iter().any(|table| id.is_within(table));
    let sequences: BTreeSet<&ObjectId> = catalog
        .owned
        .iter()
        .filter(|(id, column)| id.kind == Kind::Sequence && is_in_one(column))
        .map(|(id, _)| id)
        .collect();
    let schema = ObjectId::top(Kind::Schema, shape.schema());
    let is_alone = shape.schema() != "public"
        && catalog.objects.keys().all(|id| {
            let in_it = id.parent.as_deref() == Some(&schema) && !id.kind.is_facet();
            !in_it || tables.contains(id) || sequences.contains(id)
        });
    if is_alone {
        return vec![("schema", pattern(&schema))];
    }
    let sequences = sequences.into_iter().filter(|id| catalog.contains(id));
    tables
        .iter()
        .map(|table| ("table", pattern(table)))
        .chain(sequences.map(|id| ("sequence", pattern(id))))
        .collect()
}

/// The pattern that means this object alone.
fn pattern(id: &ObjectId) -> String {
    let path = id.path();
    let path = Path::parse(&path).map_or(path, |path| path.to_string());
    let mut pattern = String::with_capacity(path.len());
    for letter in path.chars() {
        if matches!(letter, '*' | '?' | '[' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}
