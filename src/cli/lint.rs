//! `lint`: the hazards of migration files, pending, given or all; by what a database says where one can be reached, else by
//! what the files say.

use std::path::{Path, PathBuf};

use super::annotate::{self, Note};
use super::answer::{Linted, LintedFile, UnusedAllow};
use super::arguments::{Format, Lint};
use super::context::Context;
use super::facts;
use super::failure::Failure;
use super::found;
use super::live::Live;
use super::report::escaped;
use super::screen::Paint;
use super::services::service;
use crate::author::Databases;
use crate::config::{Lint as Settings, Settings as Resolved, Severity, Target as Where};
use crate::facts::World;
use crate::kdl::{Diagnostic, Mistakes};
use crate::lint::{
    Finding, Findings, Rules, Source, Spoken, Walked, catalogue, judge, judge_names, live, near,
    own, walk,
};
use crate::migrate::{
    ApplyTo, FileAt, Folder, FolderError, Migration, MigrationFile, Problem, plan_apply,
};
use crate::model::Exit;
use crate::project::{Workspace, shown};

/// What is judged, and how near its files are to each other.
struct Chosen {
    ups: Vec<Source>,
    downs: Vec<Source>,
    /// Whether everything is pending in the database that answered: what the files make is not there yet.
    pending: bool,
    /// What the files before say.
    before: World,
    /// Files that run before these and have not run yet.
    earlier: Vec<Source>,
}

pub(super) async fn run(context: &Context, options: &Lint) -> Result<Exit, Failure> {
    context.formats("lint")?;
    let workspace = context.project_or_none("lint")?;
    if workspace.is_none() && options.paths.is_empty() {
        // Says that there is no project, and what to do.
        context.project("lint")?;
    }
    let nothing = Settings::default();
    let settings = workspace.as_ref().map_or(&nothing, |it| &it.project.lint);
    if let Some(workspace) = &workspace {
        known(workspace)?;
    }
    let mut live = match options.offline {
        true => None,
        false => reached(context, workspace.as_ref()).await?,
    };
    let chosen = choose(options, workspace.as_ref(), live.as_mut()).await?;
    let names: Vec<&str> = settings
        .rules
        .iter()
        .map(|rule| rule.name.as_str())
        .collect();
    let all = || chosen.ups.iter().chain(&chosen.downs);
    let mistakes: Vec<_> = all().flat_map(|source| source.mistakes(&names)).collect();
    if !mistakes.is_empty() {
        return Err(Failure {
            exit: Exit::Input,
            reports: mistakes.into_iter().map(miette::Report::new).collect(),
        });
    }
    let mut world = chosen.before.clone();
    if let Some(live) = &live {
        let read = all().chain(&chosen.earlier);
        let texts = read.flat_map(|source| source.statements.iter().map(|it| it.sql.as_str()));
        let found = live::world(&live.session, texts).await?;
        if chosen.pending {
            world = found;
            for statement in chosen.earlier.iter().flat_map(|source| &source.statements) {
                world.apply(&statement.command);
            }
        } else {
            world.take_sizes(&found);
            world.major = found.major;
        }
    }
    // Without a database nobody knows what of the files is there already.
    let together = chosen.pending && live.is_some();
    let mut walked = walk(&chosen.ups, &mut world, together);
    world.settle();
    walked.extend(walk(&chosen.downs, &mut world, false));
    if let Some(workspace) = &workspace {
        let required = &workspace.database().names.required;
        judge_names(&chosen.ups, &mut walked, &world, required);
    }
    let judged = judged(
        context,
        workspace.as_ref(),
        live.as_ref(),
        settings,
        all(),
        &walked,
    )
    .await?;
    if context.screen.is_json() {
        print_json(context, live.as_ref(), &walked, &judged);
    } else if let Some(format @ (Format::Github | Format::Sarif)) = context.global.format {
        let notes = notes(workspace.as_ref(), &walked, &judged);
        let notes = annotate::of_repository(notes);
        context.screen.print(match format {
            Format::Github => annotate::github(&notes),
            _ => annotate::sarif(&notes),
        });
    } else {
        print(context, &walked, &judged);
        tell(context, live.as_ref(), &judged);
    }
    let refused = judged
        .iter()
        .flat_map(|it| &it.findings)
        .any(|finding| finding.severity == Severity::Error && finding.allowed.is_none());
    Ok(if refused { Exit::Refused } else { Exit::Fine })
}

