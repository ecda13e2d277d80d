//! Elaboration: the desired objects are made under their real names in an empty database, and read back by the same
//! introspection that reads the live one. What they mean, PostgreSQL says.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod guess;
mod order;

use self::guess::as_catalog;
use self::order::order;
use super::blame::{blame, misses};
use super::born::{BornError, born, member_comments};
use super::build::ensure_roles_of;
use super::cluster::{as_declared, clear, has_ties, is_taken_as_declared};
use super::execute::{Failure, Piece, PieceStub, broken_bodies, run_until_settled, take_stock};
use super::kept::Kept;
pub use super::refusal::Refusal;
use super::refusal::sift;
use crate::kind::language::{DeclaredRows, Desired};
use crate::kind::owner::Owner;
use crate::kind::since::newer_words;
use crate::kind::unnamed_operators::means_operators;
use crate::kind::{Catalog, Object};
use crate::model::{Exit, Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::error::SqlError;
use crate::pg::introspect::{IntrospectError, introspect};
use crate::plan::{Plan, PlanError, Step, Verb};
use crate::sql::respell::respell;
use crate::sql::split::split;

/// What stops nothing and a person should know.
#[derive(Debug, Default)]
pub struct Doubts {
    /// Whether a mistake of syntax in a body stops nothing wherever it stands: for a state that was there before.
    pub lenient: bool,
    /// The routines whose body has a mistake of syntax, and had it before.
    pub bodies: Vec<Refusal>,
}

/// A declared object whose statements make something else than what is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Astray {
    /// The object.
    pub id: ObjectId,
    /// What became of it: "is not there".
    pub what: String,
}

/// Why the desired state could not be elaborated.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ElaborateError {
    /// PostgreSQL refused some of the desired objects.
    #[error("PostgreSQL refuses {} of the declared objects: {}", .0.len(), first(.0))]
    #[diagnostic(code(scratch::refused))]
    Refused(Vec<Refusal>),
    /// The statements of declared objects make something else.
    #[error("{} of the declared objects go astray: {}", .0.len(), first_astray(.0))]
    #[diagnostic(
        code(scratch::astray),
        help("look at the texts of this object for what does more than its place allows")
    )]
    Astray(Vec<Astray>),
    /// The files say what the server is too old for.
    #[error("{} of the declared objects need a newer PostgreSQL: {}", .0.len(), first_astray(.0))]
    #[diagnostic(
        code(scratch::newer),
        help("take the word out, or work with a newer PostgreSQL")
    )]
    Newer(Vec<Astray>),
    /// The scratch database could not be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Introspect(#[from] IntrospectError),
    /// No order was found.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Plan(#[from] PlanError),
    /// PostgreSQL refused something that belongs to no object.
    #[error("the scratch database fails: {0}")]
    #[diagnostic(code(scratch::failed), help("{}", hint_of(.0)))]
    Sql(SqlError),
}

fn hint_of(error: &SqlError) -> &str {
    let hint = error.hint.as_deref();
    hint.unwrap_or("nothing was written; see the message of the server")
}

impl From<BornError> for ElaborateError {
    fn from(error: BornError) -> ElaborateError {
        match error {
            BornError::Sql(error) => ElaborateError::Sql(error),
            BornError::Introspect(error) => ElaborateError::Introspect(error),
        }
    }
}

fn first(refusals: &[Refusal]) -> String {
    refusals
        .first()
        .map(|refusal| format!("{}: {}", refusal.id, refusal.error))
        .unwrap_or_default()
}

fn first_astray(astray: &[Astray]) -> String {
    astray
        .first()
        .map(|it| format!("{} {}", it.id, it.what))
        .unwrap_or_default()
}

impl ElaborateError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            ElaborateError::Refused(_) | ElaborateError::Astray(_) | ElaborateError::Newer(_) => {
                Exit::Input
            }
            ElaborateError::Introspect(error) => error.exit(),
            ElaborateError::Plan(error) => error.exit(),
            ElaborateError::Sql(_) => Exit::Failed,
        }
    }
}

