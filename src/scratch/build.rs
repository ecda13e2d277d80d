//! Building a catalog on a scratch database, from nothing, by the same planner that writes migrations.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cluster::{clear, has_ties, is_own_role};
use super::execute::{run_in_order, take_stock};
use super::rights::{Beyond, Rights};
use crate::kind::{Catalog, Object};
use crate::model::{Exit, Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::pg::introspect::{IntrospectError, introspect};
use crate::pg::spared::refusal;
use crate::plan::{Plan, PlanError, PlanOptions, Verb, plan};
use crate::sql::placeholder::fill;
use crate::sql::quote::ident;
use crate::sql::respell::respell;

/// Why a catalog could not be built on scratch.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum BuildError {
    /// The scratch database could not be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Introspect(#[from] IntrospectError),
    /// No order was found.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Plan(#[from] PlanError),
    /// PostgreSQL refused a statement.
    #[error("{step} fails on the scratch database: {error}")]
    #[diagnostic(code(scratch::step), help("{statement}"))]
    Step {
        /// What the statement was to do.
        step: String,
        /// The object that it is about.
        object: Option<ObjectId>,
        /// Its text.
        statement: String,
        /// What PostgreSQL said.
        error: SqlError,
    },
    /// PostgreSQL refused something between the steps.
    #[error("the scratch database fails: {0}")]
    #[diagnostic(code(scratch::failed), help("{}", remedy(.0)))]
    Sql(SqlError),
}

impl BuildError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            BuildError::Introspect(error) => error.exit(),
            BuildError::Plan(error) => error.exit(),
            BuildError::Sql(error) if error.is(&["42501"]) => Exit::Connect,
            BuildError::Step { .. } | BuildError::Sql(_) => Exit::Failed,
        }
    }
}

fn remedy(error: &SqlError) -> &'static str {
    match error.is(&["42501"]) {
        true => {
            "roles that the schema names have to be there where it is tried out: make them, connect there as a role with CREATEROLE, or use another server: `--scratch URL`, or PostgreSQL installed here"
        }
        false => "nothing was written; see the message of the server",
    }
}

/// Makes the roles that a catalog mentions, where the cluster does not have them.
///
/// # Errors
///
/// When PostgreSQL refuses it.
pub async fn ensure_roles<'a>(
    session: &Session,
    roles: impl IntoIterator<Item = &'a str>,
) -> Result<(), SqlError> {
    let named: Vec<&str> = roles
        .into_iter()
        .filter(|role| *role != "public" && !role.starts_with("pg_"))
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    const MISSING: &str = "SELECT name FROM pg_catalog.unnest($1::text[]) name \
                           WHERE name NOT IN (SELECT rolname::text FROM pg_catalog.pg_roles) ORDER BY name";
    let missing = session.texts_of(MISSING, &[&named]).await?;
    let missing: Vec<&str> = missing
        .iter()
        .filter_map(|row| row.first()?.as_deref())
        .collect();
    if let Some(role) = missing.first().filter(|_| session.spares_cluster()) {
        return Err(refusal(&format!("CREATE ROLE {}", ident(role))));
    }
    let make: Vec<String> = missing
        .iter()
        .map(|role| {
            // Another run may make it at the same time.
            format!(
                "BEGIN CREATE ROLE {}; EXCEPTION WHEN duplicate_object OR unique_violation THEN END;",
                ident(role)
            )
        })
        .collect();
    if make.is_empty() {
        return Ok(());
    }
    let body = format!("BEGIN {} END", make.join(" "));
    session
        .execute(&format!("DO {}", crate::sql::quote::dollar(&body)))
        .await
}

/// Makes the roles that a catalog mentions and, where the cluster is ours, those that were beside it: texts may name them.
///
/// A spared cluster makes no role, so one that nothing mentions is not missed there: it may have come and gone meanwhile.
///
/// # Errors
///
/// When PostgreSQL refuses it.
pub async fn ensure_roles_of(session: &Session, catalog: &Catalog) -> Result<(), SqlError> {
    let mut roles = mentioned_roles(catalog);
    if !session.spares_cluster() {
        roles.extend(catalog.origin.roles.iter().cloned());
    }
    ensure_roles(session, roles.iter().map(String::as_str)).await
}

/// The roles that own, are granted or have default privileges in a catalog, and those that policies, user mappings and
/// memberships name.
fn mentioned_roles(catalog: &Catalog) -> BTreeSet<String> {
    let mut roles = BTreeSet::new();
    for (id, object) in &catalog.objects {
        match object.as_ref() {
            Object::Owner(owner) => roles.extend([owner.role.clone()]),
            Object::Grant(grant) => {
                roles.insert(id.name.to_string());
                roles.extend(grant.grantor.clone());
            }
            Object::DefaultPrivilege(privilege) => {
                roles.extend([id.name.to_string(), privilege.grantee.clone()]);
            }
            Object::Policy(policy) => roles.extend(policy.roles.iter().cloned()),
            Object::UserMapping(_) => roles.extend([id.name.to_string()]),
            // A group that is declared is made as such.
            Object::RoleMembership(_)
                if !catalog.contains(&ObjectId::top(Kind::Role, &id.name)) =>
            {
                roles.insert(id.name.to_string());
            }
            _ => {}
        }
    }
    roles.remove("");
    roles
}

/// How texts that PostgreSQL printed are written into statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// So that PostgreSQL prints them again as they are.
    Exact,
    /// As printed, so that reading them back moves them towards their settled form.
    Printed,
}

