//! The name that PostgreSQL gives to an expression: of an index's column, or of a query's (FigureColname in
//! parse_target.c). What the parser does not read has none here, as most expressions have none.

use sqlparser::ast::{AccessExpr, DataType, Expr, Ident, ObjectName, TrimWhereField};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::types::internal_name;

/// How much a name says: that of a type, or of CASE, gives way to one that comes from within.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    Weak(String),
    Strong(String),
}

/// The name of an expression; `None` for an operator, a constant, and what can't be read.
pub fn expression_name(text: &str) -> Option<String> {
    let dialect = PostgreSqlDialect {};
    let mut parser = Parser::new(&dialect).try_with_sql(text).ok()?;
    let expression = parser.parse_expr().ok()?;
    if parser.peek_token().token != Token::EOF {
        return None;
    }
    name(&expression).map(|(Name::Weak(name) | Name::Strong(name))| name)
}

fn name(expression: &Expr) -> Option<Name> {
    let strong = |name: &str| Some(Name::Strong(name.to_owned()));
    match expression {
        Expr::Identifier(column) => Some(Name::Strong(folded(column))),
        Expr::CompoundIdentifier(path) => path.last().map(|it| Name::Strong(folded(it))),
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => name(inner),
        Expr::Function(function) => last(&function.name).map(Name::Strong),
        Expr::Cast {
            expr, data_type, ..
        } => match name(expr) {
            Some(Name::Strong(name)) => Some(Name::Strong(name)),
            _ => Some(Name::Weak(type_name(data_type))),
        },
        Expr::Case { else_result, .. } => match else_result.as_deref().and_then(name) {
            Some(Name::Strong(name)) => Some(Name::Strong(name)),
            _ => Some(Name::Weak("case".to_owned())),
        },
        Expr::Array(_) => strong("array"),
        Expr::Tuple(_) => strong("row"),
        Expr::CompoundFieldAccess { root, access_chain } => {
            let field = access_chain.iter().rev().find_map(|access| match access {
                AccessExpr::Dot(Expr::Identifier(field)) => Some(Name::Strong(folded(field))),
                _ => None,
            });
            field.or_else(|| name(root))
        }
        Expr::AtTimeZone { .. } => strong("timezone"),
        Expr::Extract { .. } => strong("extract"),
        Expr::Position { .. } => strong("position"),
        Expr::Substring { .. } => strong("substring"),
        Expr::Overlay { .. } => strong("overlay"),
        Expr::Ceil { .. } => strong("ceil"),
        Expr::Floor { .. } => strong("floor"),
        Expr::Trim { trim_where, .. } => strong(match trim_where {
            Some(TrimWhereField::Leading) => "ltrim",
            Some(TrimWhereField::Trailing) => "rtrim",
            Some(TrimWhereField::Both) | None => "btrim",
        }),
        _ => None,
    }
}

/// An identifier as PostgreSQL keeps it.
fn folded(ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_lowercase(),
    }
}

fn last(path: &ObjectName) -> Option<String> {
    path.0.last()?.as_ident().map(folded)
}

/// The last part of a type's name in the catalog.
fn type_name(data_type: &DataType) -> String {
    if let DataType::Custom(path, _) = data_type
        && let Some(name) = last(path)
    {
        return internal_name(&name).to_owned();
    }
    let printed = data_type.to_string().to_lowercase();
    let bare = printed.trim_end_matches("[]");
    let modifier = bare.split_once('(');
    let bare = match modifier.and_then(|(before, rest)| Some((before, rest.split_once(')')?.1))) {
        Some((before, after)) => format!("{before}{after}"),
        None => bare.to_owned(),
    };
    internal_name(&bare).to_owned()
}

#[cfg(test)]
mod tests {
    use super::expression_name;

    #[test]
    fn expressions_are_named_as_postgresql_names_them() {
        for (text, name) in [
            ("lower(email)", "lower"),
            ("auth.\"Lower\"(email)", "Lower"),
            ("lower(a) || b", ""),
            ("(q)::character varying", "q"),
            ("(a || b)::integer", "int4"),
            ("CASE WHEN a THEN 1 ELSE 2 END", "case"),
            ("CASE WHEN a THEN 1 ELSE b END", "b"),
            ("NULLIF(q, ''::text)", "nullif"),
            ("ARRAY[q]", "array"),
            ("(t).b", "b"),
            ("(ts AT TIME ZONE 'UTC'::text)", "timezone"),
            ("EXTRACT(year FROM ts)", "extract"),
            ("q IS NULL", ""),
            ("not sql at all", ""),
        ] {
            assert_eq!(expression_name(text).unwrap_or_default(), name, "{text}");
        }
    }
}
