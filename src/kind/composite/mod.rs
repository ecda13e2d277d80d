//! Composite types that stand by themselves. Their attributes are a part of the definition, because their order counts;
//! comments on attributes are facets of identities below the type.

pub(super) mod kdl;
pub(super) mod moved;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::is_narrowing;
use super::inner::{self, Renamed};
use super::language::Writing;
use super::{
    Alteration, Catalog, Context, Definition, HazardClass, NameSlot, Object, Reaction, Relocation,
    Statement, aside, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, QualifiedName};
use crate::sql::quote::ident;

/// A composite type.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
pub struct Composite {
    /// The attributes in their order.
    pub attributes: Vec<Attribute>,
    /// Attributes that had another name before (before, now): a word of transition, never compared.
    #[serde(skip)]
    pub renamed: Vec<(String, String)>,
}

/// An attribute of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type as `format_type` prints it.
    pub data_type: String,
    /// The collation, where it is not the type's own.
    #[serde(default)]
    pub collation: Option<QualifiedName>,
}

impl PartialEq for Composite {
    fn eq(&self, other: &Self) -> bool {
        self.attributes == other.attributes
    }
}

impl Eq for Composite {}

/// What holds values of a type, so that PostgreSQL does not change the type of an attribute under it.
const HOLDERS: &[Kind] = &[
    Kind::Column,
    Kind::Composite,
    Kind::Domain,
    Kind::Range,
    Kind::MaterializedView,
];

/// What PostgreSQL does not let an attribute be dropped or changed under.
const BOUND: &[Kind] = &[
    Kind::View,
    Kind::MaterializedView,
    Kind::Rule,
    Kind::Policy,
    Kind::Function,
    Kind::Procedure,
];

impl Attribute {
    fn type_text(&self) -> String {
        match &self.collation {
            Some(collation) => format!("{} COLLATE {}", self.data_type, reference::of(collation)),
            None => self.data_type.clone(),
        }
    }

    fn definition(&self) -> String {
        format!("{} {}", ident(&self.name), self.type_text())
    }
}

impl Composite {
    fn position(&self, name: &str) -> Option<usize> {
        self.attributes.iter().position(|it| it.name == name)
    }

    /// The renames of attributes that lead to another definition.
    fn renames(&self, to: &Composite) -> Vec<Renamed> {
        let (from, to_names) = (self.inner_names(), to.inner_names());
        inner::renames(&from, &to_names, &to.renamed, &self.renamed)
    }
}

/// Whether tables are made of the type: their columns follow only with CASCADE.
fn cascade(id: &ObjectId, before: &Catalog) -> &'static str {
    let name = QualifiedName::new(id.schema().unwrap_or_default(), &*id.name);
    let typed = before.of_kind(Kind::Table).any(|(_, object)| {
        matches!(object, Object::Table(table) if table.of_type.as_ref() == Some(&name))
    });
    if typed { " CASCADE" } else { "" }
}

fn is_held(id: &ObjectId, context: &Context<'_>) -> bool {
    context
        .before
        .dependencies
        .iter()
        .any(|(holder, needed)| HOLDERS.contains(&holder.kind) && needed.contains(id))
}

fn rename_attributes(renames: &[Renamed], id: &ObjectId, before: &Catalog) -> Vec<Statement> {
    let (name, cascade) = (reference::name(id), cascade(id, before));
    let rename = |(old, new): &(String, String)| {
        let (old, new) = (ident(old), ident(new));
        Statement::sql(format!(
            "ALTER TYPE {name} RENAME ATTRIBUTE {old} TO {new}{cascade}"
        ))
    };
    renames.iter().map(rename).collect()
}

