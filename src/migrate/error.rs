//! What can be wrong with migration files and their folder, with the next step for each.
//!
//! The rule: everything wrong with a folder is said in one run, each problem with its own code.

use crate::model::Exit;
use crate::sql::secret::mask;
use crate::sql::split::SplitError;
use miette::{Diagnostic, NamedSource, SourceSpan};
use std::path::PathBuf;
use thiserror::Error;

/// A file that can't be read as a migration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileError {
    /// A line of the header, or a directive of the body, is not understood.
    #[error("line {line}: {message}")]
    Header {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The SQL can't be cut into statements, or holds what can't run here.
    #[error("{error}")]
    Sql {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        error: SplitError,
    },
}

impl FileError {
    /// The line of the file, from 1.
    pub fn line(&self) -> usize {
        match self {
            FileError::Header { line, .. } | FileError::Sql { line, .. } => *line,
        }
    }
}

/// One thing that is wrong with a folder of migrations.
#[derive(Debug, Clone, Error, Diagnostic)]
pub enum Problem {
    /// Numbers are missing between or before the files.
    #[error("no migration {}: the files go on with `{next}`", missing.join(", "))]
    #[diagnostic(
        code(migrate::gap),
        help(
            "a file was deleted, or its branch is not merged; bring it back, or give the later files the next numbers and run `schemactl restamp`"
        )
    )]
    Gap {
        /// The versions without a file.
        missing: Vec<String>,
        /// The file after the gap.
        next: String,
    },
    /// Several files of one version and direction.
    #[error("version {version} stands in several files: {}", files.join(", "))]
    #[diagnostic(
        code(migrate::duplicate),
        help(
            "two branches took the same number; `schemactl diff --rebase` writes the later one anew; or give it the next number and run `schemactl restamp`"
        )
    )]
    Duplicate {
        /// The version.
        version: String,
        /// The files.
        files: Vec<String>,
    },
    /// Several files name one parent.
    #[error("the migrations fork: {} were written after the same file", files.join(" and "))]
    #[diagnostic(
        code(migrate::fork),
        help(
            "two branches went on from one state; `schemactl diff --rebase` writes the later one anew; or `schemactl restamp` proves the later file as it is after the other, and chains it there"
        )
    )]
    Fork {
        /// The files that name one parent.
        files: Vec<String>,
    },
    /// An up file without a down file.
    #[error("`{file}` has no down file")]
    #[diagnostic(
        code(migrate::missing_down),
        help(
            "write `{wanted}`; where there is no way back, let it hold one statement that raises"
        )
    )]
    MissingDown {
        /// The up file.
        file: String,
        /// The name that the down file would have.
        wanted: String,
    },
    /// A down file without an up file.
    #[error("`{file}` has no up file")]
    #[diagnostic(
        code(migrate::missing_up),
        help("bring the up file back, or delete the down file")
    )]
    MissingUp {
        /// The down file.
        file: String,
    },
    /// A `.sql` file whose name is not of the folder's pattern, so that it would never run.
    #[error("`{file}` is not named like a migration, so it would never run")]
    #[diagnostic(
        code(migrate::name),
        help("name it like `{example}`, or move it out of the migrations folder")
    )]
    Name {
        /// The file.
        file: String,
        /// A name as it should be.
        example: String,
    },
    /// A group that is not whole.
    #[error("group `{id}` is not whole: of {of} files it has {}", have.join(", "))]
    #[diagnostic(
        code(migrate::group),
        help(
            "the files of a group run and return together, one after another; bring the missing ones back"
        )
    )]
    Group {
        /// The group's word.
        id: String,
        /// How many files it should have.
        of: u32,
        /// The files that it has.
        have: Vec<String>,
    },
    /// A header names a migration of another service that is not there.
    #[error("`{file}` depends on `{wanted}`, and there is no such migration")]
    #[diagnostic(
        code(migrate::dependency),
        help(
            "bring its files back (its branch may not be merged), or correct the line `-- schemactl:depends-on` of the header"
        )
    )]
    Dependency {
        /// The file.
        file: String,
        /// What it depends on.
        wanted: String,
    },
    /// Files of several services wait for each other.
    #[error("these migrations wait for each other: {path}")]
    #[diagnostic(
        code(migrate::circle),
        help(
            "none of them can run first: take one `-- schemactl:depends-on` out of a header, or put what the others need into a file of its own"
        )
    )]
    Circle {
        /// The way around.
        path: String,
    },
    /// A file was named by itself, and what it depends on has not run.
    #[error("`{file}` depends on {}, which has not run", needs.join(", "))]
    #[diagnostic(
        code(migrate::depends),
        help(
            "name that too, or leave `--only` out: `schemactl apply` runs what a file depends on before it"
        )
    )]
    Depends {
        /// The file.
        file: String,
        /// What has not run.
        needs: Vec<String>,
    },
    /// A file that can't be read as a migration.
    #[error("`{file}` can't be read as a migration: {message}")]
    #[diagnostic(
        code(migrate::header),
        help("a header line is `-- schemactl:KEY VALUE`; `-- schemactl:+ MORE` continues it")
    )]
    File {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
        /// The file's text.
        #[source_code]
        source_code: std::sync::Arc<NamedSource<String>>,
        /// The line.
        #[label("here")]
        span: SourceSpan,
    },
    /// A file whose SQL can't run here.
    #[error("`{file}`: {error}")]
    #[diagnostic(code(migrate::sql), help("{}", error.help().map(|help| help.to_string()).unwrap_or_default()))]
    Sql {
        /// The file.
        file: String,
        /// What is wrong.
        error: SplitError,
        /// The file's text.
        #[source_code]
        source_code: std::sync::Arc<NamedSource<String>>,
        /// The place.
        #[label("here")]
        span: SourceSpan,
    },
    /// An up file was altered after it ran.
    #[error("`{file}` was altered after it ran{}{ran}", if at.is_empty() { String::new() } else { format!(" at {at}") })]
    #[diagnostic(
        code(migrate::altered),
        help(
            "put the file back as it was (`schemactl show` prints what ran) and write the change as a new migration; or take it back first: `schemactl rollback` runs the way back that was stored with it"
        )
    )]
    Altered {
        /// The file.
        file: String,
        /// Words about another name, or nothing.
        ran: String,
        /// When it ran (UTC).
        at: String,
    },
    /// The history knows migrations after the last file.
    #[error("the database is ahead of the files: it holds {}", versions.join(", "))]
    #[diagnostic(
        code(migrate::ahead),
        help(
            "get the newest files (pull, or change the branch), or take them back with `schemactl rollback`; where it is the database of another project, the address is wrong"
        )
    )]
    Ahead {
        /// The migrations without a file.
        versions: Vec<String>,
    },
    /// The database is in the middle of what was folded into one file.
    #[error("the database has run {ran} of what `{file}` was folded of, and not {missing}")]
    #[diagnostic(
        code(migrate::squashed),
        help(
            "get the files as they were before `schemactl squash` (from version control), run the rest of them here with `schemactl apply`, then come back to these; or take back all of them: `schemactl rollback --all`"
        )
    )]
    Squashed {
        /// The file.
        file: String,
        /// What ran of the old files.
        ran: String,
        /// What did not, or ran with another text.
        missing: String,
    },
    /// A file that did not run stands before one that did.
    #[error("`{file}` has not run, but the database is already at `{at}`")]
    #[diagnostic(
        code(migrate::out_of_order),
        help(
            "it came too late, as from a branch; give it the next number and run `schemactl restamp`, or run it where it stands: `schemactl apply --only VERSION`"
        )
    )]
    OutOfOrder {
        /// The file.
        file: String,
        /// Where the database is.
        at: String,
    },
    /// A file was written after another file than the one that stands before it.
    #[error("`{file}` was not written after {previous}")]
    #[diagnostic(
        code(migrate::parent),
        help(
            "a file is missing, or came in between; look at both, then `schemactl restamp` proves the file where it stands now and chains it there"
        )
    )]
    Parent {
        /// The file.
        file: String,
        /// The file before it.
        previous: String,
    },
    /// Bytes that are no UTF-8.
    #[error("`{file}` is not UTF-8")]
    #[diagnostic(code(migrate::encoding), help("save the file as UTF-8"))]
    Encoding {
        /// The file.
        file: String,
    },
}