/// Makes the desired objects in a new scratch database that holds what `empty` says, with `layout` giving the order of columns where the live
/// tables have one, and reads them back.
///
/// The author's spellings and words of transition are taken over into the catalog. What the same statements made before on
/// such a server is taken from `kept`. A body that `layout` has, with its mistakes, goes to the `doubts`.
///
/// # Errors
///
/// The objects that PostgreSQL refuses, all that do not merely miss another refused one; routines with a mistake of syntax
/// in their body among them.
pub async fn elaborate(
    session: &Session,
    desired: &Desired,
    layout: Option<&Catalog>,
    empty: &Catalog,
    kept: Option<&Kept>,
    doubts: &mut Doubts,
) -> Result<Catalog, ElaborateError> {
    elaborate_under(
        session,
        desired,
        &BTreeMap::new(),
        layout,
        empty,
        kept,
        doubts,
    )
    .await
}

/// The same with owners of objects of which the files name none.
///
/// # Errors
///
/// As of [`elaborate`].
pub async fn elaborate_under(
    session: &Session,
    desired: &Desired,
    owners: &BTreeMap<ObjectId, Owner>,
    layout: Option<&Catalog>,
    empty: &Catalog,
    kept: Option<&Kept>,
    doubts: &mut Doubts,
) -> Result<Catalog, ElaborateError> {
    let desired = without_parts_of_others(desired, empty);
    let desired = &*desired;
    let newer = newer(desired, session.server_version_num() / 10_000);
    if !newer.is_empty() {
        return Err(ElaborateError::Newer(newer));
    }
    let owners: BTreeMap<&ObjectId, &Owner> = owners
        .iter()
        .filter(|(id, owner)| !matches!(empty.get(id), Some(Object::Owner(it)) if **it == **owner))
        .collect();
    let wanted = as_catalog(desired, &owners, layout, session.server_version_num());
    ensure_roles_of(session, &wanted)
        .await
        .map_err(ElaborateError::Sql)?;
    let name = match kept {
        Some(kept) => Some(name(kept, session, desired, &wanted, empty).await?),
        None => None,
    };
    let known = kept.zip(name.as_deref());
    let mut catalog = match known.and_then(|(kept, name)| kept.read(name)) {
        Some(catalog) => {
            tracing::debug!(
                objects = catalog.objects.len(),
                "the elaborated catalog was kept"
            );
            catalog
        }
        None => {
            let was_there = |id: &ObjectId| doubts.lenient || has_body(layout, desired, id);
            let (catalog, bodies) = planned(session, desired, wanted, empty, &was_there).await?;
            doubts.bodies.extend(bodies);
            if let Some((kept, name)) = known.filter(|_| doubts.bodies.is_empty()) {
                kept.write(name, &catalog);
            }
            catalog
        }
    };
    let declared = desired.objects.iter();
    for (id, object) in declared.filter(|(id, _)| is_taken_as_declared(id, session)) {
        let object = Arc::new(object.object.clone());
        catalog.objects.insert(id.clone(), object);
    }
    let mut catalog = as_declared(&catalog, desired);
    super::lookup::adopt_spelling(&mut catalog, desired);
    for (id, object) in &desired.objects {
        if let Some(real) = catalog.objects.get_mut(id) {
            let real = Arc::make_mut(real);
            real.adopt_spelling(&object.object);
            real.adopt_words(&object.object);
        }
    }
    Ok(catalog)
}

