//! The proof of a migration: run up and down on a scratch database that holds the state before, with rows in its tables.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Managed;
use crate::diff::{Change, Changes, compare};
use crate::kind::language::{Desired, Rename};
use crate::kind::row::{tables, with_computed};
use crate::kind::{Catalog, HazardClass, Object, Preflight, Shared};
use crate::model::{Kind, ObjectId};
use crate::pg::connect::Session;
use crate::pg::introspect::IntrospectError;
use crate::pg::rows::introspect_with;
use crate::plan::{Plan, Verb, roots};
use crate::scratch::build::{BuildError, run_plan, run_plan_with};
use crate::scratch::cluster::is_own_role;
use crate::scratch::prove::{Forms, roles_stay};
use crate::scratch::rights::{Beyond, Rights};
use crate::sql::lexer::{Lexer, TokenKind};

/// SQLSTATEs about rows: null, duplicate, orphan, violation, overlap, values that do not fit a type (of an extension: without
/// a class of their own), a function whose body, run for a row, finds nothing under an empty search path, and one that raises
/// an exception of its own about what it finds there.
pub(crate) const OF_ROWS: &[&str] = &[
    "23502", "23505", "23503", "23514", "23P01", "22001", "22003", "22P02", "22007", "22008",
    "22004", "22012", "22023", "42883", "42P01", "P0001", "XX000",
];

/// Those of values that do not fit a type.
const OF_VALUES: &[&str] = &["22001", "22003", "22P02", "22007", "22008", "22023"];

/// Which tables hold rows in a proof.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rows<'a> {
    /// As many as can be filled, but for these, whose rows stood in the way.
    But(&'a BTreeSet<ObjectId>),
    /// None.
    Nowhere,
}

/// What was proven.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// The server, `15.18`.
    pub server: String,
    /// How many tables held rows.
    pub seeded: usize,
    /// Of how many.
    pub tables: usize,
    /// What can be asked of the rows before the way up.
    pub preflights_up: Vec<Preflight>,
    /// And before the way down.
    pub preflights_down: Vec<Preflight>,
    /// What PostgreSQL did besides, or not, is put right by these statements at the end of either way.
    pub further: Vec<String>,
    /// The places of columns after the way up.
    pub places: Shared<BTreeMap<ObjectId, i32>>,
    /// Tables whose values went there and were refused on the way back.
    pub no_way_back: BTreeSet<ObjectId>,
    /// The steps of the way up that the role that applies may not run.
    pub beyond_up: Vec<Beyond>,
    /// Those of the way down.
    pub beyond_down: Vec<Beyond>,
}

/// A proof that did not close.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ProofError {
    /// A statement failed.
    #[error("the way {direction} fails: {error}")]
    #[diagnostic(code(proof::step), help("nothing was written; the statement: {}", statement_of(.error)))]
    Step {
        /// `up` or `down`.
        direction: &'static str,
        /// What failed.
        error: BuildError,
    },
    /// The state that was reached is another one.
    #[error("the way {direction} does not lead to the state that it should: {}", list(.differences))]
    #[diagnostic(
        code(proof::open),
        help("nothing was written; this is a gap in schemactl: please report it")
    )]
    Open {
        /// `up` or `down`.
        direction: &'static str,
        /// What differs, with both definitions.
        differences: Vec<String>,
        /// What was wanted, but for what differs, which is as it was found.
        reached: Box<Catalog>,
    },
    /// Only with more rights than the role that applies has is the state reached: PostgreSQL passes over a GRANT or REVOKE
    /// of what is another's with a warning.
    #[error("the role {role} may not make this change: {}", list(.differences))]
    #[diagnostic(
        code(proof::rights),
        help(
            "nothing was written; connect as a role that owns what is changed, or make {role} a member of one"
        )
    )]
    Rights {
        /// The role.
        role: String,
        /// What is not reached.
        differences: Vec<String>,
    },
    /// Rows were lost that no hazard announces.
    #[error("the way {direction} loses rows of {table}: {before} before, {after} after")]
    #[diagnostic(
        code(proof::rows),
        help("nothing was written; this is a gap in schemactl: please report it")
    )]
    Rows {
        /// `up` or `down`.
        direction: &'static str,
        /// The table.
        table: ObjectId,
        /// Rows before.
        before: i64,
        /// Rows after.
        after: i64,
    },
    /// A row that was put there for the proof stands in the way: nothing is said about the plan.
    #[error("the rows made for the proof stand in the way {direction}: {error}")]
    #[diagnostic(code(proof::seed))]
    Seed {
        /// `up` or `down`.
        direction: &'static str,
        /// The table that the failing statement is about.
        table: Option<ObjectId>,
        /// What failed.
        error: BuildError,
    },
    /// The scratch database could not be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Introspect(#[from] IntrospectError),
}

