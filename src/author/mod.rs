//! Writing a migration without the terminal: a base catalog and desired objects go in, a plan up and a plan down come
//! out, both proven on scratch. The down is no inverse of statements: it is the same comparison and plan with the two
//! catalogs exchanged.

mod back;
mod files;
mod likely;
mod names;
mod outside;
mod phase;
mod pieces;
mod places;
mod proof;
mod rows;
mod scope;
mod signatures;
mod silence;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use crate::diff::{Change, Changes, compare};
use crate::kind::column::{hand_down, is_automatic};
use crate::kind::language::{Desired, Rename};
use crate::kind::row::{computing, with_computed, with_leaned_on};
use crate::kind::{Catalog, HazardClass, Object, Statement};
use crate::model::{Exit, Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::pg::introspect::IntrospectError;
use crate::pg::rows::introspect_with;
use crate::plan::{Arrangement, Plan, PlanError, PlanOptions, Step, Verb, plan};
use crate::scratch::born::member_comments;
use crate::scratch::build::{BuildError, Spelling, build, empty, run_plan};
use crate::scratch::elaborate::{Doubts, ElaborateError, elaborate_under};
use crate::scratch::kept::Kept;
use crate::scratch::prove::{Forms, may_be_equal, settle};
use crate::scratch::rights::{Beyond, Rights};
use crate::sql::quote::ident;

use back::Back;
pub use files::{Heading, drafts, drafts_of, proven, script};
pub use likely::{Likely, Lost, likely_renames, lost_renames};
pub use names::{rename_steps, without_spellings};
pub use outside::Others;
pub use phase::{Listener, Phase};
pub use pieces::{Piece, pieces};
use proof::Rows;
pub(crate) use proof::{Both, OF_ROWS};
pub use proof::{Proof, ProofError};
pub use scope::Managed;
pub use silence::{MAY_BE_LEFT, is_said, left_by_default};

/// How many tables may be left empty one after another before a proof goes without rows.
const EMPTIED: usize = 5;

/// Where scratch databases come from.
pub trait Databases {
    /// A connection to a new, empty database; `name` says what for.
    ///
    /// # Errors
    ///
    /// When none can be made.
    fn database(&self, name: &str) -> impl Future<Output = Result<Session, DatabaseError>>;

    /// Where elaborated catalogs are kept, where the server is one of ours.
    fn kept(&self) -> Option<&Kept> {
        None
    }

    /// What the role that applies may do, where the scratch server is ours and that role may not do all.
    fn rights(&self) -> Option<&Rights> {
        None
    }

    /// Who hears what is being done in them.
    fn listener(&self) -> Option<&Listener> {
        None
    }

    /// Tells what is being done in them.
    fn tell(&self, phase: &Phase<'_>) {
        if let Some(listener) = self.listener() {
            listener.tell(phase);
        }
    }
}

/// A scratch database that could not be made: the message and the exit class of whoever tried.
#[derive(Debug)]
pub struct DatabaseError {
    /// What went wrong, with its help.
    pub report: miette::Report,
    /// The exit class.
    pub exit: Exit,
}

/// What one authoring starts from.
pub struct Request<'a> {
    /// The state after the last file, as the live database or a replay shows it: everything, managed or not.
    pub base: &'a Catalog,
    /// What the files ask for.
    pub desired: &'a Desired,
    /// What is in the project's hands.
    pub managed: &'a Managed<'a>,
    /// The role that will run the migration.
    pub role: &'a str,
    /// Whether others must not wait.
    pub online: bool,
    /// The services, where the project has some, and their order where nothing else decides.
    pub arrangement: Option<Arrangement<'a>>,
}

/// A change that was planned and proven.
#[derive(Debug)]
pub struct Authored {
    /// The statements of the way up, renames first.
    pub up: Plan,
    /// The statements of the way down, renames last.
    pub down: Plan,
    /// The objects that differ, for people.
    pub changes: Changes,
    /// The renames that are planned.
    pub renames: Vec<Rename>,
    /// The managed state before.
    pub before: Catalog,
    /// The managed state after.
    pub after: Catalog,
    /// What was proven.
    pub proof: Proof,
    /// What each service gets; none where there are no services.
    pub pieces: Vec<Piece>,
}

