//! `inspect`: a live schema as KDL, as a script that builds it, or as JSON.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::arguments::{Format, Inspect};
use super::baseline::learn_comments;
use super::context::Context;
use super::failure::Failure;
use super::live::{Live, refuse_unmodelled, tell_notes};
use super::report::{counted, escaped};
use super::screen::{Paint, Screen};
use crate::config::Scope;
use crate::kdl::text_literal;
use crate::kind::Catalog;
use crate::kind::language::{Desired, WriteOptions, write};
use crate::model::{Exit, Kind};
use crate::project::{
    Hands, Host, INSPECTED, OthersHistory, Own, Workspace, guests, hosts_own, is_initial,
    others_histories, plain_write_options, script_of, shown,
};

pub(super) async fn run(context: &Context, options: Inspect) -> Result<Exit, Failure> {
    context.formats("inspect")?;
    let workspace = context.project_or_none("inspect")?;
    let live = Live::connect(context, workspace.as_ref()).await?;
    let everything = with_declared_secrets(workspace.as_ref(), live.catalog().await?);
    let hands = hands_of(workspace.as_ref());
    let own = hosts_own(&everything, hands.scope());
    let hands = hands.without(&own);
    let others = others_histories(&everything, hands.scope());
    let hands = hands.beside(others.iter().flat_map(|it| &it.lines)).all();
    for (host, own) in &own {
        context.screen.say(left_out(host, own));
    }
    for history in &others {
        context.screen.say(left_out_history(history));
    }
    tell_guests(context, &everything, hands.scope());
    let format = context.global.format.unwrap_or(Format::Kdl);
    if format == Format::Json {
        let catalog = hands.of_own(everything, &Desired::default());
        let output = options.output.as_deref();
        let delivered = deliver(context, output, "catalog.json", |out| {
            // The serializer writes a few bytes at a time: a buffer whose type it knows takes them without a call.
            let mut buffered = BufWriter::with_capacity(1 << 16, out);
            serde_json::to_writer_pretty(&mut buffered, &catalog)?;
            buffered.write_all(b"\n")?;
            buffered.flush()
        });
        // The process ends here: giving the memory back piece by piece takes longer than that.
        std::mem::forget(catalog);
        return delivered;
    }
    let mut catalog = hands.of(&everything, &Desired::default());
    refuse_unmodelled(&catalog)?;
    tell_notes(&context.screen, &catalog);
    if format == Format::Sql {
        let version = live.session.server_version_num();
        let script = script_of(&catalog, version, &catalog.origin.role)?;
        return deliver(context, options.output.as_deref(), "schema.sql", |out| {
            writeln!(out, "{}", script.trim_end_matches('\n'))
        });
    }
    if learn_comments(context, workspace.as_ref(), &live, &mut catalog)
        .await
        .is_err()
    {
        // Only longer: what extensions say of their members stands there too.
        context.screen.say(
            "  note  without a scratch server, all comments of members of extensions are written",
        );
    }
    let plain = workspace
        .as_ref()
        .map_or_else(plain_write_options, Workspace::write_options);
    let write_options = WriteOptions {
        // In files it says that what is made there by hand is looked at.
        silent_public: plain.silent_public && options.output.is_none(),
        whole: is_whole(&everything, &catalog),
        outside: outside(&everything, &catalog),
        mixins: options.mixins,
        ..plain
    };
    let files = files(&catalog, &write_options);
    let Some(output) = options.output else {
        let several = files.len() > 1;
        let text: Vec<String> = files
            .iter()
            .map(|(path, text)| {
                let body = body_of(text).map_or(text.as_str(), |(_, body)| body);
                if several {
                    format!("// {path}\n{body}")
                } else {
                    body.to_owned()
                }
            })
            .collect();
        context.screen.print(text.join("\n"));
        return Ok(Exit::Fine);
    };
    let folder = schema_folder(context, &output)?;
    for path in write_into(&context.screen, &folder, &files)? {
        context.screen.say(format!(
            "  wrote  {}",
            escaped(&shown(&path).display().to_string())
        ));
    }
    context.screen.say(format!(
        "  {} of {}",
        counted(catalog.objects.len(), "object"),
        live.label()
    ));
    Ok(Exit::Fine)
}