impl ProofError {
    /// The table whose values, converted on the way up, PostgreSQL does not take on the way down.
    pub(super) fn no_way_back(&self) -> Option<&ObjectId> {
        match self {
            ProofError::Seed {
                direction: "down",
                table,
                error: BuildError::Step { error, .. },
            } if error.is(OF_VALUES) => table.as_ref(),
            _ => None,
        }
    }
}

fn statement_of(error: &BuildError) -> String {
    match error {
        BuildError::Step {
            statement, error, ..
        } => {
            let hint = error.hint.as_ref().map(|hint| format!("\n{hint}"));
            format!("{statement}{}", hint.unwrap_or_default())
        }
        _ => String::new(),
    }
}

fn list(differences: &[String]) -> String {
    differences
        .iter()
        .take(5)
        .cloned()
        .collect::<Vec<_>>()
        .join("; ")
}

/// Two states that the same rows shall fit.
pub(crate) struct Both<'a> {
    pub(crate) before: &'a Catalog,
    pub(crate) after: &'a Catalog,
    pub(crate) renames: &'a [Rename],
}

impl Both<'_> {
    /// The state before with the constraints of the state after, so that the rows fit both where they can.
    pub(crate) fn for_seeding(&self) -> Catalog {
        let mut both = Catalog {
            objects: self.before.objects.clone(),
            positions: self.before.positions.clone(),
            partitioned: self.before.partitioned.clone(),
            ..Catalog::default()
        };
        let rename = |id: &ObjectId| super::names::renamed(id, self.renames);
        for (id, object) in &mut both.objects {
            if let (Object::Column(column), Some(Object::Column(after))) =
                (object.as_ref(), self.after.get(&rename(id)))
                && after.not_null
                && !column.not_null
                && let Object::Column(column) = Arc::make_mut(object)
            {
                column.not_null = true;
            }
            if let (Object::Enum(values), Some(Object::Enum(after))) =
                (object.as_ref(), self.after.get(&rename(id)))
                && values != after
                && let Object::Enum(values) = Arc::make_mut(object)
            {
                values.values.retain(|value| {
                    let renamed = after.renamed.iter().find(|(old, _)| old == value);
                    after.values.contains(renamed.map_or(value, |(_, new)| new))
                });
            }
        }
        for (id, object) in &self.after.objects {
            let constrains = matches!(
                id.kind,
                Kind::Check | Kind::Unique | Kind::PrimaryKey | Kind::ForeignKey | Kind::Index
            );
            if constrains
                && id
                    .parent
                    .as_deref()
                    .is_some_and(|table| self.before.contains(table))
            {
                both.objects
                    .entry(id.clone())
                    .or_insert_with(|| object.clone());
            }
        }
        both
    }
}

fn drops_extension(plan: &Plan) -> bool {
    plan.objects(Verb::Drop)
        .any(|id| id.kind == Kind::Extension)
}

/// The topmost partitioned table that a partition belongs to.
fn root_of(table: &ObjectId, catalog: &Catalog) -> Option<ObjectId> {
    roots(&table.child(Kind::Partition, ""), catalog).last()
}

/// Whether a query stands in lines of comments, whose ends count for nothing, as it is.
fn fits_lines(sql: &str) -> bool {
    Lexer::new(sql).all(|token| {
        let is_blank = matches!(token.kind, TokenKind::Whitespace);
        is_blank || !token.text.contains(['\n', '\r'])
    })
}

/// Everything that a proof looks at.
pub(super) struct Stage<'a> {
    pub(super) session: &'a Session,
    pub(super) managed: &'a Managed<'a>,
    pub(super) desired: &'a Desired,
    pub(super) before: &'a Catalog,
    pub(super) before_forms: &'a Forms,
    pub(super) after: &'a Catalog,
    pub(super) after_forms: &'a Forms,
    /// The state before under the names after.
    pub(super) base: &'a Catalog,
    /// Its forms: they hold for what the plan does not touch.
    pub(super) base_forms: &'a Forms,
    pub(super) renames: &'a [Rename],
    /// What the role that applies may do, where it may not do all.
    pub(super) rights: Option<&'a Rights>,
}