/// Why no change could be written.
#[derive(Debug, thiserror::Error)]
pub enum AuthorError {
    /// The scratch database.
    #[error("{}", .0.report)]
    Database(DatabaseError),
    /// The desired state.
    #[error(transparent)]
    Elaborate(#[from] ElaborateError),
    /// The base state could not be rebuilt.
    #[error("the present state cannot be rebuilt on the scratch database: {0}")]
    Base(BuildError),
    /// A plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A scratch database could not be read.
    #[error(transparent)]
    Introspect(#[from] IntrospectError),
    /// The proof did not close.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// Objects exchange names, and nothing tells whether they have done so already.
    #[error("{} exchange their names, and are so alike that nothing tells whether they have done so already", pairs(.0))]
    Exchange(Vec<Rename>),
    /// Something of others is in the way.
    #[error(transparent)]
    Others(#[from] Others),
    /// A scratch database failed between the steps.
    #[error("the scratch database fails: {0}")]
    Sql(SqlError),
}

impl AuthorError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            AuthorError::Database(error) => error.exit,
            AuthorError::Elaborate(error) => error.exit(),
            AuthorError::Base(error) => error.exit(),
            AuthorError::Plan(error) => error.exit(),
            AuthorError::Introspect(error) => error.exit(),
            AuthorError::Proof(ProofError::Rights { .. }) => Exit::Connect,
            AuthorError::Exchange(_) => Exit::Input,
            AuthorError::Others(_) => Exit::Refused,
            AuthorError::Proof(_) | AuthorError::Sql(_) => Exit::Failed,
        }
    }
}

fn pairs(exchange: &[Rename]) -> String {
    let names: Vec<String> = exchange
        .iter()
        .map(|rename| rename.to.to_string())
        .collect();
    names.join(" and ")
}

/// Plans and proves the way from the base to the desired state. `None` where there is nothing to do. What is odd and stops
/// nothing is put into `doubts`.
///
/// # Errors
///
/// When the desired state is refused, no order exists, or the proof does not close.
pub async fn author<D: Databases>(
    databases: &D,
    request: &Request<'_>,
    doubts: &mut Doubts,
) -> Result<Option<Authored>, AuthorError> {
    let mut layout = Cow::Borrowed(request.base);
    let mut rounds = 0..ROUNDS;
    loop {
        let bodies = doubts.bodies.len();
        let authored = author_on(databases, request, &layout, doubts).await?;
        let Some(authored) = authored else {
            return Ok(None);
        };
        let Authored {
            up, after, proof, ..
        } = &authored;
        let moved = places::out_of_place(up, &proof.places, after);
        if moved.is_empty() || rounds.next().is_none() {
            return Ok(Some(authored));
        }
        let renames = &request.desired.renames;
        let moved = places::with_places(&layout, &moved, &proof.places, renames);
        layout = Cow::Owned(moved);
        doubts.bodies.truncate(bodies);
    }
}

