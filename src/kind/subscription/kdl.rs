//! `subscription n connection=(env)N enabled=#false { publications n…; with k=v }`

use super::Subscription;
use crate::kdl::{Diagnostic, NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::kind::parts;
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "subscription",
    places: &[Place::Top],
    kinds: &[Kind::Subscription],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, _: Option<&ObjectId>) {
    let Some(name) = reader.name() else { return };
    let says_connection = reader.has("connection");
    let connection = reader.env("connection");
    let publications = parts::texts(reader.list("publications"));
    if !reader.is_recording() {
        // A connection that stands there otherwise was told.
        match (says_connection, publications.is_empty()) {
            (false, true) => reader.missing("`connection=(env)NAME` and `publications`"),
            (false, false) => reader.missing("`connection=(env)NAME`"),
            (true, true) => reader.missing("`publications`"),
            (true, false) => {}
        }
    }
    let enabled = reader.boolean("enabled");
    if enabled == Some(true) {
        reader.report(
            Diagnostic::error(
                "kdl::subscription-enabled",
                "no migration switches a subscription on: it would begin to connect",
            )
            .at(reader.span(), "here")
            .help("leave `enabled` out, and run ALTER SUBSCRIPTION … ENABLE where it shall run, once its slot is there; `enabled=#false` keeps it off"),
        );
    }
    let mut subscription = Subscription {
        connection: connection.map(|name| name.value).unwrap_or_default(),
        publications,
        off: enabled == Some(false),
        ..Subscription::usual(&name.value)
    };
    for (key, value) in parts::options(reader, "with").0 {
        let on = matches!(value.as_str(), "true" | "on");
        match key.as_str() {
            "slot_name" => {
                subscription.slot_name = (!value.eq_ignore_ascii_case("none")).then_some(value);
            }
            "synchronous_commit" => subscription.synchronous_commit = value,
            "streaming" if value == "parallel" => subscription.streaming = value,
            "streaming" => subscription.streaming = if on { "on" } else { "off" }.to_owned(),
            "binary" => subscription.binary = on,
            "two_phase" => subscription.two_phase = on,
            "disable_on_error" => subscription.disable_on_error = on,
            "origin" => subscription.origin = value,
            "password_required" => subscription.without_password = !on,
            "run_as_owner" => subscription.run_as_owner = on,
            "failover" => subscription.failover = on,
            // How it is made: it never connects, so nothing is copied and no slot is made.
            "copy_data" | "connect" | "create_slot" => {}
            other => reader.report(
                Diagnostic::error(
                    "kdl::unknown-property",
                    format!("a subscription has no option `{other}`"),
                )
                .at(reader.span(), "here")
                .help("known are slot_name, synchronous_commit, streaming, binary, two_phase, disable_on_error, origin, password_required, run_as_owner and failover"),
            ),
        }
    }
    let id = ObjectId::top(Kind::Subscription, &name.value);
    reading.declare(reader, &id, subscription);
}

/// The node of a subscription.
pub(super) fn write<'a>(
    subscription: &Subscription,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("subscription");
    node.name(&id.name);
    node.env("connection", &subscription.connection);
    writing.facets(id, &mut node);
    node.list("publications", &subscription.publications);
    let options: Vec<(&str, String)> = subscription
        .options(&Subscription::usual(&id.name))
        .into_iter()
        .map(|(key, value)| match (key, value.as_str()) {
            ("slot_name", "NONE") => (key, "none".to_owned()),
            _ => (key, value),
        })
        .collect();
    node.pairs("with", &options);
    Some(node)
}