/// The database that was named; else the one that the project chooses, where it answers.
async fn reached(
    context: &Context,
    workspace: Option<&Workspace>,
) -> Result<Option<Live>, Failure> {
    let named = context.global.url.is_some() || context.global.env.is_some();
    if !named && workspace.is_some_and(|workspace| is_unmade(context, workspace)) {
        return Ok(None);
    }
    match Live::connect(context, workspace).await {
        Ok(live) => Ok(Some(live)),
        Err(failure) if named => Err(failure),
        Err(failure) => {
            if let Some(report) = failure.reports.first() {
                context
                    .screen
                    .detail(format!("  no database: {}", escaped(&report.to_string())));
            }
            Ok(None)
        }
    }
}

/// Whether the database would be on the project's own server, which is not there yet: nothing is made for a look at files.
fn is_unmade(context: &Context, workspace: &Workspace) -> bool {
    let variables = context.variables(Some(workspace));
    let settings = Resolved::resolve(Some(&workspace.project), &context.flags(), &variables);
    settings.is_ok_and(|settings| matches!(settings.target, Where::Embedded))
        && !workspace.project.folder.join(".schemactl").exists()
}

async fn choose(
    options: &Lint,
    workspace: Option<&Workspace>,
    live: Option<&mut Live>,
) -> Result<Chosen, Failure> {
    let folder = workspace.map(Workspace::migrations).transpose()?;
    let mut chosen = Chosen {
        ups: Vec::new(),
        downs: Vec::new(),
        pending: false,
        before: World::default(),
        earlier: Vec::new(),
    };
    let state = match (live, workspace) {
        (Some(live), Some(workspace)) => Some(live.history(workspace).await?.1),
        _ => None,
    };
    if !options.paths.is_empty() {
        let ran = |migration: &Migration| {
            let row = state
                .as_ref()
                .and_then(|state| state.get(&migration.version));
            row.is_some_and(|row| row.status.is_in())
        };
        let is_down = |path: &Path| is_down(folder.as_ref(), path);
        let files = files(&options.paths, options.down, &is_down)?;
        let given = |it: &Migration| files.iter().any(|path| same(&it.up.path, path));
        let migrations = folder
            .as_ref()
            .map_or(&[][..], |folder| folder.migrations());
        let first = migrations.iter().position(given);
        let before = &migrations[..first.unwrap_or(migrations.len())];
        // A file that ran is judged by what was there before it; any other by what is there now.
        chosen.pending = !migrations.iter().any(|it| given(it) && ran(it));
        if first.is_some() {
            let waiting = before.iter().filter(|it| !ran(it));
            chosen.earlier = waiting.filter_map(|it| source(&it.up).ok()).collect();
        }
        chosen.before = replayed(before);
        for path in &files {
            chosen.ups.push(read(path)?);
        }
        return Ok(chosen);
    }
    let Some(folder) = folder else {
        return Ok(chosen);
    };
    let folder = folder.check()?;
    let service = service(&folder, options.of.service.as_ref())?;
    let (mut migrations, pending): (Vec<_>, bool) = match &state {
        Some(state) if !options.all => {
            let to = service.clone().map_or(ApplyTo::Last, ApplyTo::Service);
            let pending = plan_apply(&folder, state, &to)?;
            (pending.iter().map(|it| it.migration).collect(), true)
        }
        _ => (folder.migrations().iter().collect(), false),
    };
    if let Some(service) = &service {
        migrations.retain(|it| it.service() == service);
    }
    chosen.pending = pending;
    let mut problems = Vec::new();
    let mut take = |at: &FileAt, into: &mut Vec<Source>| match source(at) {
        Ok(source) => into.push(source),
        Err(problem) => problems.push(problem),
    };
    for migration in &migrations {
        take(&migration.up, &mut chosen.ups);
    }
    if options.down {
        for migration in migrations.iter().rev() {
            if let Some(down) = &migration.down {
                take(down, &mut chosen.downs);
            }
        }
    }
    if !problems.is_empty() {
        return Err(FolderError::Problems {
            dir: folder.dir().to_owned(),
            problems,
        }
        .into());
    }
    Ok(chosen)
}