/// The same, with columns in the places that `layout` gives them.
async fn author_on<D: Databases>(
    databases: &D,
    request: &Request<'_>,
    layout: &Catalog,
    doubts: &mut Doubts,
) -> Result<Option<Authored>, AuthorError> {
    let Request { desired, role, .. } = request;
    databases.tell(&Phase::Declared);
    let session = databases
        .database("desired")
        .await
        .map_err(AuthorError::Database)?;
    let empty = empty(&session).await?;
    let owners = silence::owners(desired, request.base, &request.managed.left);
    let elaborated = elaborate_under(
        &session,
        desired,
        &owners,
        Some(layout),
        &empty,
        databases.kept(),
        doubts,
    )
    .await?;
    let mut outside = foreign_comments(request.base, &elaborated, desired);
    // Also where the files call partitions tables of their own.
    outside.extend(request.managed.left_out_with_others(request.base));
    let managed = &request.managed.without(outside);
    let mut before = managed.of(request.base, desired);
    let is_recorded = |id: &&ObjectId| before.get(id).is_some_and(Object::is_left_over);
    let recorded = managed.recorded.iter().filter(is_recorded);
    before.made_whole = recorded.cloned().collect();
    let wanted = silence::take_over(
        &managed.of(&elaborated, desired),
        &before,
        desired,
        role,
        &managed.left,
    );
    drop(session);
    // What rows compute once stays in those that are there, by whatever name.
    let mut wanted = with_computed(Cow::Owned(wanted), &before);
    if !computing(&wanted).is_empty() {
        let renames = desired.renames.iter();
        let renamed = renames.fold(before.clone(), |state, rename| {
            state.renamed(&rename.from, &rename.to)
        });
        wanted = with_computed(wanted, &renamed);
    }
    let wanted = wanted.into_owned();

    let declared = names::declared_renames(&before, &wanted, desired);
    let mut renames = declared.renames;

    // What a new database has and is not in the project's hands stays in every scratch database, as it does in the live one.
    let empty = managed.of(&empty, desired);
    // The base as PostgreSQL prints it after a rebuild, and after the renames.
    let reading = rows::spoken_of(desired, &before);
    let bench = Bench {
        databases,
        managed,
        desired: &reading,
        empty: &empty,
    };
    for exchange in declared.exchanges {
        renames = exchanged(&bench, &before, &wanted, renames, exchange).await?;
    }
    let (mut wanted, same) =
        names::same_parts(&before, wanted, desired, &renames, managed.everything);
    if !same.is_empty() {
        renames.extend(same);
        renames = names::in_order(&before, renames);
    }
    let left = &managed.left;
    silence::take_over_named(&mut wanted, &before, &renames, desired, role, left);
    if renames.is_empty() && compare(&before, &wanted).is_empty() {
        return Ok(None);
    }
    let mut base = Base::build(&bench, &before, &wanted, &renames).await?;
    if !base.moves.there.is_empty() {
        // What speaks of what moved is alike only now.
        let (again, same) =
            names::same_parts(&base.renamed, wanted, desired, &[], managed.everything);
        wanted = again;
        if !same.is_empty() {
            renames.extend(same);
            renames = names::in_order(&before, renames);
            base = Base::build(&bench, &before, &wanted, &renames).await?;
        }
        silence::take_over_named(&mut wanted, &before, &renames, desired, role, left);
    }
    let mut wanted_forms = Forms::of_shared(&wanted, &before);
    let mut after = settle(&base.renamed, &base.renamed_forms, &wanted, &wanted_forms);
    let doubtful = compare(&base.renamed, &after).iter().any(|(id, change)| {
        *change == Change::Alter
            && matches!((base.renamed.get(id), after.get(id)), (Some(one), Some(other)) if may_be_equal(one, other))
    });
    if doubtful {
        let rename = |id: &ObjectId| names::renamed(id, &renames);
        for (id, object) in bench.settled_forms(&before).await? {
            base.forms.add_as(&id, &object);
            base.renamed_forms.add_as(&rename(&id), &object);
        }
        let printed: Catalog = Catalog {
            objects: bench
                .settled_forms(&elaborated)
                .await?
                .into_iter()
                .collect(),
            ..Catalog::default()
        };
        wanted_forms.add(&names::follow(&printed, &wanted, desired, &base.renamed));
        after = settle(&base.renamed, &base.renamed_forms, &wanted, &wanted_forms);
    }
    let mut changes = compare(&base.renamed, &after);
    for id in base.moves.relocated.iter().filter(|id| after.contains(id)) {
        changes.entry(id.clone()).or_insert(Change::Alter);
    }
    if changes.is_empty() && base.moves.there.is_empty() {
        return Ok(None);
    }
    hand_down(&mut after, &base.renamed);
    // What is equal before and after is held once from here on.
    drop((elaborated, wanted));
    let mut attempt = Attempt {
        moves_first: request.arrangement.is_none(),
        bench: &bench,
        request,
        session: Mutex::new(base.session.take()),
        before: &before,
        base: &base,
        renames: &renames,
        wanted_forms: &wanted_forms,
    };
    outside::refuse(
        request.base,
        &before,
        &renames,
        &base.renamed,
        &after,
        attempt.options(false, None, &[]),
    )?;
    let mut first = attempt.run(&after).await;
    if first.is_err() && !attempt.moves_first && !base.moves.there.is_empty() {
        // Another service speaks of the new names before their turn comes.
        attempt.moves_first = true;
        first = attempt.run(&after).await;
    }
    let (up, down, proof, after) = match first {
        Ok((up, down, proof)) => (up, down, proof, after),
        // The author's spelling may mean something else where nothing is in the search path: PostgreSQL's own does not.
        Err(error) => {
            let plain = names::without_spellings(&after);
            match attempt.run(&plain).await {
                Ok((up, down, proof)) => (up, down, proof, plain),
                Err(_) => return Err(error),
            }
        }
    };
    let mut pieces = match request.arrangement {
        Some(arrangement) => pieces(arrangement.parts, &up, &down),
        None => Vec::new(),
    };
    pieces::prove(&bench, &before, &mut pieces).await?;
    Ok(Some(Authored {
        pieces,
        up,
        down,
        changes,
        renames,
        before,
        after,
        proof,
    }))
}

