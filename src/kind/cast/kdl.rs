//! `cast from=t to=t function=p|inout=#true|binary=#true context=explicit|assignment|implicit`

use super::Cast;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{arguments, functions};
use crate::model::{Kind, ObjectId, QualifiedName};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "cast",
    places: &[Place::Top],
    kinds: &[Kind::Cast],
    read,
};

const CONTEXTS: &[&str] = &["explicit", "assignment", "implicit"];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let mut side = |word: &'static str| {
        let text = reader.typ(word);
        if text.is_none() && !reader.is_recording() {
            reader.missing("`from=` and `to=`");
        }
        text.map(|text| {
            arguments::settled_type(&text.value, &|name: &str| QualifiedName::new("", name))
        })
        .unwrap_or_default()
    };
    let (source, target) = (side("from"), side("to"));
    let inout = reader.flag("inout");
    let binary = reader.flag("binary");
    let function = functions::read_call(reading, reader, "function", None);
    let method = if inout {
        "inout"
    } else if binary {
        "binary"
    } else {
        "function"
    };
    if usize::from(inout) + usize::from(binary) + usize::from(function.is_some()) != 1
        && !reader.is_recording()
    {
        reader.missing("one of `function=`, `inout=#true` and `binary=#true`");
    }
    let id = ObjectId::top(Kind::Cast, &format!("{source} AS {target}"));
    let cast = Cast {
        source,
        target,
        method: method.to_owned(),
        function,
        context: reader
            .word("context", CONTEXTS)
            .map_or("explicit", |word| word.value)
            .to_owned(),
    };
    reading.declare(reader, &id, cast);
}

/// The node of a cast.
pub(super) fn write<'a>(
    cast: &Cast,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("cast");
    node.text("from", &cast.source).text("to", &cast.target);
    match (cast.method.as_str(), &cast.function) {
        ("function", Some(function)) => {
            node.text("function", function);
        }
        (method, _) => {
            node.boolean(method, true);
        }
    }
    if cast.context != "explicit" {
        node.text("context", &cast.context);
    }
    writing.facets(id, &mut node);
    Some(node)
}
