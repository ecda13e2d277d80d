//! The command line: the only place that prints and asks. One file a command; words for people go to stderr, results to
//! stdout, and every failure ends with the exit class of what failed.

mod accept;
mod access;
mod adopted;
mod allowed;
mod annotate;
mod answer;
mod apply;
mod approval;
mod arguments;
mod around;
mod backup;
mod baseline;
mod beside;
mod changes;
mod check;
mod completions;
mod context;
mod create;
mod databases;
mod described;
mod develop;
mod diff;
mod docs;
mod doctor;
mod drift;
mod examples;
mod explain;
mod facts;
mod failure;
mod fmt;
mod formats;
mod found;
mod gate;
mod graph;
mod guide;
mod half;
mod headline;
mod init;
mod inspect;
mod json_schema;
mod lint;
mod live;
mod log;
mod lsp;
mod man;
mod markdown;
mod new;
mod pending;
mod phases;
mod planned;
mod postgres;
mod progress;
mod prune;
mod rebase;
mod redo;
mod refused;
mod rehearse;
mod rename;
mod repair;
mod report;
mod restamp;
mod review;
mod rollback;
mod screen;
mod services;
mod show;
mod silence;
mod snippet;
mod squash;
mod state;
mod status;
mod tag;
mod verify;

use std::io::Write;
use std::process::ExitCode;

use clap::FromArgMatches;

use crate::model::Exit;
use arguments::{Arguments, Command};
use context::Context;
use failure::Failure;

/// Parses the arguments, runs the command, gives the exit class.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(report::panicked));
    let parsed = examples::command()
        .try_get_matches()
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            refused(&error);
            return if error.use_stderr() {
                Exit::Input.code().into()
            } else {
                Exit::Fine.code().into()
            };
        }
    };
    let outcome = std::panic::catch_unwind(|| {
        let context = Context::new(arguments.global);
        trace(context.screen.verbose());
        let outcome = match tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
        {
            Ok(runtime) => {
                let outcome = runtime.block_on(run(&context, arguments.command));
                // Whatever still runs in the background has nothing to say any more.
                runtime.shutdown_background();
                outcome
            }
            Err(error) => Err(Failure::io("start", "the runtime", &error)),
        };
        let outcome = match (outcome, context.screen.unwritten()) {
            (Ok(_), Some(failure)) => Err(failure),
            (outcome, _) => outcome,
        };
        match outcome {
            Ok(exit) => exit,
            Err(failure) => {
                context.screen.failure(&failure);
                failure.exit
            }
        }
    });
    outcome.unwrap_or(Exit::Bug).code().into()
}

/// The option of the command that an unknown one looks like.
fn near_option(error: &clap::Error, words: &[String]) -> Option<String> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let ContextValue::String(said) = error.get(ContextKind::InvalidArg)? else {
        return None;
    };
    let said = said.strip_prefix("--")?;
    let mut top = examples::command();
    top.build();
    let mut command = &top;
    for word in words {
        command = command.find_subcommand(word).unwrap_or(command);
    }
    let options = command.get_arguments().chain(top.get_arguments());
    let near = options
        .filter_map(clap::Arg::get_long)
        .filter_map(|option| {
            let distance = strsim::damerau_levenshtein(said, option);
            (distance <= 1 + option.len() / 4).then_some((distance, option))
        });
    near.min().map(|(_, option)| format!("--{option}"))
}

