//! `explain`: what a code means. Of a hazard, the section of docs/hazards.md; of an error, what its family is about and how
//! a command ends with it.

use super::answer::{ErrorText, Explained, HazardEntry, HazardText};
use super::arguments::Explain;
use super::context::Context;
use super::failure::Failure;
use super::screen::Paint;
use crate::config::Severity;
use crate::kind::HazardClass;
use crate::lint::{catalogue, near};
use crate::model::Exit;

/// The families of error codes, `FAMILY::CODE`: what they are about, how a command ends, what to do.
const FAMILIES: &[(&str, &str, &str, &str)] = &[
    (
        "access",
        "The rights of a role cannot be told.",
        "4",
        "Name a role that the server has.",
    ),
    (
        "adopt",
        "Another tool's history cannot be taken over as it is.",
        "3 where something failed or files are not what ran, 4 where no table or column fits, 5 where rights are missing, 6 where the tool works on the database",
        "Nothing was recorded. docs/adoption.md goes through it tool by tool; `baseline --history TABLE --dry-run` shows what a table says.",
    ),
    (
        "apply",
        "A run of migrations stopped, or a policy of the environment stands against it.",
        "1 where SQL failed, 3 where a policy refuses, 6 and 7 where it was interrupted",
        "What ran is recorded: `schemactl status` says where the database stands, `schemactl log` what happened. A failed transaction left nothing behind.",
    ),
    (
        "author",
        "The files ask for something of which nothing tells how to get there.",
        "4",
        "The place in the KDL is shown, with what to write instead.",
    ),
    (
        "baseline",
        "A database cannot be taken over as it stands.",
        "3",
        "Read which file or object stands in the way; `schemactl init --from URL` makes a project of a database as it is.",
    ),
    (
        "cli",
        "The command line asks for what cannot be, or needs an answer and nobody is there.",
        "4 for wrong words, 3 where a yes is missing or a word is not built yet",
        "`schemactl help COMMAND` shows the words; `--yes` answers questions.",
    ),
    (
        "config",
        "`schemactl.kdl`, or what it needs from outside, is wrong or missing.",
        "4; 3 where no environment can be chosen or a word is not built yet",
        "The place is shown; docs/project-file.md has every word of it.",
    ),
    (
        "connect",
        "There is no session with PostgreSQL.",
        "5",
        "Look at the address, the password (`~/.pgpass` is read) and the certificate; `psql` with the same address is a good second opinion.",
    ),
    (
        "create",
        "A database of the project is not there, or cannot be made as the project file says.",
        "4 where the words do not fit, 5 where it is missing or rights are",
        "`schemactl create` makes what is missing; a role that may create databases has to do it once.",
    ),
    (
        "develop",
        "What is for development only is not done on this database.",
        "3",
        "It refuses protected environments, databases that remember one, and changes that lose data: name another environment.",
    ),
    (
        "diff",
        "The database is not the state that a comparison may begin with.",
        "3",
        "`schemactl apply` where files are pending, `schemactl drift` where somebody changed the database, `--from migrations` to use the files alone.",
    ),
    (
        "docs",
        "The reference of a database cannot be written where it was asked for.",
        "3",
        "Name an empty folder; files that schemactl did not write are never touched.",
    ),
    (
        "drift",
        "Drift cannot be taken into the files, or not told for the named object.",
        "3; 4 where the named object did not drift",
        "`schemactl drift` lists what wandered off; `drift --fix` writes the way back where the KDL has no place for it.",
    ),
    (
        "fmt",
        "Files cannot be rewritten yet.",
        "3",
        "Read which environment or file is behind.",
    ),
    (
        "graph",
        "A picture of what was asked for cannot be drawn.",
        "4",
        "Name a table as `schema.table`, and a version that is there.",
    ),
    (
        "history",
        "The record that the database keeps cannot be used.",
        "3, or 1 where SQL failed",
        "It stands in the schema `schemactl` of the database, or in the one that `history` names. A newer record needs a newer schemactl.",
    ),
    (
        "init",
        "A project cannot be begun there.",
        "3",
        "Choose another folder, or work in the project that is there.",
    ),
    (
        "inspect",
        "A live schema cannot be written as KDL.",
        "3",
        "What has no place in the model is named: leave it out by `scope { ignore }`.",
    ),
    (
        "kdl",
        "A KDL file has a mistake.",
        "4",
        "Every mistake is shown with its place; docs/kdl.md is the language, `schemactl check` looks without a database.",
    ),
    (
        "lint",
        "What the project says of hazards is wrong.",
        "4",
        "`schemactl explain` lists all codes.",
    ),
    (
        "lock",
        "Another schemactl works on the database.",
        "6",
        "It is shown with its pid. `--wait SECONDS` waits for it.",
    ),
    (
        "lsp",
        "The editor ended the conversation before it said goodbye.",
        "1",
        "Look at the editor's log; `schemactl check` says the same mistakes.",
    ),
    (
        "migrate",
        "The migrations folder is not in order.",
        "3 where files and history disagree, 4 where a file is wrong",
        "Each problem names its file and the next step; docs/migrations.md tells how files hang together, `schemactl restamp` proves and chains edited ones.",
    ),
    (
        "pg",
        "The catalogs of a database could not be read.",
        "5, or 1",
        "Run it again where somebody changed the schema meanwhile; else report it with the version of the server.",
    ),
    (
        "plan",
        "No order or no statement was found for a change.",
        "3",
        "The chain or the object is shown. Make the change in two steps, or by hand with `schemactl new`.",
    ),
    (
        "postgres",
        "Binaries of PostgreSQL could not be fetched.",
        "5",
        "Look at the network, or install PostgreSQL by the machine's own packages.",
    ),
    (
        "proof",
        "A plan was made and did not lead where it should on scratch, so nothing was written.",
        "1; 3 where rights are missing",
        "The step and what PostgreSQL says are shown. Where rows stand in the way, say `convert`, `backfill` or a default.",
    ),
    (
        "rebase",
        "The files of a branch cannot be written anew after those of another.",
        "3; 4 where there is no branch, or none of that name",
        "Name the file of the branch that came later: `schemactl diff --rebase=FILE`. What ran is taken back first, and what a person wrote goes through `schemactl restamp`.",
    ),
    (
        "redo",
        "A migration cannot be taken back and run again.",
        "3",
        "Read which policy or hazard stands against it; `schemactl rollback` and `schemactl apply` do the two halves.",
    ),
    (
        "rollback",
        "What was run cannot be taken back so.",
        "3",
        "Read which file stands in the way; `--allow CODE:OBJECT` gives the word for data that is lost.",
    ),
    (
        "rows",
        "Rows that the files declare cannot be read, or told from each other.",
        "4; 5 where rights are missing",
        "The table is named, with the right or the key that is missing; nothing was changed.",
    ),
    (
        "scratch",
        "No throwaway database could be had, or PostgreSQL refuses there what the files declare.",
        "5 without a server, 4 where an object is refused",
        "A refusal is shown at its place in the KDL. Servers come from binaries on the machine, `--scratch URL`, a container, or `schemactl postgres install`.",
    ),
    (
        "seed",
        "A seed of an environment cannot be run.",
        "4",
        "`seed` of the environment names files of the project; correct the path, or write the file.",
    ),
    (
        "service",
        "A service of the project says or holds what it cannot: schemas and objects of others, others that it stands on without a word, a way back to itself.",
        "4; 3 where the part of one service cannot be written alone",
        "Both places are shown; docs/migrations.md, \"Services\", says what belongs to whom.",
    ),
    (
        "sql",
        "A file of SQL cannot be cut into statements, or holds what only psql can run.",
        "4",
        "The place is shown.",
    ),
    (
        "squash",
        "Files cannot be folded into one.",
        "3; 4 where there is nothing to fold",
        "What stands between is named: fold as far as `schemactl squash --to VERSION` allows. Every file is as it was.",
    ),
    (
        "tag",
        "A name for a point cannot be given or found.",
        "4; 3 where the name is taken",
        "`schemactl tag` lists the names; `--move` and `--remove` change them.",
    ),
    (
        "verify",
        "Files, KDL and replay do not agree.",
        "3, or 1 where a file fails",
        "`schemactl diff` writes what is missing, `schemactl restamp` proves what was edited.",
    ),
];

