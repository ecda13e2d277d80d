//! Taking over a database as it is: the plan that makes its catalog from nothing, proven on scratch where nothing but the
//! printing of PostgreSQL can differ.

use super::{Hands, ProjectError, is_initial};
use crate::author::{AuthorError, Databases, Phase, Proof};
use crate::diff::{Change, compare};
use crate::kind::language::Desired;
use crate::kind::row::tables;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::pg::introspect::introspect;
use crate::pg::rows::introspect_with;
use crate::plan::{Arrangement, Plan, PlanError, PlanOptions, plan};
use crate::scratch::build::{BuildError, ensure_roles_of, run_plan};
use crate::scratch::seed;

/// A catalog as a migration from an empty database.
#[derive(Debug, Clone)]
pub struct Adopted {
    /// What makes it.
    pub up: Plan,
    /// What takes it away.
    pub down: Plan,
    /// What was proven.
    pub proof: Proof,
}

/// Why a catalog cannot be taken over.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// It is not rebuilt as it was.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The scratch databases, or the plan.
    #[error("{0}")]
    Author(Box<AuthorError>),
}

/// Plans the way from an empty database to `catalog` (managed already) and back, and proves it; what a new database has
/// and this one must not is `absent`. Rows and hand-written objects are those that `desired` speaks of.
///
/// # Errors
/// [`ProjectError::Rebuild`], [`ProjectError::NotSame`], or no scratch database.
pub async fn adopt<D: Databases>(
    databases: &D,
    catalog: &Catalog,
    absent: &[ObjectId],
    role: &str,
    desired: &Desired,
    arrangement: Option<Arrangement<'_>>,
) -> Result<Adopted, AdoptError> {
    databases.tell(&Phase::Before);
    let session = databases
        .database("baseline")
        .await
        .map_err(AuthorError::Database)?;
    ensure_roles_of(&session, catalog)
        .await
        .map_err(AuthorError::Sql)?;
    let fresh = introspect(session.client())
        .await
        .map_err(AuthorError::Introspect)?;
    let empty = initial(&fresh, catalog, absent);
    let bench = Bench {
        session: &session,
        history_schema: "",
        fresh: &fresh,
        desired,
    };
    bench.between(&empty, catalog, role, arrangement).await
}

/// The same from the state that files lead to, as `session` holds it, with the history of their run in `history_schema`.
///
/// # Errors
/// As of [`adopt`].
pub async fn adopt_from(
    session: &Session,
    history_schema: &str,
    from: &Catalog,
    catalog: &Catalog,
    role: &str,
    desired: &Desired,
) -> Result<Adopted, AdoptError> {
    let bench = Bench {
        session,
        history_schema,
        fresh: from,
        desired,
    };
    bench.between(from, catalog, role, None).await
}

/// The database in which the way is proven.
struct Bench<'a> {
    session: &'a Session,
    history_schema: &'a str,
    /// What it holds before.
    fresh: &'a Catalog,
    desired: &'a Desired,
}

