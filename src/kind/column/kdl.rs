//! `column n t <primary-key unique not-null> default=s references=p check=s collate=p storage=w compression=w
//! statistics-target=# convert=s convert-back=s backfill=s { generated s; identity w; options k=v }`

use super::{Column, Generated, Identity, Transition, serial};
use crate::kdl::{Node, NodeReader, NodeWriter, Value};
use crate::kind::check::Check;
use crate::kind::comment::{self, Comment};
use crate::kind::key::{Key, PrimaryKey, Unique};
use crate::kind::language::{NodeKind, Place, Reading, Reference, Writing};
use crate::kind::sequence::{Sequence, kdl as sequence_kdl};
use crate::kind::sequence_owner::SequenceOwner;
use crate::kind::{
    Object, check, constraint, default, foreign_key, key, naming, not_null, parts, secrets,
};
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "column",
    places: &[Place::Relation],
    kinds: &[
        Kind::Column,
        Kind::Default,
        Kind::Sequence,
        Kind::SequenceOwner,
        Kind::PrimaryKey,
        Kind::Unique,
        Kind::Check,
        Kind::ForeignKey,
    ],
    read,
};

const FLAGS: &[&str] = &["primary-key", "unique", "not-null"];
const STORAGE: &[&str] = &["plain", "external", "main", "extended"];

/// The long names of the integer types, which sequences go by.
fn integer_name(data_type: &str) -> &str {
    match data_type {
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        other => other,
    }
}

/// Whether a type follows the name: a column of a typed table, a child or a partition may do without.
pub(in crate::kind) fn has_type(node: &Node) -> bool {
    match node.arguments().nth(1).map(|entry| &entry.value) {
        Some(Value::Text(word, _)) => !FLAGS.contains(&word.as_str()),
        _ => false,
    }
}

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(relation), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let id = relation.child(Kind::Column, &name.value);
    let schema = id.schema().map(str::to_owned);
    let given = parts::is_given_columns(reading, relation) && !has_type(reader.node());
    let written = match given {
        true => String::new(),
        false => reader
            .type_argument()
            .map(|data_type| {
                reading.refers(Reference::to_type(&data_type, schema.as_deref()));
                data_type.value
            })
            .unwrap_or_default(),
    };
    let serial = serial::integer_type(&written);
    let data_type = match serial {
        Some(integer) => integer.to_owned(),
        None => reading.data_type(&written, schema.as_deref()),
    };
    let primary_key = reader.flag("primary-key");
    let unique = reader.flag("unique");
    let identity = reader
        .child("identity")
        .map(|child| read_identity(child, reading, &id, &data_type));
    let generated = reader.child("generated").and_then(read_generated);
    let not_null = reader.flag("not-null") || identity.is_some() || serial.is_some();
    let foreign = relation.kind == Kind::ForeignTable;
    let (foreign_options, foreign_secrets) = match foreign {
        true => secrets::read(reader),
        false => Default::default(),
    };
    let options = parts::options(reader, if foreign { "with" } else { "options" });
    let column = Column {
        data_type: data_type.clone(),
        not_null,
        collation: reader
            .path("collate")
            .map(|path| reading.qualify(&path.value, schema.as_deref())),
        generated,
        identity,
        storage: reader
            .word("storage", STORAGE)
            .map(|word| word.value.to_owned()),
        compression: reader.name_of("compression").map(|name| name.value),
        statistics_target: reader
            .number("statistics-target")
            .and_then(|target| i32::try_from(target.value).ok()),
        options,
        foreign_options,
        foreign_secrets,
        inherited: false,
        convert: Transition {
            convert: reader.sql("convert").map(|sql| sql.value),
            convert_back: reader.sql("convert-back").map(|sql| sql.value),
            backfill: reader.sql("backfill").map(|sql| sql.value),
        },
    };
    let identity_given = column.identity.is_some();
    // A column that comes from elsewhere and of which only the default is said is no object of its own here.
    let is_said = !given
        || column
            != Column {
                ..Column::default()
            };
    if is_said {
        reading.declare_only(reader, &id, column, false);
        reading.position(&id);
    }
    if let Some(expression) = reader.sql("default") {
        if serial.is_some() || identity_given {
            reader.report(
                crate::kdl::Diagnostic::error(
                    "kdl::twice",
                    format!("`{}` has a default by its type and another one", id.path()),
                )
                .at(expression.span, "this one")
                .help("take one of them out"),
            );
        } else {
            let default = default::Default {
                expression: Expression::written(expression.value),
            };
            reading.declare_only(reader, &id.child(Kind::Default, ""), default, false);
        }
    }
    if let Some(integer) = serial {
        read_serial(reading, reader, relation, &id, integer);
    }
    read_constraints(reading, reader, relation, &id, primary_key, unique);
    reading.facets(reader, &id);
}

