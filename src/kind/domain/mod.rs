//! Domains. Default and NOT NULL are altered in place; another base type needs a new domain, to which columns move.

pub(super) mod kdl;
pub(super) mod rows;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::default::as_default;
use super::language::Writing;
use super::{
    Alteration, Catalog, Context, Definition, HazardClass, NameSlot, Object, Preflight, Reaction,
    Statement, Stub, aside, column, domain_not_null, reference,
};
use crate::kdl::NodeWriter;
use crate::model::{Expression, Kind, ObjectId, QualifiedName};

/// A domain, its checks apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Domain {
    /// The type below it as `format_type` prints it.
    pub data_type: String,
    /// The collation, where it is not the type's own.
    pub collation: Option<QualifiedName>,
    /// Whether it refuses null.
    pub not_null: bool,
    /// The default.
    pub default: Option<Expression>,
}

/// The domain that a type's name means.
fn named<'c>(data_type: &str, catalog: &'c Catalog) -> Option<(&'c ObjectId, &'c Domain)> {
    let mut domains = catalog.of_kind(Kind::Domain);
    domains.find_map(|(id, object)| match object {
        Object::Domain(domain) if reference::name(id) == data_type => Some((id, &**domain)),
        _ => None,
    })
}

/// Whether a type has no null: a domain that says so itself, by a check that says nothing else, or the one below it.
pub(super) fn refuses_null(data_type: &str, catalog: &Catalog) -> bool {
    if !data_type.contains('.') {
        return false;
    }
    let Some((id, domain)) = named(data_type, catalog) else {
        return false;
    };
    let is_said = |object: &Object| match object {
        Object::DomainConstraint(check) => {
            let words = check.expression.text().to_ascii_lowercase();
            let bare = |part: &str| part.trim_matches(['(', ')', ' ']) == "value is not null";
            words.split(" and ").any(bare)
        }
        _ => false,
    };
    let checks = catalog.children(id, Kind::DomainConstraint);
    domain.not_null
        || checks.into_iter().any(|(_, check)| is_said(check))
        || refuses_null(&domain.data_type, catalog)
}

/// The type below a domain and those that it stands on; of any other type itself.
pub(super) fn base<'c>(data_type: &'c str, catalog: &'c Catalog) -> &'c str {
    match named(data_type, catalog) {
        Some((_, domain)) => base(&domain.data_type, catalog),
        None => data_type,
    }
}

/// The types below a domain before and after, where both are PostgreSQL's own; `None` for another type.
pub(super) fn bases<'c>(data_type: &'c str, context: &Context<'c>) -> Option<(&'c str, &'c str)> {
    let below = |catalog: &'c Catalog| {
        named(data_type, catalog)?;
        Some(base(data_type, catalog)).filter(|it| !it.contains('.'))
    };
    Some((below(context.before)?, below(context.after)?))
}

/// Whether values of a domain, or of one over it, stand inside others: PostgreSQL does not look into arrays, composites and
/// ranges for values that the domain refuses from now on, and refuses the change; see find_composite_type_dependencies in
/// tablecmds.c.
pub(super) fn is_inside_another(domain: &ObjectId, catalog: &Catalog) -> bool {
    let mut domains = vec![domain];
    let mut next = 0;
    while let Some(domain) = domains.get(next).copied() {
        next += 1;
        let name = reference::name(domain);
        for (user, needed) in &catalog.dependencies {
            if !needed.contains(domain) {
                continue;
            }
            match catalog.get(user) {
                Some(Object::Column(column)) if column.data_type != name => return true,
                Some(Object::Domain(over)) if over.data_type != name => return true,
                Some(Object::Domain(_)) => domains.push(user),
                Some(Object::Composite(_) | Object::Range(_)) => return true,
                _ => {}
            }
        }
    }
    false
}

impl Definition for Domain {
    const KIND: Kind = Kind::Domain;
    const CLASS: &'static str = "pg_type";
    const CATALOG: &'static str = include_str!("catalog.sql");

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        let mut sql = format!("AS {}", self.data_type);
        if let Some(collation) = &self.collation {
            sql.push_str(&format!(" COLLATE {}", reference::of(collation)));
        }
        if let Some(default) = &self.default {
            sql.push_str(&format!(" DEFAULT {}", as_default(default.text())));
        }
        if self.not_null {
            sql.push_str(&domain_not_null::words(id, context.after));
        }
        vec![Statement::alter(
            format!("CREATE DOMAIN {}", reference::name(id)),
            sql,
        )]
    }

    fn drop(&self, id: &ObjectId, _: &Context<'_>) -> Vec<Statement> {
        aside::drop_type(id)
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let Domain {
            data_type,
            collation,
            not_null,
            default,
        } = to;
        let is_looked_into = *not_null && !self.not_null && is_inside_another(id, context.before);
        if self.data_type != *data_type || self.collation != *collation || is_looked_into {
            let (mut set_aside, discard) = aside::steps(id, context, &[]);
            let (from, to) = (
                base(&self.data_type, context.before),
                base(data_type, context.after),
            );
            if let (true, Some(first)) = (column::is_narrowing(from, to), set_aside.first_mut()) {
                let detail = format!("values of {from} that do not fit {to} are refused or cut");
                *first = first
                    .clone()
                    .hazard("narrow-type", HazardClass::DataLoss, id, detail);
            }
            return Alteration::Swap { set_aside, discard };
        }
        let head = format!("ALTER DOMAIN {}", reference::name(id));
        let mut statements = Vec::new();
        if self.default != *default {
            statements.push(Statement::sql(match default {
                Some(default) => format!("{head} SET DEFAULT {}", as_default(default.text())),
                None => format!("{head} DROP DEFAULT"),
            }));
        }
        if self.not_null != *not_null {
            statements.push(match *not_null {
                true => domain_not_null::begin(id, context),
                false => Statement::sql(format!("{head} DROP NOT NULL")),
            });
        }
        Alteration::InPlace(statements)
    }

    fn preflight(
        &self,
        from: Option<&Self>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<Preflight> {
        let closes = |from: &Self| self.not_null && !from.not_null;
        from.map(|from| rows::of_domain(id, closes(from), context))
            .unwrap_or_default()
    }

    fn stub(&self, id: &ObjectId, context: &Context<'_>) -> Option<Stub> {
        let default = self.default.as_ref()?;
        let bare = Domain {
            default: None,
            ..self.clone()
        };
        let act = |action: &str| {
            vec![Statement::sql(format!(
                "ALTER DOMAIN {} {action}",
                reference::name(id)
            ))]
        };
        Some(Stub {
            make: bare.create(id, context),
            hollow: act("DROP DEFAULT"),
            complete: act(&format!("SET DEFAULT {}", as_default(default.text()))),
        })
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        vec![NameSlot::data_type(id)]
    }

    fn when_replaced(&self, id: &ObjectId, _: &ObjectId, context: &Context<'_>) -> Reaction {
        aside::follow(id, context, &[])
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        if let (Some(default), Some(desired)) = (&mut self.default, &desired.default) {
            default.source.clone_from(&desired.source);
        }
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_in_schema("DOMAIN", from, to)
    }
}