/// Plans how to make the objects of a desired state, makes them and reads them back; gives the broken bodies that
/// `was_there` finds nothing new.
async fn planned(
    session: &Session,
    desired: &Desired,
    wanted: Catalog,
    empty: &Catalog,
    was_there: &dyn Fn(&ObjectId) -> bool,
) -> Result<(Catalog, Vec<Refusal>), ElaborateError> {
    if has_ties(wanted.objects.keys()) {
        clear(session).await.map_err(ElaborateError::Sql)?;
    }
    let extensions = extensions(&wanted);
    let exact = exact_rights(&wanted, session.server_version_num());
    let mut steps = order(empty, wanted, session.server_version_num())?;
    let is_taken = |(_, id): &(Verb, ObjectId)| is_taken_as_declared(id, session);
    steps
        .steps
        .retain(|step| !step.objects.iter().any(is_taken));
    // Objects are born with the default privileges that the files declare.
    steps
        .steps
        .sort_by_key(|step| match step.objects.first().map(|(_, id)| id.kind) {
            // What an extension brings is not the files' to say: it is born as in a database without default privileges.
            Some(Kind::Role | Kind::Schema | Kind::Extension) => 0,
            Some(Kind::DefaultPrivilege) => 1,
            // A routine that gives a type nobody announced would announce it itself.
            Some(Kind::ShellType) => 2,
            _ => 3,
        });
    let several = several_statements(&steps);
    if !several.is_empty() {
        return Err(ElaborateError::Astray(several));
    }
    let brought = schemas_of_extensions(desired);
    let makers = makers(&steps);
    let pieces: Vec<Piece> = steps
        .steps
        .iter()
        .map(|step| {
            let schema = step.objects.first().and_then(|(_, id)| id.schema());
            let mut search_path = search_path(desired, schema);
            // What is computed while it is made reads the bodies of functions, which may name what extensions bring; other
            // words mean operators that may be theirs.
            if step.objects.iter().any(|(_, id)| reads_bodies(id.kind))
                || !brought.is_empty() && means_operators(&step.statement.text())
            {
                let further = brought.iter().filter(|it| !search_path.contains(it));
                let further: Vec<String> = further.cloned().collect();
                search_path.extend(further);
            }
            let mut sql = super::build::blank_secrets(&respell(&step.statement.text()));
            for (_, id) in &step.objects {
                for further in exact.get(id).into_iter().flatten() {
                    sql.push_str(&format!(";\n{further}"));
                }
            }
            Piece {
                // A text that PostgreSQL printed once is to be printed so again.
                sql,
                search_path,
                is_opaque: is_opaque(step, desired),
                stub: stub(step, desired, empty, session.server_version_num()),
                holder: holder(step).and_then(|id| makers.get(id).copied()),
            }
        })
        .collect();
    make(
        session,
        desired,
        &steps,
        &pieces,
        (&extensions, empty),
        was_there,
    )
    .await
}

/// What the declared objects say that a server of `major` does not know.
fn newer(desired: &Desired, major: u32) -> Vec<Astray> {
    let said = desired
        .objects
        .iter()
        .filter(|(id, declared)| id.kind != Kind::Sequence || !declared.unnamed);
    let all = said.flat_map(|(id, declared)| {
        let words = newer_words(id, &declared.object, major).into_iter();
        words.map(move |(word, since)| Astray {
            id: id.clone(),
            what: format!(
                "says `{word}`, which PostgreSQL has since version {since}: this is {major}"
            ),
        })
    });
    all.collect()
}

/// The place of the step that makes each object.
fn makers(steps: &Plan) -> BTreeMap<&ObjectId, usize> {
    let steps = steps.steps.iter().enumerate();
    let made = steps.flat_map(|(place, step)| {
        let made = step
            .objects
            .iter()
            .filter(|(verb, _)| *verb == Verb::Create);
        made.map(move |(_, id)| (id, place))
    });
    made.collect()
}

/// The object that a step says something of.
fn holder(step: &Step) -> Option<&ObjectId> {
    let (_, id) = step.objects.first()?;
    id.parent.as_deref().filter(|_| id.kind.is_facet())
}

/// A right is given as it is said, without the option to pass it on that a default privilege would give along.
fn exact_rights(wanted: &Catalog, server_version: u32) -> BTreeMap<ObjectId, Vec<String>> {
    let passed_on: BTreeSet<&str> = wanted
        .of_kind(Kind::DefaultPrivilege)
        .filter_map(|(_, object)| match object {
            Object::DefaultPrivilege(given) if given.grantable => Some(given.grantee.as_str()),
            _ => None,
        })
        .collect();
    let context = crate::kind::Context::new(wanted, wanted, server_version, &wanted.origin.role);
    let grants = wanted
        .of_kind(Kind::Grant)
        .filter(|(id, _)| passed_on.contains(&*id.name));
    grants
        .filter_map(|(id, object)| match object {
            Object::Grant(grant)
                if grant.granted && !grant.grantable && grant.grantor.is_none() =>
            {
                let statements = grant.without_option(id, &context);
                Some((id.clone(), statements.iter().map(|it| it.text()).collect()))
            }
            _ => None,
        })
        .collect()
}

