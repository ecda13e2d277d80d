//! Exclusion constraints.

pub(super) mod kdl;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::index_key::IndexKey;
use super::language::Writing;
use super::{
    Alteration, Catalog, Context, Definition, Element, NameSlot, Object, Reaction, Statement,
    constraint, extension_dependency, index_attach, options, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId, Options, QualifiedName};
use crate::sql::quote::ident;

/// An exclusion constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Exclude {
    /// The access method.
    pub method: String,
    /// What is compared, in order.
    pub elements: Vec<ExcludeElement>,
    /// Columns carried without being compared.
    pub include: Vec<String>,
    /// The rows that it holds for; all where it is not said.
    pub predicate: Option<Expression>,
    /// `immediate` or `deferred`, where it can be deferred.
    pub deferrable: Option<String>,
    /// Storage parameters of the index.
    pub with: Options,
    /// The tablespace of the index, where it is not the database's.
    pub tablespace: Option<String>,
    /// Whether partitions may do without it (ONLY): a word of the desired constraint, never compared.
    #[serde(skip)]
    pub only: bool,
}

/// One part, with the operator that must not be true for all parts of two rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct ExcludeElement {
    /// The column or expression.
    pub key: IndexKey,
    /// The operator; without a schema in a desired constraint that leaves it to the search path.
    pub operator: QualifiedName,
}

/// Whether PostgreSQL's own operator is the only one of its name in a catalog: a search path finds no other then.
fn is_only_one(name: &str, catalog: &Catalog) -> bool {
    let of_extension = |id: &ObjectId| {
        let bare = id.name.rsplit_once('.').map(|(_, bare)| bare);
        id.kind == Kind::Operator && bare == Some(name)
    };
    let mut members = catalog.members.values().flatten();
    let mut made = catalog.of_kind(Kind::Operator);
    !members.any(|member| of_extension(&member.id)) && !made.any(|(id, _)| *id.name == *name)
}

impl ExcludeElement {
    fn sql(&self, catalog: &Catalog) -> String {
        let operator = match self.operator.schema.as_str() {
            "" => self.operator.name.clone(),
            // What the files say in full is tried out under their search path.
            "pg_catalog" if !catalog.guessed && is_only_one(&self.operator.name, catalog) => {
                self.operator.name.clone()
            }
            schema => format!("OPERATOR({}.{})", ident(schema), self.operator.name),
        };
        format!("{} WITH {operator}", self.key.sql())
    }
}

impl Exclude {
    fn definition(&self, catalog: &Catalog) -> String {
        let elements: Vec<String> = self.elements.iter().map(|it| it.sql(catalog)).collect();
        let mut sql = format!(
            "EXCLUDE USING {} ({})",
            ident(&self.method),
            elements.join(", ")
        );
        if !self.include.is_empty() {
            sql.push_str(&format!(" INCLUDE ({})", reference::columns(&self.include)));
        }
        if !self.with.is_empty() {
            sql.push_str(&format!(" WITH ({})", options::storage(&self.with)));
        }
        if let Some(tablespace) = &self.tablespace {
            sql.push_str(&format!(" USING INDEX TABLESPACE {}", ident(tablespace)));
        }
        if let Some(predicate) = &self.predicate {
            sql.push_str(&format!(" WHERE ({})", predicate.text()));
        }
        sql.push_str(constraint::deferral(self.deferrable.as_deref()));
        sql
    }
}

impl Exclude {
    /// Whether an earlier one of the table excludes by the same elements. PostgreSQL makes one of two such constraints
    /// that it sees in one statement, so this one is added by a statement of its own.
    fn has_elder(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        context
            .after
            .children(table, Kind::Exclude)
            .into_iter()
            .any(|(other, object)| {
                other < id
                    && matches!(object, Object::Exclude(exclude) if exclude.elements == self.elements)
            })
    }
}

impl Definition for Exclude {
    const KIND: Kind = Kind::Exclude;
    const CLASS: &'static str = "pg_constraint";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if let Some(renamed) = constraint::renamed_while_attached(id, context) {
            return vec![renamed];
        }
        if index_attach::is_left_to_attach(id, context) {
            return Vec::new();
        }
        let only = constraint::needs_only(id, context);
        let statements = constraint::add(id, &self.definition(context.after), only);
        if self.has_elder(id, context) {
            statements.into_iter().map(Statement::apart).collect()
        } else {
            statements
        }
    }

    fn element(&self, id: &ObjectId, context: &Context<'_>) -> Option<Element> {
        if self.has_elder(id, context)
            || constraint::is_only(id, context.after)
            || index_attach::is_left_to_attach(id, context)
        {
            return None;
        }
        constraint::element(id, &self.definition(context.after))
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if constraint::goes_with_parent(id, context) {
            return Vec::new();
        }
        constraint::drop(id)
    }

    fn alter(&self, to: &Self, id: &ObjectId, _: &Context<'_>) -> Alteration {
        let structure = |exclude: &Exclude| Exclude {
            with: Options::default(),
            tablespace: None,
            ..exclude.clone()
        };
        if structure(self) != structure(to) {
            return Alteration::Rebuild;
        }
        let head = format!("ALTER INDEX {}", reference::index(id));
        let mut statements = Vec::new();
        if self.tablespace != to.tablespace {
            let tablespace = to.tablespace.as_deref().unwrap_or("pg_default");
            statements.push(Statement::sql(format!(
                "{head} SET TABLESPACE {}",
                ident(tablespace)
            )));
        }
        statements.extend(options::alter(&head, &self.with, &to.with));
        Alteration::InPlace(statements)
    }

    fn index_key(&self) -> Vec<String> {
        let keys = self.elements.iter().map(|element| &element.key);
        keys.map(IndexKey::what).collect()
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::constraint(id), NameSlot::relation(id)]
    }

    fn is_made_anew(&self, _: &Self, id: &ObjectId, context: &Context<'_>) -> bool {
        constraint::is_made_anew(id, context)
    }

    fn when_replaced(
        &self,
        id: &ObjectId,
        dependency: &ObjectId,
        context: &Context<'_>,
    ) -> Reaction {
        constraint::when_replaced(id, dependency, context)
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        if let (Some(predicate), Some(desired)) = (&mut self.predicate, &desired.predicate) {
            predicate.source.clone_from(&desired.source);
        }
        for (mine, theirs) in self.elements.iter_mut().zip(&desired.elements) {
            if let (Some(mine), Some(theirs)) = (&mut mine.key.expression, &theirs.key.expression) {
                mine.source.clone_from(&theirs.source);
            }
        }
    }

    fn set_again(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let mut again = super::comment::again(id, context);
        again.extend(extension_dependency::again(id, context));
        again
    }

    fn structure(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_part("CONSTRAINT", from, to)
    }
}
