//! Options `key = value` as PostgreSQL stores them in `text[]`. Their order is kept for printing and means nothing.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// Storage parameters, foreign options and the like.
#[derive(Debug, Clone, Default)]
pub struct Options(pub Vec<(String, String)>);

impl Options {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }

    /// What has to be set and what has to be reset to get from these options to others.
    pub fn changes<'a>(&'a self, to: &'a Options) -> (Vec<(&'a str, &'a str)>, Vec<&'a str>) {
        let set =
            to.0.iter()
                .filter(|(key, value)| self.get(key) != Some(value))
                .map(|(key, value)| (key.as_str(), value.as_str()))
                .collect();
        let reset = self
            .0
            .iter()
            .filter(|(key, _)| to.get(key).is_none())
            .map(|(key, _)| key.as_str())
            .collect();
        (set, reset)
    }

    fn sorted(&self) -> Vec<&(String, String)> {
        let mut sorted: Vec<_> = self.0.iter().collect();
        sorted.sort();
        sorted
    }
}

impl PartialEq for Options {
    fn eq(&self, other: &Self) -> bool {
        self.sorted() == other.sorted()
    }
}

impl Eq for Options {}

impl JsonSchema for Options {
    fn schema_name() -> Cow<'static, str> {
        "Options".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Vec::<String>::json_schema(generator);
        schema.insert(
            "description".to_owned(),
            "Options, each `name=value`, in the order of names.".into(),
        );
        schema
    }
}

impl Serialize for Options {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What people read and what is compared does not tell the order; what is kept to be used again does.
        let items = if serializer.is_human_readable() {
            self.sorted()
        } else {
            self.0.iter().collect()
        };
        serializer.collect_seq(
            items
                .into_iter()
                .map(|(key, value)| format!("{key}={value}")),
        )
    }
}

impl<'de> Deserialize<'de> for Options {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default();
        let pair = |item: String| match item.split_once('=') {
            Some((key, value)) => (key.to_owned(), value.to_owned()),
            None => (item, String::new()),
        };
        Ok(Options(items.into_iter().map(pair).collect()))
    }
}