fn same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// What is known after these migrations, by their text.
fn replayed(migrations: &[Migration]) -> World {
    let mut world = World::default();
    for migration in migrations {
        if let Ok(source) = Source::of(&migration.label(), &migration.up.file) {
            world.begin();
            for statement in &source.statements {
                world.apply(&statement.command);
            }
        }
    }
    world.settle();
    world
}

/// Whether a file is a way back: as the project's patterns read it, else by the usual name.
fn is_down(folder: Option<&Folder>, path: &Path) -> bool {
    let migrations = folder.map_or(&[][..], Folder::migrations);
    let is = |at: &FileAt| same(&at.path, path);
    if migrations.iter().any(|it| is(&it.up)) {
        return false;
    }
    let downs = migrations.iter().filter_map(|it| it.down.as_ref());
    downs.into_iter().any(is) || path.to_string_lossy().ends_with(".down.sql")
}

/// The files that were named; of folders those that end in `.sql`, ways back only where they are asked for.
fn files(
    paths: &[PathBuf],
    down: bool,
    is_down: &dyn Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(|error| Failure::io("read", path, &error))?;
        let mut inside = Vec::new();
        for entry in entries {
            let path = entry
                .map_err(|error| Failure::io("read", path, &error))?
                .path();
            let is_sql = path.to_string_lossy().ends_with(".sql");
            if is_sql && (down || !is_down(&path)) {
                inside.push(path);
            }
        }
        inside.sort();
        found.extend(inside);
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Source, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::said(
            "cli::missing-file",
            Exit::Input,
            format!("there is no file `{}`", path.display()),
            "name files of SQL, or a folder that holds some",
        ),
        _ => Failure::io("read", path, &error),
    })?;
    let name = shown(path).display().to_string();
    let source = MigrationFile::parse(&text).and_then(|file| Source::of(&name, &file));
    source.map_err(|error| {
        FolderError::Problems {
            dir: path.parent().unwrap_or(path).to_owned(),
            problems: vec![Problem::in_file(&name, &text, &error)],
        }
        .into()
    })
}

fn source(at: &FileAt) -> Result<Source, Problem> {
    let name = shown(&at.path).display().to_string();
    Source::of(&name, &at.file).map_err(|error| Problem::in_file(&name, &at.file.render(), &error))
}

/// Refuses codes of the project file that nobody knows, and exceptions without a reason.
fn known(workspace: &Workspace) -> Result<(), Failure> {
    let project = &workspace.project;
    let lint = &project.lint;
    let is_known = |code: &str| {
        catalogue::find(code).is_some() || lint.rules.iter().any(|rule| rule.name.value == code)
    };
    let severities = lint.severities.iter().map(|(code, _)| code);
    let allowances = lint.allowances.iter().map(|allowance| &allowance.rule);
    let mut diagnostics: Vec<Diagnostic> = severities
        .chain(allowances)
        .filter(|code| !is_known(&code.value))
        .map(|code| {
            Diagnostic::error(
                "lint::unknown_code",
                format!("there is no hazard `{}`", code.value),
            )
            .at(code.span, "here")
            .help(near(&code.value))
        })
        .collect();
    let reasonless = lint.allowances.iter().filter(|it| it.reason.is_none());
    diagnostics.extend(reasonless.map(|allowance| {
        Diagnostic::error(
            "lint::no_reason",
            format!("`allow {}` says no reason", allowance.rule.value),
        )
        .at(allowance.rule.span, "here")
        .help("say why, for whoever reads it in a year: reason=\"the table has ten rows\"")
    }));
    match diagnostics.is_empty() {
        true => Ok(()),
        false => Err(Mistakes::new(project.sources.clone(), diagnostics).into()),
    }
}

