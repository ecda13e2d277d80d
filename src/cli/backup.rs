//! `backup`: a pg_dump before anything runs, and the words that bring it back.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use jiff::Timestamp;

use super::around::Kept;
use super::failure::Failure;
use super::live::duration;
use super::report::escaped;
use super::screen::Screen;
use crate::config::Backup;
use crate::facts::bytes;
use crate::lint::Walked;
use crate::model::{Exit, QualifiedName};
use crate::pg::connect::Session;
use crate::pg::target::Target;
use crate::project::shown;
use crate::scratch::server::dumps;
use crate::sql::quote;

/// The relations that a run touches.
#[derive(Debug, Clone, Default)]
pub(super) struct Touched {
    /// Their names.
    pub(super) names: Vec<QualifiedName>,
    /// Whether there may be others, because a statement does not show what it does.
    pub(super) more: bool,
}

impl Touched {
    /// Everything that may be.
    pub(super) fn unknown() -> Touched {
        Touched {
            names: Vec::new(),
            more: true,
        }
    }

    /// By the facts of all files, of which there are so many.
    pub(super) fn of(walked: &[Walked], files: usize) -> Touched {
        let mut touched = Touched {
            more: walked.len() < files,
            ..Touched::default()
        };
        for judged in walked.iter().flat_map(|walked| &walked.statements) {
            touched.names.extend(judged.facts.locks.keys().cloned());
            touched.more |= judged.hidden || !judged.facts.assumed.is_empty();
        }
        touched.names.sort();
        touched.names.dedup();
        touched
    }
}

/// A backup that was made.
pub(super) struct Saved {
    path: PathBuf,
    restore: String,
}

impl Saved {
    /// Says how to go back to it, and what has to be done first.
    pub(super) fn tell(&self, screen: &Screen, first: Option<&str>) {
        let first = first.map_or_else(String::new, |first| format!("\n    {}", escaped(first)));
        screen.say(format!(
            "  the backup from before is {}; should it be needed:{first}\n    {}",
            escaped(&self.path.display().to_string()),
            escaped(&self.restore)
        ));
    }
}

/// Makes the backup; none where nothing is touched that could be saved.
pub(super) async fn take(
    kept: &Kept,
    wanted: &Backup,
    session: &Session,
) -> Result<Option<Saved>, Failure> {
    let started = Instant::now();
    let failed = |why: String, help: &str| {
        Failure::said(
            "apply::backup",
            Exit::Failed,
            format!("the backup failed: {why}"),
            &format!("{help}; nothing was run"),
        )
    };
    let mut tables = Vec::new();
    if wanted.touched_only && !kept.touched.more {
        match tables_of(session, &kept.touched.names).await? {
            Some(found) if found.is_empty() => {
                kept.screen
                    .say("  backup   no table that is there is touched: none is made");
                return Ok(None);
            }
            Some(found) => tables = found,
            // Triggers write where no statement says, and what leans on a table stands in the way of its return.
            None => {}
        }
    }
    let Some(dump) = dumps(kept.major)
        .into_iter()
        .find(|dump| dump.major >= kept.major)
    else {
        return Err(failed(
            format!(
                "no pg_dump on this machine can read a server of version {}",
                kept.major
            ),
            &format!(
                "install the client programs of PostgreSQL {} or newer",
                kept.major
            ),
        ));
    };
    let path = kept.folder.join(file_name(kept, wanted));
    let path = match wanted.path.contains("{timestamp}") {
        true => beside(path),
        false => path,
    };
    let partial = path.with_extension("partial");
    prepare(&path, &partial).map_err(|error| {
        let why = format!("can't write `{}`: {error}", path.display());
        failed(why, "look at the folder and its permissions")
    })?;
    let mut command = tokio::process::Command::from(dump.command());
    command
        .args(["--format=custom", "--no-password", "--file"])
        .arg(&partial)
        .args(kept.role.iter().map(|role| format!("--role={role}")))
        .args(tables.iter().map(|table| format!("--table={table}")))
        .envs(kept.target.environment())
        .stdin(Stdio::null());
    command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let busy = kept.screen.busy("making the backup");
    let output = tokio::select! {
        biased;
        output = command.output() => output,
        () = kept.stopped() => {
            let _ = std::fs::remove_file(&partial);
            return Err(kept.stopped_before());
        }
    };
    drop(busy);
    let why = match &output {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(
            String::from_utf8_lossy(&output.stderr)
                .trim()
                .lines()
                .collect::<Vec<_>>()
                .join("; "),
        ),
        Err(error) => Some(error.to_string()),
    };
    if let Some(why) = why {
        let _ = std::fs::remove_file(&partial);
        return Err(failed(
            why,
            "pg_dump's own words say what it lacks: the role that applies has to be able to read every table",
        ));
    }
    let size = std::fs::metadata(&partial).map_or(0, |it| it.len());
    std::fs::rename(&partial, &path).map_err(|error| Failure::io("write", &path, &error))?;
    let path = shown(&path);
    kept.screen.say(format!(
        "  backup   {}   {}   {}",
        escaped(&path.display().to_string()),
        bytes(size),
        duration(started.elapsed())
    ));
    let restore = restore(&kept.target, &path);
    Ok(Some(Saved { path, restore }))
}

