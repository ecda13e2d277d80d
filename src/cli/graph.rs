//! `graph`: an entity-relation diagram of a schema or of a change, or the order of a plan, as SVG, Mermaid, DOT or JSON.

use std::path::Path;

use super::answer::Nothing;
use super::arguments::{ColumnChoice, Diff, Format, From, Graph, State};
use super::context::Context;
use super::diff::compared;
use super::failure::Failure;
use super::report::{counted, escaped};
use super::services::Division;
use super::state::{name_of, shown_state};
use crate::author::Authored;
use crate::graph::{Choice, Columns, Diagram, Drawn, DrawnOrder, Order, Scene};
use crate::kind::Catalog;
use crate::model::{Exit, Kind, ObjectId};
use crate::project::shown;

/// Above this number of tables a picture shows the columns of keys only, unless it is told.
const MANY: usize = 60;

/// The formats, with the ends of file names that mean them.
const FORMATS: &[(Format, &[&str])] = &[
    (Format::Svg, &["svg"]),
    (Format::Mermaid, &["mmd", "mermaid"]),
    (Format::Dot, &["dot", "gv"]),
    (Format::Json, &["json"]),
];

pub(super) async fn run(context: &Context, options: Graph) -> Result<Exit, Failure> {
    context.formats("graph")?;
    let format = format_of(context, options.output.as_deref())?;
    let text = if options.diff || options.plan {
        let Some(text) = of_change(context, &options, format).await? else {
            context
                .screen
                .say("  nothing to draw: the database is what the KDL files say");
            if context.screen.is_json() {
                context.screen.print_json(&Nothing::HERE);
            }
            return Ok(Exit::Fine);
        };
        text
    } else {
        of_state(context, &options, format).await?
    };
    deliver(context, options.output.as_deref(), text)
}

/// Prints a text, or writes it where that was asked for.
pub(super) fn deliver(
    context: &Context,
    output: Option<&Path>,
    text: String,
) -> Result<Exit, Failure> {
    let Some(output) = output else {
        context.screen.print(text);
        return Ok(Exit::Fine);
    };
    let path = context.here().join(output);
    write(&path, &text)?;
    context.screen.say(format!(
        "  wrote  {}",
        escaped(&shown(&path).display().to_string())
    ));
    Ok(Exit::Fine)
}

/// Writes a file, making its folder where there is none.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
    }
    std::fs::write(path, text).map_err(|error| Failure::io("write", path, &error))
}

/// `--format`, else what the file's name says, else SVG.
fn format_of(context: &Context, output: Option<&Path>) -> Result<Format, Failure> {
    if let Some(format) = context.global.format {
        return Ok(format);
    }
    let end = output
        .and_then(Path::extension)
        .and_then(|end| end.to_str())
        .map(str::to_lowercase);
    let Some(end) = end else {
        return Ok(Format::Svg);
    };
    let found = FORMATS.iter().find(|(_, ends)| ends.contains(&&*end));
    found.map(|(format, _)| *format).ok_or_else(|| {
        let known: Vec<String> = FORMATS
            .iter()
            .flat_map(|(_, ends)| ends.iter().map(|end| format!("`.{end}`")))
            .collect();
        Failure::said(
            "graph::ending",
            Exit::Input,
            format!("a picture cannot be written as `.{end}`"),
            &format!(
                "name the file {}, or say `--format`; a browser shows SVG, and other programs make other pictures of it",
                known.join(", ")
            ),
        )
    })
}

async fn of_state(context: &Context, options: &Graph, format: Format) -> Result<String, Failure> {
    let state = shown_state(context, "graph", options.from).await?;
    let choice = choice(options, &[&state.catalog])?;
    let diagram = Diagram::of(&state.catalog, &choice);
    if diagram.is_empty() {
        context
            .screen
            .warn(format!("{} has no tables to draw", escaped(&state.label)));
    }
    tell(context, &diagram, &choice);
    Ok(drawn(&diagram, &state.label, false, format))
}

/// The change that `diff` would write; none where there is none.
async fn of_change(
    context: &Context,
    options: &Graph,
    format: Format,
) -> Result<Option<String>, Failure> {
    let workspace = context.project("graph")?;
    let declared = workspace.declared()?;
    let folder = workspace.migrations()?.check()?;
    let from = match options.from {
        None | Some(State::Live) => From::Live,
        Some(State::Migrations) => From::Migrations,
        Some(State::Files) => {
            return Err(Failure::said(
                "graph::from",
                Exit::Input,
                "a change leads to the files: it cannot begin there".to_owned(),
                "`--from live` or `--from migrations`",
            ));
        }
    };
    let diff = Diff {
        from,
        ..Diff::of_files()
    };
    let (authored, _databases, _) = compared(
        context,
        &workspace,
        &declared,
        &folder,
        &diff,
        &Division::default(),
    )
    .await?;
    let Some(authored) = authored else {
        return Ok(None);
    };
    let name = name_of(&workspace);
    if options.plan {
        let order = Order::of(&authored.up, &authored.before, &authored.after);
        let title = format!("{name}: the order of the change");
        return Ok(Some(match format {
            Format::Mermaid => order.mermaid(),
            Format::Dot => order.dot(),
            Format::Json => {
                let scene = Scene::of_order(&order, &title);
                json(&DrawnOrder {
                    ok: true,
                    title: &title,
                    order: &order,
                    layout: scene.places(),
                })
            }
            _ => Scene::of_order(&order, &title).svg(),
        }));
    }
    let mut choice = choice(options, &[&authored.before, &authored.after])?;
    choice.only_changes = choice.around.is_none() && choice.schemas.is_empty();
    let diagram = diagram_of(&authored, &choice);
    tell(context, &diagram, &choice);
    Ok(Some(drawn(
        &diagram,
        &format!("{name}: what changes"),
        true,
        format,
    )))
}

