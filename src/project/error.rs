//! Why a project cannot go on: the state of files, history and database towards each other.

use crate::config::ConfigError;
use crate::kdl::Mistakes;
use crate::model::{Exit, ObjectId};
use crate::pg::error::SqlError;
use crate::pg::introspect::IntrospectError;
use crate::scratch::build::BuildError;

/// Why a command cannot go on.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ProjectError {
    /// The project file or its files.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(#[from] ConfigError),
    /// Mistakes in the KDL files.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Kdl(Box<Mistakes>),
    /// The database could not be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Introspect(#[from] IntrospectError),
    /// A database with objects and without a history.
    #[error("`{database}` holds {count} objects and no history of schemactl: {}", sample(.objects))]
    #[diagnostic(
        code(diff::unmanaged),
        help(
            "take it over first: `schemactl init --from URL` makes a project of it, `schemactl baseline` records it as it is; or leave objects out with `scope {{ ignore ... }}` in schemactl.kdl"
        )
    )]
    Unmanaged {
        /// The database.
        database: String,
        /// How many objects.
        count: usize,
        /// The first of them.
        objects: Vec<String>,
    },
    /// Files that did not run yet.
    #[error("`{database}` is behind the files: {} not applied yet", versions.join(", "))]
    #[diagnostic(
        code(diff::behind),
        help("{}", before_diff(*.is_new))
    )]
    Behind {
        /// The database.
        database: String,
        /// The pending migrations.
        versions: Vec<String>,
        /// Whether nothing is recorded of the database, and it is not empty.
        is_new: bool,
    },
    /// No snapshot of the state that the history is at.
    #[error("the history of `{database}` has no catalog of its present state")]
    #[diagnostic(
        code(diff::no_snapshot),
        help(
            "run `schemactl apply`, which records it, or compare with the files alone: `schemactl diff --from migrations`"
        )
    )]
    NoSnapshot {
        /// The database.
        database: String,
    },
    /// No migration was run or taken over.
    #[error("nothing is recorded of `{database}`: it has no history")]
    #[diagnostic(
        code(drift::no_history),
        help(
            "`schemactl apply` runs the migrations and records what is there then; where the objects are there already, `schemactl baseline` takes them over"
        )
    )]
    NoHistory {
        /// The database.
        database: String,
    },
    /// The live catalog is not the recorded one.
    #[error("`{database}` is not as the last migration left it: {}", sample(.objects))]
    #[diagnostic(
        code(diff::drifted),
        help(
            "`schemactl drift` shows it; `drift --fix` writes the correction, `drift --accept` takes it into the KDL; `schemactl diff --from migrations` compares with the files alone"
        )
    )]
    Drifted {
        /// The database.
        database: String,
        /// What differs.
        objects: Vec<String>,
    },
    /// Objects in declared schemas that neither a file nor the history knows.
    #[error("nobody declares {}, and no migration made {}", sample(.objects), if .objects.len() == 1 { "it" } else { "them" })]
    #[diagnostic(
        code(diff::undeclared),
        help(
            "take them into the KDL with `schemactl drift --accept`, leave them alone with `scope {{ ignore KIND=\"PATH\" }}` in schemactl.kdl, or drop them with `schemactl diff --drop KIND:PATH`"
        )
    )]
    Undeclared {
        /// The objects.
        objects: Vec<String>,
    },
    /// `manage { column-order exact }`, and columns stand in another order.
    #[error("the columns of {} do not stand as in the files", sample(.tables))]
    #[diagnostic(
        code(diff::column_order),
        help(
            "PostgreSQL moves no column, and new ones come last: write them in the files as they stand in the database, make the table anew by a migration of your own (`schemactl new`), or leave `column-order exact` out"
        )
    )]
    ColumnOrder {
        /// The tables, each with both orders.
        tables: Vec<String>,
    },
    /// `--drop` names nothing.
    #[error("`--drop {wanted}` names no object of the database")]
    #[diagnostic(
        code(diff::drop),
        help("write it as `KIND:PATH`, such as `table:auth.tmp` or `index:auth.users.tmp_ix`")
    )]
    DropNothing {
        /// What was asked for.
        wanted: String,
    },
    /// Hand-written objects whose text is another than the one that made them.
    #[error("the `up` of {} is another than the one that made it", sample(.objects))]
    #[diagnostic(
        code(sql::changed),
        help(
            "what the old text made stays behind the new one's back: put the text back, or give the new object a name of its own, so that the old one goes by its recorded `down`"
        )
    )]
    ByHandChanged {
        /// The objects.
        objects: Vec<String>,
    },
    /// Declared rows that are known by columns of which the recorded ones have no values.
    #[error(
        "rows of {table} are known by {before} so far; of {key}, by which the files know them, nothing is recorded"
    )]
    #[diagnostic(
        code(rows::known_anew),
        help(
            "let `rows` say `key` with {before} while the new columns come; once that has run everywhere, the new key can be said"
        )
    )]
    RowsKnownAnew {
        /// The table.
        table: String,
        /// The columns of the recorded key.
        before: String,
        /// The columns of the declared one.
        key: String,
    },
    /// Objects that have no place in the model.
    #[error("{count} objects stand in PostgreSQL's own schemas, where a project can make none: {}", sample(.objects))]
    #[diagnostic(
        code(inspect::no_place),
        help(
            "they would be lost, so nothing was written; take them away, or leave them out with what stands on them: a line `ignore KIND=\"PATH\"` in the `scope` of schemactl.kdl (where there is none yet: `schemactl init`, that line, then `schemactl inspect --output` into the project)"
        )
    )]
    Unmodelled {
        /// How many.
        count: usize,
        /// The first of them.
        objects: Vec<String>,
    },
    /// A baseline of files that lead elsewhere.
    #[error("`{database}` is not what the files lead to: {}", sample(.objects))]
    #[diagnostic(
        code(baseline::differs),
        help(
            "nothing was recorded; look whether it is the database that is meant (`--url`, `--env`); where the files did not run, `schemactl apply` runs them; where it is ahead of them or beside them, bring the two together first, or record a part with `--to`"
        )
    )]
    NotTheFiles {
        /// The database.
        database: String,
        /// What differs.
        objects: Vec<String>,
    },
    /// The scratch database could not build what was read.
    #[error("the database cannot be rebuilt on scratch: {0}")]
    #[diagnostic(
        code(baseline::unproven),
        help("nothing was written; this is a gap in schemactl: please report it")
    )]
    Rebuild(Box<BuildError>),
    /// PostgreSQL prints a text that it does not read.
    #[error("PostgreSQL prints a text of {object} that it does not read itself: {error}")]
    #[diagnostic(
        code(baseline::unread),
        help(
            "nothing was written; a dump of the database cannot be restored either. Write it anew in the database in other words, or leave it out with what stands on it: a line `ignore KIND=\"PATH\"` in the `scope` of schemactl.kdl (where there is none yet: `schemactl init`, that line, then `schemactl inspect --output` into the project)"
        )
    )]
    Unread {
        /// What it is the text of.
        object: ObjectId,
        /// What PostgreSQL says of it.
        error: SqlError,
    },
    /// What is read stands on something for which no other database has a place.
    #[error(
        "{step} needs {needed}, which lies in one of PostgreSQL's own schemas: no scratch database gets it"
    )]
    #[diagnostic(
        code(baseline::no_place),
        help(
            "nothing was written; move it into a schema of its own (`ALTER ... SET SCHEMA`), or leave out what stands on it too: a line `ignore KIND=\"PATH\"` in the `scope` of schemactl.kdl"
        )
    )]
    StandsOnNoPlace {
        /// What fails without it.
        step: String,
        /// What lies there.
        needed: String,
    },
    /// The rebuilt database is another one.
    #[error("the way {direction} of the baseline does not lead where it should: {}", sample(.objects))]
    #[diagnostic(
        code(baseline::open),
        help("nothing was written; this is a gap in schemactl: please report it")
    )]
    NotSame {
        /// `up` or `down`.
        direction: &'static str,
        /// What differs.
        objects: Vec<String>,
    },
    /// A migration fails on scratch.
    #[error("`{file}` fails on the scratch database: {message}")]
    #[diagnostic(code(verify::replay), help("{help}"))]
    Replay {
        /// The file.
        file: String,
        /// What PostgreSQL said.
        message: String,
        /// Its hint, and what to do.
        help: String,
    },
    /// A way back does not return.
    #[error("the way back of {versions} does not return to the state before it: {}", sample(.objects))]
    #[diagnostic(
        code(verify::down),
        help("correct the down file, then `schemactl restamp`")
    )]
    NoReturn {
        /// The migrations.
        versions: String,
        /// What differs.
        objects: Vec<String>,
    },
    /// Changes of the database that no place in the KDL files takes.
    #[error("the KDL files can't take this over by themselves: {}", sample(.objects))]
    #[diagnostic(
        code(drift::unplaced),
        help(
            "nothing was written; write it into the files by hand (`schemactl inspect` prints how), or leave it out with `--object KIND:NAME` for the others"
        )
    )]
    Unplaced {
        /// The objects, each with the reason.
        objects: Vec<String>,
    },
    /// What counts as gone is there in another place, with its rows.
    #[error("{}: that is no loss, and would become one", sample(.objects))]
    #[diagnostic(
        code(drift::still_there),
        help(
            "nothing was written; give it its name and place back by hand, or say it in the KDL files with `renamed-from=` and write the migration with `schemactl diff --from migrations`"
        )
    )]
    StillThere {
        /// What is what now.
        objects: Vec<String>,
    },
    /// What is accepted stands on something that the files do not make.
    #[error("{}", sample(.objects))]
    #[diagnostic(
        code(drift::unheld),
        help(
            "nothing was written; another database may not have it: declare it in the KDL files, write its migration with `schemactl diff` and run it, then accept"
        )
    )]
    Unheld {
        /// What stands on what.
        objects: Vec<String>,
    },
    /// A choice among changes that cannot be made without others.
    #[error("{} goes with what was chosen", sample(.objects))]
    #[diagnostic(
        code(drift::goes_with),
        help("nothing was written; choose it too: {words}")
    )]
    GoesWith {
        /// The objects.
        objects: Vec<String>,
        /// The words that choose them.
        words: String,
    },
    /// Another drift than was looked at.
    #[error("`{database}` changed while its drift was taken over")]
    #[diagnostic(
        code(drift::moved),
        help("the files are written and nothing is recorded; look at `schemactl drift` again")
    )]
    Moved {
        /// The database.
        database: String,
    },
    /// `--object` names no change.
    #[error("`--object {wanted}` names nothing that drifted")]
    #[diagnostic(
        code(drift::object),
        help("write it as `KIND:NAME`, as `schemactl drift --format json` gives them: {known}")
    )]
    NoSuchDrift {
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: String,
    },
    /// A service stands on another one and does not say so.
    #[error("a service stands on another one without a word of it: {}", sample(.objects))]
    #[diagnostic(
        code(service::undeclared),
        help(
            "say it: `depends-on NAME` in the `service` node of schemactl.kdl, so that whoever works on the other one knows; or take the reference out"
        )
    )]
    ServiceUndeclared {
        /// What stands on what.
        objects: Vec<String>,
    },
    /// What one service gets of a change cannot stand without what others get.
    #[error("the part of `{service}` cannot be written without that of {}", others.join(", "))]
    #[diagnostic(
        code(service::not_alone),
        help(
            "its steps wait for steps of theirs, or would not return without them: leave `--service` out, and `schemactl diff` writes all parts in their order"
        )
    )]
    NotAlone {
        /// The service.
        service: String,
        /// The others.
        others: Vec<String>,
    },
    /// The files do not lead to the KDL.
    #[error("the migrations do not lead to what the KDL files say: {}", sample(.objects))]
    #[diagnostic(
        code(verify::behind),
        help("write the missing migration with `schemactl diff --from migrations`")
    )]
    FilesBehind {
        /// What differs.
        objects: Vec<String>,
    },
}