/// The path of the project file, filled; what a name brings along can't lead elsewhere.
fn file_name(kept: &Kept, wanted: &Backup) -> String {
    let harmless = |name: &str| -> String {
        let keep = |letter: char| letter.is_alphanumeric() || "._-".contains(letter);
        let letters = name.chars();
        letters
            .map(|letter| if keep(letter) { letter } else { '_' })
            .collect()
    };
    let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    wanted
        .path
        .replace("{timestamp}", &now)
        .replace("{database}", &harmless(kept.target.database()))
        .replace("{environment}", &harmless(&kept.place()))
}

/// The path, with a number behind its name where another backup of the same second is there.
fn beside(path: PathBuf) -> PathBuf {
    let name = |path: &Path| path.file_stem().map(|it| it.to_string_lossy().into_owned());
    let (stem, ending) = (
        name(&path).unwrap_or_default(),
        path.extension()
            .map(|it| format!(".{}", it.to_string_lossy()))
            .unwrap_or_default(),
    );
    let is_free = |path: &PathBuf| !path.exists() && !path.with_extension("partial").exists();
    let others = (2..100).map(|number| path.with_file_name(format!("{stem}-{number}{ending}")));
    let found = std::iter::once(path.clone()).chain(others).find(is_free);
    found.unwrap_or(path)
}

/// Makes the folder and an empty file that only its owner may read; what is there is never written over.
fn prepare(path: &Path, partial: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    if path.exists() {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(partial).map(drop)
}

/// The relations that come along with these tables: partitions, what inherits, what refers to them (cascades go there, and
/// a table that is referred to can't be made anew), views and policies that read them.
const TREE: &str = "WITH RECURSIVE tree AS (\
     SELECT t.oid FROM pg_catalog.pg_class t WHERE t.oid IN (%names%) AND t.relkind IN ('r', 'p') \
     UNION SELECT x.oid FROM tree t CROSS JOIN LATERAL (\
     SELECT p.relid::oid AS oid FROM pg_catalog.pg_partition_tree(pg_catalog.pg_partition_root(t.oid)) p \
     UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = t.oid \
     UNION ALL SELECT k.conrelid FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.confrelid = t.oid \
     UNION ALL SELECT r.ev_class FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid \
     WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = t.oid \
     UNION ALL SELECT p.polrelid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_policy p ON p.oid = d.objid \
     WHERE d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = t.oid\
     ) x (oid) WHERE x.oid IS NOT NULL)";

/// Whether something runs or leans on these that pg_dump does not take along with a table.
const MORE: &str = " SELECT EXISTS (SELECT FROM tree t JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal) \
     OR EXISTS (SELECT FROM tree t JOIN pg_catalog.pg_rewrite r ON r.ev_class = t.oid WHERE r.rulename <> '_RETURN') \
     OR EXISTS (SELECT FROM tree t JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = t.oid \
     WHERE d.classid IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, 'pg_catalog.pg_publication_rel'::pg_catalog.regclass)) \
     OR EXISTS (SELECT FROM tree t JOIN pg_catalog.pg_type y ON y.typrelid = t.oid JOIN pg_catalog.pg_depend d \
     ON d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (y.oid, y.typarray) AND d.deptype = 'n') \
     OR EXISTS (SELECT FROM tree t JOIN pg_catalog.pg_depend s ON s.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND s.refobjid = t.oid \
     AND s.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND s.deptype IN ('a', 'i') JOIN pg_catalog.pg_depend d \
     ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = s.objid AND d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass \
     JOIN pg_catalog.pg_attrdef a ON a.oid = d.objid WHERE a.adrelid <> t.oid)";

/// The touched tables with all that comes along, as patterns that mean just them; none where only everything will do.
async fn tables_of(
    session: &Session,
    names: &[QualifiedName],
) -> Result<Option<Vec<String>>, Failure> {
    if names.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let tree = TREE.replace("%names%", &quote::oids(names));
    let more = session.texts(&format!("{tree}{MORE}")).await?;
    if more.first().and_then(|row| row.first()?.as_deref()) != Some("f") {
        return Ok(None);
    }
    let sql = format!(
        "{tree} SELECT DISTINCT n.nspname, c.relname FROM tree \
         JOIN pg_catalog.pg_class c ON c.oid = tree.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p', 'v', 'm') ORDER BY 1, 2"
    );
    let rows = session.texts(&sql).await?;
    // In a pattern of pg_dump quotes keep every letter as it is, and stand doubled in themselves.
    let pattern = |row: Vec<Option<String>>| {
        let [schema, name] = row.as_slice() else {
            return None;
        };
        Some(format!(
            "{}.{}",
            quote::quoted_ident(schema.as_deref()?),
            quote::quoted_ident(name.as_deref()?)
        ))
    };
    Ok(Some(rows.into_iter().filter_map(pattern).collect()))
}

/// The command that brings a backup back; the password is asked, or comes from the password file.
fn restore(target: &Target, path: &Path) -> String {
    let mut words = vec![
        "pg_restore".to_owned(),
        "--clean".to_owned(),
        "--if-exists".to_owned(),
        "--single-transaction".to_owned(),
    ];
    if let Some(host) = target.hosts().first() {
        words.push(format!("--host={}", host.name));
        words.push(format!("--port={}", host.port));
    }
    words.push(format!("--username={}", target.user()));
    words.push(format!("--dbname={}", target.database()));
    words.push(path.display().to_string());
    let shown: Vec<String> = words.iter().map(|word| for_shell(word)).collect();
    shown.join(" ")
}

/// A word as a person may type it into a shell.
pub(super) fn for_shell(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=./:,@".contains(letter);
    match word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}
