//! The real binary on a project folder and databases of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder with a project in it, and the binary that works there.
pub(crate) struct Walk {
    folder: tempfile::TempDir,
}

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The run, where it ended with this exit class.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// The run, where its words hold a text; where a long address makes a line break is no matter.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Run {
        let words = unwrapped(text);
        assert!(
            unwrapped(&self.err).contains(&words) || unwrapped(&self.out).contains(&words),
            "no `{text}` in:\n{}\n{}",
            self.out,
            self.err
        );
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Walk {
    /// A new project.
    pub(crate) fn new() -> Walk {
        let walk = Walk {
            folder: tempfile::tempdir().unwrap(),
        };
        walk.run(&["init", "app"]).ends(0);
        walk
    }

    /// The project's folder.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join("app").join(below)
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, below: &str, text: &str) {
        let path = self.path(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The text of a file of the project.
    pub(crate) fn read(&self, below: &str) -> String {
        std::fs::read_to_string(self.path(below)).unwrap()
    }

    /// The names of the migration files.
    pub(crate) fn generated(&self) -> Vec<String> {
        names(&self.path("generated"))
    }

    /// The names of the SQL files of a folder of the project.
    pub(crate) fn files(&self, below: &str) -> Vec<String> {
        names(&self.path(below))
    }

    /// Runs the binary beside the project folder, with nobody to answer.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(&[], arguments)
    }

    /// The same with variables of the environment.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_schemactl"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .env_remove("DATABASE_URL")
            .env_remove("SCHEMACTL_ENV");
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PG")) {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        let run = Run::from(command.output().unwrap());
        crate::answers::is_as_published(arguments, &run.out);
        run
    }

    /// Runs a command on the project and a database.
    pub(crate) fn on(&self, url: &str, arguments: &[&str]) -> Run {
        let mut all = arguments.to_vec();
        all.extend(["--project", "app", "--url", url]);
        self.run(&all)
    }
}

impl Drop for Walk {
    fn drop(&mut self) {
        // Under root the data of the project's own server stands in a folder of another user.
        if let Ok(location) = std::fs::read_to_string(self.path(".schemactl/location"))
            && let Some(folder) = Path::new(location.trim()).parent()
        {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A text without the line breaks and bars that a diagnostic is laid out with.
fn unwrapped(text: &str) -> String {
    text.split_whitespace()
        .filter(|word| *word != "│")
        .collect::<Vec<_>>()
        .concat()
}

/// The SQL files of a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".sql"))
        .collect();
    names.sort();
    names
}