/// Prints what clap says of the arguments: help as it is, mistakes like every other one.
fn refused(error: &clap::Error) {
    use clap::error::ErrorKind;
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return;
    }
    let words: Vec<String> = std::env::args().collect();
    let wants_json = words.iter().any(|word| word == "--format=json")
        || words.windows(2).any(|pair| pair == ["--format", "json"]);
    let rendered = error.render().to_string();
    let (message, help) = rendered.split_once("\n\n").unwrap_or((&rendered, ""));
    let message = message.strip_prefix("error: ").unwrap_or(message).trim();
    // What may be said instead stands below it.
    let (message, values) = message.split_once('\n').unwrap_or((message, ""));
    let help = format!("{}\n\n{help}", values.trim());
    // Nobody who mistypes a flag wants to pass it as a value.
    let help: Vec<&str> = help
        .lines()
        .filter(|line| !line.trim_start().starts_with("tip: to pass '"))
        .collect();
    let mut help = help.join("\n").trim().to_owned();
    if let Some(near) = near_option(error, &words).filter(|_| !help.contains("tip: ")) {
        help = format!("did you mean `{near}`?\n\n{help}");
    }
    let failure = Failure::said("cli::usage", Exit::Input, message.to_owned(), &help);
    for report in &failure.reports {
        if wants_json {
            let failed = answer::Failed {
                ok: false,
                exit: Exit::Input.code(),
                errors: vec![report::told(report.as_ref())],
            };
            println!(
                "{}",
                serde_json::to_string_pretty(&failed).unwrap_or_default()
            );
        } else {
            let _ = write!(
                std::io::stderr().lock(),
                "{}",
                report::text(report.as_ref(), false, 110)
            );
        }
    }
}

/// What the library tells of itself, for `-vvv` and `SCHEMACTL_LOG`.
fn trace(verbose: u8) {
    let wanted = std::env::var("SCHEMACTL_LOG").ok();
    let filter = match (wanted, verbose) {
        (Some(filter), _) => filter,
        (None, 3..) => "schemactl=debug".to_owned(),
        _ => return,
    };
    let _ = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
}

async fn run(context: &Context, command: Command) -> Result<Exit, Failure> {
    let of_service = context.for_service(command.service());
    let context = of_service.as_ref().unwrap_or(context);
    allowed::known(context)?;
    match databases::several(context, &command) {
        Some(names) => databases::each(context, &names, &command).await,
        None => one(context, command).await,
    }
}

/// Runs a command on one database, or on none.
async fn one(context: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Init(options) => init::run(context, options).await,
        Command::Inspect(options) => inspect::run(context, options).await,
        Command::Check(options) => check::run(context, &options),
        Command::Fmt(options) => fmt::run(context, &options).await,
        Command::Diff(options) => diff::run(context, options).await,
        Command::New(options) => new::run(context, &options),
        Command::Verify(options) => verify::run(context, &options).await,
        Command::Apply(options) => apply::run(context, options).await,
        Command::Plan(options) => apply::run(context, options.into()).await,
        Command::Rollback(options) => rollback::run(context, options).await,
        Command::Status(options) => status::run(context, &options).await,
        Command::Log(options) => log::run(context, &options).await,
        Command::Show(options) => show::run(context, &options).await,
        Command::Baseline(options) => baseline::run(context, options).await,
        Command::Restamp(options) => restamp::run(context, &options).await,
        Command::Repair(options) => repair::run(context, &options).await,
        Command::Postgres(options) => postgres::run(context, &options).await,
        Command::Lint(options) => lint::run(context, &options).await,
        Command::Drift(options) => drift::run(context, options).await,
        Command::Redo(options) => redo::run(context, options).await,
        Command::Tag(options) => tag::run(context, options).await,
        Command::Squash(options) => squash::run(context, &options).await,
        Command::Seed(options) => develop::seed(context, options).await,
        Command::Sync(options) => develop::sync(context, options).await,
        Command::Reset(options) => develop::reset(context, options).await,
        Command::Create(options) => create::run(context, options).await,
        Command::Graph(options) => graph::run(context, options).await,
        Command::Report(options) => review::run(context, options).await,
        Command::Docs(options) => docs::run(context, options).await,
        Command::Access(options) => access::run(context, &options).await,
        Command::Doctor(options) => doctor::run(context, &options).await,
        Command::Explain(options) => explain::run(context, &options),
        Command::Lsp(_) => lsp::run(context).await,
        Command::Completions(options) => completions::run(context, &options),
        Command::Man(options) => man::run(context, &options),
        Command::JsonSchema(options) => json_schema::run(context, &options),
    }
}