/// The diagram of a change.
pub(super) fn diagram_of(authored: &Authored, choice: &Choice) -> Diagram {
    let renames: Vec<(ObjectId, ObjectId)> = authored
        .renames
        .iter()
        .map(|rename| (rename.from.clone(), rename.to.clone()))
        .collect();
    Diagram::of_change(
        &authored.before,
        &authored.after,
        &authored.changes,
        &renames,
        choice,
    )
}

fn drawn(diagram: &Diagram, title: &str, change: bool, format: Format) -> String {
    match format {
        Format::Mermaid => diagram.mermaid(),
        Format::Dot => diagram.dot(),
        Format::Json => {
            let scene = Scene::of_diagram(diagram, title, change);
            json(&Drawn {
                ok: true,
                title,
                diagram,
                layout: scene.places(),
            })
        }
        _ => Scene::of_diagram(diagram, title, change).svg(),
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn tell(context: &Context, diagram: &Diagram, choice: &Choice) {
    let keys = if choice.columns == Columns::Keys {
        ", columns of keys only (`--columns all` shows all)"
    } else {
        ""
    };
    let is_view =
        |entity: &&crate::graph::Entity| matches!(entity.kind, "view" | "materialized-view");
    let views = diagram.entities.iter().filter(is_view).count();
    let views_too = match views {
        0 => String::new(),
        count => format!(", {}", counted(count, "view")),
    };
    context.screen.say(format!(
        "  {}{views_too} and {} in {}{keys}",
        counted(diagram.entities.len() - views, "table"),
        counted(diagram.relations.len(), "relation"),
        counted(diagram.schemas().len(), "schema")
    ));
}

fn choice(options: &Graph, catalogs: &[&Catalog]) -> Result<Choice, Failure> {
    let around = match &options.around {
        None => None,
        Some(name) => Some((table_of(name, catalogs)?, options.depth)),
    };
    for schema in &options.schema {
        let id = ObjectId::top(Kind::Schema, schema);
        if !catalogs.iter().any(|catalog| catalog.contains(&id)) {
            let known: Vec<&str> = catalogs
                .iter()
                .flat_map(|catalog| catalog.of_kind(Kind::Schema))
                .map(|(id, _)| &*id.name)
                .collect();
            return Err(unknown("schema", schema, &known));
        }
    }
    let mut choice = Choice {
        schemas: options.schema.clone(),
        around,
        views: options.views,
        ..Choice::default()
    };
    choice.columns = match options.columns {
        Some(ColumnChoice::All) => Columns::All,
        Some(ColumnChoice::Keys) => Columns::Keys,
        Some(ColumnChoice::None) => Columns::None,
        None => {
            let whole = choice.around.is_none() && choice.schemas.is_empty();
            let tables = catalogs
                .iter()
                .map(|catalog| catalog.of_kind(Kind::Table).count())
                .max();
            if whole && !options.diff && tables.unwrap_or(0) > MANY {
                Columns::Keys
            } else {
                Columns::All
            }
        }
    };
    Ok(choice)
}

/// The relation of a path such as `auth.users`; a name alone does where only one schema has it.
fn table_of(name: &str, catalogs: &[&Catalog]) -> Result<ObjectId, Failure> {
    let kinds = [
        Kind::Table,
        Kind::ForeignTable,
        Kind::View,
        Kind::MaterializedView,
    ];
    let all: std::collections::BTreeSet<&ObjectId> = catalogs
        .iter()
        .flat_map(|catalog| kinds.iter().flat_map(|kind| catalog.of_kind(*kind)))
        .map(|(id, _)| id)
        .collect();
    let matching: Vec<&&ObjectId> = all
        .iter()
        .filter(|id| id.path() == name || &*id.name == name)
        .collect();
    match matching.as_slice() {
        [one] => Ok((**one).clone()),
        [] => {
            let known: Vec<String> = all.iter().map(|id| id.path()).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            Err(unknown("table", name, &known))
        }
        several => {
            let paths: Vec<String> = several.iter().map(|id| id.path()).collect();
            Err(Failure::said(
                "graph::ambiguous",
                Exit::Input,
                format!("`{name}` is in several schemas: {}", paths.join(", ")),
                "say which, as `--around SCHEMA.TABLE`",
            ))
        }
    }
}

/// What is not there, with the nearest name that is.
fn unknown(what: &str, name: &str, known: &[&str]) -> Failure {
    let nearest = known
        .iter()
        .map(|other| {
            // A path is near by its last name, too.
            let last = other.rsplit('.').next().unwrap_or(other);
            let distance = |to: &str| strsim::damerau_levenshtein(name, to);
            (distance(other).min(distance(last)), *other)
        })
        .min()
        .filter(|(distance, other)| *distance <= 2 + other.chars().count() / 4);
    let help = match nearest {
        Some((_, other)) => format!("did you mean `{other}`?"),
        None => "`schemactl inspect` shows what is there".to_owned(),
    };
    Failure::said(
        "graph::unknown",
        Exit::Input,
        format!("there is no {what} `{name}`"),
        &help,
    )
}
