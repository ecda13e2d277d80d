//! `collation n provider=icu|libc|builtin locale=x lc-collate=x lc-ctype=x deterministic=#false rules=x`

use super::Collation;
use crate::kdl::{NodeReader, NodeWriter};
use crate::kind::language::{NodeKind, Place, Reading, Writing};
use crate::model::{Kind, ObjectId};

/// The node.
pub(in crate::kind) const NODE: NodeKind = NodeKind {
    word: "collation",
    places: &[Place::Schema],
    kinds: &[Kind::Collation],
    read,
};

fn read(reading: &mut Reading<'_>, reader: &mut NodeReader<'_>, parent: Option<&ObjectId>) {
    let (Some(schema), Some(name)) = (parent, reader.name()) else {
        return;
    };
    let provider = reader
        .word("provider", &["icu", "libc", "builtin"])
        .map_or("libc", |word| word.value)
        .to_owned();
    let mut locale = reader.text("locale").map(|text| text.value);
    let mut lc_collate = reader.text("lc-collate").map(|text| text.value);
    let mut lc_ctype = reader.text("lc-ctype").map(|text| text.value);
    if provider == "libc"
        && let Some(locale) = locale.take()
    {
        lc_collate = Some(locale.clone());
        lc_ctype = Some(locale);
    }
    let collation = Collation {
        provider,
        locale,
        lc_collate,
        lc_ctype,
        deterministic: reader.boolean("deterministic").unwrap_or(true),
        rules: reader.text("rules").map(|text| text.value),
    };
    let id = schema.child(Kind::Collation, &name.value);
    reading.declare(reader, &id, collation);
}

/// The node of a collation.
pub(super) fn write<'a>(
    collation: &Collation,
    id: &'a ObjectId,
    writing: &mut Writing<'a>,
) -> Option<NodeWriter> {
    let mut node = NodeWriter::new("collation");
    node.name(&id.name);
    if collation.provider != "libc" {
        node.text("provider", &collation.provider);
    }
    match (&collation.lc_collate, &collation.lc_ctype) {
        (Some(collate), Some(ctype)) if collate == ctype => {
            node.text("locale", collate);
        }
        (collate, ctype) => {
            for (word, value) in [
                ("locale", &collation.locale),
                ("lc-collate", collate),
                ("lc-ctype", ctype),
            ] {
                if let Some(value) = value {
                    node.text(word, value);
                }
            }
        }
    }
    if !collation.deterministic {
        node.boolean("deterministic", false);
    }
    if let Some(rules) = &collation.rules {
        node.text("rules", rules);
    }
    writing.facets(id, &mut node);
    Some(node)
}
