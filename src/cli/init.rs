//! `init`: a new project; with `--from`, an existing database as KDL with a baseline file. The database is only read.

use std::path::{Path, PathBuf};

use super::adopted::shell_word;
use super::arguments::Init;
use super::context::Context;
use super::failure::Failure;
use super::live::Live;
use super::report::{counted, escaped};
use super::screen::Paint;
use super::services::Division;
use super::{baseline, inspect};
use crate::config::Scope;
use crate::kdl::text_literal;
use crate::kind::language::{WriteOptions, missing};
use crate::model::Exit;
use crate::project::{
    Host, OthersHistory, Own, Workspace, hosts_own, likely_histories, others_histories, shown,
};
use crate::sql::quote::qualified;
use crate::tools::Shape;

const FILE: &str = "schemactl.kdl";

pub(super) async fn run(context: &Context, options: Init) -> Result<Exit, Failure> {
    let folder = options
        .dir
        .or_else(|| context.global.project.clone())
        .unwrap_or_else(|| PathBuf::from("."));
    let folder = context.here().join(folder);
    if folder.join(FILE).exists() {
        return Err(Failure::said(
            "init::exists",
            Exit::Refused,
            format!("`{}` is there already", shown(&folder.join(FILE)).display()),
            "a project is made once; take another folder, or go on with `schemactl diff`",
        ));
    }
    match options.from {
        None => {
            if context.global.url.is_some() {
                context.screen.say(
                    "  note  `--url` says nothing here: `init --from URL` makes the project of a database",
                );
            }
            begin(context, &folder)
        }
        Some(url) => import(context, &folder, url, options.mixins).await,
    }
}

fn begin(context: &Context, folder: &Path) -> Result<Exit, Failure> {
    let name = project_name(folder);
    let mut written = vec![write_new(folder, FILE, &project_file(&name, ""))?];
    let schema = folder.join("schema");
    let empty =
        !schema.is_dir() || std::fs::read_dir(&schema).is_ok_and(|mut all| all.next().is_none());
    if empty {
        written.push(write_new(folder, "schema/app.kdl", STARTER)?);
    }
    written.push(write_new(folder, "generated/.gitkeep", "")?);
    ignore(folder)?;
    print_written(context, &written);
    context.screen.say(format!(
        "  next: {}edit {}, then `schemactl diff`",
        into(context, folder),
        match is_here(context, folder) {
            true => escaped(&shown(&folder.join("schema")).display().to_string()),
            false => "schema".to_owned(),
        }
    ));
    Ok(Exit::Fine)
}

fn is_here(context: &Context, folder: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real(folder) == real(&context.here())
}

/// The step into the folder, for whoever is not in it.
fn into(context: &Context, folder: &Path) -> String {
    match is_here(context, folder) {
        true => String::new(),
        false => {
            let folder = shell_word(&shown(folder).display().to_string());
            format!("`cd {}`, ", escaped(&folder))
        }
    }
}

/// The files that were written.
fn print_written(context: &Context, written: &[PathBuf]) {
    let paths = written.iter().map(|path| shown(path).display().to_string());
    if context.screen.is_json() {
        return context.screen.print_files(paths);
    }
    for path in paths {
        context.screen.say(format!("  wrote  {}", escaped(&path)));
    }
}

async fn import(
    context: &Context,
    folder: &Path,
    url: String,
    mixins: bool,
) -> Result<Exit, Failure> {
    let live = Live::at(context, &url).await?;
    let name = project_name(folder);
    let started = std::time::Instant::now();
    let catalog = live.catalog().await?;
    let own = hosts_own(&catalog, &Scope::default());
    // What a host keeps in its schemas is left out with them.
    let of_hosts = own.iter().map(|(_, own)| (own.kind, own.pattern));
    let others = others_histories(&catalog, &Scope::default().without(of_hosts));
    let text = project_file(&name, &scope_without(&name, &own, &others));
    // The project is read as it will be before anything is written.
    let project = crate::config::Project::parse(folder, &text)?;
    let workspace = Workspace::of(project);
    let mut managed = inspect::shown_part(&workspace, &catalog);
    super::live::refuse_unmodelled(&managed)?;
    context.screen.say(format!(
        "  reading {} ... {}",
        live.label(),
        super::live::duration(started.elapsed())
    ));
    for (host, own) in &own {
        context.screen.say(inspect::left_out(host, own));
    }
    for history in &others {
        context.screen.say(inspect::left_out_history(history));
    }
    super::live::tell_notes(&context.screen, &managed);
    inspect::tell_guests(context, &catalog, workspace.hands().scope());
    baseline::learn_comments(context, Some(&workspace), &live, &mut managed).await?;
    let write_options = WriteOptions {
        whole: inspect::is_whole(&catalog, &managed),
        outside: inspect::outside(&catalog, &managed),
        mixins,
        // What somebody makes there by hand shall be seen.
        silent_public: false,
        ..workspace.write_options()
    };
    let files = inspect::files(&managed, &write_options);
    let absent = match write_options.whole {
        true => missing(&managed),
        false => Vec::new(),
    };
    let drafts = baseline::drafts_of(
        context,
        &workspace,
        &live,
        &catalog,
        &managed,
        &absent,
        &Division::default(),
    )
    .await?;
    // Nothing is written where files that are there are wrong.
    let mut migrations = workspace.migrations()?.check()?;
    let mut written = vec![write_new(folder, FILE, &text)?];
    ignore(folder)?;
    let schema = folder.join("schema");
    written.extend(inspect::write_into(&context.screen, &schema, &files)?);
    if migrations.migrations().is_empty() {
        let files = migrations.write(&drafts, super::diff::now())?;
        written.extend(files.into_iter().flat_map(|file| [file.up.0, file.down.0]));
    }
    print_written(context, &written);
    // As `check` counts them.
    let declared = workspace.declared()?;
    context.screen.say(format!(
        "  {} in {}",
        counted(declared.desired.objects.len(), "object"),
        counted(declared.sources.files().count(), "file")
    ));
    let likely = likely_histories(&managed);
    for shape in &likely {
        tell_likely(context, &live, shape).await;
    }
    let (option, words) = match (others.as_slice(), likely.as_slice()) {
        ([], _) => (String::new(), ""),
        ([_], []) => (" --history".to_owned(), ", and what ran before"),
        ([one, ..], _) => (
            format!(" --history {}", shell_word(&one.shape.path())),
            ", and what ran before",
        ),
    };
    context.screen.say(format!(
        "  {}  next: {}`schemactl baseline{} --url {}`  (records the files as already there{words})",
        context
            .screen
            .paint(Paint::Good, "nothing was changed in the database."),
        into(context, folder),
        escaped(&option),
        escaped(&repeatable(&url))
    ));
    Ok(Exit::Fine)
}