pub(super) fn run(context: &Context, options: &Explain) -> Result<Exit, Failure> {
    context.formats("explain")?;
    let Some(code) = options.code.as_deref() else {
        list(context);
        return Ok(Exit::Fine);
    };
    if let Some((family, _)) = code.split_once("::") {
        let found = FAMILIES.iter().find(|(name, ..)| *name == family);
        if let Some((_, about, exit, next)) = found {
            if context.screen.is_json() {
                context.screen.print_json(&Explained::Error(ErrorText {
                    code: code.to_owned(),
                    about: (*about).to_owned(),
                    exit: (*exit).to_owned(),
                    next: (*next).to_owned(),
                }));
            } else {
                context
                    .screen
                    .print(format!("{about}\n\nexit  {exit}\nnext  {next}"));
            }
            return Ok(Exit::Fine);
        }
    }
    let (Some(entry), Some(section)) = (catalogue::find(code), catalogue::section(code)) else {
        return Err(Failure::said(
            "cli::unknown-code",
            Exit::Input,
            format!("there is no code `{code}`"),
            &near(code),
        ));
    };
    if context.screen.is_json() {
        context.screen.print_json(&Explained::Hazard(HazardText {
            entry: told(entry),
            text: section.to_owned(),
        }));
        return Ok(Exit::Fine);
    }
    let screen = &context.screen;
    screen.print(format!(
        "{}  {}, {}\n",
        screen.paint(Paint::Strong, entry.code),
        entry.class.word(),
        loud(entry.severity)
    ));
    screen.print(plain(section));
    Ok(Exit::Fine)
}

fn loud(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warn",
        Severity::Off => "off",
    }
}

/// The section without the marks of code blocks, which are indented instead.
fn plain(section: &str) -> String {
    let mut inside = false;
    let mut text = String::new();
    for line in section.lines() {
        if line.starts_with("```") {
            inside = !inside;
            continue;
        }
        if inside && !line.is_empty() {
            text.push_str("    ");
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn told(entry: &catalogue::Entry) -> HazardEntry {
    HazardEntry {
        code: entry.code.to_owned(),
        class: entry.class,
        severity: entry.severity.into(),
        title: entry.title.to_owned(),
    }
}

fn list(context: &Context) {
    let screen = &context.screen;
    if screen.is_json() {
        let list = catalogue::HAZARDS.iter().map(told);
        screen.print_json(&Explained::List(list.collect()));
        return;
    }
    let mut class: Option<HazardClass> = None;
    for entry in catalogue::HAZARDS {
        if class != Some(entry.class) {
            class = Some(entry.class);
            screen.print(screen.paint(Paint::Strong, entry.class.word()));
        }
        screen.print(format!(
            "  {:28} {:5}  {}",
            entry.code,
            loud(entry.severity),
            entry.title
        ));
    }
}