/// The renames with an exchange of names, where that is still to be done: then the state after it is nearer to the wanted one.
///
/// # Errors
///
/// Where both states are equally near.
async fn exchanged<D: Databases>(
    bench: &Bench<'_, D>,
    before: &Catalog,
    wanted: &Catalog,
    renames: Vec<Rename>,
    exchange: Vec<Rename>,
) -> Result<Vec<Rename>, AuthorError> {
    let mut with = renames.clone();
    with.extend(exchange.iter().cloned());
    let with = names::in_order(before, with);
    let mut differences = Vec::new();
    for renames in [&renames, &with] {
        let base = Base::build(bench, before, wanted, renames).await?;
        let everything = bench.managed.everything;
        let (wanted, same) = names::same_parts(
            &base.renamed,
            wanted.clone(),
            bench.desired,
            &[],
            everything,
        );
        let mut reached = base.renamed;
        for rename in &same {
            reached = reached.renamed(&rename.from, &rename.to);
        }
        // A name alone makes no state another.
        let changes = compare(&reached, &wanted);
        let changes = changes.keys().filter(|id| {
            let named = |it: &Object| !wanted.contains(id) && it.is_mere_name(id, &wanted);
            !reached.get(id).is_some_and(named)
        });
        let changes: Vec<&ObjectId> = changes.chain(same.iter().map(|it| &it.to)).collect();
        let is_own = |id: &&&ObjectId| {
            let mut them = exchange.iter().map(|rename| &rename.to);
            them.any(|it| id.is_within(it) || it.parent.as_deref() == Some(**id))
        };
        differences.push((changes.len(), changes.iter().filter(is_own).count()));
    }
    match differences.as_slice() {
        [(without, _), (there, _)] if there < without => Ok(with),
        // What stands on them follows them, or is wanted on the other one from now on: it does not tell that it was done.
        [(_, without), (_, there)] if there == without => Err(AuthorError::Exchange(exchange)),
        [(_, without), (_, there)] if there < without => Ok(with),
        _ => Ok(renames),
    }
}

/// What two versions of an extension say of its members and the files do not: on scratch stands another version than in the
/// live database, and neither is the project's.
fn foreign_comments(base: &Catalog, elaborated: &Catalog, desired: &Desired) -> BTreeSet<ObjectId> {
    let is_foreign = |id: &ObjectId| {
        let stays = |extension: &ObjectId| base.get(extension) == elaborated.get(extension);
        base.is_of_other_version(id, elaborated)
            && id.extension().is_some_and(stays)
            && !is_said(id, desired)
    };
    let comments = [base, elaborated].into_iter().flat_map(member_comments);
    let comments = comments.map(|(id, _)| id);
    comments.filter(|id| is_foreign(id)).cloned().collect()
}

/// What every scratch database of one authoring has in common.
struct Bench<'a, D> {
    databases: &'a D,
    managed: &'a Managed<'a>,
    desired: &'a Desired,
    /// What of a new database is in the project's hands.
    empty: &'a Catalog,
}

