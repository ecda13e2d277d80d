//! `aggregate n "params" sfunc=p stype=t sspace=# initcond=x finalfunc=p finalfunc-extra=#true finalfunc-modify=w
//! combinefunc=p serialfunc=p deserialfunc=p msfunc=p minvfunc=p mstype=t msspace=# mfinalfunc=p mfinalfunc-extra=#true
//! mfinalfunc-modify=w minitcond=x sortop=p parallel=w hypothetical=#true`

use super::Aggregate;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::{functions, routine};
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "aggregate",
    places: &[Place::Schema],
    kinds: &[Kind::Aggregate],
    read,
};

const MODIFY: &[&str] = &["read-only", "shareable", "read-write"];
const PARALLEL: &[&str] = &["safe", "restricted", "unsafe"];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let home = schema.schema();
    let list = reader
        .optional_list_argument("params")
        .map(|text| text.value)
        .filter(|text| text.trim() != "*")
        .unwrap_or_default();
    let id = schema
        .child(Kind::Aggregate, &name.value)
        .with_signature(&routine::signature(reading, &list, home));
    let sfunc = functions::read(reading, reader, "sfunc", home);
    let stype = reader.typ("stype");
    if (sfunc.is_none() || stype.is_none()) && !reader.is_recording() {
        reader.missing("`sfunc=` and `stype=`");
    }
    let ordered = list.to_ascii_uppercase().contains("ORDER BY");
    let usual = if ordered { "read-write" } else { "read-only" };
    let modify = |reader: &mut NodeReader<'_>, word: &'static str| {
        reader
            .word(word, MODIFY)
            .map(|word| word.value.to_owned())
            .filter(|word| word != usual)
    };
    let aggregate = Aggregate {
        arguments: Expression::written(list.clone()),
        hypothetical: reader.flag("hypothetical"),
        sfunc: sfunc.unwrap_or_default(),
        stype: stype
            .map(|text| reading.data_type(&text.value, home))
            .unwrap_or_default(),
        sspace: reader.number("sspace").map_or(0, |number| number.value),
        initcond: reader.text("initcond").map(|text| text.value),
        finalfunc: functions::read(reading, reader, "finalfunc", home),
        finalfunc_extra: reader.flag("finalfunc-extra"),
        finalfunc_modify: modify(reader, "finalfunc-modify"),
        combinefunc: functions::read(reading, reader, "combinefunc", home),
        serialfunc: functions::read(reading, reader, "serialfunc", home),
        deserialfunc: functions::read(reading, reader, "deserialfunc", home),
        msfunc: functions::read(reading, reader, "msfunc", home),
        minvfunc: functions::read(reading, reader, "minvfunc", home),
        mstype: reader
            .typ("mstype")
            .map(|text| reading.data_type(&text.value, home)),
        msspace: reader.number("msspace").map_or(0, |number| number.value),
        mfinalfunc: functions::read(reading, reader, "mfinalfunc", home),
        mfinalfunc_extra: reader.flag("mfinalfunc-extra"),
        mfinalfunc_modify: modify(reader, "mfinalfunc-modify"),
        minitcond: reader.text("minitcond").map(|text| text.value),
        sortop: functions::read(reading, reader, "sortop", home),
        parallel: reader
            .word("parallel", PARALLEL)
            .map_or("unsafe", |word| word.value)
            .to_owned(),
    };
    reading.declare(reader, &id, aggregate);
}

/// The node of an aggregate.
pub(super) fn write<'a>(
    it: &Aggregate,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("aggregate");
    node.name(&id.name);
    if !it.arguments.text().is_empty() {
        node.argument(it.arguments.text());
    }
    for (word, name) in [
        ("sfunc", Some(&it.sfunc)),
        ("finalfunc", it.finalfunc.as_ref()),
        ("combinefunc", it.combinefunc.as_ref()),
        ("serialfunc", it.serialfunc.as_ref()),
        ("deserialfunc", it.deserialfunc.as_ref()),
        ("msfunc", it.msfunc.as_ref()),
        ("minvfunc", it.minvfunc.as_ref()),
        ("mfinalfunc", it.mfinalfunc.as_ref()),
    ] {
        functions::write(writing, &mut node, word, name, id);
        if word == "sfunc" {
            node.text("stype", &writing.data_type(&it.stype, id));
        }
    }
    if let Some(mstype) = &it.mstype {
        node.text("mstype", &writing.data_type(mstype, id));
    }
    functions::write(writing, &mut node, "sortop", it.sortop.as_ref(), id);
    for (word, value) in [("sspace", it.sspace), ("msspace", it.msspace)] {
        if value != 0 {
            node.number(word, value);
        }
    }
    for (word, value) in [
        ("initcond", &it.initcond),
        ("minitcond", &it.minitcond),
        ("finalfunc-modify", &it.finalfunc_modify),
        ("mfinalfunc-modify", &it.mfinalfunc_modify),
    ] {
        if let Some(value) = value {
            node.text(word, value);
        }
    }
    for (word, value) in [
        ("finalfunc-extra", it.finalfunc_extra),
        ("mfinalfunc-extra", it.mfinalfunc_extra),
        ("hypothetical", it.hypothetical),
    ] {
        if value {
            node.boolean(word, true);
        }
    }
    if it.parallel != "unsafe" {
        node.text("parallel", &it.parallel);
    }
    writing.facets(id, &mut node);
    Some(node)
}
