//! What a service does with its database when it starts: `on-start` of the environment, for databases of developers and tests.

use super::database::refuse_protected;
use super::{Apply, Database, Error, Event, Project, Version};
use crate::config::OnStart;
use crate::pg::connect::Session;
use crate::pg::target::Target;
use crate::project::{again, create, drop_database};

/// Databases from which another one can be dropped.
const ELSEWHERE: [&str; 2] = ["postgres", "template1"];

/// A database after a start.
#[derive(Debug)]
pub struct Started {
    /// The database, connected.
    pub database: Database,
    /// The versions that ran.
    pub applied: Vec<Version>,
    /// Whether the database was dropped and made anew.
    pub rebuilt: bool,
}

impl Project {
    /// Connects to a database of an environment and does what the environment says of it: `on-start nothing` (or silence) leaves
    /// it as it is, `apply` runs what is pending, `rebuild` drops it, makes it anew and runs everything.
    ///
    /// # Errors
    /// [`Error::Config`] for an unknown environment; [`Error::Protected`] where the environment, or the one that the database
    /// remembers, is protected, before anything is changed; [`Error::Create`]; as of [`Database::apply`].
    pub async fn start(
        &self,
        environment: &str,
        url: &str,
        options: &Apply,
        events: &mut (dyn for<'e> FnMut(&Event<'e>) + Send),
    ) -> Result<Started, Error> {
        let policies = self.workspace.project.policies(Some(environment))?;
        let mut database = self.connect(url).await?;
        database.session.call_roles(policies.role_names());
        let wanted = policies.on_start.unwrap_or(OnStart::Nothing);
        let started = |database| Started {
            database,
            applied: Vec::new(),
            rebuilt: false,
        };
        if wanted == OnStart::Nothing {
            return Ok(started(database));
        }
        if policies.protected == Some(true) {
            return Err(Error::Protected {
                environment: environment.to_owned(),
            });
        }
        let (_, state) = database.history().await?;
        refuse_protected(&state)?;
        let mut options = options.clone();
        if wanted == OnStart::Rebuild {
            // Files that can't run are found while there is something to lose.
            self.workspace.migrations()?.check()?;
            drop(database);
            rebuild(&Target::parse(url)?).await?;
            database = self.connect(url).await?;
            database.session.call_roles(policies.role_names());
            options.allow_data_loss = true;
        }
        let applied = database.apply(&options, events).await?;
        Ok(Started {
            applied,
            rebuilt: wanted == OnStart::Rebuild,
            ..started(database)
        })
    }
}

/// Drops a database and makes it as it was.
async fn rebuild(target: &Target) -> Result<(), Error> {
    let name = target.database();
    let mut elsewhere = None;
    for other in ELSEWHERE.iter().filter(|other| **other != name) {
        match Session::connect(&target.with_database(other), "schemactl").await {
            Ok(session) => return anew(&session, name).await,
            Err(error) => elsewhere = Some(error),
        }
    }
    match elsewhere {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

async fn anew(session: &Session, name: &str) -> Result<(), Error> {
    let as_it_was = again(session, name).await?;
    drop_database(session, name).await?;
    create(session, &as_it_was).await?;
    Ok(())
}
