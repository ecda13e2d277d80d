//! The way back from the middle of a group. The ways back of a group's files begin at its end, where all of them ran; where only
//! the first did, the catalog says what has to go, and the record from before the group what has to come back.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::apply::Hazard;
use super::failure::Failure;
use super::live::Live;
use crate::author::drafts;
use crate::diff::compare;
use crate::kind::Catalog;
use crate::kind::language::Desired;
use crate::migrate::{
    EventFilter, Folder, GateHook, History, HookError, MigrationFile, Row, State, Status, Version,
};
use crate::model::{Exit, ObjectId};
use crate::pg::connect::Session;
use crate::pg::rows::introspect_here_with;
use crate::plan::{PlanOptions, plan};
use crate::project::{Hands, catalog_of, names_in, renames_in};
use crate::scratch::prove::may_be_equal;

/// How many events are looked through for what came last.
const EVENTS: u32 = 1000;

/// A group of which only the first files are in the database, and the way back from there.
pub(super) struct Half {
    /// Its files that ran, newest first.
    pub(super) versions: Vec<Version>,
    /// The statements.
    pub(super) sql: String,
    /// What they cost.
    pub(super) hazards: Vec<Hazard>,
    /// Tells, in the transaction, whether the database is as it was before the group.
    pub(super) is_back: Box<GateHook<'static>>,
}

/// The way back from the middle of a group, where one of which not all files ran is to be taken back.
pub(super) async fn half_of(
    live: &Live,
    history: &History,
    state: &State,
    folder: &Folder,
    rows: &[Row],
    hands: &Hands,
    desired: &Desired,
) -> Result<Option<Half>, Failure> {
    let Some(files) = cut_group(live, history, state, rows).await? else {
        return Ok(None);
    };
    let versions: Vec<Version> = files.iter().map(|row| row.version.clone()).collect();
    let label = versions.last().map(ToString::to_string).unwrap_or_default();
    let refuse = |why: &str| {
        Failure::said(
            "rollback::half",
            Exit::Refused,
            format!("the group of {label} ran only in part, and {why}"),
            "mend what stopped it and let `schemactl apply` end it: then it can be taken back whole",
        )
    };
    let mut before = state.clone();
    for row in &files {
        if let Some(row) = before.rows.get_mut(&row.version) {
            row.status = Status::RolledBack;
        }
    }
    let record = match before.point().mark() {
        Some(mark) => history.snapshot_at(&live.session, &mark).await?,
        None => None,
    };
    let Some(record) = record else {
        return Err(refuse("nothing is recorded of the database from before it"));
    };
    let record = catalog_of(history.schema(), &record)?;
    let hands = hands.clone().remembering(&record);
    let catalog = live.catalog_with(desired).await?;
    let now = hands.of(&catalog, desired);
    let then = hands.of(&record, desired);
    let texts: Vec<String> = files.iter().map(|row| text_of(folder, row)).collect();
    if !renames_in(&texts, &then, &now).is_empty() {
        return Err(refuse("what it renamed cannot be told from what it made"));
    }
    // What stopped the group left something too: an index that was not built to its end.
    let group = files.first().and_then(|row| row.group_id.as_ref());
    let stopped = state.rows.values().filter(|row| {
        let is_open = matches!(row.status, Status::Failed | Status::Running);
        is_open && row.group_id.as_ref() == group
    });
    let stopped: Vec<String> = stopped.map(|row| text_of(folder, row)).collect();
    let names: BTreeSet<String> = texts
        .iter()
        .chain(&stopped)
        .filter_map(|text| MigrationFile::parse(text).ok())
        .flat_map(|file| names_in(file.body()))
        .collect();
    let target = within(&now, &then, &names);
    let way = plan(
        &now,
        &target,
        PlanOptions {
            server_version: catalog.origin.server_version,
            role: &catalog.origin.role,
            online: false,
            exact: None,
            stand_in: false,
            anew: None,
            arrangement: None,
        },
    )?;
    let hazards = way
        .hazards()
        .map(|it| Hazard::parse(&format!("{} {}", class(it), Hazard::line(it))))
        .collect();
    let parts = drafts(
        &way,
        &crate::plan::Plan::default(),
        "back",
        &Default::default(),
    );
    let [one] = parts.as_slice() else {
        return Err(refuse("the way back from there is no one transaction"));
    };
    if one.up.no_transaction {
        return Err(refuse("the way back from there is no one transaction"));
    }
    Ok(Some(Half {
        versions,
        sql: one.up.body.clone(),
        hazards,
        is_back: is_back(hands, desired.clone(), target, label),
    }))
}

