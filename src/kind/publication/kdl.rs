//! `publication n <all-tables> publish-via-partition-root=#true { publish w…; table p where=s { columns n… };
//! tables-in-schema n… }`

use super::{ACTIONS, Publication};
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::Object;
use crate::kind::language::{NodeKind, Place, Reading, Reference, Referred, Writing};
use crate::kind::publication_schema::PublicationSchema;
use crate::kind::publication_table::PublicationTable;
use crate::kind::{naming, parts, reference};
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "publication",
    places: &[Place::Top],
    kinds: &[
        Kind::Publication,
        Kind::PublicationTable,
        Kind::PublicationSchema,
    ],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let id = ObjectId::top(Kind::Publication, &name.value);
    let mut publication = Publication {
        all_tables: reader.flag("all-tables"),
        via_root: reader.flag("publish-via-partition-root"),
        generated_columns: reader
            .word("publish-generated-columns", &["none", "stored"])
            .map(|word| word.value.to_owned())
            .filter(|word| word != "none"),
        ..Publication::usual()
    };
    if let Some(mut child) = reader.attribute("publish") {
        let said: Vec<&str> = child
            .word_arguments(ACTIONS)
            .into_iter()
            .map(|word| word.value)
            .collect();
        publication
            .publish
            .retain(|word| said.contains(&word.as_str()));
        child.finish();
    }
    for mut child in reader.children("table") {
        if let Some(path) = child.path_argument() {
            reading.refers(Reference::new(Referred::Relation, &path, None));
            let table = reading.qualify(&path.value, None);
            let columns = parts::texts(child.list("columns"));
            let part = PublicationTable {
                columns: (!columns.is_empty()).then_some(columns),
                filter: child
                    .sql("where")
                    .map(|text| Expression::written(text.value)),
                table,
            };
            let id = id.child(Kind::PublicationTable, &reference::of(&part.table));
            reading.declare_only(&child, &id, part, false);
        }
        child.finish();
    }
    for schema in reader.list("tables-in-schema") {
        let part = id.child(Kind::PublicationSchema, &schema.value);
        reading.declare_only(reader, &part, PublicationSchema {}, false);
    }
    reading.declare(reader, &id, publication);
}

/// The node of a publication.
pub(super) fn write<'a>(
    publication: &Publication,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("publication");
    node.name(&id.name);
    if publication.all_tables {
        node.flag("all-tables");
    }
    if publication.via_root {
        node.boolean("publish-via-partition-root", true);
    }
    if let Some(word) = &publication.generated_columns {
        node.text("publish-generated-columns", word);
    }
    writing.facets(id, &mut node);
    if publication.publish != Publication::usual().publish {
        node.child("publish").arguments(&publication.publish);
    }
    for part in writing.parts_of(id, Kind::PublicationTable) {
        writing.said(part);
        if let Some(Object::PublicationTable(it)) = writing.catalog.get(part) {
            let child = node.child("table");
            child.path_argument(&writing.path(&it.table, id));
            if let Some(filter) = &it.filter {
                child.sql("where", naming::without_parentheses(filter.text()));
            }
            child.list("columns", it.columns.as_deref().unwrap_or_default());
        }
    }
    let schemas: Vec<String> = writing
        .parts_of(id, Kind::PublicationSchema)
        .into_iter()
        .map(|part| {
            writing.said(part);
            part.name.to_string()
        })
        .collect();
    node.list("tables-in-schema", &schemas);
    Some(node)
}
