//! Renames that migration files make: a state before and a state after do not tell a renamed column from one that went and
//! another that came. The rule: a statement counts where the old name is in the state before and the new one in that after.

use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::unquote_ident;

const RELATIONS: &[Kind] = &[
    Kind::Table,
    Kind::ForeignTable,
    Kind::View,
    Kind::MaterializedView,
];

/// The renames of tables and columns in scripts, in their order.
pub fn renames_in(
    scripts: &[String],
    before: &Catalog,
    after: &Catalog,
) -> Vec<(ObjectId, ObjectId)> {
    let mut renames: Vec<(ObjectId, ObjectId)> = Vec::new();
    for script in scripts {
        let tokens = significant(script);
        for statement in tokens.split(|token| token.is(";")) {
            let Some((from, to)) = rename(statement, before, &renames) else {
                continue;
            };
            if after.contains(&to) && !before.contains(&to) {
                renames.push((from, to));
            }
        }
    }
    renames
}

/// `ALTER TABLE schema.name RENAME [COLUMN a] TO b`.
fn rename(
    statement: &[Token<'_>],
    before: &Catalog,
    done: &[(ObjectId, ObjectId)],
) -> Option<(ObjectId, ObjectId)> {
    let at = statement.iter().position(|token| token.is_word("RENAME"))?;
    let (head, tail) = statement.split_at(at);
    if !head.first()?.is_word("ALTER") {
        return None;
    }
    let [.., schema, dot, name] = head else {
        return None;
    };
    if !dot.is(".") {
        return None;
    }
    let (schema, name) = (unquote_ident(schema.text), unquote_ident(name.text));
    let relation = RELATIONS
        .iter()
        .map(|kind| ObjectId::in_schema(*kind, &schema, &name))
        .find(|id| before.contains(id) || done.iter().any(|(_, to)| to == id))?;
    match tail {
        [_, to, new] if to.is_word("TO") => {
            let new = ObjectId::in_schema(relation.kind, &schema, &unquote_ident(new.text));
            Some((relation, new))
        }
        [_, column, old, to, new] if column.is_word("COLUMN") && to.is_word("TO") => Some((
            relation.child(Kind::Column, &unquote_ident(old.text)),
            relation.child(Kind::Column, &unquote_ident(new.text)),
        )),
        _ => None,
    }
}

/// A catalog after renames: identities, and the names of columns in keys and indexes.
pub fn follow_renames(catalog: &Catalog, renames: &[(ObjectId, ObjectId)]) -> Catalog {
    let mut named = catalog.clone();
    for (from, to) in renames {
        named = named.renamed(from, to);
        for (id, object) in &mut named.objects {
            let Some(table) = id.parents().find(|parent| RELATIONS.contains(&parent.kind)) else {
                continue;
            };
            let own = to.kind == Kind::Column && to.parent.as_deref() == Some(table);
            let mut changed = (**object).clone();
            let column = |name: &mut String| {
                if own && *name == *from.name {
                    *name = to.name.to_string();
                }
            };
            match &mut changed {
                Object::PrimaryKey(key) => key.0.columns.iter_mut().for_each(column),
                Object::Unique(key) => key.0.columns.iter_mut().for_each(column),
                Object::Index(index) => index
                    .keys
                    .iter_mut()
                    .filter_map(|key| key.column.as_mut())
                    .for_each(column),
                Object::ForeignKey(key) => {
                    key.columns.iter_mut().for_each(column);
                    let target = ObjectId::in_schema(
                        Kind::Table,
                        &key.references.schema,
                        &key.references.name,
                    );
                    if target == *from {
                        key.references.name = to.name.to_string();
                    } else if to.parent.as_deref() == Some(&target) {
                        for name in &mut key.referenced_columns {
                            if *name == *from.name {
                                *name = to.name.to_string();
                            }
                        }
                    }
                }
                _ => continue,
            }
            if changed != **object {
                *object = changed.into();
            }
        }
    }
    named
}