impl Definition for Composite {
    const KIND: Kind = Kind::Composite;
    const CLASS: &'static str = "pg_type";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        let lines: Vec<String> = self.attributes.iter().map(Attribute::definition).collect();
        let body = if lines.is_empty() {
            "()".to_owned()
        } else {
            format!("(\n    {}\n)", lines.join(",\n    "))
        };
        vec![Statement::sql(format!(
            "CREATE TYPE {} AS {body}",
            reference::name(id)
        ))]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        aside::drop_type(id)
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let name = reference::name(id);
        let cascade = cascade(id, context.before);
        let mut statements = Vec::new();
        let now = &self.attributes;
        let kept: Vec<&Attribute> = now
            .iter()
            .filter(|it| to.position(&it.name).is_some())
            .collect();
        let in_order = to
            .attributes
            .iter()
            .zip(&kept)
            .all(|(wanted, kept)| wanted.name == kept.name);
        let retyped: Vec<&Attribute> = to
            .attributes
            .iter()
            .filter(|it| {
                kept.iter().any(|old| {
                    old.name == it.name
                        && (old.data_type != it.data_type || old.collation != it.collation)
                })
            })
            .collect();
        let gone = || now.iter().filter(|it| to.position(&it.name).is_none());
        let losing = |statement: Statement, gone: &Attribute| {
            let detail = format!(
                "the values of {} are lost wherever the type is stored",
                gone.name
            );
            statement.hazard("drop-attribute", HazardClass::DataLoss, id, detail)
        };
        if !in_order || (!retyped.is_empty() && is_held(id, context)) {
            let (set_aside, discard) = aside::steps(id, context, &[]);
            let discard = discard.into_iter();
            let narrowed = |statement: Statement, old: &&Attribute| {
                let new = to.position(&old.name).and_then(|at| to.attributes.get(at));
                let new = new.filter(|new| is_narrowing(&old.data_type, &new.data_type));
                let Some(new) = new else { return statement };
                let (name, wanted) = (&new.name, &new.data_type);
                let detail =
                    format!("values of {name} that do not fit {wanted} are refused or cut");
                statement.hazard("narrow-type", HazardClass::DataLoss, id, detail)
            };
            let set_aside = set_aside.into_iter();
            let set_aside = set_aside.map(|it| kept.iter().fold(it, narrowed)).collect();
            return Alteration::Swap {
                set_aside,
                discard: discard.map(|it| gone().fold(it, losing)).collect(),
            };
        }
        let head = format!("ALTER TYPE {name}");
        let mut disturbs = false;
        for gone in gone() {
            disturbs = true;
            let action = format!("DROP ATTRIBUTE {}{cascade}", ident(&gone.name));
            statements.push(losing(Statement::alter(&head, action), gone));
        }
        for attribute in retyped {
            disturbs = true;
            statements.push(Statement::alter(
                &head,
                format!(
                    "ALTER ATTRIBUTE {} SET DATA TYPE {}{cascade}",
                    ident(&attribute.name),
                    attribute.type_text()
                ),
            ));
        }
        for added in to.attributes.iter().skip(kept.len()) {
            statements.push(Statement::alter(
                &head,
                format!("ADD ATTRIBUTE {}{cascade}", added.definition()),
            ));
        }
        Alteration::Disturbing(statements, if disturbs { BOUND } else { &[] })
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::relation(id), NameSlot::data_type(id)]
    }

    fn when_replaced(&self, id: &ObjectId, _: &ObjectId, context: &Context<'_>) -> Reaction {
        aside::follow(id, context, &[])
    }

    /// Where attributes have other names, what uses the type goes on with it.
    fn relocation(&self, to: &Self, id: &ObjectId, at: &Catalog) -> Option<Relocation> {
        let renames = self.renames(to);
        inner::relocation(self, id, renames, |renames| {
            rename_attributes(renames, id, at)
        })
    }

    fn adopt_words(&mut self, desired: &Self) {
        self.renamed.clone_from(&desired.renamed);
    }

    fn inner_names(&self) -> Vec<&str> {
        self.attributes.iter().map(|it| it.name.as_str()).collect()
    }

    fn rename_inner(&mut self, called: &dyn Fn(&str) -> Option<String>) {
        for attribute in &mut self.attributes {
            if let Some(now) = called(&attribute.name) {
                attribute.name = now;
            }
        }
    }

    fn was_called_inside(&mut self, from: &str, to: &str) {
        self.renamed.push((from.to_owned(), to.to_owned()));
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("TYPE", from, to)
    }
}
