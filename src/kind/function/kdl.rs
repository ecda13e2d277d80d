//! `function n "params"? returns=t language=n volatility=w strict=#true security=definer leakproof=#true parallel=w
//! window=#true cost=# rows=# support=p { set n s; transform-types t…; body x|file=x | return s | atomic s |
//! symbol x object-file=x }`

use super::Function;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::routine::{self, Code};
use crate::kind::{parts, setting};
use crate::model::{Expression, Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "function",
    places: &[Place::Schema],
    kinds: &[Kind::Function],
    read,
};

const VOLATILITY: &[&str] = &["immutable", "stable", "volatile"];
const PARALLEL: &[&str] = &["safe", "restricted", "unsafe"];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let list = reader
        .optional_list_argument("params")
        .map(|text| text.value)
        .unwrap_or_default();
    let home = schema.schema();
    let id = schema
        .child(Kind::Function, &name.value)
        .with_signature(&routine::signature(reading, &list, home));
    let function = Function {
        arguments: Expression::written(list),
        returns: reader
            .typ("returns")
            .map(|text| routine::result_type(reading, &text.value, home)),
        language: routine::language(reading, reader),
        volatility: reader
            .word("volatility", VOLATILITY)
            .map_or("volatile", |word| word.value)
            .to_owned(),
        strict: reader.flag("strict"),
        security_definer: routine::security(reader),
        leakproof: reader.flag("leakproof"),
        parallel: reader
            .word("parallel", PARALLEL)
            .map_or("unsafe", |word| word.value)
            .to_owned(),
        window: reader.flag("window"),
        cost: reader.number_text("cost").map(|number| number.value),
        rows: reader.number_text("rows").map(|number| number.value),
        support: reader
            .path("support")
            .map(|path| reading.qualify(&path.value, home)),
        config: setting::read(reader),
        transforms: reader
            .types("transform-types")
            .iter()
            .map(|text| reading.data_type(text, home))
            .collect(),
        code: Code::read(reader),
    };
    reading.declare(reader, &id, function);
}

/// The node of a function.
pub(super) fn write<'a>(
    function: &Function,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("function");
    node.name(&id.name);
    let arguments = function.arguments.text();
    if !arguments.is_empty() {
        node.argument(arguments);
    }
    if let Some(returns) = &function.returns {
        node.text("returns", &writing.data_type(returns, id));
    }
    node.text("language", &function.language);
    if function.volatility != "volatile" {
        node.text("volatility", &function.volatility);
    }
    if function.strict {
        node.boolean("strict", true);
    }
    if function.security_definer {
        node.text("security", "definer");
    }
    if function.leakproof {
        node.boolean("leakproof", true);
    }
    if function.parallel != "unsafe" {
        node.text("parallel", &function.parallel);
    }
    if function.window {
        node.boolean("window", true);
    }
    if let Some(cost) = &function.cost {
        node.number_text("cost", cost);
    }
    if let Some(rows) = &function.rows {
        node.number_text("rows", rows);
    }
    if let Some(support) = &function.support {
        node.path("support", &parts::path(writing, support, id));
    }
    setting::write(&function.config, &mut node);
    node.list("transform-types", &function.transforms);
    writing.facets(id, &mut node);
    function.code.write(&mut node);
    Some(node)
}
