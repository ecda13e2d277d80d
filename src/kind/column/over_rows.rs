//! Columns that are added to tables which may hold rows: what the rows get.

use super::filling::{Filling, filling};
use super::published::identified;
use super::stand_in::{self, Fill};
use super::{Column, head, only};
use crate::kind::default::{as_default, gives_value};
use crate::kind::domain;
use crate::kind::{Catalog, Context, Statement, not_null, online, parts, reference, row};
use crate::model::{Kind, ObjectId};
use crate::sql::quote::ident;

impl Column {
    /// A column of a table that may hold rows: added open, filled with the author's value or with one that stands in for
    /// what is gone, then closed where it refuses null. `None` where there is no value or the table is made in the same plan.
    pub(super) fn create_filled(
        &self,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Option<Vec<Statement>> {
        let table = id.parent.as_deref()?;
        if self.identity.is_some() || self.generated.is_some() || !context.keeps(table) {
            return None;
        }
        let has_default = gives_value(id, context.after);
        // Such a column can't be added open.
        let by_type = domain::refuses_null(&self.data_type, context.after);
        let fill = match filling(id, context) {
            // The default's own statements give the rows their values.
            Some(Filling::RowByRow(_)) if has_default => return None,
            Some(Filling::RowByRow(value)) => Fill::Rows(value),
            Some(Filling::AtOnce(value)) => Fill::Constant(value),
            None if !self.refuses_null(context) || has_default => return None,
            None if context.stand_in => stand_in::fill(self, id, context)?,
            None => Fill::Rows(row::filling(id, context)?),
        };
        let column = ident(&id.name);
        let relation = reference::parent(id);
        let open = Column {
            not_null: false,
            ..self.clone()
        };
        let fill_rows = |update: String| {
            let mut statements = vec![Statement::alter(
                head(id),
                format!("ADD COLUMN {}", open.definition(id, context)),
            )];
            // Rows are numbered once and all together: those of a range alone would get numbers that others have.
            let at_once = matches!(fill, Fill::Numbered { .. });
            let apart = !at_once && online::closes_apart(id, context);
            // What others wrote meanwhile stays.
            let update = match apart {
                true => format!("{update} WHERE {column} IS NULL"),
                false => update,
            };
            if by_type {
                let definition = Column {
                    data_type: domain::base(&self.data_type, context.after).to_owned(),
                    ..open.clone()
                }
                .definition(id, context);
                statements = vec![Statement::alter(
                    head(id),
                    format!("ADD COLUMN {definition}"),
                )];
                statements.extend(in_quiet(update, id, context));
                let retyped = format!("ALTER COLUMN {column} TYPE {}", self.data_type);
                statements.push(Statement::alter(head(id), retyped));
                statements.extend(self.not_null.then(|| not_null::begin(id, context)));
                return statements;
            }
            if !self.not_null && !at_once {
                statements.extend(online::fill_open(id, update, context));
                return statements;
            }
            let fill = in_quiet(update, id, context);
            if apart {
                statements.extend(online::refuse_null(id, fill, false, context));
                return statements;
            }
            statements.extend(fill);
            statements.extend(self.not_null.then(|| not_null::begin(id, context)));
            statements
        };
        let mut statements = match &fill {
            // As a default it needs no rewrite and wakes no trigger.
            Fill::Constant(value) => {
                let added = format!(
                    "ADD COLUMN {} DEFAULT {}",
                    self.definition(id, context),
                    as_default(value)
                );
                let mut statements = vec![Statement::alter(head(id), added)];
                // Its own default takes the place of this one.
                if !has_default {
                    let dropped = format!("{} ALTER COLUMN {column} DROP DEFAULT", head(id));
                    statements.push(Statement::sql(dropped));
                }
                statements
            }
            Fill::Rows(value) => fill_rows(format!("UPDATE {relation} SET {column} = {value}")),
            Fill::Numbered {
                value,
                source,
                within,
            } => {
                let within: Vec<String> = within.iter().map(|column| ident(column)).collect();
                let over = match within.is_empty() {
                    true => String::new(),
                    false => format!("PARTITION BY {}", within.join(", ")),
                };
                fill_rows(format!(
                    "UPDATE {relation} SET {column} = {value}\nFROM (\n    SELECT tableoid, ctid, row_number() OVER ({over}) AS n\n    FROM {relation}\n) AS numbered{source}\nWHERE {relation}.tableoid = numbered.tableoid AND {relation}.ctid = numbered.ctid"
                ))
            }
        };
        statements.extend(
            self.settings(id)
                .into_iter()
                .map(|action| Statement::alter(only(id, context), action)),
        );
        Some(statements)
    }

    /// An identity column on a table that has children: PostgreSQL gives it to the table alone, once the column is
    /// there in all of them. `None` where it can be added as it is.
    pub(super) fn create_identity(
        &self,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Option<Vec<Statement>> {
        let table = id.parent.as_deref()?;
        let identity = self.identity.as_ref()?;
        let carried_down =
            context.server_version >= 170_000 && parts::is_partitioned(table, context.before);
        if carried_down || !context.keeps(table) || !has_children(table, context.before) {
            return None;
        }
        let plain = Column {
            identity: None,
            not_null: true,
            ..self.clone()
        };
        let column = ident(&id.name);
        let mut statements = vec![
            Statement::alter(
                head(id),
                format!("ADD COLUMN {} DEFAULT 0", plain.definition(id, context)),
            ),
            Statement::sql(format!("{} ALTER COLUMN {column} DROP DEFAULT", head(id))),
            Statement::alter(
                head(id),
                format!("ALTER COLUMN {column} ADD {}", identity.clause()),
            ),
        ];
        statements.extend(in_quiet(
            format!("UPDATE {} SET {column} = DEFAULT", reference::parent(id)),
            id,
            context,
        ));
        statements.extend(
            self.settings(id)
                .into_iter()
                .map(|action| Statement::alter(only(id, context), action)),
        );
        Some(statements)
    }
}

/// Whether other tables take their columns from this one.
fn has_children(table: &ObjectId, catalog: &Catalog) -> bool {
    catalog
        .of_kind(Kind::Partition)
        .chain(catalog.of_kind(Kind::Inherits))
        .filter_map(|(id, _)| id.parent.as_deref())
        .any(|child| parts::parent_tables(child, catalog).contains(table))
}

/// A change of all rows that nobody makes: where it stands in for something, what watches changes sleeps.
pub(in crate::kind) fn in_quiet(
    update: String,
    column: &ObjectId,
    context: &Context<'_>,
) -> Vec<Statement> {
    let Some(table) = column.parent.as_deref() else {
        return Vec::new();
    };
    let head = reference::alter_relation(table);
    let mut statements = vec![Statement::sql(update)];
    if context.stand_in && stand_in::may_sleep(table, context) {
        statements.insert(0, Statement::sql(format!("{head} DISABLE TRIGGER USER")));
        statements.push(Statement::sql(format!("{head} ENABLE TRIGGER USER")));
    }
    identified(table, statements, context)
}