/// The sequence of a serial column, its owner and the default.
fn read_serial(
    reading: &mut Reading<'_>,
    reader: &NodeReader<'_>,
    relation: &ObjectId,
    id: &ObjectId,
    integer: &str,
) {
    let column = id.name.to_string();
    let name = reading.make_name(Kind::Sequence, relation, std::slice::from_ref(&column));
    let sequence =
        ObjectId::in_schema(Kind::Sequence, relation.schema().unwrap_or_default(), &name);
    let default = default::Default {
        expression: Expression::new(serial::default_of(&sequence)),
    };
    let owner = SequenceOwner {
        table: parts::qualified_name(relation),
        column,
    };
    let counts = Sequence {
        unlogged: reading.is_unlogged(relation),
        ..Sequence::defaults(integer, 1)
    };
    reading.declare_only(reader, &sequence, counts, true);
    reading.declare_only(
        reader,
        &sequence.child(Kind::SequenceOwner, ""),
        owner,
        false,
    );
    reading.declare_only(reader, &id.child(Kind::Default, ""), default, false);
}

/// The constraints that a column says in passing.
fn read_constraints(
    reading: &mut Reading<'_>,
    reader: &mut NodeReader<'_>,
    relation: &ObjectId,
    id: &ObjectId,
    primary_key: bool,
    unique: bool,
) {
    let columns = vec![id.name.to_string()];
    let key = Key {
        columns: columns.clone(),
        ..Key::default()
    };
    if primary_key {
        let name = reading.make_name(Kind::PrimaryKey, relation, &columns);
        let id = relation.child(Kind::PrimaryKey, &name);
        reading.declare_only(reader, &id, PrimaryKey(key.clone()), true);
    }
    if unique {
        let name = reading.make_name(Kind::Unique, relation, &columns);
        let id = relation.child(Kind::Unique, &name);
        reading.declare_only(reader, &id, Unique(key), true);
    }
    if let Some(target) = foreign_key::kdl::read_target(reading, reader, relation) {
        let name = reading.make_name(Kind::ForeignKey, relation, &columns);
        let id = relation.child(Kind::ForeignKey, &name);
        let key = foreign_key::ForeignKey { columns, ..target };
        reading.declare_only(reader, &id, key, true);
    }
    if let Some(expression) = reader.sql("check") {
        let all = parts::columns_of(reading, relation);
        let named = naming::check_columns(&expression.value, &all);
        let name = reading.make_name(Kind::Check, relation, &named);
        let check = Check {
            expression: Expression::written(expression.value),
            ..Check::default()
        };
        reading.declare_only(reader, &relation.child(Kind::Check, &name), check, true);
    }
}

fn read_identity(
    mut reader: NodeReader<'_>,
    reading: &mut Reading<'_>,
    column: &ObjectId,
    data_type: &str,
) -> Identity {
    if let Some(text) = reader.text("comment") {
        let comment = Comment { text: text.value };
        let id = column.child(Kind::Comment, comment::SEQUENCE);
        reading.declare_only(&reader, &id, comment, false);
    }
    let always = reader
        .word_argument("kind", &["always", "by-default"])
        .is_none_or(|word| word.value == "always");
    let name = reader.name_of("name").map(|name| name.value);
    let sequence = sequence_kdl::read_options(&mut reader, integer_name(data_type));
    reader.finish();
    Identity {
        always,
        name: name.unwrap_or_default(),
        schema: column.schema().unwrap_or_default().to_owned(),
        sequence,
    }
}

fn read_generated(mut reader: NodeReader<'_>) -> Option<Generated> {
    let expression = reader.sql_argument().map(|sql| sql.value);
    reader.flag("stored");
    let is_virtual = reader.flag("virtual");
    reader.finish();
    Some(Generated {
        expression: Expression::written(expression?),
        is_virtual,
    })
}

