//! Planning: changes become actions, actions become one graph, the graph becomes one deterministic order that disturbs
//! the order of names least, and neighbours are folded into the statements that a careful person writes.
//!
//! What is rebuilt takes its dependents down and puts them back, facets included; CASCADE is never written.

mod beside_rows;
mod fate;
mod fold;
mod graph;
mod late;
mod parts;
mod rights;
mod search_path;
mod split;
mod stages;

use std::collections::BTreeSet;

pub(crate) use graph::roots;

use crate::kind::constraint::made_with_only;
use crate::kind::foreign_key::behind_rows;
use crate::kind::table::puts_aside;
use crate::kind::{Catalog, Context, Hazard, Made, Preflight, Statement};
use crate::model::{Exit, Kind, ObjectId};

pub use parts::{Arrangement, Parts};

/// What happens to an object in one step.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// It is taken away.
    Drop,
    /// It is changed in place.
    Alter,
    /// It is made.
    Create,
}

/// One statement of a plan, with the objects that it is about.
#[derive(Debug, Clone)]
pub struct Step {
    /// The statement.
    pub statement: Statement,
    /// What it does to which objects; the first is the one that it is named for.
    pub objects: Vec<(Verb, ObjectId)>,
    /// Whether what comes after needs this step committed: a new enum value is used only then.
    pub commit_after: bool,
}

/// Statements in their order.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// What must hold of the rows that are there, before any step.
    pub preflights: Vec<Preflight>,
}

/// How to plan.
#[derive(Debug, Clone, Copy)]
pub struct PlanOptions<'a> {
    /// The version of the server that runs it, as `server_version_num`.
    pub server_version: u32,
    /// The role that runs it.
    pub role: &'a str,
    /// Whether tables that exist count as holding rows, so that others must not wait.
    pub online: bool,
    /// The partitioned tables of which all partitions are known, wherever the plan runs.
    pub exact: Option<&'a BTreeSet<ObjectId>>,
    /// Whether a column that refuses null and comes back to a table with rows is filled with a stand-in: its values are
    /// gone, and the way back is for the schema.
    pub stand_in: bool,
    /// Objects that are made anew although they could become what they shall be as they stand.
    pub anew: Option<&'a BTreeSet<ObjectId>>,
    /// Whether the steps of each service stand together.
    pub arrangement: Option<Arrangement<'a>>,
}

/// Why no plan could be made.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum PlanError {
    /// A difference was found that no kind could turn into statements.
    #[error("the difference of {object} yields no statement")]
    #[diagnostic(
        code(plan::unhandled),
        help("this is a bug of schemactl: please report it with the two definitions: {detail}")
    )]
    Unhandled {
        /// The object.
        object: ObjectId,
        /// Both definitions.
        detail: String,
    },
    /// The actions wait for each other.
    #[error("these changes wait for each other: {chain}")]
    #[diagnostic(code(plan::cycle), help("split the change in two migrations"))]
    Cycle {
        /// The chain, `a → b → a`.
        chain: String,
    },
    /// Declared rows that go refer to each other, and no foreign key lets one go first.
    #[error(
        "these rows refer to each other, and no foreign key between them lets one go first: {chain}"
    )]
    #[diagnostic(
        code(plan::rows),
        help(
            "let the check of one of these foreign keys wait: without `on-delete=restrict`; or let go of a reference in a migration before, by `#null`"
        )
    )]
    Rows {
        /// The chain, `a → b → a`.
        chain: String,
    },
}

impl PlanError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            PlanError::Unhandled { .. } => Exit::Bug,
            PlanError::Cycle { .. } | PlanError::Rows { .. } => Exit::Failed,
        }
    }
}

