//! What the command line may say.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

/// Declarative schemas for PostgreSQL: KDL in, reviewed and proven migrations out.
#[derive(Debug, Parser)]
#[command(name = "schemactl", version, about, max_term_width = 110)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "For every command")]
pub(super) struct Global {
    /// The project's folder; else the nearest one upwards that holds schemactl.kdl
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) project: Option<PathBuf>,
    /// The environment of the project file
    #[arg(long, global = true, value_name = "NAME", value_hint = ValueHint::Other)]
    pub(super) env: Option<String>,
    /// The database: a connection URL, or `key=value` words as psql takes them
    #[arg(long, global = true, value_name = "URL", hide_env_values = true)]
    pub(super) url: Option<String>,
    /// The database of a project that has several
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) database: Option<String>,
    /// How results are printed: text or json; diff, plan, log: markdown; diff, plan, inspect: sql; check, lint: github, sarif;
    /// inspect: kdl; graph: svg, mermaid, dot
    #[arg(long, global = true, value_name = "FORMAT")]
    pub(super) format: Option<Format>,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// Say more; twice: say everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
    /// Say nothing but results and failures
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Answer every confirmation with yes
    #[arg(short, long, global = true)]
    pub(super) yes: bool,
    /// A server where scratch databases may be made
    #[arg(long, global = true, value_name = "URL")]
    pub(super) scratch: Option<String>,
    /// Allow a hazard of an object, as `drop-table:auth.users`; may be repeated
    #[arg(long, global = true, value_name = "CODE:OBJECT")]
    pub(super) allow: Vec<String>,
    /// Whether the command goes over all databases of the project, so that `url` is that of the first.
    #[arg(skip)]
    pub(super) over_all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Kdl,
    Sql,
    Svg,
    Mermaid,
    Dot,
    Markdown,
    /// Annotations of GitHub Actions
    Github,
    Sarif,
}