impl<D: Databases> Bench<'_, D> {
    async fn database(&self, name: &str) -> Result<Session, AuthorError> {
        self.databases
            .database(name)
            .await
            .map_err(AuthorError::Database)
    }

    /// A new database that holds a state.
    async fn holding(&self, name: &str, state: &Catalog) -> Result<Session, AuthorError> {
        let session = self.database(name).await?;
        build(
            &session,
            &with_leaned_on(state),
            self.empty,
            Spelling::Exact,
        )
        .await
        .map_err(AuthorError::Base)?;
        Ok(session)
    }

    async fn read(&self, session: &Session) -> Result<Catalog, AuthorError> {
        Ok(self
            .managed
            .of(&introspect_with(session, self.desired).await?, self.desired))
    }

    /// What PostgreSQL prints of a state after it read its own printing. Nothing where it cannot be rebuilt so: then its
    /// first printing decides.
    async fn settled_forms(
        &self,
        state: &Catalog,
    ) -> Result<Vec<(ObjectId, Arc<Object>)>, AuthorError> {
        let session = self.database("settle").await?;
        if build(
            &session,
            &with_leaned_on(state),
            self.empty,
            Spelling::Printed,
        )
        .await
        .is_err()
        {
            return Ok(Vec::new());
        }
        Ok(self
            .read(&session)
            .await?
            .objects
            .into_inner()
            .into_iter()
            .collect())
    }
}

/// The base rebuilt on scratch.
struct Base {
    /// A database that holds the state before, where no rename has touched it.
    session: Option<Session>,
    server_version: u32,
    /// The base with identities after the renames.
    renamed: Catalog,
    renamed_forms: Forms,
    forms: Forms,
    moves: names::Moves,
}

impl Base {
    async fn build<D: Databases>(
        bench: &Bench<'_, D>,
        before: &Catalog,
        wanted: &Catalog,
        renames: &[Rename],
    ) -> Result<Base, AuthorError> {
        let moves = names::moves(before, wanted, renames);
        bench.databases.tell(&Phase::Before);
        let session = bench.holding("base", before).await?;
        let server_version = session.server_version_num();
        let printed = bench.read(&session).await?;
        let mut forms = Forms::of(before);
        forms.add(&printed);
        if moves.there.is_empty() {
            return Ok(Base {
                session: Some(session),
                server_version,
                renamed: before.clone(),
                renamed_forms: forms.clone(),
                forms,
                moves,
            });
        }
        let plan = Plan {
            steps: moves.there.clone(),
            ..Plan::default()
        };
        run_plan(&session, &plan).await.map_err(AuthorError::Base)?;
        let reached = names::with_roles_of(before, bench.read(&session).await?);
        let rename = |id: &ObjectId| names::renamed(id, renames);
        let mut renamed_forms = Forms::of(&reached);
        for (id, object) in &before.objects {
            let now = rename(id);
            if printed.get(id).is_some() && printed.get(id) == reached.get(&now) {
                renamed_forms.add_as(&now, object);
            }
        }
        let renamed = names::followed(before, &printed, reached, renames);
        Ok(Base {
            session: None,
            server_version,
            renamed,
            renamed_forms,
            forms,
            moves,
        })
    }
}

/// One try at plans and proof for a state after.
struct Attempt<'a, D> {
    bench: &'a Bench<'a, D>,
    request: &'a Request<'a>,
    /// A database that holds the state before, for the first try.
    session: Mutex<Option<Session>>,
    before: &'a Catalog,
    base: &'a Base,
    renames: &'a [Rename],
    wanted_forms: &'a Forms,
    /// Whether all renames go before all else, of whichever service they are.
    moves_first: bool,
}