/// What is found in files that were walked through, by the rules of all and the project's own.
pub(super) async fn judged<'f>(
    context: &Context,
    workspace: Option<&Workspace>,
    live: Option<&Live>,
    settings: &Settings,
    sources: impl Iterator<Item = &'f Source>,
    walked: &[Walked],
) -> Result<Vec<Findings>, Failure> {
    let spoken = speak(context, workspace, live, settings, walked).await?;
    let rules = Rules {
        lint: settings,
        allowed: &context.global.allow,
        today: jiff::Zoned::now().date(),
    };
    let all = sources.zip(walked).zip(&spoken);
    Ok(all
        .map(|((source, walked), spoken)| judge(source, walked, spoken, &rules))
        .collect())
}

/// Where the project's own rules speak, file by file. Their conditions PostgreSQL decides: the one that was reached, else
/// one from scratch.
async fn speak<'a>(
    context: &Context,
    workspace: Option<&Workspace>,
    live: Option<&Live>,
    settings: &'a Settings,
    walked: &[Walked],
) -> Result<Vec<Vec<Spoken<'a>>>, Failure> {
    let mut spoken: Vec<Vec<Spoken<'a>>> = walked.iter().map(|_| Vec::new()).collect();
    let wanted = |rule: &&crate::config::LintRule| {
        let severity = settings.severities.iter().rev();
        let said = severity
            .clone()
            .find(|(word, _)| word.value == rule.name.value);
        said.is_none_or(|(_, severity)| *severity != Severity::Off)
    };
    let rules: Vec<_> = settings.rules.iter().filter(wanted).collect();
    if rules.is_empty() {
        return Ok(spoken);
    }
    let databases;
    let scratch;
    let session = match live {
        Some(live) => &live.session,
        None => {
            databases = context.scratch(workspace, None).await?;
            scratch = databases.database("rules").await.map_err(|error| Failure {
                exit: error.exit,
                reports: vec![error.report],
            })?;
            &scratch
        }
    };
    for rule in rules {
        for (file, statement) in own::speaks(session, rule, walked).await? {
            spoken[file].push(Spoken {
                statement,
                rule: &rule.name.value,
                message: rule.message.as_deref(),
            });
        }
    }
    Ok(spoken)
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warn",
        Severity::Off => "off",
    }
}

fn print(context: &Context, walked: &[Walked], judged: &[Findings]) {
    let screen = &context.screen;
    let verbose = screen.verbose() > 0;
    for (walked, judged) in walked.iter().zip(judged) {
        let shown: Vec<&Finding> = judged
            .findings
            .iter()
            .filter(|finding| verbose || finding.allowed.is_none())
            .collect();
        if shown.is_empty() && !verbose {
            continue;
        }
        screen.print(screen.paint(Paint::Strong, &escaped(&walked.name)));
        if verbose {
            for line in facts::lines(walked, screen.width().saturating_sub(2)) {
                screen.print(screen.paint(Paint::Faint, &format!("  {line}")));
            }
        }
        for finding in shown {
            let paint = match (&finding.allowed, finding.severity) {
                (Some(_), _) => Paint::Faint,
                (None, Severity::Error) => Paint::Bad,
                _ => Paint::Careful,
            };
            let loud = match &finding.allowed {
                Some(_) => "allowed",
                None => word(finding.severity),
            };
            let told = screen.paint(paint, &format!("{loud:5} {}", escaped(&finding.code)));
            let lead = format!("  {:>3}  {told}  ", finding.line);
            screen.print_laid(&lead, &escaped(&finding.message), 9);
            if let Some(reason) = &finding.allowed {
                screen.print_laid("         ", &escaped(reason), 9);
            }
        }
    }
    for (walked, judged) in walked.iter().zip(judged) {
        for (line, code) in &judged.unused {
            screen.warn(format!(
                "{}:{line}: `allow {}` covers nothing: take it out",
                escaped(&walked.name),
                escaped(code)
            ));
        }
    }
}

