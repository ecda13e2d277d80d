//! Expressions: what PostgreSQL printed decides equality; what the author wrote is only a spelling of it.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A piece of SQL that PostgreSQL parses: a default, a check, a query.
///
/// Equality, order and serialisation see the canonical text only.
#[derive(Clone, Default)]
pub struct Expression {
    /// PostgreSQL's own printing; in a desired object that was not elaborated yet, the author's text.
    pub canonical: String,
    /// The author's spelling, where it is known to mean the same under an empty search path.
    pub source: Option<String>,
}

impl Expression {
    /// An expression in the spelling of PostgreSQL.
    pub fn new(canonical: impl Into<String>) -> Self {
        Expression {
            canonical: canonical.into(),
            source: None,
        }
    }

    /// An expression as the author wrote it, before PostgreSQL has seen it.
    pub fn written(text: impl Into<String>) -> Self {
        let text = text.into();
        Expression {
            canonical: text.clone(),
            source: Some(text),
        }
    }

    /// The text to write into a statement: the author's where it is known.
    pub fn text(&self) -> &str {
        self.source.as_deref().unwrap_or(&self.canonical)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Expression {}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) if *source != self.canonical => {
                write!(f, "{:?} as {source:?}", self.canonical)
            }
            _ => write!(f, "{:?}", self.canonical),
        }
    }
}

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Expression::new(text)
    }
}

impl JsonSchema for Expression {
    fn schema_name() -> Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "An expression as PostgreSQL prints it." })
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.canonical)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Expression::new)
    }
}
