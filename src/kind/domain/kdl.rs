//! `domain n t <not-null> default=s collate=p { check s name=n not-valid=#true; not-null name=n }`

use super::Domain;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::default::short;
use crate::kind::domain_constraint::DomainConstraint;
use crate::kind::domain_not_null::{DomainNotNull, named};
use crate::kind::language::{NodeKind, Place, Reading, Reference, Writing};
use crate::kind::{naming, parts};
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "domain",
    places: &[Place::Schema],
    kinds: &[Kind::Domain, Kind::DomainConstraint, Kind::DomainNotNull],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name), Some(data_type)) =
        (parent, reader.name(), reader.type_argument())
    else {
        return;
    };
    let home = schema.schema();
    let id = schema.child(Kind::Domain, &name.value);
    reading.refers(Reference::to_type(&data_type, home));
    let (not_null, constraint) = reader.flag_or_node("not-null");
    let domain = Domain {
        data_type: reading.data_type(&data_type.value, home),
        collation: reader
            .path("collate")
            .map(|path| reading.qualify(&path.value, home)),
        not_null,
        default: reader
            .sql("default")
            .map(|text| Expression::written(text.value)),
    };
    for mut child in reader.children("check") {
        let expression = if child.has("expression") {
            child.sql("expression")
        } else {
            child.sql_argument()
        };
        let (check, unnamed) =
            parts::identity(reading, &mut child, &id, Kind::DomainConstraint, &[]);
        let not_valid = child.flag("not-valid");
        if let Some(expression) = expression {
            let constraint = DomainConstraint {
                expression: Expression::written(expression.value),
                not_valid,
            };
            reading.declare_unnamed(&mut child, &check, constraint, unnamed);
        }
        child.finish();
    }
    if let Some(mut child) = constraint {
        let (constraint, unnamed) =
            parts::identity(reading, &mut child, &id, Kind::DomainNotNull, &[]);
        reading.declare_unnamed(&mut child, &constraint, DomainNotNull {}, unnamed);
        child.finish();
    }
    reading.declare(reader, &id, domain);
}

/// The node of a domain.
pub(super) fn write<'a>(
    domain: &Domain,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("domain");
    node.name(&id.name);
    node.argument(&writing.data_type(&domain.data_type, id));
    if domain.not_null && named(id, writing.catalog).is_none() {
        node.flag("not-null");
    }
    if let Some(default) = &domain.default {
        let text = short(default.text(), &domain.data_type, writing.catalog);
        node.sql("default", naming::without_parentheses(&text));
    }
    if let Some(collation) = &domain.collation {
        node.path("collate", &parts::path(writing, collation, id));
    }
    writing.facets(id, &mut node);
    writing.add_parts(
        id,
        &[Kind::DomainNotNull, Kind::DomainConstraint],
        &mut node,
    );
    Some(node)
}