impl Stage<'_> {
    /// Runs both ways.
    pub(super) async fn prove(
        &self,
        up: &Plan,
        down: &Plan,
        with_rows: Rows<'_>,
    ) -> Result<Proof, ProofError> {
        if let Rows::But(others) = with_rows {
            // What holds declared rows holds those alone.
            let renamed = |id: &ObjectId| super::names::renamed(id, self.renames);
            let lookups = tables(self.before);
            let after = tables(self.after);
            let is_lookup = |id: &ObjectId| lookups.contains(id) || after.contains(&renamed(id));
            let seeding = self.for_seeding();
            let seeding = seeding.filtered(|id, _| id.kind != Kind::Table || !is_lookup(id));
            crate::scratch::seed::seed(self.session, &seeding).await;
            let mut emptied: BTreeSet<ObjectId> = self
                .before
                .of_kind(Kind::Table)
                .map(|(id, _)| id)
                .filter(|id| others.contains(*id) || others.contains(&renamed(id)))
                .cloned()
                .collect();
            // Where its rows stand in the way, those that refer to them do.
            let refer: Vec<ObjectId> = crate::kind::references(self.before)
                .filter(|(_, _, to)| emptied.contains(to) && is_lookup(to))
                .map(|(_, from, _)| from.clone())
                .collect();
            emptied.extend(refer);
            emptied.retain(|id| !is_lookup(id));
            crate::scratch::seed::take(self.session, &emptied).await;
        }
        let rows = crate::scratch::seed::count(self.session, self.before).await;
        let seeded = rows.iter().filter(|(_, count)| *count > 0).count();
        let preflights_up = self.askable(up).await;
        let beyond_up = self.run("up", up, seeded > 0).await?;
        let reached = self.read().await?;
        self.compare("up", &reached, self.after, |id, object| {
            self.after_forms.has(id, object)
                || self.base.get(id) == self.after.get(id) && self.base_forms.has(id, object)
        })?;
        self.rows("up", up, &rows, &reached).await?;
        let places = reached.positions;
        // Libraries of an extension that went may remember its objects for as long as a session lasts.
        let anew = match drops_extension(up) {
            true => Session::connect(self.session.target(), "schemactl")
                .await
                .ok(),
            false => None,
        };
        let back = Stage {
            session: anew.as_ref().unwrap_or(self.session),
            ..*self
        };
        let preflights_down = back.askable(down).await;
        let beyond_down = back.run("down", down, seeded > 0).await?;
        let reached = back.read().await?;
        let before = self.before.without_left_overs(|id| {
            self.after
                .contains(&super::names::renamed(id, self.renames))
        });
        self.compare("down", &reached, &before, |id, object| {
            self.before_forms.has(id, object)
        })?;
        Ok(Proof {
            server: self.session.server_version().to_owned(),
            seeded,
            tables: rows.len(),
            preflights_up,
            preflights_down,
            further: Vec::new(),
            places,
            no_way_back: BTreeSet::new(),
            beyond_up,
            beyond_down,
        })
    }

    async fn run(
        &self,
        direction: &'static str,
        plan: &Plan,
        with_rows: bool,
    ) -> Result<Vec<Beyond>, ProofError> {
        let outcome = match self.rights {
            Some(rights) => run_plan_with(self.session, plan, rights).await,
            None => run_plan(self.session, plan).await.map(|()| Vec::new()),
        };
        outcome.map_err(|error| match &error {
            BuildError::Step {
                error: sql, object, ..
            } if with_rows && sql.is(OF_ROWS) => {
                let object = object.as_ref().map(ObjectId::root);
                ProofError::Seed {
                    direction,
                    table: object.filter(|root| root.kind == Kind::Table).cloned(),
                    error,
                }
            }
            _ => ProofError::Step { direction, error },
        })
    }

    /// What a plan asks of the rows, as far as PostgreSQL understands it there: a text that needs more than an empty search
    /// path, or an equality that a type does not have, asks nothing.
    async fn askable(&self, plan: &Plan) -> Vec<Preflight> {
        let mut askable = Vec::new();
        for preflight in &plan.preflights {
            let renamed = |rename: &Rename| {
                let mut tables = preflight.tables.iter();
                tables.any(|table| table.is_within(&rename.to) || rename.to.is_within(table))
            };
            // Where names change on the way, a query could speak of another table or column.
            let is_old = self.renames.iter().any(renamed);
            if !is_old
                && fits_lines(&preflight.sql)
                && self.session.client().prepare(&preflight.sql).await.is_ok()
            {
                askable.push(preflight.clone());
            }
        }
        askable
    }

    fn for_seeding(&self) -> Catalog {
        let Stage {
            before,
            after,
            renames,
            ..
        } = *self;
        Both {
            before,
            after,
            renames,
        }
        .for_seeding()
    }

    async fn read(&self) -> Result<Catalog, ProofError> {
        Ok(self.managed.of(
            &introspect_with(self.session, self.desired).await?,
            self.desired,
        ))
    }

    fn compare(
        &self,
        direction: &'static str,
        reached: &Catalog,
        wanted: &Catalog,
        is_form: impl Fn(&ObjectId, &Object) -> bool,
    ) -> Result<(), ProofError> {
        let wanted = &*with_computed(Cow::Borrowed(wanted), reached);
        let mut changes: Changes = compare(reached, wanted);
        changes.retain(|id, change| {
            // Of a hand-written object is known that it is there.
            !is_own_role(id, self.session)
                && (*change != Change::Alter
                    || id.kind != Kind::Sql
                        && !reached.get(id).is_some_and(|object| is_form(id, object)))
        });
        if direction == "down" {
            roles_stay(&mut changes);
        }
        if changes.is_empty() {
            return Ok(());
        }
        let differences = changes
            .iter()
            .map(
                |(id, change)| match (change, reached.get(id), wanted.get(id)) {
                    (Change::Create, _, _) => format!("{id} is missing"),
                    (Change::Drop, _, _) => format!("{id} is left over"),
                    (Change::Alter, Some(got), Some(want)) => {
                        format!("{id} is {} and not {}", got.to_json(), want.to_json())
                    }
                    _ => id.to_string(),
                },
            )
            .collect();
        let mut found = wanted.clone();
        for id in changes.keys() {
            match reached.objects.get(id) {
                Some(object) => found.objects.insert(id.clone(), object.clone()),
                None => found.objects.remove(id),
            };
            if let Some(needed) = reached.dependencies.get(id) {
                found.dependencies.insert(id.clone(), needed.clone());
            }
        }
        Err(ProofError::Open {
            direction,
            differences,
            reached: Box::new(found),
        })
    }

    /// Every row that was there is there, but for the tables that the plan says it drops.
    async fn rows(
        &self,
        direction: &'static str,
        plan: &Plan,
        rows: &[(ObjectId, i64)],
        reached: &Catalog,
    ) -> Result<(), ProofError> {
        let announced: Vec<&ObjectId> = plan
            .hazards()
            .filter(|hazard| hazard.class == HazardClass::DataLoss)
            .map(|hazard| &hazard.object)
            .collect();
        let counted = crate::scratch::seed::count(self.session, reached).await;
        let name = |table: &ObjectId| super::names::renamed(table, self.renames);
        let is_announced =
            |now: &ObjectId| announced.iter().any(|id| *id == now || id.root() == now);
        for (table, before) in rows {
            let now = name(table);
            if is_announced(&now) {
                continue;
            }
            let counted = counted.iter().find(|(id, _)| *id == now);
            let after = match counted {
                Some((_, count)) => *count,
                // It is partitioned now.
                None if reached.contains(&now) => {
                    crate::scratch::seed::count_in_partitions(self.session, &now).await
                }
                None => 0,
            };
            if after < *before {
                // Between the partitions of one table rows may move.
                // Or into the table that it was a part of, which is none any more or has other parts.
                let was = root_of(table, self.before).map(|it| name(&it));
                let was = was.filter(|it| reached.contains(it));
                if let Some(root) = root_of(&now, reached).or(was) {
                    let stays = |it: &ObjectId| {
                        root_of(it, self.before).map(|it| name(&it)).as_ref() == Some(&root)
                            && !is_announced(&name(it))
                    };
                    let held = rows.iter().filter(|(it, _)| stays(it));
                    let held: i64 = held.map(|(_, count)| count).sum();
                    let whole = crate::scratch::seed::count_in_partitions(self.session, &root);
                    if stays(table) && whole.await >= held {
                        continue;
                    }
                }
                return Err(ProofError::Rows {
                    direction,
                    table: table.clone(),
                    before: *before,
                    after,
                });
            }
        }
        Ok(())
    }
}