impl<D: Databases> Attempt<'_, D> {
    async fn run(&self, after: &Catalog) -> Result<(Plan, Plan, Proof), AuthorError> {
        let before = self
            .base
            .renamed
            .without_left_overs(|id| after.contains(id));
        let old_names = self
            .before
            .without_left_overs(|id| after.contains(&names::renamed(id, self.renames)));
        let back = Back::of(
            self.bench,
            &old_names,
            after,
            self.renames,
            &self.base.moves.named,
        )
        .await?;
        let (down_from, down_to) = match &back {
            Some(back) => (&back.state, &old_names),
            None => (after, &before),
        };
        // What PostgreSQL does not take as it was planned is made anew, and what it did besides is put right by further
        // steps: each round proves the whole way again.
        let mut anew = [BTreeSet::new(), BTreeSet::new()];
        let mut further = [Vec::new(), Vec::new()];
        let mut rounds = 0..ROUNDS;
        let mut failed: Option<AuthorError> = None;
        loop {
            let preferred = self.request.arrangement.map_or(&[][..], |it| it.prefer);
            let up = plan(
                &self.base.renamed,
                after,
                self.options(false, Some(&anew[0]), preferred),
            )
            .map(|mut up| {
                // Renames, which come before, switch nothing.
                outside::list_switched(&mut up, self.request.base, self.before, self.renames);
                self.with_moves(&mut up, true);
                up
            });
            // The way back goes through the services the other way round.
            let reversed = match (&up, self.request.arrangement) {
                (Ok(up), Some(it)) => it.parts.back(up, it.prefer),
                _ => Vec::new(),
            };
            let down = plan(
                down_from,
                down_to,
                self.options(true, Some(&anew[1]), &reversed),
            );
            let (mut up, mut down) = match (up, down) {
                (Ok(up), Ok(down)) => (up, down),
                // What no order is found for by mending failed for a reason of its own.
                (Err(error), _) | (_, Err(error)) => return Err(failed.unwrap_or(error.into())),
            };
            up.steps.extend(further[0].iter().cloned());
            match &back {
                Some(back) => drop(down.steps.splice(0..0, back.moves.iter().cloned())),
                None => self.with_moves(&mut down, false),
            }
            down.steps.extend(further[1].iter().cloned());
            let error = match self.prove_as(after, &up, &down).await {
                Ok(mut proof) => {
                    up.preflights = std::mem::take(&mut proof.preflights_up);
                    down.preflights = std::mem::take(&mut proof.preflights_down);
                    list_no_way_back(&mut up, &proof.no_way_back, &self.base.renamed, after);
                    list_beyond(&mut up, &proof.beyond_up);
                    list_beyond(&mut down, &proof.beyond_down);
                    let more = further.iter().flatten();
                    proof.further = more.map(|step| step.statement.text()).collect();
                    return Ok((up, down, proof));
                }
                Err(error) => error,
            };
            let again = rounds.next().is_some()
                && match &error {
                    AuthorError::Proof(ProofError::Open {
                        direction, reached, ..
                    }) => {
                        let (side, wanted) = match *direction {
                            "up" => (0, after),
                            _ => (1, self.before),
                        };
                        let steps = self.further_steps(reached, wanted, side == 1);
                        let is_new = !steps.is_empty();
                        further[side].extend(steps);
                        is_new
                    }
                    AuthorError::Proof(ProofError::Step { direction, error }) => {
                        let (side, from, to) = match *direction {
                            "up" => (0, &self.base.renamed, after),
                            _ => (1, down_from, down_to),
                        };
                        replaceable(error, from, to).is_some_and(|id| anew[side].insert(id))
                    }
                    _ => false,
                };
            if !again {
                return Err(error);
            }
            failed = Some(error);
        }
    }

    fn options<'o>(
        &'o self,
        stand_in: bool,
        anew: Option<&'o BTreeSet<ObjectId>>,
        prefer: &'o [usize],
    ) -> PlanOptions<'o> {
        PlanOptions {
            server_version: self.base.server_version,
            role: self.request.role,
            online: self.request.online,
            exact: Some(&self.request.desired.exact_partitions),
            stand_in,
            anew,
            arrangement: self.request.arrangement.map(|it| Arrangement {
                parts: it.parts,
                prefer,
            }),
        }
    }

    /// Puts the renames in.
    fn with_moves(&self, plan: &mut Plan, up: bool) {
        let moves = match up {
            true => &self.base.moves.there,
            false => &self.base.moves.back,
        };
        let place = if up { 0 } else { plan.steps.len() };
        match self.request.arrangement {
            Some(it) if !self.moves_first => pieces::with_moves(it.parts, plan, moves, up),
            _ => drop(plan.steps.splice(place..place, moves.iter().cloned())),
        }
    }

    /// The steps from a state that a plan led to, to the one that it should have led to. None where they would make anew what
    /// holds rows or positions: that the way there lost.
    fn further_steps(&self, reached: &Catalog, wanted: &Catalog, stand_in: bool) -> Vec<Step> {
        let plan = plan(reached, wanted, self.options(stand_in, None, &[]));
        let steps = plan.map(|plan| plan.steps).unwrap_or_default();
        let loses = |step: &Step| {
            let made = step.objects.iter().any(|(verb, id)| {
                *verb != Verb::Alter
                    && matches!(id.kind, Kind::Table | Kind::Column | Kind::Sequence)
            });
            let mut hazards = step.statement.hazards.iter();
            made || hazards.any(|it| it.class == HazardClass::DataLoss)
        };
        match steps.iter().any(loses) {
            true => Vec::new(),
            false => steps,
        }
    }

    /// The proof, with the rights of the role that applies.
    async fn prove_as(
        &self,
        after: &Catalog,
        up: &Plan,
        down: &Plan,
    ) -> Result<Proof, AuthorError> {
        let rights = self.bench.databases.rights();
        match (self.prove_either(after, up, down, rights).await, rights) {
            (Err(AuthorError::Proof(ProofError::Open { differences, .. })), Some(rights))
                if self.prove_either(after, up, down, None).await.is_ok() =>
            {
                let role = rights.role.clone();
                Err(ProofError::Rights { role, differences }.into())
            }
            (outcome, _) => outcome,
        }
    }

    /// Proves with rows, or where rows that we made up stand in the way of a narrowing change, without.
    async fn prove_either(
        &self,
        after: &Catalog,
        up: &Plan,
        down: &Plan,
        rights: Option<&Rights>,
    ) -> Result<Proof, AuthorError> {
        // A table whose made-up rows stand in the way is left empty, and the others keep theirs.
        let mut emptied = BTreeSet::new();
        let mut no_way_back = BTreeSet::new();
        let mut outcome = None;
        for _ in 0..EMPTIED {
            let proof = self.prove(after, up, down, Rows::But(&emptied), rights);
            match proof.await {
                Err(AuthorError::Proof(error @ ProofError::Seed { .. })) => {
                    no_way_back.extend(error.no_way_back().cloned());
                    let ProofError::Seed {
                        table: Some(table), ..
                    } = error
                    else {
                        break;
                    };
                    if !emptied.insert(table) {
                        break;
                    }
                }
                other => {
                    outcome = Some(other);
                    break;
                }
            }
        }
        let proof = match outcome {
            Some(outcome) => outcome,
            None => self.prove(after, up, down, Rows::Nowhere, rights).await,
        };
        proof.map(|proof| Proof {
            no_way_back,
            ..proof
        })
    }

    async fn prove(
        &self,
        after: &Catalog,
        up: &Plan,
        down: &Plan,
        with_rows: Rows<'_>,
        rights: Option<&Rights>,
    ) -> Result<Proof, AuthorError> {
        let ready = self
            .session
            .lock()
            .ok()
            .and_then(|mut session| session.take());
        let scratch = match ready {
            Some(session) => session,
            None => self.bench.holding("proof", self.before).await?,
        };
        self.bench.databases.tell(&Phase::Proof);
        let stage = proof::Stage {
            session: &scratch,
            managed: self.bench.managed,
            desired: self.bench.desired,
            before: self.before,
            before_forms: &self.base.forms,
            after,
            after_forms: self.wanted_forms,
            base: &self.base.renamed,
            base_forms: &self.base.renamed_forms,
            renames: self.renames,
            rights,
        };
        Ok(stage.prove(up, down, with_rows).await?)
    }
}

