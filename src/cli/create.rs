//! `create`: the databases of the project that are missing, with their owners, settings, grants and the declared roles.

use super::answer::CreatedAnswer;
use super::arguments::Create;
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live, Place};
use super::report::escaped;
use super::screen::Paint;
use crate::config::{Settings, Variables};
use crate::model::Exit;
use crate::pg::connect::{ConnectError, Session};
use crate::pg::target::Target;
use crate::project::{Blueprint, Created, Workspace, create};

/// Databases that servers have, and in which nothing has to be done to make another.
const ELSEWHERE: [&str; 2] = ["postgres", "template1"];

pub(super) async fn run(context: &Context, _: Create) -> Result<Exit, Failure> {
    context.formats("create")?;
    let workspace = context.project("create")?;
    let place = Place::of(context, Some(&workspace), &context.flags()).await?;
    let created = made(context, &workspace, &place).await?;
    if context.screen.is_json() {
        context.screen.print_json(&CreatedAnswer {
            ok: true,
            database: place.target.database().to_owned(),
            created: created.database,
            roles: created.roles,
        });
    } else if !created.database {
        context.screen.say(format!(
            "  database {} is there already, and stays as it is",
            escaped(place.target.database())
        ));
    }
    DONE
}

/// Makes the database of a place, where it is missing; a person is asked where the environment is protected.
async fn made(context: &Context, workspace: &Workspace, place: &Place) -> Result<Created, Failure> {
    let session = elsewhere(&place.target).await?;
    if place.settings.policies.is_protected()
        && !crate::project::is_there(&session, place.target.database()).await?
    {
        context.screen.confirm(&format!(
            "Make the database {}?",
            super::report::label(&place.target)
        ))?;
    }
    let (settings, variables) = (&place.settings, &place.variables);
    let name = place.target.database();
    make(context, workspace, settings, variables, &session, name).await
}

/// Makes the database `name` by a session in another one of its server, and says what was made.
pub(super) async fn make(
    context: &Context,
    workspace: &Workspace,
    settings: &Settings,
    variables: &Variables,
    session: &Session,
    name: &str,
) -> Result<Created, Failure> {
    let desired = workspace.declared()?.desired;
    let blueprint = Blueprint::of(workspace, &desired, &settings.policies, variables, name);
    let created = create(session, &blueprint).await?;
    let screen = &context.screen;
    let tell = |what: &str, words: &str| {
        screen.say(format!(
            "  {} made {}{}",
            screen.paint(Paint::Good, "✓"),
            escaped(what),
            match words {
                "" => String::new(),
                words => format!("   {}", escaped(words)),
            }
        ));
    };
    for role in &created.roles {
        tell(&format!("role {role}"), "");
    }
    if created.database {
        tell(&format!("database {name}"), &blueprint.words());
    }
    Ok(created)
}

/// A session in a database of the server that is there.
pub(super) async fn elsewhere(target: &Target) -> Result<Session, Failure> {
    let mut last = None;
    for name in ELSEWHERE {
        match Session::connect(&target.with_database(name), "schemactl create").await {
            Ok(session) => return Ok(session),
            Err(error) => last = last.or(Some(error)),
        }
    }
    match last {
        Some(error) => Err(error.into()),
        None => Err(Failure::said(
            "create::elsewhere",
            Exit::Connect,
            "no database of the server lets anybody in".to_owned(),
            "let the role into database `postgres`",
        )),
    }
}

/// Connects for `apply`. A database that is not there and whose making the project describes is made, after a yes.
pub(super) async fn connected(
    context: &Context,
    workspace: &Workspace,
    looks_only: bool,
) -> Result<Live, Failure> {
    let failure = match Live::connect(context, Some(workspace)).await {
        Ok(live) => return Ok(live),
        Err(failure) => failure,
    };
    let is_missing = failure.reports.iter().any(|report| {
        let error = report.downcast_ref::<ConnectError>();
        matches!(error, Some(ConnectError::UnknownDatabase { .. }))
    });
    if !is_missing || !workspace.database().says_how_to_make() {
        return Err(failure);
    }
    let place = Place::of(context, Some(workspace), &context.flags()).await?;
    let name = escaped(place.target.database());
    if looks_only || place.settings.policies.is_protected() {
        return Err(Failure::said(
            "create::missing",
            Exit::Refused,
            format!("database `{name}` is not there yet"),
            &format!(
                "make it: `schemactl create --database {}`; nothing was run",
                escaped(&place.settings.database)
            ),
        ));
    }
    context.screen.confirm(&format!(
        "Database {} is not there. Make it as schemactl.kdl says?",
        super::report::label(&place.target)
    ))?;
    made(context, workspace, &place).await?;
    Live::connect(context, Some(workspace)).await
}

impl Place {
    /// Makes a database of the project's own server as the project says; nobody is asked, because nobody else has it.
    pub(super) async fn make_embedded(
        &self,
        context: &Context,
        workspace: Option<&Workspace>,
    ) -> Result<(), Failure> {
        let Some(cluster) = &self.embedded else {
            return Ok(());
        };
        let name = self.target.database();
        if let Some(workspace) = workspace.filter(|it| it.database().says_how_to_make()) {
            let session = cluster.session()?;
            if !crate::project::is_there(session, name).await? {
                let (settings, variables) = (&self.settings, &self.variables);
                make(context, workspace, settings, variables, session, name).await?;
            }
        }
        cluster.database(name).await?;
        Ok(())
    }
}