/// The name under which is kept what a desired state comes to: all that it depends on goes into it.
async fn name(
    kept: &Kept,
    session: &Session,
    desired: &Desired,
    wanted: &Catalog,
    empty: &Catalog,
) -> Result<String, ElaborateError> {
    let mut server = "SELECT version()".to_owned();
    if desired.objects.keys().any(|id| id.kind == Kind::Extension) {
        server.push_str(
            " UNION ALL SELECT name || ' ' || default_version FROM pg_available_extensions",
        );
    }
    let server = session.texts(&server).await.map_err(ElaborateError::Sql)?;
    let mut server: Vec<String> = server.into_iter().flatten().flatten().collect();
    server.sort();
    let mut naming = kept.naming();
    naming.add_value(&server);
    naming.add_value(&session.spares_cluster());
    naming.add_value(&empty.origin);
    naming.add(&empty.fingerprint());
    for id in desired.absent.keys() {
        naming.add_id(id);
    }
    naming.add_value(&desired.search_paths);
    // What is filled, and what is tried when all else is there, is no part of what is planned.
    let filled = |kind: Kind| matches!(kind, Kind::Sql | Kind::MaterializedView);
    for (id, object) in desired.objects.iter().filter(|(id, _)| filled(id.kind)) {
        naming.add_id(id);
        naming.add_value(&object.object);
    }
    for (id, object) in &wanted.objects {
        naming.add_id(id);
        naming.add_value(object);
        naming.add_value(&wanted.positions.get(id));
    }
    for (table, declared) in &desired.rows {
        let DeclaredRows {
            key,
            columns,
            exact,
            rows,
            span: _,
        } = declared;
        naming.add_id(table);
        naming.add_value(&(key, columns, exact));
        for row in rows {
            naming.add_value(&row.cells);
        }
    }
    Ok(naming.finish())
}

/// The extensions of a state, and the comments that it says of their members.
fn extensions(wanted: &Catalog) -> Catalog {
    let made = wanted.objects.iter().filter(|(id, _)| {
        id.kind == Kind::Extension || id.kind == Kind::Comment && id.extension().is_some()
    });
    Catalog {
        objects: made.map(|(id, it)| (id.clone(), it.clone())).collect(),
        ..Catalog::default()
    }
}

/// Makes the objects and reads them back, with what is known of what extensions say; gives the broken bodies that
/// `was_there` as well.
async fn make(
    session: &Session,
    desired: &Desired,
    steps: &Plan,
    pieces: &[Piece],
    (extensions, empty): (&Catalog, &Catalog),
    was_there: &dyn Fn(&ObjectId) -> bool,
) -> Result<(Catalog, Vec<Refusal>), ElaborateError> {
    let says_comments = member_comments(extensions).next().is_some();
    let born = match says_comments {
        true => born(session, extensions).await?,
        false => BTreeMap::new(),
    };
    let (mut refused, failed) = run(session, desired, steps, pieces, empty).await;
    let mut broken = broken_bodies(session, pieces).await;
    broken.retain(|body| !failed.contains(&body.index));
    let (bodies, new): (Vec<_>, Vec<_>) = refusals(steps, broken)
        .into_iter()
        .partition(|body| was_there(&body.id));
    refused.extend(new);
    if !refused.is_empty() {
        let _ = session.execute("ROLLBACK").await;
        return Err(ElaborateError::Refused(refused));
    }
    for id in desired.absent.keys() {
        let drop = format!("DROP {}", crate::kind::reference::described(id));
        if let Err(error) = session.execute(&drop).await {
            let _ = session.execute("ROLLBACK").await;
            let id = id.clone();
            return Err(ElaborateError::Refused(vec![Refusal::new(id, error)]));
        }
    }
    session
        .execute("COMMIT; SET search_path = ''")
        .await
        .map_err(ElaborateError::Sql)?;
    take_stock(session, pieces.len()).await;
    let mut catalog = introspect(session.client()).await?;
    // Where the files say nothing of members, whatever is said of them there the extensions say.
    catalog.born = match says_comments {
        true => born,
        false => member_comments(&catalog)
            .map(|(id, text)| (id.clone(), text.to_owned()))
            .collect(),
    };
    let vanished = vanished(desired, &catalog);
    if !vanished.is_empty() {
        return Err(ElaborateError::Astray(vanished));
    }
    let path = |schema: &str| search_path(desired, Some(schema));
    super::lookup::fill(session, desired, &mut catalog, &path).await?;
    super::by_hand::make(session, desired, &mut catalog).await?;
    Ok((catalog, bodies))
}