/// Says at the changes of a type that values went there and could not come back, or by a way that nobody led back.
fn list_no_way_back(up: &mut Plan, tables: &BTreeSet<ObjectId>, before: &Catalog, after: &Catalog) {
    let is_led = |id: &ObjectId| match (before.get(id), after.get(id)) {
        (Some(Object::Column(_)), Some(Object::Column(new))) => {
            new.convert.convert.is_some() && new.convert.convert_back.is_none()
        }
        _ => false,
    };
    let types = |id: &ObjectId| match (before.get(id), after.get(id)) {
        (Some(Object::Column(old)), Some(Object::Column(new)))
            if old.data_type != new.data_type
                && new.convert.convert_back.is_none()
                && !is_automatic(&new.data_type, &old.data_type) =>
        {
            Some((old.data_type.as_str(), new.data_type.as_str()))
        }
        _ => None,
    };
    for step in &mut up.steps {
        let altered: Vec<ObjectId> = step.objects.iter().map(|(_, id)| id.clone()).collect();
        let text = step.statement.text();
        for id in altered.iter().filter(|id| is_led(id)) {
            let using = format!("ALTER COLUMN {} TYPE ", ident(&id.name));
            if text.contains(&using) && text.contains(" USING ") {
                let detail = "what `convert` makes of its values is not led back, unless `convert-back` says how";
                let statement = std::mem::replace(&mut step.statement, Statement::sql(""));
                step.statement =
                    statement.hazard("no-way-back", HazardClass::Irreversible, id, detail);
            }
        }
        let altered = altered.iter().filter(|it| !is_led(it));
        for id in altered.filter(|id| tables.contains(id.root())) {
            let Some((old, new)) = types(id) else {
                continue;
            };
            let detail = format!(
                "values of {new} do not become {old} by themselves: the way back fails where \
                 there are any, unless `convert-back` says how"
            );
            let statement = std::mem::replace(&mut step.statement, Statement::sql(""));
            step.statement = statement.hazard("no-way-back", HazardClass::Irreversible, id, detail);
        }
    }
}