/// The word of a hazard's class, as headers write it.
fn class(hazard: &crate::kind::Hazard) -> String {
    serde_json::to_value(hazard.class)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The text that ran, else that of the file.
fn text_of(folder: &Folder, row: &Row) -> String {
    match row.up_sql.is_empty() {
        false => row.up_sql.clone(),
        true => folder
            .get(&row.version)
            .map(|it| it.up.file.render())
            .unwrap_or_default(),
    }
}

/// The files of the group among `rows` whose last file never ran after them, newest first, with their texts. Where a rollback
/// of the whole group was interrupted, its own ways back go on.
async fn cut_group(
    live: &Live,
    history: &History,
    state: &State,
    rows: &[Row],
) -> Result<Option<Vec<Row>>, Failure> {
    let Some(newest) = rows.iter().find(|row| row.group_id.is_some()) else {
        return Ok(None);
    };
    let mut files = Vec::new();
    for row in rows.iter().filter(|row| row.group_id == newest.group_id) {
        files.push(
            history
                .row(&live.session, &row.version)
                .await?
                .unwrap_or_else(|| row.clone()),
        );
    }
    let header = |row: &Row| MigrationFile::parse(&row.up_sql).ok()?.header().group();
    let Some(group) = files.first().and_then(header) else {
        return Ok(None);
    };
    if group.part >= group.of || files.iter().any(|row| row.status == Status::Running) {
        return Ok(None);
    }
    let later: Vec<&Row> = state
        .rows
        .values()
        .filter(|row| row.group_id == newest.group_id && !row.status.is_in())
        .collect();
    let events = history
        .events(&live.session, &EventFilter::default(), EVENTS)
        .await?;
    let last = |row: &Row, outcome: Status| {
        let is_it = |event: &&crate::migrate::EventRow| {
            event.outcome == outcome.word()
                && event.version.as_deref() == Some(row.version.as_str())
                && event.service.as_deref().unwrap_or_default() == row.service
        };
        events.iter().find(is_it).map(|event| event.id)
    };
    let ran = last(newest, Status::Applied);
    let goes_back = later
        .iter()
        .any(|row| last(row, Status::RolledBack) > ran && ran.is_some());
    Ok((!goes_back).then_some(files))
}

/// What is there, with what the group's files name as it was before them: what others made meanwhile stays.
fn within(now: &Catalog, then: &Catalog, names: &BTreeSet<String>) -> Catalog {
    let is_named = |id: &ObjectId| {
        let own = match id.kind.is_facet() {
            true => id.parents().find(|it| !it.name.is_empty()),
            false => id.ancestors().find(|it| !it.name.is_empty()),
        };
        own.is_some_and(|own| names.contains(&*own.name))
    };
    let mut target = then.clone();
    for id in compare(then, now).into_keys().filter(|id| !is_named(id)) {
        match now.objects.get(&id) {
            Some(object) => {
                target.objects.insert(id.clone(), object.clone());
                if let Some(needed) = now.dependencies.get(&id) {
                    target.dependencies.insert(id.clone(), needed.clone());
                }
                if let Some(place) = now.positions.get(&id) {
                    target.positions.insert(id, *place);
                }
            }
            None => {
                target.objects.remove(&id);
                target.dependencies.remove(&id);
            }
        }
    }
    target
}

fn is_back(
    hands: Hands,
    desired: Desired,
    target: Catalog,
    label: String,
) -> Box<GateHook<'static>> {
    let kept = Arc::new((hands, desired, target, label));
    Box::new(
        move |session: &Session| -> BoxFuture<'_, Result<(), HookError>> {
            let kept = kept.clone();
            Box::pin(async move {
                let (hands, desired, target, label) = &*kept;
                let found = introspect_here_with(session, desired).await;
                let found = found.map_err(|error| {
                    let exit = error.exit();
                    (miette::Report::new(error), exit)
                })?;
                let found = hands.of(&found, desired);
                let differs = compare(target, &found).into_iter().find(|(id, _)| {
                    match (target.get(id), found.get(id)) {
                        (Some(one), Some(other)) => !may_be_equal(one, other),
                        _ => true,
                    }
                });
                let Some((id, _)) = differs else {
                    return Ok(());
                };
                let failure = Failure::said(
                    "rollback::half",
                    Exit::Failed,
                    format!(
                        "the way back from the middle of the group of {label} does not lead to where it began: {id} differs"
                    ),
                    "nothing was taken back; mend what stopped the group and let `schemactl apply` end it: then it can be taken back whole",
                );
                let exit = failure.exit;
                match failure.reports.into_iter().next() {
                    Some(report) => Err((report, exit)),
                    None => Ok(()),
                }
            })
        },
    )
}