impl Format {
    /// The word that asks for it.
    pub(super) fn word(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Command {
    /// Begin a project, or make one of an existing database
    Init(Init),
    /// Show a live schema as KDL, SQL or JSON
    Inspect(Inspect),
    /// Check the KDL files without any database
    Check(Check),
    /// Format KDL files
    Fmt(Fmt),
    /// Write the next migration: what the KDL asks for and the database is not
    Diff(Diff),
    /// Write an empty pair of files for hand-written SQL
    New(New),
    /// Check everything that a review needs: KDL, files, replay on scratch
    Verify(Verify),
    /// Judge the hazards of migrations
    Lint(Lint),
    /// Run pending migrations
    Apply(Apply),
    /// Show what `apply` would do
    Plan(PlanOnly),
    /// Take migrations back
    Rollback(Rollback),
    /// Show where the database stands
    Status(Status),
    /// Show what was done, by whom and when
    Log(Log),
    /// Show one migration
    Show(Show),
    /// Compare the database with what the last apply recorded
    Drift(Drift),
    /// Take over a database as it is
    Baseline(Baseline),
    /// Resolve an interruption
    Repair(Repair),
    /// Stamp and prove edited files anew
    Restamp(Restamp),
    /// Take the last migration back and apply it again
    Redo(Redo),
    /// Give a point of the history a name, or list the names
    Tag(Tag),
    /// Fold old files into one
    Squash(Squash),
    /// Run seeds
    Seed(Seed),
    /// Bring a development database to the KDL without files
    Sync(Sync),
    /// Rebuild a development database from nothing
    Reset(Reset),
    /// Make missing databases
    Create(Create),
    /// Draw a schema, what is around a table, a change, or the order of a plan
    Graph(Graph),
    /// Write the review page
    Report(Report),
    /// Write a reference of the database
    Docs(Docs),
    /// Show who may do what and why
    Access(Access),
    /// Tell what would go wrong: rights, pooler, history, scratch, pg_dump, extensions
    Doctor(Doctor),
    /// Explain the code of a hazard or of an error
    Explain(Explain),
    /// Serve editors: the language server for KDL schema files, over standard input and output
    Lsp(Lsp),
    /// PostgreSQL for scratch databases on machines that have none
    Postgres(Postgres),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual
    Man(Man),
    /// Print the JSON schema of what a command prints with `--format json`
    JsonSchema(JsonSchema),
}

impl Command {
    /// The service that it names.
    pub(super) fn service(&self) -> Option<&str> {
        let of = match self {
            Command::Diff(options) => &options.of,
            Command::New(options) => &options.of,
            Command::Lint(options) => &options.of,
            Command::Apply(options) => &options.of,
            Command::Plan(options) => &options.of,
            Command::Rollback(options) => &options.of,
            Command::Redo(options) => &options.of,
            Command::Status(options) => &options.of,
            Command::Log(options) => &options.of,
            Command::Show(options) => &options.of,
            Command::Squash(options) => &options.of,
            Command::Baseline(options) => &options.of,
            Command::Restamp(options) => &options.of,
            _ => return None,
        };
        of.service.as_deref()
    }
}

/// The service of a project that has services.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct OfService {
    /// The service; `shared` for what belongs to none
    #[arg(long, value_name = "NAME")]
    pub(super) service: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Init {
    /// The new project's folder
    pub(super) dir: Option<PathBuf>,
    /// Make the project of this database, which is only read
    #[arg(long, value_name = "URL")]
    pub(super) from: Option<String>,
    /// Make mixins of runs of columns that recur in three tables or more
    #[arg(long, requires = "from")]
    pub(super) mixins: bool,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Inspect {
    /// Write the KDL files into this folder, or into this project's folder of schema files
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Make mixins of runs of columns that recur in three tables or more
    #[arg(long)]
    pub(super) mixins: bool,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Check {
    /// Say what silence means where, and how many objects it is about
    #[arg(long)]
    pub(super) explain: bool,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Fmt {
    /// Take out `renamed-from`, `convert`, `convert-back` and `backfill`, once every environment has run what they say
    #[arg(long, conflicts_with = "paths")]
    pub(super) prune: bool,
    /// Files or folders; else the project's
    pub(super) paths: Vec<PathBuf>,
    /// Write nothing, say which files would change, and exit with 2
    #[arg(long)]
    pub(super) check: bool,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  schemactl diff                     after editing the schema files: the next migration, named by its changes
  schemactl diff add_orders --dry-run
  schemactl diff --rebase            after a merge of two branches: the later one's files are written anew")]
pub(super) struct Diff {
    /// The migration's name; made from the changes where it is left out
    pub(super) name: Option<String>,
    /// Print the files and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Compare with this: `live`, or `migrations` replayed on scratch
    #[arg(long, value_name = "BASE", default_value = "live")]
    pub(super) from: From,
    /// Drop this undeclared object, as `table:auth.tmp`; may be repeated
    #[arg(long, value_name = "KIND:NAME")]
    pub(super) drop: Vec<String>,
    /// Where branches went on from one state: remove the files of the later one, and write what they did after the other; FILE
    /// is one of that branch, else the one with the higher number or the later date
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "", require_equals = true)]
    pub(super) rebase: Option<String>,
    /// Exit with 2 where there is something to do
    #[arg(long)]
    pub(super) exit_code: bool,
    #[command(flatten)]
    pub(super) of: OfService,
}

impl Diff {
    /// The comparison with the state after the last file.
    pub(super) fn of_files() -> Diff {
        Diff {
            name: None,
            dry_run: true,
            from: From::Migrations,
            drop: Vec::new(),
            rebase: None,
            exit_code: false,
            of: OfService::default(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum From {
    Live,
    Migrations,
}

/// A state of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum State {
    /// What the KDL files ask for
    Files,
    /// What the migrations lead to
    Migrations,
    /// What is there
    Live,
}

/// The columns that a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColumnChoice {
    All,
    Keys,
    None,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  schemactl graph -o schema.svg                          what the KDL files ask for
  schemactl graph --url postgres://… --around auth.users --depth 2
  schemactl graph --schema billing --format mermaid      for a page that draws Mermaid
  schemactl graph --diff -o change.svg                   what the next migration changes, in colour
  schemactl graph --plan -o order.svg                    which of its statements waits for which")]
pub(super) struct Graph {
    /// Only what refers to this table and what it refers to
    #[arg(long, value_name = "TABLE")]
    pub(super) around: Option<String>,
    /// How far to go from the table
    #[arg(long, value_name = "STEPS", default_value_t = 1, requires = "around")]
    pub(super) depth: usize,
    /// Only this schema, and what it refers to; may be repeated
    #[arg(long, value_name = "SCHEMA", conflicts_with = "around")]
    pub(super) schema: Vec<String>,
    /// The change that `diff` would write, in colour
    #[arg(long)]
    pub(super) diff: bool,
    /// The order of that change's statements
    #[arg(long, conflicts_with_all = ["diff", "around", "schema"])]
    pub(super) plan: bool,
    /// The state that is drawn, or that a change begins with
    #[arg(long, value_name = "STATE")]
    pub(super) from: Option<State>,
    /// The columns that are shown: where nothing is said, all, and in large pictures those of keys
    #[arg(long, value_name = "WHICH")]
    pub(super) columns: Option<ColumnChoice>,
    /// Views too, with what they read
    #[arg(long)]
    pub(super) views: bool,
    /// The file to write; its name tells the format where `--format` does not
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  schemactl report --env staging -o review.html       what `apply` would do there
  schemactl report --since 000015 -o review.html      the files after 000015, without any live database
  schemactl report --diff -o review.html              what `diff` would write")]
pub(super) struct Report {
    /// The migrations after this version, or after `nothing`; else those that are pending in the database
    #[arg(long, value_name = "VERSION")]
    pub(super) since: Option<String>,
    /// The change that `diff` would write
    #[arg(long, conflicts_with = "since")]
    pub(super) diff: bool,
    /// What the change begins with: `live`, or `migrations` replayed on scratch
    #[arg(long, value_name = "BASE", requires = "diff")]
    pub(super) from: Option<From>,
    /// The file to write; else the page is printed
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  schemactl docs                                   what the KDL files ask for, into schema-docs/
  schemactl docs --env production -o public/db     what is there; `index.html` opens without a server")]
pub(super) struct Docs {
    /// The folder of the pages: a new one, or one of an earlier run
    #[arg(long, short, value_name = "DIR", default_value = "schema-docs")]
    pub(super) output: PathBuf,
    /// The state that is described
    #[arg(long, value_name = "STATE")]
    pub(super) from: Option<State>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct New {
    /// The migration's name
    pub(super) name: String,
    /// Its statement runs outside a transaction
    #[arg(long)]
    pub(super) no_transaction: bool,
    #[command(flatten)]
    pub(super) of: OfService,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  schemactl verify                                        # the KDL, the files, and a replay on scratch
  schemactl verify --data postgresql://localhost/copy     # and the pending migrations on a restored copy")]
pub(super) struct Verify {
    /// A restored copy that the pending migrations run on for good: their times, and the locks that they hold
    #[arg(long, value_name = "URL")]
    pub(super) data: Option<String>,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  schemactl lint                               # pending migrations, by what the database says of their tables
  schemactl lint --all --offline               # every migration, without any database
  schemactl lint scripts/cleanup.sql --env production -v")]
pub(super) struct Lint {
    /// Files of SQL, or folders of them; else the pending migrations
    pub(super) paths: Vec<PathBuf>,
    /// Every migration, also those that have run
    #[arg(long, conflicts_with = "paths")]
    pub(super) all: bool,
    /// The ways back too
    #[arg(long)]
    pub(super) down: bool,
    /// Ask no database, also where one could be reached
    #[arg(long)]
    pub(super) offline: bool,
    #[command(flatten)]
    pub(super) of: OfService,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  schemactl explain index-not-concurrent
  schemactl explain migrate::fork
  schemactl explain                            # every hazard with its class and severity")]
pub(super) struct Explain {
    /// The code; else all hazards are listed
    pub(super) code: Option<String>,
}

#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  schemactl apply --env staging\n  schemactl apply --to release-3 --yes\n  schemactl apply --env production --script > next.sql    for a DBA: psql -X -f next.sql"
)]
pub(super) struct Apply {
    /// The last version to run, or the point that a tag names
    #[arg(long, value_name = "VERSION|TAG", conflicts_with = "only")]
    pub(super) to: Option<String>,
    /// Run this version and leave what else is pending; may be repeated
    #[arg(long, value_name = "VERSION")]
    pub(super) only: Vec<String>,
    /// Run nothing, show what would run
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Run nothing, print what would run as one SQL file for psql, with the rows of its history
    #[arg(long, conflicts_with_all = ["dry_run", "wait"])]
    pub(super) script: bool,
    /// The hash of the plan that was approved
    #[arg(long, value_name = "HASH")]
    pub(super) approve: Option<String>,
    #[command(flatten)]
    pub(super) of: OfService,
    #[command(flatten)]
    pub(super) record: Record,
    /// How many seconds to wait for another schemactl that works on the database
    #[arg(long, value_name = "SECONDS")]
    pub(super) wait: Option<u64>,
}

impl Apply {
    /// Whether it says nothing that is true of one database alone.
    pub(super) fn is_of_any_database(&self) -> bool {
        self.to.is_none() && self.only.is_empty() && self.approve.is_none() && !self.script
    }

    /// Everything that is pending.
    pub(super) fn everything() -> Apply {
        Apply {
            to: None,
            only: Vec::new(),
            dry_run: false,
            script: false,
            approve: None,
            of: OfService::default(),
            record: Record::default(),
            wait: None,
        }
    }
}

/// The seeds of the environment: those that were not run yet, or were changed since.
#[derive(Debug, Clone, Args)]
pub(super) struct Seed {
    /// Run also those that are as they ran
    #[arg(long)]
    pub(super) again: bool,
}

/// A development database, brought to the KDL without files.
#[derive(Debug, Clone, Args)]
pub(super) struct Sync {
    /// Run nothing, show what would run
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// A development database, dropped, made, migrated and seeded anew.
#[derive(Debug, Clone, Args)]
pub(super) struct Reset {}

/// The missing databases of the project: all, or the one that `--database` names.
#[derive(Debug, Clone, Args)]
pub(super) struct Create {}

/// What the history shall say of a run.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Record {
    /// For whom it is done, as the history shall name them; else SCHEMACTL_ACTOR, else the system's user
    #[arg(long, value_name = "NAME")]
    pub(super) actor: Option<String>,
    /// A word by which `log` finds the run again: a ticket, a release, a build
    #[arg(long, value_name = "TEXT")]
    pub(super) label: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct PlanOnly {
    /// The last version that would run, or the point that a tag names
    #[arg(long, value_name = "VERSION|TAG", conflicts_with = "only")]
    to: Option<String>,
    /// Only this version; may be repeated
    #[arg(long, value_name = "VERSION")]
    only: Vec<String>,
    #[command(flatten)]
    of: OfService,
}

impl PlanOnly {
    /// Whether it says nothing that is true of one database alone.
    pub(super) fn is_of_any_database(&self) -> bool {
        self.to.is_none() && self.only.is_empty()
    }
}

impl std::convert::From<PlanOnly> for Apply {
    fn from(plan: PlanOnly) -> Apply {
        Apply {
            to: plan.to,
            only: plan.only,
            dry_run: true,
            script: false,
            approve: None,
            of: plan.of,
            record: Record::default(),
            wait: None,
        }
    }
}

#[derive(Debug, Clone, Args)]
pub(super) struct Rollback {
    /// How many files to take back; a group is taken whole (1 where nothing is said)
    #[arg(long, value_name = "N", conflicts_with_all = ["to", "all"])]
    pub(super) steps: Option<usize>,
    /// Go back to this version, or to the point that a tag names; it stays applied
    #[arg(long, value_name = "VERSION|TAG", conflicts_with = "all")]
    pub(super) to: Option<String>,
    /// Take back everything that was run
    #[arg(long)]
    pub(super) all: bool,
    #[command(flatten)]
    pub(super) of: OfService,
    /// Take back what of other services stands on it too
    #[arg(long)]
    pub(super) with_dependents: bool,
    #[command(flatten)]
    pub(super) record: Record,
    /// How many seconds to wait for another schemactl that works on the database
    #[arg(long, value_name = "SECONDS")]
    pub(super) wait: Option<u64>,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:\n  schemactl redo --steps 2")]
pub(super) struct Redo {
    /// How many files to take back and apply again; a group is taken whole (1 where nothing is said)
    #[arg(long, value_name = "N", conflicts_with = "to")]
    pub(super) steps: Option<usize>,
    /// Redo what came after this version, or after the point that a tag names
    #[arg(long, value_name = "VERSION|TAG")]
    pub(super) to: Option<String>,
    #[command(flatten)]
    pub(super) of: OfService,
    /// Redo what of other services stands on it too
    #[arg(long)]
    pub(super) with_dependents: bool,
    #[command(flatten)]
    pub(super) record: Record,
    /// How many seconds to wait for another schemactl that works on the database
    #[arg(long, value_name = "SECONDS")]
    pub(super) wait: Option<u64>,
}

#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  schemactl tag release-3             the version that the database is at\n  schemactl rollback --to release-3\n  schemactl tag                       every name"
)]
pub(super) struct Tag {
    /// The name: it begins with a letter and holds no space; where it is left out, the names are listed
    pub(super) name: Option<String>,
    /// Name this version instead of the one that the database is at
    #[arg(long, value_name = "VERSION", requires = "name")]
    pub(super) at: Option<String>,
    /// Move a name that stands for another version
    #[arg(long = "move", requires = "name")]
    pub(super) may_move: bool,
    /// Take the name away
    #[arg(long, requires = "name", conflicts_with_all = ["at", "may_move"])]
    pub(super) remove: bool,
    /// How many seconds to wait for another schemactl that works on the database
    #[arg(long, value_name = "SECONDS")]
    pub(super) wait: Option<u64>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Status {
    /// Exit with 2 where something is pending
    #[arg(long)]
    pub(super) check: bool,
    #[command(flatten)]
    pub(super) of: OfService,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Log {
    /// How many entries
    #[arg(long, short = 'n', default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) limit: u32,
    /// Only what this person or role did
    #[arg(long, value_name = "NAME")]
    pub(super) actor: Option<String>,
    /// Only what was done under this label
    #[arg(long, value_name = "TEXT")]
    pub(super) label: Option<String>,
    #[command(flatten)]
    pub(super) of: OfService,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Access {
    /// The role
    pub(super) role: String,
    /// Only this object, as `auth.users`, or all of this schema
    #[arg(long, value_name = "OBJECT")]
    pub(super) on: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Squash {
    /// The name of the new file
    #[arg(default_value = "squashed")]
    pub(super) name: String,
    /// The last version to fold; else the last file
    #[arg(long, value_name = "VERSION")]
    pub(super) to: Option<String>,
    /// Fold also where files put in rows or do what no catalog shows: the new file does not do that
    #[arg(long)]
    pub(super) without_data: bool,
    /// Print the new files and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) of: OfService,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Show {
    /// The version: `3`, or `auth/3` in a project of services
    pub(super) version: String,
    #[command(flatten)]
    pub(super) of: OfService,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Baseline {
    /// The last version to record as already there
    #[arg(long, value_name = "VERSION")]
    pub(super) to: Option<String>,
    /// Take over another tool's history too: golang-migrate, Flyway, dbmate, Prisma, Drizzle, sqitch, Atlas, or any table of
    /// versions; without a name the one that is found
    #[arg(long, value_name = "TABLE", num_args = 0..=1, default_missing_value = "")]
    pub(super) history: Option<String>,
    /// With `--history`: the folder of the tool's files, or `none` (the usual folders)
    #[arg(long, value_name = "DIR", requires = "history")]
    pub(super) files: Option<String>,
    /// With `--history`: what a column is: `version`, `name`, `applied-at`, `applied-by`, `took`, `hash` or `state`; may be
    /// repeated
    #[arg(long, value_name = "WORD=COLUMN", requires = "history")]
    pub(super) column: Vec<String>,
    /// With `--history`: show what would be recorded and record nothing
    #[arg(long, requires = "history")]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) of: OfService,
}

#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  schemactl drift --env production            what is not as the last migration left it; exit 2\n  schemactl drift --fix                       a migration that takes it away\n  schemactl drift --accept --object index:auth.users.tmp_ix"
)]
pub(super) struct Drift {
    /// Write the migration that leads back to what was recorded; nothing is run
    #[arg(long)]
    pub(super) fix: bool,
    /// Take what is there into the KDL files, and record it by a migration that is there already
    #[arg(long, conflicts_with = "fix")]
    pub(super) accept: bool,
    /// With `--fix` or `--accept`: only this object, as `index:auth.users.tmp_ix` or `table:auth.users`; may be repeated
    #[arg(long, value_name = "KIND:NAME")]
    pub(super) object: Vec<String>,
    /// With `--fix` or `--accept`: print what would be written and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// With `--fix` or `--accept`: the migration's name (correct_drift, accept_drift)
    #[arg(long)]
    pub(super) name: Option<String>,
    /// With `--accept`: how many seconds to wait for another schemactl that works on the database
    #[arg(long, value_name = "SECONDS", requires = "accept")]
    pub(super) wait: Option<u64>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Restamp {
    /// The versions; else all that were edited
    pub(super) versions: Vec<String>,
    #[command(flatten)]
    pub(super) of: OfService,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Repair {
    /// What was interrupted is done, where the catalog can't tell
    #[arg(long, conflicts_with = "not_done")]
    pub(super) done: bool,
    /// What was interrupted is not done: the next `apply` runs it
    #[arg(long)]
    pub(super) not_done: bool,
    /// What half-run batches did was taken back by hand: they begin anew
    #[arg(long, conflicts_with_all = ["done", "not_done"])]
    pub(super) forget_ranges: bool,
    /// The database is a copy of this environment's, and is that of `--env` from now on
    #[arg(long, value_name = "ENVIRONMENT", conflicts_with_all = ["done", "not_done", "forget_ranges"])]
    pub(super) copied_from: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Doctor {}

#[derive(Debug, Clone, Args)]
pub(super) struct JsonSchema {
    /// The command; else the names of all that print JSON
    #[arg(conflicts_with = "output")]
    pub(super) command: Option<String>,
    /// A folder that gets the schema of every command
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(required_unless_present = "environments")]
    pub(super) shell: Option<Shell>,
    /// Print the names of the project's environments, a line each: what the words of a shell ask for
    #[arg(long, hide = true, conflicts_with = "shell")]
    pub(super) environments: bool,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Man {
    /// The command; else schemactl itself
    #[arg(conflicts_with = "output")]
    pub(super) command: Vec<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Lsp {
    /// Speak over standard input and output, which is always so: editors like to say it
    #[arg(long, hide = true)]
    _stdio: bool,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Postgres {
    #[command(subcommand)]
    pub(super) command: PostgresCommand,
}

#[derive(Debug, Clone, Subcommand)]
pub(super) enum PostgresCommand {
    /// Fetch PostgreSQL's binaries for this machine
    Install {
        /// The version: a major such as `17`, or exact
        version: String,
    },
}