/// The statements that lead from one catalog to another.
///
/// # Errors
///
/// When a difference has no statement, or when actions wait for each other in a cycle that no split breaks.
pub fn plan(from: &Catalog, to: &Catalog, options: PlanOptions<'_>) -> Result<Plan, PlanError> {
    let context = Context {
        before: from,
        after: to,
        server_version: options.server_version,
        role: options.role,
        online: options.online,
        exact: options.exact,
        stand_in: options.stand_in,
        made: None,
    };
    let mut forced = options.anew.cloned().unwrap_or_default();
    let mut unheeded = BTreeSet::new();
    // Each round makes at least one more object a rebuild, or heeds fewer calls, so the rounds are bounded.
    loop {
        let fates = fate::decide(&context, &forced)?;
        let mut made = Made {
            objects: fate::made(&fates),
            ..Made::default()
        };
        made.only = made_with_only(&Context {
            made: Some(&made),
            ..context
        });
        let context = Context {
            made: Some(&made),
            ..context
        };
        let mut graph = graph::Graph::new(&context, &fates, &unheeded);
        match graph.order(&context) {
            Ok(order) => {
                let order = match options.arrangement {
                    Some(arrangement) => parts::arrange(&graph, order, arrangement),
                    None => order,
                };
                let parts = options.arrangement.map(|it| it.parts);
                let mut plan = Plan {
                    steps: fold::fold(&context, &graph, &order, parts),
                    preflights: preflights(&context, &fates),
                };
                // Rows that are put aside are back before anybody looks: what would come in between comes in the plain form.
                if options.online && plan.leaves_rows_aside() {
                    let online = false;
                    return self::plan(from, to, PlanOptions { online, ..options });
                }
                rights::net(&mut plan, &context);
                return Ok(plan);
            }
            Err(cycle) => match cycle.breakable(&forced, &context) {
                Some(id) => {
                    forced.insert(id);
                }
                // Whether an overload could really take a call, only PostgreSQL knows.
                None if !cycle.calls().is_empty() => {
                    unheeded.extend(cycle.calls().iter().cloned());
                    forced = options.anew.cloned().unwrap_or_default();
                }
                None => {
                    let chain = cycle.chain();
                    return Err(match cycle.is_of_rows() {
                        true => PlanError::Rows { chain },
                        false => PlanError::Cycle { chain },
                    });
                }
            },
        }
    }
}

/// What has to be asked of the rows of tables that stay, for each object that is made or changed, and of what goes with an
/// object that is dropped.
fn preflights(context: &Context<'_>, fates: &fate::Fates) -> Vec<Preflight> {
    // Of rows that the same plan changes nothing can be asked before.
    let changed: BTreeSet<&ObjectId> = fates
        .keys()
        .filter(|id| id.kind == Kind::Row)
        .filter_map(|id| id.parent.as_deref())
        .collect();
    let gone = fates
        .iter()
        .filter(|(_, fate)| matches!(fate, fate::Fate::Drop | fate::Fate::Rebuild))
        .filter_map(|(id, _)| context.before.get(id)?.preflight_of_drop(id, context));
    let goes = |fate: &fate::Fate| matches!(fate, fate::Fate::Drop | fate::Fate::Rebuild);
    let rows = fates
        .iter()
        .filter(|(id, fate)| id.kind == Kind::Row && goes(fate));
    let rows: Vec<&ObjectId> = rows.map(|(id, _)| id).collect();
    let of_rows = fates
        .keys()
        .filter_map(|id| {
            let (from, to) = (context.before.get(id), context.after.get(id)?);
            (from != Some(to)).then(|| to.preflight(from, id, context))
        })
        .flatten()
        .chain(behind_rows(&rows, context))
        .filter(|preflight: &Preflight| {
            let mut tables = preflight.tables.iter();
            !tables.any(|table| changed.contains(table))
        });
    gone.chain(of_rows).collect()
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The objects to which this happens, in the order of the steps.
    pub fn objects(&self, verb: Verb) -> impl Iterator<Item = &ObjectId> {
        let all = self.steps.iter().flat_map(|step| &step.objects);
        let of = all.filter(move |(other, _)| *other == verb);
        of.map(|(_, id)| id)
    }

    /// All hazards, in the order of the steps.
    pub fn hazards(&self) -> impl Iterator<Item = &Hazard> {
        self.steps.iter().flat_map(|step| &step.statement.hazards)
    }

    /// Whether rows of a table that is made anew wait outside of it while a transaction ends.
    fn leaves_rows_aside(&self) -> bool {
        let mut parts = self.parts().into_iter();
        parts.any(|steps| {
            let texts = steps.iter().map(|step| step.statement.text());
            texts.map(|text| puts_aside(&text)).sum::<i32>() != 0
        })
    }

    /// The steps cut into the parts that run as one transaction each; a statement that cannot run in a transaction is a
    /// part of its own.
    pub fn parts(&self) -> Vec<&[Step]> {
        let mut parts = Vec::new();
        let mut start = 0;
        for (index, step) in self.steps.iter().enumerate() {
            if step.statement.outside_transaction {
                if start < index {
                    parts.push(&self.steps[start..index]);
                }
                parts.push(&self.steps[index..=index]);
                start = index + 1;
            } else if step.commit_after {
                parts.push(&self.steps[start..=index]);
                start = index + 1;
            }
        }
        if start < self.steps.len() {
            parts.push(&self.steps[start..]);
        }
        parts
    }
}