/// The node of a column; `None` where all of it comes from elsewhere.
pub(super) fn write<'a>(
    column: &'a Column,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let relation = id.parent.as_deref()?;
    let mut node = NodeWriter::new("column");
    node.name(&id.name);
    let given = parts::gives_column(column, id, writing);
    let is_given = given.is_some();
    let serial_of = serial_sequence(id, writing).filter(|_| !is_given);
    let is_serial = serial_of.is_some();
    match &serial_of {
        _ if is_given => {}
        Some(sequence) => {
            node.argument(serial::serial_type(&column.data_type).unwrap_or("serial"));
            writing.said(&sequence.child(Kind::SequenceOwner, ""));
            writing.said(sequence);
        }
        None => {
            node.argument(&writing.data_type(&column.data_type, id));
        }
    }
    let usual = given.unwrap_or_default();
    let constraints = Constraints::of(id, relation, writing);
    if constraints.primary_key.is_some() {
        node.flag("primary-key");
    }
    let implied =
        is_serial || column.identity.is_some() || is_in_primary_key(id, relation, writing);
    let own = not_null::kdl::said_by_column(id, writing).filter(|_| !is_given);
    let is_of_parent = own.is_none() && not_null::is_of_parent(id, writing.catalog);
    if column.not_null && !implied && !usual.not_null && !is_of_parent {
        node.flag("not-null");
    }
    if let Some(own) = own {
        writing.said(own);
    }
    if constraints.unique.is_some() {
        node.flag("unique");
    }
    let default_id = id.child(Kind::Default, "");
    if let (Some(Object::Default(default)), false) = (writing.catalog.get(&default_id), is_serial)
        && usual.default.as_ref() != Some(&default.expression)
    {
        let text = default.expression.text();
        node.sql(
            "default",
            naming::without_parentheses(&default::short(text, &column.data_type, writing.catalog)),
        );
    } else if usual.default.is_some() && !writing.catalog.contains(&default_id)
        || column.declines_default(id, writing.catalog)
    {
        // The parent has a default and this table has not.
        node.sql("default", "NULL");
    }
    writing.said(&default_id);
    if let Some((foreign, key)) = &constraints.foreign_key {
        foreign_key::kdl::write_target(key, foreign, writing, &mut node);
    }
    if let Some(check) = constraints.check {
        node.sql("check", check::kdl::text(check));
    }
    if let Some(collation) = &column.collation
        && usual.collation.as_ref() != Some(collation)
    {
        node.path("collate", &parts::path(writing, collation, id));
    }
    write_settings(column, &usual, &mut node);
    writing.annotations(id, &mut node);
    write_children(column, &usual, id, writing, &mut node);
    constraints.said(writing);
    (!is_given || node.has_parts()).then_some(node)
}

fn write_settings(column: &Column, usual: &parts::Given, node: &mut NodeWriter) {
    if column.storage != usual.storage {
        match &column.storage {
            Some(storage) => node.text("storage", storage),
            None => node.text(
                "storage",
                &super::usual_storage(&column.data_type).to_lowercase(),
            ),
        };
    }
    if column.compression != usual.compression {
        node.text(
            "compression",
            column.compression.as_deref().unwrap_or("default"),
        );
    }
    if let Some(target) = column.statistics_target
        && usual.statistics_target != Some(target)
    {
        node.number("statistics-target", target.into());
    }
}

fn write_children(
    column: &Column,
    usual: &parts::Given,
    id: &ObjectId,
    writing: &Writing<'_>,
    node: &mut NodeWriter,
) {
    if let Some(generated) = &column.generated
        && usual.generated.as_ref() != Some(generated)
    {
        let child = node.child("generated");
        child.sql_argument(naming::without_parentheses(generated.expression.text()));
        child.flag(if generated.is_virtual {
            "virtual"
        } else {
            "stored"
        });
    }
    if let Some(identity) = &column.identity
        && !usual.identity
    {
        let child = node.child("identity");
        child.argument(if identity.always {
            "always"
        } else {
            "by-default"
        });
        sequence_kdl::write_options(&identity.sequence, child);
        let table = id.parent.as_deref().map(|table| table.name.to_string());
        let by_itself =
            crate::kind::language::object_name(&table.unwrap_or_default(), &id.name, "seq");
        if identity.name != by_itself {
            child.text("name", &identity.name);
        }
        let comment = id.child(Kind::Comment, comment::SEQUENCE);
        if let Some(Object::Comment(comment)) = writing.catalog.get(&comment) {
            child.text("comment", &comment.text);
        }
    }
    if column.foreign_options.is_empty()
        && column.foreign_secrets.is_empty()
        && id.parent.as_deref().map(|it| it.kind) != Some(Kind::ForeignTable)
    {
        node.pairs("options", &column.options.0);
    } else {
        node.pairs("with", &column.options.0);
        secrets::write(&column.foreign_options, &column.foreign_secrets, node);
    }
}

