//! `base-type n input=p output=p receive=p send=p typmod-in=p typmod-out=p analyze=p subscript=p length=#|variable
//! alignment=w storage=w category=x preferred=#true delimiter=x element=t collatable=#true default=x
//! like=t passed-by-value=#true`; without functions the type is only announced.

use super::BaseType;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::parts;
use crate::kind::shell_type::ShellType;
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "base-type",
    places: &[Place::Schema],
    kinds: &[Kind::BaseType, Kind::ShellType],
    read,
};

const ALIGNMENT: &[&str] = &["char", "int2", "int4", "double"];
const STORAGE: &[&str] = &["plain", "external", "extended", "main"];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let home = schema.schema();
    let id = schema.child(Kind::BaseType, &name.value);
    let shell = schema.child(Kind::ShellType, &name.value);
    let mut function = |word: &'static str| {
        reader
            .path(word)
            .map(|path| reading.qualify(&path.value, home))
    };
    let mut base = BaseType {
        input: function("input"),
        output: function("output"),
        receive: function("receive"),
        send: function("send"),
        typmod_in: function("typmod-in"),
        typmod_out: function("typmod-out"),
        analyze: function("analyze"),
        subscript: function("subscript"),
        ..BaseType::default()
    };
    base.like = reader
        .typ("like")
        .map(|text| reading.data_type(&text.value, home));
    if let Some(length) = reader.text("length") {
        base.length = match length.value.as_str() {
            "variable" => -1,
            number => number.parse().unwrap_or(-1),
        };
    }
    base.passed_by_value = reader.flag("passed-by-value");
    if let Some(alignment) = reader.word("alignment", ALIGNMENT) {
        base.alignment = alignment.value.to_owned();
    }
    if let Some(storage) = reader.word("storage", STORAGE) {
        base.storage = storage.value.to_owned();
    }
    if let Some(category) = reader.text("category") {
        base.category = category.value;
    }
    base.preferred = reader.flag("preferred");
    if let Some(delimiter) = reader.text("delimiter") {
        base.delimiter = delimiter.value;
    }
    base.element = reader
        .typ("element")
        .map(|text| reading.data_type(&text.value, home));
    base.collatable = reader.flag("collatable");
    base.default = reader.text("default").map(|text| text.value);
    if base.input.is_none() && base.output.is_none() {
        let only = ShellType { announces: false };
        reading.declare(reader, &shell, only);
        return;
    }
    reading.declare_only(reader, &shell, ShellType::announcing(), false);
    reading.declare(reader, &id, base);
}

/// The node of a base type.
pub(super) fn write<'a>(
    base: &BaseType,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let usual = BaseType::default();
    let mut node = NodeWriter::new("base-type");
    node.name(&id.name);
    for (word, name) in [
        ("input", &base.input),
        ("output", &base.output),
        ("receive", &base.receive),
        ("send", &base.send),
        ("typmod-in", &base.typmod_in),
        ("typmod-out", &base.typmod_out),
        ("analyze", &base.analyze),
        ("subscript", &base.subscript),
    ] {
        if let Some(name) = name {
            node.path(word, &parts::path(writing, name, id));
        }
    }
    if base.length != usual.length {
        node.number("length", base.length);
    }
    if base.passed_by_value {
        node.boolean("passed-by-value", true);
    }
    for (word, value, usual) in [
        ("alignment", &base.alignment, &usual.alignment),
        ("storage", &base.storage, &usual.storage),
        ("category", &base.category, &usual.category),
        ("delimiter", &base.delimiter, &usual.delimiter),
    ] {
        if value != usual {
            node.text(word, value);
        }
    }
    if base.preferred {
        node.boolean("preferred", true);
    }
    if let Some(element) = &base.element {
        node.text("element", &writing.data_type(element, id));
    }
    if base.collatable {
        node.boolean("collatable", true);
    }
    if let Some(default) = &base.default {
        node.text("default", default);
    }
    writing.facets(id, &mut node);
    Some(node)
}
