//! `trigger n before|after|instead-of w… for-each=row|statement execute=p constraint=#true deferrable=w enabled=w from=p
//! { of n…; when s; referencing old=n new=n; execute p x… }`; in a partition `trigger n enabled=w comment=x` alone
//! speaks of the copy that it has of its table's.

use super::{EVENTS, Trigger};
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Reference, Referred, Writing};
use crate::kind::trigger_state::TriggerState;
use crate::kind::{naming, parts};
use crate::model::{Expression, Kind, ObjectId, QualifiedName};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "trigger",
    places: &[Place::Relation],
    kinds: &[Kind::Trigger, Kind::TriggerState],
    read,
};

const TIMING: &[&str] = &["before", "after", "instead-of"];
const LEVEL: &[&str] = &["row", "statement"];
/// How a trigger may be switched, beside PostgreSQL's default.
pub(in crate::kind) const ENABLED: &[&str] = &["origin", "always", "replica", "disabled"];

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(relation), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let home = relation.schema();
    let is_copy = reader.node().arguments().count() == 1 && !reader.has("execute");
    if is_copy && !reader.is_recording() && reading.is_partition(relation) {
        let id = relation.child(Kind::TriggerState, &name.value);
        let enabled = reader.word("enabled", ENABLED);
        if enabled.is_none() && !reader.has("comment") {
            reader.missing(
                "`enabled=` or `comment=`: what is said of the partition's copy of the trigger",
            );
        }
        let enabled = enabled.map(|word| word.value.to_owned());
        reading.declare(reader, &id, TriggerState { enabled });
        return;
    }
    let timing = reader.word_argument("timing", TIMING);
    let said: Vec<&str> = reader
        .word_arguments(EVENTS)
        .into_iter()
        .map(|event| event.value)
        .collect();
    if said.is_empty() && !reader.is_recording() {
        reader.missing("an event: insert, update, delete or truncate");
    }
    let level = reader.word("for-each", LEVEL);
    if level.is_none() && !reader.is_recording() {
        reader.missing("`for-each=row` or `for-each=statement`");
    }
    let (mut function, mut arguments) = (QualifiedName::default(), Vec::new());
    if let Some(mut execute) = reader.attribute("execute") {
        if let Some(path) = execute.path_argument() {
            reading.refers(Reference::new(Referred::Routine, &path, home));
            function = reading.qualify(&path.value, home);
        }
        arguments = parts::texts(execute.arguments());
        execute.finish();
    } else if !reader.is_recording() {
        reader.missing("`execute=` with a function");
    }
    let (mut old_table, mut new_table) = (None, None);
    if let Some(mut referencing) = reader.child("referencing") {
        old_table = referencing.name_of("old").map(|name| name.value);
        new_table = referencing.name_of("new").map(|name| name.value);
        referencing.finish();
    }
    let trigger = Trigger {
        timing: timing.map_or("after", |word| word.value).to_owned(),
        events: EVENTS
            .iter()
            .filter(|event| said.contains(event))
            .map(|event| (*event).to_owned())
            .collect(),
        columns: parts::columns_in(reading, relation, reader.list("of")),
        for_each_row: level.is_none_or(|word| word.value == "row"),
        when: reader
            .sql("when")
            .map(|text| Expression::written(text.value)),
        old_table,
        new_table,
        function,
        arguments,
        constraint: reader.flag("constraint"),
        deferrable: parts::deferral(reader),
        from: reader
            .path("from")
            .map(|path| reading.qualify(&path.value, home)),
        enabled: reader
            .word("enabled", ENABLED)
            .map_or("origin", |word| word.value)
            .to_owned(),
    };
    reading.declare(reader, &relation.child(Kind::Trigger, &name.value), trigger);
}

/// The node of a trigger.
pub(super) fn write<'a>(
    trigger: &Trigger,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("trigger");
    node.name(&id.name);
    node.argument(&trigger.timing);
    node.arguments(&trigger.events);
    node.text(
        "for-each",
        if trigger.for_each_row {
            "row"
        } else {
            "statement"
        },
    );
    let function = parts::path(writing, &trigger.function, id);
    if trigger.arguments.is_empty() {
        node.path("execute", &function);
    }
    if trigger.constraint {
        node.boolean("constraint", true);
    }
    if let Some(deferrable) = &trigger.deferrable {
        node.text("deferrable", deferrable);
    }
    if trigger.enabled != "origin" {
        node.text("enabled", &trigger.enabled);
    }
    if let Some(from) = &trigger.from {
        node.path("from", &writing.path(from, id));
    }
    if !trigger.columns.is_empty() {
        node.child("of").arguments(&trigger.columns);
    }
    if let Some(when) = &trigger.when {
        node.sql("when", naming::without_parentheses(when.text()));
    }
    if trigger.old_table.is_some() || trigger.new_table.is_some() {
        let child = node.child("referencing");
        if let Some(old) = &trigger.old_table {
            child.text("old", old);
        }
        if let Some(new) = &trigger.new_table {
            child.text("new", new);
        }
    }
    if !trigger.arguments.is_empty() {
        node.child("execute")
            .path_argument(&function)
            .arguments(&trigger.arguments);
    }
    writing.annotations(id, &mut node);
    Some(node)
}