/// The sequence of a column that can be written `serial`.
fn serial_sequence(id: &ObjectId, writing: &Writing<'_>) -> Option<ObjectId> {
    let relation = id.parent.as_deref()?;
    let name = writing.usual_name(Kind::Sequence, relation, &[id.name.to_string()]);
    let sequence = ObjectId::in_schema(Kind::Sequence, relation.schema()?, &name);
    (serial_column(&sequence, writing).as_ref() == Some(id)).then_some(sequence)
}

/// The column that says all of a sequence by being `serial`.
pub(in crate::kind) fn serial_column(
    sequence: &ObjectId,
    writing: &Writing<'_>,
) -> Option<ObjectId> {
    // Its owner is the table's, by itself.
    let plain = [Kind::Comment, Kind::Grant, Kind::SecurityLabel]
        .into_iter()
        .flat_map(|kind| writing.parts_of(sequence, kind))
        .all(|facet| writing.is_said_for_all(facet))
        && !writing.is_born_with_more(sequence);
    let usual = |table: &ObjectId, column: &str| {
        writing.usual_name(Kind::Sequence, table, &[column.to_owned()])
    };
    serial::column_of(writing.catalog, sequence, usual)
        .filter(|column| plain && !parts::is_inherited_column(column, writing))
}

fn is_in_primary_key(id: &ObjectId, relation: &ObjectId, writing: &Writing<'_>) -> bool {
    writing
        .parts_of(relation, Kind::PrimaryKey)
        .into_iter()
        // Partitions without the key get nothing by it.
        .filter(|key| !constraint::is_only(key, writing.catalog))
        .any(|key| match writing.catalog.get(key) {
            Some(Object::PrimaryKey(key)) => {
                key.0.columns.iter().any(|column| **column == *id.name)
            }
            _ => false,
        })
}

/// The constraints that the column's own node says.
struct Constraints<'a> {
    primary_key: Option<&'a ObjectId>,
    unique: Option<&'a ObjectId>,
    foreign_key: Option<(&'a ObjectId, &'a foreign_key::ForeignKey)>,
    check: Option<&'a Check>,
    check_id: Option<&'a ObjectId>,
}

impl<'a> Constraints<'a> {
    fn of(id: &ObjectId, relation: &ObjectId, writing: &Writing<'a>) -> Self {
        let is_own = |columns: &[String]| columns.iter().all(|column| **column == *id.name);
        let free = |kind| {
            writing
                .parts_of(relation, kind)
                .into_iter()
                .filter(|part| !writing.is_said(part))
                .filter_map(|part| Some((part, writing.catalog.get(part)?)))
        };
        let keyed = |key: &Key, part: &ObjectId| {
            is_own(&key.columns) && key::kdl::is_flag(key, part, writing)
        };
        let primary_key = free(Kind::PrimaryKey).find_map(|(part, object)| match object {
            Object::PrimaryKey(key) if keyed(&key.0, part) => Some(part),
            _ => None,
        });
        let unique = free(Kind::Unique).find_map(|(part, object)| match object {
            Object::Unique(key) if keyed(&key.0, part) => Some(part),
            _ => None,
        });
        let foreign_key = free(Kind::ForeignKey).find_map(|(part, object)| match object {
            Object::ForeignKey(key)
                if is_own(&key.columns) && foreign_key::kdl::is_property(key, part, writing) =>
            {
                Some((part, &**key))
            }
            _ => None,
        });
        let check = free(Kind::Check).find_map(|(part, object)| match object {
            Object::Check(check)
                if check::kdl::column_of(check, part, writing).as_deref() == Some(&*id.name) =>
            {
                Some((part, &**check))
            }
            _ => None,
        });
        Constraints {
            primary_key,
            unique,
            foreign_key,
            check: check.map(|(_, check)| check),
            check_id: check.map(|(part, _)| part),
        }
    }

    fn said(&self, writing: &mut Writing<'_>) {
        let foreign_key = self.foreign_key.map(|(part, _)| part);
        for part in [self.primary_key, self.unique, foreign_key, self.check_id]
            .into_iter()
            .flatten()
        {
            writing.said(part);
        }
    }
}