fn before_diff(is_new: bool) -> &'static str {
    match is_new {
        true => {
            "where the database holds already what the files make, as after `init --from`, run `schemactl baseline`, which \
             records that; else `schemactl apply`, or compare with the files alone: `schemactl diff --from migrations`"
        }
        false => {
            "run `schemactl apply` first, or compare with the files alone: `schemactl diff --from migrations`"
        }
    }
}

impl ProjectError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            ProjectError::Config(error) => error.exit(),
            ProjectError::Kdl(mistakes) => mistakes.exit(),
            ProjectError::Introspect(error) => error.exit(),
            ProjectError::Unmanaged { .. }
            | ProjectError::Behind { .. }
            | ProjectError::NoSnapshot { .. }
            | ProjectError::NoHistory { .. }
            | ProjectError::Drifted { .. }
            | ProjectError::Undeclared { .. }
            | ProjectError::Unmodelled { .. }
            | ProjectError::NotTheFiles { .. }
            | ProjectError::Unplaced { .. }
            | ProjectError::Moved { .. }
            | ProjectError::Unheld { .. }
            | ProjectError::StillThere { .. }
            | ProjectError::NotAlone { .. }
            | ProjectError::ColumnOrder { .. }
            | ProjectError::FilesBehind { .. } => Exit::Refused,
            ProjectError::DropNothing { .. }
            | ProjectError::GoesWith { .. }
            | ProjectError::ServiceUndeclared { .. }
            | ProjectError::ByHandChanged { .. }
            | ProjectError::RowsKnownAnew { .. }
            | ProjectError::NoSuchDrift { .. } => Exit::Input,
            ProjectError::Unread { .. } | ProjectError::StandsOnNoPlace { .. } => Exit::Refused,
            ProjectError::Rebuild(error) => error.exit(),
            ProjectError::NotSame { .. }
            | ProjectError::Replay { .. }
            | ProjectError::NoReturn { .. } => Exit::Failed,
        }
    }
}

/// The first few of a list, for a message of one line.
fn sample(objects: &[String]) -> String {
    const SHOWN: usize = 8;
    let mut text = objects
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if objects.len() > SHOWN {
        text.push_str(&format!(" and {} more", objects.len() - SHOWN));
    }
    text
}