impl Bench<'_> {
    async fn read(&self) -> Result<Catalog, AdoptError> {
        let hands = Hands::new(self.history_schema, crate::config::Scope::default()).all();
        let reached = introspect_with(self.session, self.desired)
            .await
            .map_err(AuthorError::Introspect)?;
        Ok(hands.of(&reached, &Desired::default()))
    }

    /// Why a catalog is not rebuilt: PostgreSQL does not read all that it prints.
    async fn why(&self, catalog: &Catalog, error: BuildError) -> ProjectError {
        let is_syntax = |error: &SqlError| error.is(&["42601"]);
        if let BuildError::Step {
            object: Some(id),
            error: said,
            ..
        } = &error
            && is_syntax(said)
            && let Some(query) = catalog.get(id).and_then(Object::query)
            && let Err(refused) = self.session.client().prepare(query).await
            && is_syntax(&SqlError::new(&refused, query))
        {
            return ProjectError::Unread {
                object: id.clone(),
                error: said.clone(),
            };
        }
        ProjectError::Rebuild(Box::new(error))
    }

    async fn between(
        &self,
        empty: &Catalog,
        catalog: &Catalog,
        role: &str,
        arrangement: Option<Arrangement<'_>>,
    ) -> Result<Adopted, AdoptError> {
        let Bench { session, fresh, .. } = *self;
        let mut options = PlanOptions {
            server_version: session.server_version_num(),
            role,
            online: false,
            exact: None,
            stand_in: false,
            anew: None,
            arrangement,
        };
        let up = plan(empty, catalog, options).map_err(AuthorError::Plan)?;
        let back = arrangement.map(|it| it.parts.back(&up, it.prefer));
        options.arrangement = arrangement.map(|it| Arrangement {
            prefer: back.as_deref().unwrap_or_default(),
            ..it
        });
        let down = plan(catalog, empty, options).map_err(AuthorError::Plan)?;
        if let Err(error) = run_plan(session, &up).await {
            return Err(self.why(catalog, error).await.into());
        }
        let reached = self.read().await?;
        let same = |direction: &'static str, reached: &Catalog, wanted: &Catalog, alike: bool| {
            let objects: Vec<String> = compare(reached, wanted)
                .into_iter()
                // Roles are the cluster's: a way back leaves them.
                .filter(|(id, _)| !id.is_of_cluster())
                // Another spelling of what this very text made is no difference; another structure is.
                .filter(|(_, change)| alike || *change != Change::Alter)
                .map(|(id, change)| match change {
                    Change::Create => format!("{id} is missing"),
                    Change::Drop => format!("{id} is left over"),
                    Change::Alter => format!("{id} is different"),
                })
                .collect();
            if objects.is_empty() {
                Ok(())
            } else {
                Err(ProjectError::NotSame { direction, objects })
            }
        };
        // What a new database has and the catalog does not speak of stays as it is.
        let with_initial = |catalog: &Catalog| {
            let mut all = catalog.clone();
            for (id, object) in &fresh.objects {
                if hands_over(id) && !empty.contains(id) {
                    all.objects
                        .entry(id.clone())
                        .or_insert_with(|| object.clone());
                }
            }
            all
        };
        same("up", &reached, &with_initial(catalog), false)?;
        let lookups = tables(catalog);
        let seeding = catalog.filtered(|id, _| !lookups.contains(id));
        let seeded = seed::seed(session, &seeding).await;
        let tables = seed::count(session, catalog).await.len();
        run_plan(session, &down)
            .await
            .map_err(|error| ProjectError::Rebuild(Box::new(error)))?;
        same("down", &self.read().await?, &with_initial(empty), true)?;
        Ok(Adopted {
            up,
            down,
            proof: Proof {
                server: session.server_version().to_owned(),
                seeded,
                tables,
                ..Proof::default()
            },
        })
    }
}

fn hands_over(id: &ObjectId) -> bool {
    !id.is_of_cluster()
}

/// What of a new database the catalog speaks of, and schemas in which somebody else's objects stand: it is not made again,
/// and not taken away, but for what must be absent.
fn initial(fresh: &Catalog, catalog: &Catalog, absent: &[ObjectId]) -> Catalog {
    fresh.filtered(|id, _| {
        // What a server's own template gives needs not be given.
        id.is_built_in() && catalog.contains(id)
            || (is_initial(id) || id.kind == Kind::Schema)
                && id
                    .ancestors()
                    .last()
                    .is_some_and(|top| catalog.contains(top) || absent.contains(top))
    })
}

/// The statements that make a catalog from an empty database, as a script for psql.
///
/// # Errors
/// No order was found.
pub fn script_of(catalog: &Catalog, server_version: u32, role: &str) -> Result<String, PlanError> {
    let options = PlanOptions {
        server_version,
        role,
        online: false,
        exact: None,
        stand_in: false,
        anew: None,
        arrangement: None,
    };
    // Every database has schema public and plpgsql.
    let empty = catalog.filtered(|id, _| is_initial(id));
    let plan = plan(&empty, catalog, options)?;
    Ok(crate::author::script(&plan))
}

impl From<AuthorError> for AdoptError {
    fn from(error: AuthorError) -> AdoptError {
        AdoptError::Author(Box::new(error))
    }
}