/// The catalog, of which those options are secrets that the project's files say are ones.
pub(super) fn with_declared_secrets(workspace: Option<&Workspace>, catalog: Catalog) -> Catalog {
    // The files are long where there are many tables, and mostly none of them can hold any.
    let workspace = workspace.filter(|_| catalog.may_hold_secrets());
    match workspace.map(Workspace::declared) {
        Some(Ok(declared)) => catalog.with_secrets_of(declared.desired.known()),
        _ => catalog,
    }
}

/// The hands of a project, or those that a folder without one has.
fn hands_of(workspace: Option<&Workspace>) -> Hands {
    workspace.map_or_else(
        || Hands::new("schemactl", Scope::default()),
        Workspace::hands,
    )
}

/// Everything that the project's scope lets through; the history schema and roles never.
pub(super) fn shown_part(workspace: &Workspace, catalog: &Catalog) -> Catalog {
    workspace.hands().all().of(catalog, &Desired::default())
}

/// Why something of a host is not shown.
pub(super) fn left_out(host: &Host, own: &Own) -> String {
    format!(
        "  left out  {} {}: {}, {}",
        own.kind, own.pattern, host.name, own.reason
    )
}

/// That another tool's history is not shown.
pub(super) fn left_out_history(history: &OthersHistory) -> String {
    format!(
        "  left out  table {}: {}, its history",
        escaped(&history.shape.path()),
        history.tool.name()
    )
}

/// Says what a person made in the schemas of hosts that are left out, and how it comes into the project.
pub(super) fn tell_guests(context: &Context, everything: &Catalog, scope: &Scope) {
    const NAMES: usize = 5;
    let found = guests(everything, scope);
    for guests in &found {
        context.screen.say(format!(
            "  {} schema {} is {}'s and left out, and with it what may be yours: {}",
            context.screen.paint(Paint::Careful, "note:"),
            escaped(&guests.schema),
            guests.host,
            escaped(&guests.words(NAMES))
        ));
    }
    if let Some(guests) = found.first() {
        let schema = escaped(&text_literal(&guests.schema));
        context.screen.say(format!(
            "        the project neither makes nor compares it; a whole schema is taken in by `scope` in schemactl.kdl, which then \
             names all of the project's: `only schema=public; only schema={schema}` in the place of `ignore schema={schema}`"
        ));
    }
}

/// Whether nothing that every new database has was left out by the scope: only then its absence means something.
pub(super) fn is_whole(everything: &Catalog, shown: &Catalog) -> bool {
    everything
        .objects
        .keys()
        .all(|id| !is_initial(id) || shown.contains(id))
}

/// What is known of the tables that are left out: `references=` may mean their primary keys, and what is shown may inherit
/// their columns.
pub(super) fn outside(everything: &Catalog, shown: &Catalog) -> Catalog {
    everything.filtered(|id, _| {
        let is_known = matches!(
            id.kind,
            Kind::Table | Kind::PrimaryKey | Kind::Column | Kind::Default
        );
        // A schema that is shown can hold what is not.
        id.kind == Kind::Schema || is_known && !shown.contains(id)
    })
}

/// The KDL files of a catalog, each with the line by which a later `inspect` knows it.
pub(super) fn files(catalog: &Catalog, options: &WriteOptions) -> Vec<(String, String)> {
    write(catalog, options)
        .into_iter()
        .map(|(path, text)| (path, format!("{INSPECTED} {}\n\n{text}", digest(&text))))
        .collect()
}

