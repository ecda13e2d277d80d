//! `event-trigger n on=w execute=p enabled=w { tags-in x… }`

use super::EventTrigger;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Reference, Referred, Writing};
use crate::kind::trigger::kdl::ENABLED;
use crate::kind::{functions, parts};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "event-trigger",
    places: &[Place::Top],
    kinds: &[Kind::EventTrigger],
    read,
};

const EVENTS: &[&str] = &[
    "ddl_command_start",
    "ddl_command_end",
    "table_rewrite",
    "sql_drop",
    "login",
];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let event = reader.word("on", EVENTS);
    let function = reader.path("execute").map(|path| {
        reading.refers(Reference::new(Referred::Routine, &path, None));
        reading.qualify(&path.value, None)
    });
    if (event.is_none() || function.is_none()) && !reader.is_recording() {
        reader.missing("`on=` and `execute=`");
    }
    let tags = parts::texts(reader.list("tags-in"));
    let trigger = EventTrigger {
        event: event
            .map_or("ddl_command_end", |word| word.value)
            .to_owned(),
        function: function.unwrap_or_default(),
        enabled: reader
            .word("enabled", ENABLED)
            .map_or("origin", |word| word.value)
            .to_owned(),
        tags: (!tags.is_empty()).then_some(tags),
    };
    let id = ObjectId::top(Kind::EventTrigger, &name.value);
    reading.declare(reader, &id, trigger);
}

/// The node of an event trigger.
pub(super) fn write<'a>(
    trigger: &EventTrigger,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("event-trigger");
    node.name(&id.name);
    node.text("on", &trigger.event);
    let function = Some(&trigger.function);
    functions::write(writing, &mut node, "execute", function, id);
    if trigger.enabled != "origin" {
        node.text("enabled", &trigger.enabled);
    }
    writing.facets(id, &mut node);
    if let Some(tags) = &trigger.tags {
        node.list("tags-in", tags);
    }
    Some(node)
}