/// Says that a table of the project looks like a history, with how many rows.
async fn tell_likely(context: &Context, live: &Live, shape: &Shape) {
    const MOST: u32 = 10_000;
    let sql = format!(
        "SELECT pg_catalog.count(*) FROM (SELECT FROM {} LIMIT {}) h",
        qualified(shape.schema(), shape.name()),
        MOST + 1
    );
    let count = live.session.texts(&sql).await.ok().and_then(|rows| {
        let count: u32 = rows.first()?.first()?.as_deref()?.parse().ok()?;
        Some(match count {
            1 => " (1 row)".to_owned(),
            count if count > MOST => format!(" (more than {MOST} rows)"),
            count => format!(" ({count} rows)"),
        })
    });
    context.screen.say(format!(
        "  {}      {} looks like a hand-made history{}. Import: schemactl baseline --history {}",
        context.screen.paint(Paint::Careful, "note"),
        escaped(&shape.path()),
        // Who may not read it may take the database over all the same.
        count.unwrap_or_default(),
        escaped(&shell_word(&shape.path()))
    ));
}

/// The address as a person may type it again; one with a password is not shown.
fn repeatable(url: &str) -> String {
    let user = url
        .split_once("://")
        .and_then(|(_, rest)| rest.rsplit_once('@'))
        .map_or("", |(user, _)| user);
    if user.contains(':') || url.contains("password") || url.contains('\'') {
        return "URL".to_owned();
    }
    format!("'{url}'")
}

/// The folder's name as a project may be called.
fn project_name(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| !name.chars().any(char::is_control))
        .unwrap_or_else(|| "app".to_owned())
}

fn project_file(name: &str, database: &str) -> String {
    format!(
        "project {} edition=1\n\n\
         // The database that commands use where nothing else is said: a PostgreSQL of the project's own, in .schemactl/.\n\
         environment local {{\n    url embedded\n    confirm never\n}}\n\n\
         // environment production {{\n\
         //     url (env)PRODUCTION_DATABASE_URL\n\
         //     protected\n\
         // }}\n{database}",
        text_literal(name)
    )
}

/// The `database` node that leaves out what hosts and other tools have in the database, each line with its reason.
fn scope_without(name: &str, own: &[(&Host, Own)], others: &[OthersHistory]) -> String {
    if own.is_empty() && others.is_empty() {
        return String::new();
    }
    let mut lines: String = own
        .iter()
        .map(|(host, own)| {
            let pattern = text_literal(own.pattern);
            let Own { kind, reason, .. } = own;
            format!(
                "        // {}: {reason}\n        ignore {kind}={pattern}\n",
                host.name
            )
        })
        .collect();
    for history in others {
        lines.push_str(&format!(
            "        // {}: its history\n",
            history.tool.name()
        ));
        for (kind, pattern) in &history.lines {
            let pattern = text_literal(pattern);
            lines.push_str(&format!("        ignore {kind}={pattern}\n"));
        }
    }
    let whose = match (own.is_empty(), others.is_empty()) {
        (false, true) => "the host of the database has",
        (true, _) => "other tools have",
        (false, false) => "the host of the database and other tools have",
    };
    format!(
        "\n// What {whose} in it is no part of the project.\n\
         database {} {{\n    scope {{\n{lines}    }}\n}}\n",
        text_literal(name)
    )
}

const STARTER: &str = "// What the database shall be. Everything in a schema that is declared here belongs to the project.\n\
//\n\
// schema app comment=\"The application\" {\n\
//     table users {\n\
//         column id bigint primary-key { identity always }\n\
//         column email text not-null unique\n\
//         column created_at timestamptz not-null default=\"now()\"\n\
//         index created_at\n\
//     }\n\
// }\n";

/// Writes a file that must not be there yet.
fn write_new(folder: &Path, name: &str, text: &str) -> Result<PathBuf, Failure> {
    let path = folder.join(name);
    let parent = path.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).map_err(|error| Failure::io("make", parent, &error))?;
    if !(name.ends_with(".gitkeep") && path.exists()) {
        std::fs::File::create_new(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
            .map_err(|error| Failure::io("write", &path, &error))?;
    }
    Ok(shown(&path))
}

/// Keeps the project's own server, and the addresses that a person writes into `.env`, out of version control.
fn ignore(folder: &Path) -> Result<(), Failure> {
    let path = folder.join(".gitignore");
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let missing: String = [".schemactl/", ".env"]
        .iter()
        .filter(|wanted| !before.lines().any(|line| line.trim() == **wanted))
        .map(|wanted| format!("{wanted}\n"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let gap = if before.is_empty() || before.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    std::fs::write(&path, format!("{before}{gap}{missing}"))
        .map_err(|error| Failure::io("write", &path, &error))
}