impl Problem {
    /// A problem inside a file, with the place shown.
    pub fn in_file(file: &str, text: &str, error: &FileError) -> Problem {
        let text = text.trim_start_matches('\u{feff}');
        let (line, message) = match error {
            FileError::Header { line, message } => (*line, message.clone()),
            FileError::Sql { error, .. } => {
                return Problem::Sql {
                    file: file.to_owned(),
                    span: error.span(),
                    error: error.clone(),
                    source_code: std::sync::Arc::new(NamedSource::new(file, mask(text))),
                };
            }
        };
        let start: usize = text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        let length = text[start..]
            .split('\n')
            .next()
            .map_or(0, |l| l.trim_end().len());
        let source_code = std::sync::Arc::new(NamedSource::new(file, mask(text)));
        let (file, span) = (file.to_owned(), (start, length).into());
        Problem::File {
            file,
            message,
            source_code,
            span,
        }
    }

    /// The exit class: unreadable files are wrong input, all else is refused.
    pub fn exit(&self) -> Exit {
        match self {
            Problem::File { .. } | Problem::Sql { .. } | Problem::Encoding { .. } => Exit::Input,
            _ => Exit::Refused,
        }
    }
}

/// A folder of migrations that can't be worked with.
#[derive(Debug, Error, Diagnostic)]
pub enum FolderError {
    /// A name whose file would be taken for another.
    #[error("a migration called `{name}` would be written as `{file}`, which reads as another one")]
    #[diagnostic(
        code(migrate::name),
        help("take another name; which files are read as what says `migrations` in schemactl.kdl")
    )]
    Named {
        /// The name.
        name: String,
        /// The file.
        file: String,
    },
    /// The operating system refused.
    #[error("can't {what} `{}`: {source}", path.display())]
    #[diagnostic(code(migrate::io), help("look at the path and its permissions"))]
    Io {
        /// What was tried.
        what: &'static str,
        /// With which path.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// Somebody else wrote a file meanwhile.
    #[error("`{file}` appeared while this migration was being made")]
    #[diagnostic(
        code(migrate::moved),
        help("nothing was written; run `diff` again, it starts from the new state")
    )]
    Moved {
        /// The file that is new.
        file: String,
    },
    /// No migration has this version.
    #[error("there is no migration `{version}`")]
    #[diagnostic(
        code(migrate::version),
        help("`schemactl status` lists the migrations")
    )]
    Version {
        /// The version asked for.
        version: String,
    },
    /// A migration that a rollback goes back to did not run.
    #[error("`{version}` is not applied, so nothing can go back to it")]
    #[diagnostic(
        code(migrate::not_applied),
        help(
            "`schemactl status` tells which are; `--steps N` takes back the last ones, `--all` every one"
        )
    )]
    NotApplied {
        /// The version asked for.
        version: String,
    },
    /// No point has this name.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Tag(#[from] super::history::TagError),
    /// Several services have a migration of this number.
    #[error("`{version}` can be {}", candidates.join(" or "))]
    #[diagnostic(
        code(migrate::ambiguous),
        help("each service has numbers of its own: name the service too, as `{}`", candidates.first().map_or("SERVICE/NUMBER", String::as_str))
    )]
    Ambiguous {
        /// What was asked for.
        version: String,
        /// What it can be.
        candidates: Vec<String>,
    },
    /// No service has this name.
    #[error("the project has no service `{name}`")]
    #[diagnostic(code(service::unknown), help("{known}"))]
    Service {
        /// What was asked for.
        name: String,
        /// The nearest, or all there are.
        known: String,
    },
    /// Migrations of other services stand on what would be taken back.
    #[error("migrations of other services stand on what would be taken back: {}", versions.join(", "))]
    #[diagnostic(
        code(rollback::dependents),
        help(
            "they are others' work, so nothing was taken back; with `--with-dependents` they are taken back before it"
        )
    )]
    Dependents {
        /// They, newest first.
        versions: Vec<String>,
    },
    /// A migration that ran and has no file any more.
    #[error("`{version}` has no file, so it can't be applied again")]
    #[diagnostic(
        code(redo::no_file),
        help("bring its files back (`schemactl show` prints what ran); nothing was taken back")
    )]
    NoFile {
        /// The migration.
        version: String,
    },
    /// A rollback to before a baseline.
    #[error(
        "`{version}` was recorded as already there and not run, so there is no way back past it"
    )]
    #[diagnostic(
        code(migrate::baseline),
        help("`schemactl rollback --all` goes back as far as it")
    )]
    Baseline {
        /// The baseline's version.
        version: String,
    },
    /// All that is wrong with the files.
    #[error("the migrations in `{}` are not in order", dir.display())]
    #[diagnostic(code(migrate::folder), help("nothing was run or written"))]
    Problems {
        /// The folder.
        dir: PathBuf,
        /// What is wrong, in the order of the files.
        #[related]
        problems: Vec<Problem>,
    },
}

impl FolderError {
    /// The exit class.
    pub fn exit(&self) -> Exit {
        match self {
            FolderError::Named { .. }
            | FolderError::Version { .. }
            | FolderError::NotApplied { .. }
            | FolderError::Ambiguous { .. }
            | FolderError::Service { .. } => Exit::Input,
            FolderError::Tag(error) => error.exit(),
            FolderError::Io { .. } => Exit::Failed,
            FolderError::Moved { .. }
            | FolderError::Dependents { .. }
            | FolderError::Baseline { .. }
            | FolderError::NoFile { .. } => Exit::Refused,
            FolderError::Problems { problems, .. } => {
                if problems.iter().all(|problem| problem.exit() == Exit::Input) {
                    Exit::Input
                } else {
                    Exit::Refused
                }
            }
        }
    }
}