/// What a file is known by when it was not touched since: the beginning of its SHA-256.
fn digest(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The digest that an inspected file says, and what it is of.
fn body_of(text: &str) -> Option<(&str, &str)> {
    let (line, body) = text.strip_prefix(INSPECTED)?.split_once('\n')?;
    Some((line.trim(), body.strip_prefix('\n').unwrap_or(body)))
}

/// Whether a person changed an inspected file.
fn is_edited(text: &str) -> bool {
    body_of(text).is_none_or(|(said, body)| said != digest(body))
}

/// The folder that `--output` means: that of the schema files where it is a project, else itself.
fn schema_folder(context: &Context, output: &Path) -> Result<PathBuf, Failure> {
    let folder = context.here().join(output);
    if !folder.join("schemactl.kdl").is_file() {
        return Ok(folder);
    }
    let workspace = Workspace::load(&folder, context.global.database.as_deref())?;
    let place = workspace
        .database()
        .schema_files
        .first()
        .map_or("schema", |place| place.value.as_str());
    Ok(folder.join(place))
}

/// Writes the files of an inspection: over those of an earlier one, which go where they are not produced any more, and
/// after asking where a person changed them; a file that a person wrote is never touched.
pub(super) fn write_into(
    screen: &Screen,
    folder: &Path,
    files: &[(String, String)],
) -> Result<Vec<PathBuf>, Failure> {
    let ours =
        |path: &Path| std::fs::read_to_string(path).is_ok_and(|text| text.starts_with(INSPECTED));
    // The starter of `init` says nothing yet: it does not stand in the way.
    let silent = |path: &Path| {
        std::fs::read_to_string(path).is_ok_and(|text| {
            text.lines()
                .all(|line| line.trim().is_empty() || line.trim_start().starts_with("//"))
        })
    };
    let produced: BTreeSet<PathBuf> = files.iter().map(|(path, _)| folder.join(path)).collect();
    for path in &produced {
        if path.exists() && !ours(path) && !silent(path) {
            return Err(Failure::said(
                "inspect::hand_written",
                Exit::Refused,
                format!("`{}` was written by a person", shown(path).display()),
                "nothing was written; take another `--output` folder, or move the file away",
            ));
        }
    }
    let mut old = Vec::new();
    below(folder, &mut old);
    old.retain(|path| ours(path));
    let edited: Vec<String> = old
        .iter()
        .filter(|path| std::fs::read_to_string(path).is_ok_and(|text| is_edited(&text)))
        .map(|path| format!("`{}`", escaped(&shown(path).display().to_string())))
        .collect();
    if !edited.is_empty() {
        screen.confirm(&format!(
            "{} changed since it was inspected, and what was changed would be lost: replace?",
            edited.join(", ")
        ))?;
    }
    let mut written = Vec::new();
    for (path, text) in files {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).map_err(|error| Failure::io("make", parent, &error))?;
        std::fs::write(&path, text).map_err(|error| Failure::io("write", &path, &error))?;
        written.push(path);
    }
    for path in old {
        if !produced.contains(&path) {
            std::fs::remove_file(&path).map_err(|error| Failure::io("remove", &path, &error))?;
            if let Some(parent) = path.parent().filter(|parent| *parent != folder) {
                // Only where it is empty now.
                let _ = std::fs::remove_dir(parent);
            }
        }
    }
    Ok(written)
}

/// The KDL files below a folder.
fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            below(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "kdl") {
            files.push(path);
        }
    }
}

/// One result to stdout, or as a file into the output folder, as it is written: it may be large.
fn deliver(
    context: &Context,
    output: Option<&Path>,
    name: &str,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Exit, Failure> {
    let Some(output) = output else {
        context.screen.print_by(write);
        return Ok(Exit::Fine);
    };
    let folder = context.here().join(output);
    std::fs::create_dir_all(&folder).map_err(|error| Failure::io("make", &folder, &error))?;
    let path = folder.join(name);
    File::create(&path)
        .map(BufWriter::new)
        .and_then(|mut file| {
            write(&mut file)?;
            file.flush()
        })
        .map_err(|error| Failure::io("write", &path, &error))?;
    context.screen.say(format!(
        "  wrote  {}",
        escaped(&shown(&path).display().to_string())
    ));
    Ok(Exit::Fine)
}