/// The texts of a plan, part by part: whether it runs outside a transaction, and its statements.
pub fn texts(plan: &Plan) -> Vec<(bool, Vec<String>)> {
    spelled(plan, Spelling::Exact)
}

fn spelled(plan: &Plan, spelling: Spelling) -> Vec<(bool, Vec<String>)> {
    plan.parts()
        .into_iter()
        .map(|steps| {
            let outside = steps.iter().any(|step| step.statement.outside_transaction);
            (
                outside,
                steps
                    .iter()
                    .map(|step| match spelling {
                        Spelling::Exact => respell(&step.statement.text()).into_owned(),
                        Spelling::Printed => step.statement.text(),
                    })
                    .collect(),
            )
        })
        .collect()
}

/// Runs a plan on a scratch database.
///
/// # Errors
///
/// The step that fails, with its statement.
pub async fn run_plan(session: &Session, plan: &Plan) -> Result<(), BuildError> {
    run_spelled(session, plan, Spelling::Exact, false, None)
        .await
        .map(|_| ())
}

/// The same with the rights that the role that applies really has; gives the steps that these do not cover.
///
/// # Errors
///
/// The step that fails whoever runs it.
pub async fn run_plan_with(
    session: &Session,
    plan: &Plan,
    rights: &Rights,
) -> Result<Vec<Beyond>, BuildError> {
    rights.set(session, false).await.map_err(BuildError::Sql)?;
    let outcome = run_spelled(session, plan, Spelling::Exact, false, Some(rights)).await;
    rights.set(session, true).await.map_err(BuildError::Sql)?;
    outcome.map(|mut beyond| {
        beyond.extend(rights.lacking_for_roles(plan));
        beyond
    })
}

/// The statements with nothing in the place of secrets, which scratch neither has nor needs.
fn without_secrets(parts: Vec<(bool, Vec<String>)>) -> Vec<(bool, Vec<String>)> {
    parts
        .into_iter()
        .map(|(outside, texts)| (outside, texts.iter().map(|it| blank_secrets(it)).collect()))
        .collect()
}

/// A statement whose `${env:NAME}` are left empty.
pub(super) fn blank_secrets(sql: &str) -> String {
    fill(sql, |_| Some("")).unwrap_or_else(|_| sql.to_owned())
}

async fn run_spelled(
    session: &Session,
    plan: &Plan,
    spelling: Spelling,
    in_pieces: bool,
    rights: Option<&Rights>,
) -> Result<Vec<Beyond>, BuildError> {
    let mut parts = without_secrets(spelled(plan, spelling));
    let texts = parts.iter_mut().flat_map(|(_, texts)| texts);
    for (text, step) in texts.zip(&plan.steps) {
        if step.objects.iter().any(|(_, id)| is_own_role(id, session)) {
            "SELECT".clone_into(text);
        }
    }
    run_in_order(session, &parts, in_pieces, rights)
        .await
        .map_err(|(index, error)| {
            let found = plan.steps.get(index);
            let first = found.and_then(|step| step.objects.first());
            let (step, statement) = match found {
                Some(step) => (describe(first), step.statement.text()),
                None => ("the end of the plan".to_owned(), String::new()),
            };
            BuildError::Step {
                step,
                object: first.map(|(_, id)| id.clone()),
                statement,
                error,
            }
        })
}

fn describe(object: Option<&(Verb, ObjectId)>) -> String {
    match object {
        Some((Verb::Drop, id)) => format!("dropping {id}"),
        Some((Verb::Alter, id)) => format!("altering {id}"),
        Some((Verb::Create, id)) => format!("creating {id}"),
        None => "a step".to_owned(),
    }
}

/// What a new database holds; without roles, which belong to the cluster.
///
/// # Errors
///
/// When a query fails.
pub async fn empty(session: &Session) -> Result<Catalog, IntrospectError> {
    let empty = introspect(session.client()).await?;
    Ok(empty.filtered(|id, _| !id.is_of_cluster()))
}

/// Builds a catalog in a new scratch database that holds what `empty` says.
///
/// # Errors
///
/// When no order is found or a statement fails.
pub async fn build(
    session: &Session,
    catalog: &Catalog,
    empty: &Catalog,
    spelling: Spelling,
) -> Result<(), BuildError> {
    ensure_roles(session, mentioned_roles(catalog).iter().map(String::as_str))
        .await
        .map_err(BuildError::Sql)?;
    if has_ties(catalog.objects.keys()) {
        clear(session).await.map_err(BuildError::Sql)?;
    }
    let options = PlanOptions {
        server_version: session.server_version_num(),
        role: &empty.origin.role,
        online: false,
        exact: None,
        stand_in: false,
        anew: None,
        arrangement: None,
    };
    let run = async |plan: &Plan| {
        run_spelled(session, plan, spelling, true, None).await?;
        take_stock(session, plan.steps.len()).await;
        Ok(())
    };
    let first = run(&plan(empty, catalog, options)?).await;
    let Err(BuildError::Step { .. }) = first else {
        return first;
    };
    // Rows that were once computed may be out of reach now: of an owner without rights, of a query that fails.
    let mut bare = catalog.clone();
    for object in bare.objects.values_mut() {
        Arc::make_mut(object).leave_rows_out();
    }
    if bare.objects == catalog.objects {
        return first;
    }
    // What was made until then goes again.
    let made = introspect(session.client()).await?;
    let made = made.filtered(|id, _| !id.is_of_cluster());
    run(&plan(&made, empty, options)?).await?;
    match run(&plan(empty, &bare, options)?).await {
        Ok(()) => Ok(()),
        Err(_) => first,
    }
}