/// Says at the steps that the role that applies may not run that it may not.
fn list_beyond(plan: &mut Plan, beyond: &[Beyond]) {
    for one in beyond {
        let Some(step) = plan.steps.get_mut(one.step) else {
            continue;
        };
        let Some((_, id)) = step.objects.first() else {
            continue;
        };
        let code = if one.needs_superuser() {
            "needs-superuser"
        } else {
            "missing-right"
        };
        let detail = match &one.error.hint {
            Some(hint) => format!("{} ({hint})", one.error.message),
            None => one.error.message.clone(),
        };
        let statement = std::mem::replace(&mut step.statement, Statement::sql(""));
        step.statement = statement.hazard(code, HazardClass::Rights, id, detail);
    }
}

/// How often a plan is mended by what its proof shows.
const ROUNDS: usize = 4;

/// The object of a step that PostgreSQL refused, where it can be made anew instead: it holds no rows, and is there before as
/// after.
fn replaceable(error: &BuildError, before: &Catalog, after: &Catalog) -> Option<ObjectId> {
    let BuildError::Step {
        object: Some(id), ..
    } = error
    else {
        return None;
    };
    let holds_nothing = matches!(
        id.kind,
        Kind::View
            | Kind::Function
            | Kind::Procedure
            | Kind::Aggregate
            | Kind::Rule
            | Kind::Policy
            | Kind::Trigger
            | Kind::EventTrigger
            | Kind::Operator
            | Kind::Cast
            | Kind::Index
            | Kind::Statistics
            | Kind::Check
            | Kind::ForeignKey
            | Kind::Default
    );
    (holds_nothing && before.contains(id) && after.contains(id)).then(|| id.clone())
}

/// A step of renaming one object.
fn rename_step(verb: Verb, id: &ObjectId, statement: Statement) -> Step {
    Step {
        statement,
        objects: vec![(verb, id.clone())],
        commit_after: false,
    }
}

/// The roles, declared or not, matter only where the files say something of them.
fn declared_roles(desired: &Desired) -> BTreeSet<ObjectId> {
    desired
        .objects
        .keys()
        .filter(|id| id.is_of_cluster())
        .cloned()
        .collect()
}

/// Identities by their desired name, for messages.
pub type Places = BTreeMap<ObjectId, Object>;
