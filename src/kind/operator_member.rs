//! Members of operator classes and families: an operator with its strategy, a function with its support number.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Reading;
use super::reference;
use crate::kdl::{NodeReader, NodeWriter};
use crate::model::{ObjectId, QualifiedName};
use crate::sql::slot::Shape;

/// One member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Member {
    /// Whether it is a support function rather than an operator.
    pub function: bool,
    /// The strategy or support number.
    pub number: i64,
    /// The left operand's type; empty in a desired member that leaves it to PostgreSQL.
    pub left: String,
    /// The right operand's type.
    pub right: String,
    /// `schema.=`, or `schema.f(integer,integer)`.
    pub text: String,
    /// The family that an ordering operator's result sorts by.
    #[serde(default)]
    pub order_by: Option<QualifiedName>,
}

impl Member {
    /// The member as CREATE OPERATOR CLASS and ALTER OPERATOR FAMILY ADD take it.
    pub fn clause(&self) -> String {
        let types = if self.left.is_empty() {
            String::new()
        } else {
            format!(" ({}, {})", self.left, self.right)
        };
        if self.function {
            return format!("FUNCTION {}{types} {}", self.number, self.text);
        }
        let mut text = format!("OPERATOR {} {}{types}", self.number, self.text);
        if let Some(family) = &self.order_by {
            text.push_str(&format!(" FOR ORDER BY {}", reference::of(family)));
        }
        text
    }

    /// The member as ALTER OPERATOR FAMILY DROP names it.
    pub fn address(&self) -> String {
        let word = if self.function {
            "FUNCTION"
        } else {
            "OPERATOR"
        };
        format!("{word} {} ({}, {})", self.number, self.left, self.right)
    }

    /// The name of its identity below a family.
    pub fn name(&self) -> String {
        let word = if self.function {
            "function"
        } else {
            "operator"
        };
        format!("{word} {} ({}, {})", self.number, self.left, self.right)
    }
}

/// Reads the members of a node.
pub(super) fn read(
    reading: &Reading<'_>,
    reader: &mut NodeReader<'_>,
    schema: Option<&str>,
) -> Vec<Member> {
    let mut members = Vec::new();
    for mut child in reader.children_any(&["operator", "function"]) {
        let function = child.kind() == "function";
        let number = child.number_argument();
        let text = child
            .text_argument("name")
            .filter(|text| child.stays_within(text, Shape::Expression));
        let mut operand = |word: &'static str| {
            child
                .typ(word)
                .map(|text| {
                    super::arguments::settled_type(&text.value, &|name: &str| {
                        reading.qualify_type(name, schema)
                    })
                })
                .unwrap_or_default()
        };
        let (left, right) = (operand("left"), operand("right"));
        let (left, right) = match (left.is_empty(), right.is_empty()) {
            (false, true) => (left.clone(), left),
            (true, false) => (right.clone(), right),
            _ => (left, right),
        };
        let order_by = child
            .path("for-order-by")
            .map(|path| reading.qualify(&path.value, schema));
        if let (Some(number), Some(text)) = (number, text) {
            members.push(Member {
                function,
                number: number.value,
                left,
                right,
                text: text.value,
                order_by,
            });
        }
        child.finish();
    }
    members
}

/// Writes members; types that are those of the class are left out.
pub(super) fn write(
    members: &[Member],
    data_type: &str,
    writing: &super::language::Writing<'_>,
    id: &ObjectId,
    node: &mut NodeWriter,
) {
    for member in members {
        let mut child = NodeWriter::new(if member.function {
            "function"
        } else {
            "operator"
        });
        child.number_argument(member.number).argument(&member.text);
        if member.left != data_type || member.right != data_type {
            child.text("left", &member.left);
            child.text("right", &member.right);
        }
        if let Some(family) = &member.order_by {
            child.path("for-order-by", &super::parts::path(writing, family, id));
        }
        node.add(child);
    }
}