fn tell(context: &Context, live: Option<&Live>, judged: &[Findings]) {
    let screen = &context.screen;
    let all = || judged.iter().flat_map(|it| &it.findings);
    let count = |severity: Severity| {
        all()
            .filter(|finding| finding.allowed.is_none() && finding.severity == severity)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warn));
    let allowed = all().filter(|finding| finding.allowed.is_some()).count();
    let by = match live {
        Some(live) => format!("by {}", live.label()),
        None => "without a database".to_owned(),
    };
    let plural =
        |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    screen.say(format!(
        "  {}, {}, {allowed} allowed in {}, {by}",
        plural(errors, "error"),
        plural(warnings, "warning"),
        plural(judged.len(), "file"),
    ));
    let open = || all().filter(|finding| finding.allowed.is_none());
    let loud = open().find(|finding| finding.severity == Severity::Error);
    if let Some(first) = loud.or_else(|| open().next()) {
        let code = escaped(&first.code);
        screen.say(format!("  why and how else: schemactl explain {code}"));
        screen.say(format!(
            "  an exception: `-- schemactl:allow {code} REASON` in the file"
        ));
    }
}

/// The findings with the places of their files.
fn notes(workspace: Option<&Workspace>, walked: &[Walked], judged: &[Findings]) -> Vec<Note> {
    let folder = workspace.and_then(|it| it.migrations().ok());
    let migrations = folder.as_ref().map_or(&[][..], Folder::migrations);
    let mut notes = Vec::new();
    for (walked, judged) in walked.iter().zip(judged) {
        let sides = migrations
            .iter()
            .flat_map(|it| [Some(&it.up), it.down.as_ref()])
            .flatten();
        let called = |it: &&FileAt| it.name == walked.name;
        let file = sides.clone().find(called).or_else(|| {
            let named = migrations.iter().find(|it| it.label() == walked.name);
            named.map(|it| &it.up)
        });
        let path = file.map_or_else(
            || walked.name.clone(),
            |it| shown(&it.path).display().to_string(),
        );
        notes.extend(judged.findings.iter().map(|finding| Note {
            severity: finding.severity.into(),
            code: finding.code.clone(),
            file: path.clone(),
            line: finding.line,
            column: None,
            message: finding.message.clone(),
            allowed: finding.allowed.clone(),
        }));
    }
    notes
}

fn print_json(context: &Context, live: Option<&Live>, walked: &[Walked], judged: &[Findings]) {
    let files = walked.iter().zip(judged).map(|(walked, judged)| {
        let unused = judged.unused.iter().map(|(line, code)| UnusedAllow {
            line: *line,
            code: code.clone(),
        });
        LintedFile {
            file: walked.name.clone(),
            transaction: walked.transaction,
            findings: found::told(judged),
            unused_allows: unused.collect(),
            statements: walked.statements.iter().map(facts::told).collect(),
        }
    });
    let refused = judged
        .iter()
        .flat_map(|it| &it.findings)
        .any(|finding| finding.severity == Severity::Error && finding.allowed.is_none());
    context.screen.print_json(&Linted {
        ok: !refused,
        database: live.map(Live::label),
        files: files.collect(),
    });
}
