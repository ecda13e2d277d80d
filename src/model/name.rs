//! The name of an object, which is compared far more often than it is read.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How many bytes stand beside the text, so that most comparisons need not go there.
const BESIDE: usize = 16;

/// A text in the order of its bytes; copies share it.
#[derive(Clone)]
pub struct Name {
    /// The first bytes, the first of them the highest; zero behind the end. A name of PostgreSQL has no zero bytes.
    head: [u64; 2],
    text: Arc<str>,
}

/// What most signatures are.
static EMPTY: LazyLock<Arc<str>> = LazyLock::new(|| "".into());

impl Name {
    fn of(text: Arc<str>) -> Name {
        let mut bytes = [0; BESIDE];
        for (byte, of_text) in bytes.iter_mut().zip(text.bytes()) {
            *byte = of_text;
        }
        let [first, second] = [0, 8].map(|at| {
            let bytes = bytes.iter().skip(at).take(8);
            bytes.fold(0, |head, byte| head << 8 | u64::from(*byte))
        });
        Name {
            head: [first, second],
            text,
        }
    }

    /// What stands behind the first bytes.
    fn tail(&self) -> &[u8] {
        self.text.as_bytes().get(BESIDE..).unwrap_or_default()
    }
}

impl Default for Name {
    fn default() -> Name {
        Name {
            head: [0; 2],
            text: EMPTY.clone(),
        }
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        match text.is_empty() {
            true => Name::default(),
            false => Name::of(text.into()),
        }
    }
}

impl From<String> for Name {
    fn from(text: String) -> Name {
        Name::from(text.as_str())
    }
}

impl From<Arc<str>> for Name {
    fn from(text: Arc<str>) -> Name {
        Name::of(text)
    }
}

impl From<Cow<'_, str>> for Name {
    fn from(text: Cow<'_, str>) -> Name {
        Name::from(&*text)
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> Ordering {
        let by_head = self.head.cmp(&other.head);
        // Of two that are equal so far and not both longer, the longer one comes later.
        by_head.then_with(
            || match self.text.len() > BESIDE && other.text.len() > BESIDE {
                true if Arc::ptr_eq(&self.text, &other.text) => Ordering::Equal,
                true => self.tail().cmp(other.tail()),
                false => self.text.len().cmp(&other.text.len()),
            },
        )
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        *self.text == *other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        *self.text == **other
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.head.hash(state);
        self.tail().hash(state);
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.text, f)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        Ok(Name::from(Cow::<'de, str>::deserialize(deserializer)?))
    }
}

impl JsonSchema for Name {
    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn inline_schema() -> bool {
        String::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Name;

    proptest! {
        #[test]
        fn names_stand_in_the_order_of_their_bytes(one in "[ab\u{e9}]{0,20}", other in "[ab\u{e9}]{0,20}") {
            prop_assert_eq!(Name::from(&*one).cmp(&Name::from(&*other)), one.cmp(&other));
            prop_assert_eq!(Name::from(&*one) == Name::from(&*other), one == other);
        }
    }

    #[test]
    fn names_that_differ_late_or_by_length_alone() {
        let texts = [
            "",
            "a",
            "aaaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaaab",
            "aaaaaaaaaaaaaaaac",
            "b",
        ];
        let mut names: Vec<Name> = texts.iter().rev().map(|it| Name::from(*it)).collect();
        names.sort();
        let sorted: Vec<&str> = names.iter().map(|it| &**it).collect();
        assert_eq!(sorted, texts);
    }
}