/// Makes the objects; gives what PostgreSQL refuses, and the places of the statements that did not run. What is refused is
/// left out, and the rest tried once more, until nothing new is refused.
async fn run(
    session: &Session,
    desired: &Desired,
    steps: &Plan,
    pieces: &[Piece],
    empty: &Catalog,
) -> (Vec<Refusal>, BTreeSet<usize>) {
    let mut trying = pieces.to_vec();
    let mut waiting: Vec<usize> = (0..pieces.len()).collect();
    let (mut refused, mut failed): (Vec<Refusal>, BTreeSet<usize>) = Default::default();
    let mut lost: BTreeSet<String> = BTreeSet::new();
    let place_of = |id: &ObjectId| {
        let made = |step: &Step| step.objects.first().is_some_and(|(_, it)| it == id);
        steps.steps.iter().position(made)
    };
    loop {
        let settled = run_until_settled(session, &mut trying, waiting).await;
        let Err(unsettled) = settled else {
            return (refused, failed);
        };
        waiting = unsettled.waiting;
        let known: BTreeSet<ObjectId> = refused.iter().map(|it| it.id.clone()).collect();
        let mut all = refused.clone();
        all.extend(refusals(steps, unsettled.failures));
        let told = sift(all).into_iter();
        let told: Vec<Refusal> = told.filter(|it| !known.contains(&it.id)).collect();
        let before = waiting.len();
        for refusal in told {
            let place = place_of(&refusal.id);
            waiting.retain(|it| Some(*it) != place);
            if misses(&refusal.error, &lost) {
                failed.extend(place);
                continue;
            }
            let made = place.and_then(|it| steps.steps.get(it).zip(pieces.get(it)));
            let blamed = blame(session, refusal, made, desired, empty).await;
            if !blamed.is_made {
                failed.extend(place);
            }
            lost.extend(blamed.columns);
            refused.extend(blamed.refused);
        }
        if waiting.is_empty() || waiting.len() == before {
            failed.extend(waiting);
            return (refused, failed);
        }
    }
}

/// The objects whose statement is more than one: a text of theirs goes on beyond its place.
fn several_statements(plan: &Plan) -> Vec<Astray> {
    let mut astray = Vec::new();
    for step in &plan.steps {
        let what = match split(&step.statement.text()) {
            Ok(script) if script.statements.len() == 1 => continue,
            Ok(_) => "is made by more than one statement".to_owned(),
            Err(error) => format!("is made by no whole statement: {error}"),
        };
        let id = step.objects.first().map(|(_, id)| id.clone());
        astray.extend(id.map(|id| Astray { id, what }));
    }
    astray
}

/// The declared objects that are not there after all statements ran. Of parts and facets that PostgreSQL may leave out or keep
/// elsewhere (a default that is null, a right that everybody has, the announcement of a type) nothing is to be told.
fn vanished(desired: &Desired, catalog: &Catalog) -> Vec<Astray> {
    let stays = |kind: Kind| {
        matches!(
            kind,
            Kind::Schema
                | Kind::Table
                | Kind::ForeignTable
                | Kind::Column
                | Kind::View
                | Kind::MaterializedView
                | Kind::Index
                | Kind::PrimaryKey
                | Kind::Unique
                | Kind::Check
                | Kind::ForeignKey
                | Kind::Exclude
                | Kind::Trigger
                | Kind::Policy
                | Kind::Sequence
                | Kind::Enum
                | Kind::Domain
                | Kind::Composite
                | Kind::Function
                | Kind::Procedure
                | Kind::Aggregate
        )
    };
    // The types of a signature are told by a lexer here.
    let is_there = |id: &ObjectId| {
        catalog.contains(id) || !id.signature.is_empty() && is_there_by_name(id, catalog)
    };
    desired
        .objects
        .keys()
        .filter(|id| stays(id.kind) && !is_there(id))
        .map(|id| Astray {
            id: id.clone(),
            what: "is not there after all statements ran".to_owned(),
        })
        .collect()
}

fn is_there_by_name(id: &ObjectId, catalog: &Catalog) -> bool {
    catalog
        .objects
        .keys()
        .any(|there| there.kind == id.kind && there.name == id.name && there.parent == id.parent)
}

/// Whether it is a routine whose body PostgreSQL does not read when it is made.
fn has_text_body(object: &Object) -> bool {
    match object {
        Object::Function(function) => function.code.sql.is_none(),
        Object::Procedure(procedure) => procedure.code.sql.is_none(),
        _ => false,
    }
}

