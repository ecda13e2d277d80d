//! `show`: one migration, as its files and the history have it.

use super::answer::Shown;
use super::arguments::Show;
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live};
use super::report::{escaped, escaped_lines};
use super::services::service;
use crate::migrate::{FolderError, MigrationFile, State, Version};
use crate::model::Exit;
use crate::sql::secret::mask;

pub(super) async fn run(context: &Context, options: &Show) -> Result<Exit, Failure> {
    context.formats("show")?;
    let workspace = context.project("show")?;
    let folder = workspace.migrations()?;
    let service = service(&folder, options.of.service.as_ref())?;
    let version = folder.meant(&options.version, service.as_deref())?;
    let file = folder.get(&version);
    // A migration can be shown without any database.
    let row = match Live::connect(context, Some(&workspace)).await {
        Ok(mut live) => {
            let (history, state) = live.history(&workspace).await?;
            match history.row(&live.session, &version).await? {
                None if file.is_none() => match adopted(&state, &options.version)? {
                    Some(version) => history.row(&live.session, &version).await?,
                    None => None,
                },
                row => row,
            }
        }
        Err(_) if file.is_some() => None,
        Err(failure) => return Err(failure),
    };
    if file.is_none() && row.is_none() {
        return Err(FolderError::Version {
            version: options.version.clone(),
        }
        .into());
    }
    // What ran goes before what a file says that was altered since.
    let altered = |ran: &str, file: &MigrationFile| {
        MigrationFile::parse(ran).is_ok_and(|ran| ran.body() != file.body())
    };
    let ran = row.as_ref().filter(|row| row.status.is_in());
    let up_file = file.map(|file| &file.up.file);
    let down_file = file.and_then(|file| file.down.as_ref().map(|down| &down.file));
    let up_ran = ran
        .map(|row| row.up_sql.as_str())
        .filter(|ran| up_file.is_some_and(|file| altered(ran, file)));
    let down_ran = ran
        .and_then(|row| row.down_sql.as_deref())
        .filter(|ran| down_file.is_some_and(|file| altered(ran, file)));
    let is_altered = up_ran.is_some() || down_ran.is_some();
    let text = |ran: Option<&str>, file: Option<&MigrationFile>, stored: Option<&str>| {
        ran.map(str::to_owned)
            .or_else(|| file.map(MigrationFile::render))
            .or_else(|| stored.map(str::to_owned))
            .map(|text| mask(&text))
    };
    let stored = row.as_ref();
    let up = text(up_ran, up_file, stored.map(|row| row.up_sql.as_str()));
    let down = text(
        down_ran,
        down_file,
        stored.and_then(|row| row.down_sql.as_deref()),
    );
    if context.screen.is_json() {
        context.screen.print_json(&Shown {
            ok: true,
            version: row
                .as_ref()
                .map(|row| &row.version)
                .or(file.map(|file| &file.version))
                .cloned(),
            file: file.map(|file| file.up.name.clone()),
            up_sql: up,
            down_sql: down,
            altered: is_altered,
            history: row,
        });
        return DONE;
    }
    if let Some(row) = &row {
        context.screen.say(format!(
            "  {} {}: {}{}{}",
            escaped(row.version.as_str()),
            escaped(&row.name),
            match &row.adopted_from {
                Some(tool) => format!("ran with {}, ", escaped(tool)),
                None => String::new(),
            },
            row.status.word().replace('_', " "),
            row.in_since()
                .map(|at| format!(", {}", at.strftime("%Y-%m-%d %H:%M")))
                .unwrap_or_default()
        ));
        if let Some(message) = &row.error_message {
            context.screen.say(format!("  {}", escaped_lines(message)));
        }
    }
    if is_altered {
        context
            .screen
            .warn("its files were altered since: this is what was recorded when it ran");
    }
    for (words, text) in [("up", up), ("down", down)] {
        // Of what another tool ran the text may not be known.
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            context
                .screen
                .print(format!("-- {words}\n{}", escaped_lines(&text)));
        }
    }
    DONE
}

/// What another tool ran under this version, or as `TABLE:VERSION`.
fn adopted(state: &State, wanted: &str) -> Result<Option<Version>, Failure> {
    let mut found: Vec<(String, Version)> = Vec::new();
    for (table, rows) in state.adopted() {
        for row in rows {
            let whole = format!("{table}:{}", row.version.as_str());
            if whole == wanted || row.version == Version::new(wanted).of(table) {
                found.push((whole, row.version.clone()));
            }
        }
    }
    if found.len() > 1 {
        let names: Vec<String> = found.into_iter().map(|(whole, _)| whole).collect();
        return Err(Failure::said(
            "cli::which",
            Exit::Input,
            format!("several histories have {wanted}"),
            &format!("name one: {}", names.join(", ")),
        ));
    }
    Ok(found.pop().map(|(_, version)| version))
}
