//! `exclude name=n method=n where=s deferrable=w { column n operator=x opclass=p; expression s operator=x; include n… }`

use super::{Exclude, ExcludeElement, is_only_one};
use crate::kdl::{NodeReader, NodeWriter, Path};
use crate::kind::index_key::{self, IndexKey};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::partition::kdl::{Attached, attached};
use crate::kind::{Object, constraint, naming, partition, parts};
use crate::model::{Expression, Kind, ObjectId, QualifiedName};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "exclude",
    places: &[Place::Relation],
    kinds: &[Kind::Exclude],
    read,
};

/// An operator, `=` or `schema.=`: a dot is no part of an operator's name.
fn operator(text: &str) -> QualifiedName {
    match text.rsplit_once('.') {
        Some((schema, name)) => {
            let schema = Path::parse(schema)
                .map_or_else(|_| schema.to_owned(), |path| path.name().to_owned());
            QualifiedName::new(schema, name)
        }
        None => QualifiedName::new("", text),
    }
}

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let Some(relation) = parent else { return };
    if partition::kdl::read_attached(reading, reader, relation, Kind::Exclude) {
        return;
    }
    let mut exclude = Exclude {
        method: reader
            .name_of("method")
            .map_or_else(|| "gist".to_owned(), |name| name.value),
        elements: Vec::new(),
        include: parts::columns_in(reading, relation, reader.list("include")),
        predicate: reader
            .sql("where")
            .map(|sql| Expression::written(sql.value)),
        deferrable: parts::deferral(reader),
        with: parts::options(reader, "with"),
        tablespace: reader.name_of("tablespace").map(|name| name.value),
        only: reader.boolean("only").unwrap_or(false),
    };
    let mut elements = 0;
    for mut child in reader.children_any(&["column", "expression"]) {
        elements += 1;
        let text = child.operator("operator");
        if !child.has("operator") {
            child.missing("`operator=`");
        }
        if let (Some((key, _)), Some(text)) = (index_key::read(reading, &mut child, relation), text)
        {
            exclude.elements.push(ExcludeElement {
                key,
                operator: operator(&text.value),
            });
        }
        child.finish();
    }
    // One that cannot be read is told of itself.
    if exclude.elements.is_empty() && elements == 0 {
        reader.missing("a `column` or an `expression`");
    }
    let named = named_columns(&exclude);
    let (id, unnamed) = parts::identity(reading, reader, relation, Kind::Exclude, &named);
    partition::kdl::read_tie(reading, reader, relation, &id);
    reading.declare_unnamed(reader, &id, exclude, unnamed);
}

fn named_columns(exclude: &Exclude) -> Vec<String> {
    let keys: Vec<IndexKey> = exclude
        .elements
        .iter()
        .map(|element| element.key.clone())
        .collect();
    index_key::named_columns(&keys, &exclude.include)
}

pub(super) fn write<'a>(
    exclude: &Exclude,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("exclude");
    let same = |parent: &Object| match parent {
        Object::Exclude(parent) => {
            parent.with == exclude.with && parent.tablespace == exclude.tablespace
        }
        _ => false,
    };
    let how = attached(id, &named_columns(exclude), writing, same);
    match &how {
        Attached::ByItself => return None,
        Attached::Renamed(parent) => {
            node.text("name", &id.name);
            node.path("attached-to", &writing.path(parent, id));
            writing.annotations(id, &mut node);
            node.pairs("with", &exclude.with.0);
            return Some(node);
        }
        Attached::Own | Attached::ByStatement(_) => {}
    }
    parts::write_name(id, &named_columns(exclude), writing, &mut node);
    if let Attached::ByStatement(parent) = &how {
        node.path("attached-to", &writing.path(parent, id));
    }
    if constraint::is_only(id, writing.catalog) {
        node.boolean("only", true);
    }
    if exclude.method != "gist" {
        node.text("method", &exclude.method);
    }
    if let Some(predicate) = &exclude.predicate {
        node.sql("where", naming::without_parentheses(predicate.text()));
    }
    if let Some(deferrable) = &exclude.deferrable {
        node.text("deferrable", deferrable);
    }
    if let Some(tablespace) = &exclude.tablespace {
        node.text("tablespace", tablespace);
    }
    writing.annotations(id, &mut node);
    for element in &exclude.elements {
        let mut child = index_key::write(&element.key, None, id, writing);
        let operator = &element.operator;
        match operator.schema.as_str() {
            "" => child.text("operator", &operator.name),
            "pg_catalog" if is_only_one(&operator.name, writing.catalog) => {
                child.text("operator", &operator.name)
            }
            schema => {
                let schema = Path(vec![schema.to_owned()]);
                child.text("operator", &format!("{schema}.{}", operator.name))
            }
        };
        node.add(child);
    }
    node.list("include", &exclude.include);
    node.pairs("with", &exclude.with.0);
    Some(node)
}