/// The language of a routine and the text of its body.
fn body(object: &Object) -> Option<(&str, &str)> {
    let (language, code) = match object {
        Object::Function(function) => (&function.language, &function.code),
        Object::Procedure(procedure) => (&procedure.language, &procedure.code),
        _ => return None,
    };
    Some((language.as_str(), code.body.as_deref()?))
}

/// Whether some routine of a catalog has the body of the desired one.
fn has_body(catalog: Option<&Catalog>, desired: &Desired, id: &ObjectId) -> bool {
    let (Some(catalog), Some(wanted)) = (catalog, desired.get(id).and_then(|it| body(&it.object)))
    else {
        return false;
    };
    [Kind::Function, Kind::Procedure]
        .into_iter()
        .flat_map(|kind| catalog.of_kind(kind))
        .any(|(_, object)| body(object) == Some(wanted))
}

fn is_opaque(step: &Step, desired: &Desired) -> bool {
    match step.objects.first() {
        Some((Verb::Create, id)) => desired
            .objects
            .get(id)
            .is_some_and(|object| has_text_body(&object.object)),
        _ => false,
    }
}

/// The form with fewer needs of what a step makes, for when the step waits for itself.
fn stub(step: &Step, desired: &Desired, empty: &Catalog, server_version: u32) -> Option<PieceStub> {
    let (Verb::Create, id) = step.objects.first()? else {
        return None;
    };
    let object = &desired.objects.get(id)?.object;
    let context = crate::kind::Context::new(empty, empty, server_version, &empty.origin.role);
    let text = |statements: Vec<crate::kind::Statement>| {
        let texts: Vec<String> = statements.iter().map(|it| it.text()).collect();
        respell(&texts.join(";\n")).into_owned()
    };
    let stub = object.stub(id, &context)?;
    let is_view = id.kind == Kind::View;
    Some(PieceStub {
        make: text(stub.make),
        complete: text(stub.complete),
        // A view whose columns nobody told has none in this form.
        exact: !matches!(object, Object::View(view) if view.columns.is_empty()),
        probe: is_view
            .then(|| format!("SELECT 1 FROM {} LIMIT 0", crate::kind::reference::name(id))),
    })
}

fn refusals(plan: &Plan, failures: Vec<Failure>) -> Vec<Refusal> {
    failures
        .into_iter()
        .filter_map(|failure| {
            let (_, id) = plan.steps.get(failure.index)?.objects.first()?;
            Some(Refusal::new(id.clone(), failure.error))
        })
        .collect()
}

/// The schemas in which the declared extensions stand.
fn schemas_of_extensions(desired: &Desired) -> BTreeSet<String> {
    let extensions = desired.objects.values().filter_map(|it| match &it.object {
        Object::Extension(extension) => Some(extension.schema_name.as_str()),
        _ => None,
    });
    extensions
        .map(|schema| if schema.is_empty() { "public" } else { schema })
        .map(str::to_owned)
        .collect()
}

/// Whether PostgreSQL reads the bodies of SQL functions when an object of the kind is made.
fn reads_bodies(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Index | Kind::Exclude | Kind::MaterializedView | Kind::Statistics
    )
}

fn search_path(desired: &Desired, schema: Option<&str>) -> Vec<String> {
    let Some(schema) = schema else {
        return Vec::new();
    };
    let mut path = vec![schema.to_owned()];
    path.extend(
        desired
            .search_paths
            .get(schema)
            .into_iter()
            .flatten()
            .filter(|other| *other != schema)
            .cloned(),
    );
    path
}

/// The desired objects without the parts of what is there already: others' tables are as they are, whatever the files say
/// of them.
fn without_parts_of_others<'a>(desired: &'a Desired, there: &Catalog) -> Cow<'a, Desired> {
    let is_part = |id: &ObjectId| {
        let mut wholes = id.parents().filter(|whole| whole.kind != Kind::Schema);
        !id.kind.is_facet() && !id.is_of_cluster() && wholes.any(|whole| there.contains(whole))
    };
    let mut desired = Cow::Borrowed(desired);
    if desired.objects.keys().any(is_part) {
        let own = desired.to_mut();
        own.objects.retain(|id, _| !is_part(id));
        own.rows.retain(|table, _| !there.contains(table));
    }
    desired
}
