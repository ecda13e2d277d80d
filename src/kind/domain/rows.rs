//! What stands in the columns of a domain that changes: asked column by column before anything runs, as PostgreSQL will look at
//! it.

use super::{base, named};
use crate::kind::preflight::Rows;
use crate::kind::{Catalog, Context, Object, Preflight, reference};
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::Lexer;
use crate::sql::quote::ident;

/// The columns of a domain, or of domains over it, before and after.
fn columns<'c>(domain: &ObjectId, context: &Context<'c>) -> Vec<&'c ObjectId> {
    let name = reference::name(domain);
    let columns = context.after.of_kind(Kind::Column);
    let of_it = columns.filter(|(id, object)| match (context.before.get(id), object) {
        (Some(Object::Column(from)), Object::Column(to)) => {
            from.data_type == to.data_type
                && !to.inherited
                && to.convert.convert.is_none()
                && from.convert.convert_back.is_none()
                && is_over(&to.data_type, &name, context.after)
        }
        _ => false,
    });
    of_it.map(|(id, _)| id).collect()
}

/// Whether a type is the domain of this name, or one over it.
fn is_over(data_type: &str, name: &str, catalog: &Catalog) -> bool {
    data_type == name
        || named(data_type, catalog).is_some_and(|(_, it)| is_over(&it.data_type, name, catalog))
}

/// Whether a domain is over the same type before and after.
fn is_over_the_same(domain: &ObjectId, context: &Context<'_>) -> bool {
    let name = reference::name(domain);
    context.before.contains(domain) && base(&name, context.before) == base(&name, context.after)
}

/// Values that a new type below the domain does not take, and nulls that it refuses from now on.
pub(super) fn of_domain(domain: &ObjectId, closes: bool, context: &Context<'_>) -> Vec<Preflight> {
    let name = reference::name(domain);
    let (from, to) = (base(&name, context.before), base(&name, context.after));
    let mut found = Vec::new();
    for id in columns(domain, context) {
        let Some(rows) = Rows::of(id, context) else {
            continue;
        };
        if from != to {
            found.extend(rows.beyond(&id.name, from, to));
        }
        if closes && from == to && rows.keeps(&id.name) {
            let name = ident(&id.name);
            found.push(rows.that(&format!("without {name}"), &format!("{name} IS NULL")));
        }
    }
    found
}

/// Values of the columns of its domain that a check refuses.
pub(in crate::kind) fn of_check(
    check: &ObjectId,
    expression: &str,
    context: &Context<'_>,
) -> Vec<Preflight> {
    let domain = check.parent.as_deref();
    let Some(domain) = domain.filter(|it| is_over_the_same(it, context)) else {
        return Vec::new();
    };
    let columns = columns(domain, context).into_iter();
    columns
        .filter_map(|id| refused(id, check, expression, context))
        .collect()
}

/// Values of a column that the checks of the domain refuse which its type becomes.
pub(in crate::kind) fn of_column(
    column: &ObjectId,
    from: &str,
    to: &str,
    context: &Context<'_>,
) -> Vec<Preflight> {
    if base(from, context.before) != base(to, context.after) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut data_type = to;
    while let Some((domain, over)) = named(data_type, context.after) {
        for (check, object) in context.after.children(domain, Kind::DomainConstraint) {
            if let Object::DomainConstraint(it) = object {
                found.extend(refused(column, check, it.expression.text(), context));
            }
        }
        data_type = &over.data_type;
    }
    found
}

fn refused(
    column: &ObjectId,
    check: &ObjectId,
    expression: &str,
    context: &Context<'_>,
) -> Option<Preflight> {
    let condition = about(expression, &ident(&column.name));
    Rows::of(column, context)?.refused_by_domain(&column.name, check, &condition)
}

/// The expression of a check, about a column in place of VALUE.
fn about(expression: &str, column: &str) -> String {
    let tokens = Lexer::new(expression);
    let texts = tokens.map(|token| match token.is_word("value") {
        true => column.to_owned(),
        false => token.text.to_owned(),
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn a_check_is_about_a_column() {
        assert_eq!(
            about(
                "((VALUE)::text <> 'value'::text) AND (\"VALUE\" > 0)",
                "\"a b\""
            ),
            "((\"a b\")::text <> 'value'::text) AND (\"VALUE\" > 0)"
        );
    }
}
