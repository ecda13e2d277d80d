//! The state that `graph` and `docs` show: what the KDL files ask for, what the migrations lead to, or what is live.

use super::arguments::State as Wanted;
use super::context::Context;
use super::failure::Failure;
use super::inspect::{shown_part, with_declared_secrets};
use super::live::Live;
use super::refused::authoring;
use crate::config::Scope;
use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::model::Exit;
use crate::project::{
    Declared, Extent, Hands, Workspace, elaborated, hosts_own, others_histories, replay,
};

/// A state, and what it is called.
pub(super) struct Shown {
    pub(super) catalog: Catalog,
    /// `shop: the KDL files`, `shop@db:5432 (15.8)`.
    pub(super) label: String,
    /// The database's or the project's own name.
    pub(super) name: String,
    /// Who is a member of which role in the cluster, whoever declares the roles; none where no database is shown.
    pub(super) members: Vec<(String, String)>,
    /// The files of the project, where there is one.
    pub(super) declared: Option<Declared>,
}

/// Reads the state that was asked for; where nothing was said, the live one if a database is named, else the files'.
pub(super) async fn shown_state(
    context: &Context,
    command: &str,
    wanted: Option<Wanted>,
) -> Result<Shown, Failure> {
    let workspace = context.project_or_none(command)?;
    let named = context.global.url.is_some() || context.global.env.is_some();
    let wanted = wanted.unwrap_or(if named || workspace.is_none() {
        Wanted::Live
    } else {
        Wanted::Files
    });
    match (wanted, workspace) {
        (Wanted::Live, workspace) => live(context, workspace.as_ref()).await,
        (Wanted::Files, Some(workspace)) => files(context, &workspace).await,
        (Wanted::Migrations, Some(workspace)) => migrations(context, &workspace).await,
        (_, None) => Err(Failure::said(
            "cli::no-project",
            Exit::Input,
            "there is no project here, so neither files nor migrations".to_owned(),
            "go to a project, name it by `--project DIR`, or name a database by `--url`",
        )),
    }
}

async fn live(context: &Context, workspace: Option<&Workspace>) -> Result<Shown, Failure> {
    let live = Live::connect(context, workspace).await?;
    let everything = with_declared_secrets(workspace, live.catalog().await?);
    let hands = workspace.map_or_else(
        || Hands::new("schemactl", Scope::default()),
        Workspace::hands,
    );
    let own = hosts_own(&everything, hands.scope());
    let hands = hands.without(&own);
    let others = others_histories(&everything, hands.scope());
    Ok(Shown {
        catalog: hands
            .beside(others.iter().flat_map(|it| &it.lines))
            .all()
            .of(&everything, &Desired::default()),
        label: live.label(),
        name: live.database().to_owned(),
        members: members(&live).await,
        // What the files say beside the schema, tags, is said of the live one too.
        declared: workspace.and_then(|workspace| workspace.declared().ok()),
    })
}

/// Role and member, but for those that PostgreSQL has itself.
async fn members(live: &Live) -> Vec<(String, String)> {
    const SQL: &str = "SELECT r.rolname, m.rolname FROM pg_catalog.pg_auth_members a \
        JOIN pg_catalog.pg_roles r ON r.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member \
        WHERE m.rolname !~ '^pg_' ORDER BY 1, 2";
    // Who may not read them sees those that the files declare.
    let rows = live.session.texts(SQL).await.unwrap_or_default();
    let pair = |row: Vec<Option<String>>| {
        let mut row = row.into_iter();
        Some((row.next()??, row.next()??))
    };
    rows.into_iter().filter_map(pair).collect()
}

async fn files(context: &Context, workspace: &Workspace) -> Result<Shown, Failure> {
    let declared = workspace.declared()?;
    let databases = context.scratch(Some(workspace), None).await?;
    let catalog = elaborated(&databases, workspace, &declared.desired)
        .await
        .map_err(|error| authoring(error, &declared.sources, &declared.desired))?;
    Ok(Shown {
        catalog,
        label: format!("{}, as the KDL files say", name_of(workspace)),
        name: name_of(workspace),
        members: Vec::new(),
        declared: Some(declared),
    })
}

async fn migrations(context: &Context, workspace: &Workspace) -> Result<Shown, Failure> {
    let folder = workspace.migrations()?.check()?;
    let databases = context.scratch(Some(workspace), None).await?;
    let history = &workspace.project.history_schema;
    let replayed = replay(
        &databases,
        &folder,
        history,
        &Desired::default(),
        Extent::Up,
    )
    .await?;
    Ok(Shown {
        catalog: shown_part(workspace, &replayed.catalog),
        label: format!("{}, as the migrations leave it", name_of(workspace)),
        name: name_of(workspace),
        members: Vec::new(),
        declared: workspace.declared().ok(),
    })
}

/// What a project calls its database.
pub(super) fn name_of(workspace: &Workspace) -> String {
    match workspace.project.databases.len() {
        0 | 1 => workspace.project.name.value.clone(),
        _ => workspace.database().name.value.clone(),
    }
}
