//! Settling and proof. Two definitions are equal when their print-and-reparse forms meet; a plan is proven when, run on a
//! scratch database that holds the state before, it gives the state after, and its down the state before again.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diff::{Change, Changes, compare};
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::significant;

/// All forms in which PostgreSQL prints the objects of one state: as read, and as read again after a rebuild.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    forms: BTreeMap<ObjectId, Vec<Arc<Object>>>,
}

impl Forms {
    /// The forms of one catalog.
    pub fn of(catalog: &Catalog) -> Forms {
        Forms {
            forms: catalog
                .objects
                .iter()
                .map(|(id, object)| (id.clone(), vec![object.clone()]))
                .collect(),
        }
    }

    /// The same, with the definitions of another state wherever they are equal: two states hardly differ.
    pub fn of_shared(catalog: &Catalog, other: &Catalog) -> Forms {
        let shared = |id: &ObjectId, object: &Arc<Object>| match other.objects.get(id) {
            Some(same) if same == object => same.clone(),
            _ => object.clone(),
        };
        Forms {
            forms: catalog
                .objects
                .iter()
                .map(|(id, object)| (id.clone(), vec![shared(id, object)]))
                .collect(),
        }
    }

    /// Adds what a rebuild of the same state printed. What belongs to the cluster is there as another state left it.
    pub fn add(&mut self, catalog: &Catalog) {
        for (id, forms) in &mut self.forms {
            if id.is_of_cluster() {
                continue;
            }
            if let Some(object) = catalog.objects.get(id)
                && !forms.contains(object)
            {
                forms.push(object.clone());
            }
        }
    }

    /// Adds a form of an object that has another identity there.
    pub fn add_as(&mut self, id: &ObjectId, object: &Arc<Object>) {
        let forms = self.forms.entry(id.clone()).or_default();
        if !forms.contains(object) {
            forms.push(object.clone());
        }
    }

    /// Whether a definition is one of the forms of an object.
    pub fn has(&self, id: &ObjectId, object: &Object) -> bool {
        self.forms
            .get(id)
            .is_some_and(|forms| forms.iter().any(|form| form.as_ref() == object))
    }

    /// Whether the object has a form in common with the same object of another state.
    pub fn meets(&self, other: &Forms, id: &ObjectId) -> bool {
        match (self.forms.get(id), other.forms.get(id)) {
            (Some(own), Some(theirs)) => own.iter().any(|form| theirs.contains(form)),
            _ => false,
        }
    }
}

/// Whether two definitions may be two printings of one thing: equal but for brackets, casts and blanks.
pub fn may_be_equal(one: &Object, other: &Object) -> bool {
    bare_json(&one.to_json()) == bare_json(&other.to_json())
}

fn bare_json(value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::String(text) => serde_json::Value::String(bare(text)),
        serde_json::Value::Array(items) => items.iter().map(bare_json).collect(),
        serde_json::Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), bare_json(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// A text without brackets, casts and blanks.
fn bare(text: &str) -> String {
    let tokens = significant(text);
    let mut words = Vec::new();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        index += 1;
        if token.is("::") {
            // The name of a type: words, a schema, a length.
            while tokens
                .get(index)
                .is_some_and(|next| next.is_ident() || next.is("."))
            {
                index += 1;
            }
        } else if !["(", ")", "[", "]", ","]
            .iter()
            .any(|bracket| token.is(bracket))
            && !token.is_word("array")
        {
            words.push(token.text.to_lowercase());
        }
    }
    words.join(" ")
}

/// The second catalog with the first one's definitions wherever both only spell the same thing differently, so that the
/// two compare equal there.
pub fn settle(from: &Catalog, from_forms: &Forms, to: &Catalog, to_forms: &Forms) -> Catalog {
    let mut settled = to.clone();
    for (id, change) in compare(from, to) {
        if change == Change::Alter
            && from_forms.meets(to_forms, &id)
            && let Some(object) = from.objects.get(&id)
            && !object.is_left_over()
        {
            settled.objects.insert(id, object.clone());
        }
    }
    settled
}

/// Takes the roles that are left over, and what hangs on them, out of what a way down left different: a role belongs to
/// the whole cluster, other databases may need it, and no way down drops one.
pub fn roles_stay(changes: &mut Changes) {
    let left: Vec<ObjectId> = changes
        .iter()
        .filter(|(id, change)| id.kind == Kind::Role && **change == Change::Drop)
        .map(|(id, _)| id.clone())
        .collect();
    changes.retain(|id, change| {
        *change != Change::Drop || !id.ancestors().any(|ancestor| left.contains(ancestor))
    });
}

/// What a catalog that a plan led to has different from the state that it was to lead to.
pub fn shortfall(reached: &Catalog, wanted: &Catalog, forms: &Forms) -> Changes {
    let mut changes = compare(reached, wanted);
    changes.retain(|id, change| {
        *change != Change::Alter || !reached.get(id).is_some_and(|object| forms.has(id, object))
    });
    changes
}

#[cfg(test)]
mod tests {
    use super::roles_stay;
    use crate::diff::{Change, Changes};
    use crate::model::{Kind, ObjectId};

    #[test]
    fn a_role_that_a_way_down_leaves_is_no_difference_but_a_changed_one_is() {
        let role = ObjectId::top(Kind::Role, "app");
        let comment = role.child(Kind::Comment, "");
        let other = ObjectId::top(Kind::Role, "other");
        let schema = ObjectId::top(Kind::Schema, "app");
        let mut changes = Changes::from([
            (role, Change::Drop),
            (comment, Change::Drop),
            (other.clone(), Change::Alter),
            (schema.clone(), Change::Drop),
        ]);
        roles_stay(&mut changes);
        assert_eq!(
            changes,
            Changes::from([(other, Change::Alter), (schema, Change::Drop)])
        );
    }
}
