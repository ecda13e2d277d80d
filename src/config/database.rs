//! `database NAME { … }`: where its KDL files are, what of it is managed and how unnamed objects are called.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use regex::Regex;

use super::error::ConfigError;
use super::scope::Scope;
use crate::kdl::{Diagnostic, Diagnostics, NodeReader, Spanned, lies_within};

/// How silence about something is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Only what the KDL says is managed.
    Declared,
    /// What the KDL does not say is a difference.
    Exact,
}

/// How silence about objects of a declared schema is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManageObjects {
    /// The history decides: it was there, so it was removed; it was not, so it is drift.
    History,
    /// Left alone.
    Declared,
    /// Dropped.
    Exact,
}

/// `manage { … }`; the default is what silence means (section 4 of the language's page).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manage {
    /// Tables, types, functions of a declared schema.
    pub objects: ManageObjects,
    /// Comments.
    pub comments: Strictness,
    /// Grants on objects.
    pub grants: Strictness,
    /// Default privileges.
    pub default_privileges: Strictness,
    /// Owners.
    pub owners: Strictness,
    /// Partitions beside the declared ones.
    pub partitions: Strictness,
    /// Settings of roles and databases.
    pub settings: Strictness,
    /// Whether the order of columns is a difference.
    pub column_order: bool,
}

impl Default for Manage {
    fn default() -> Self {
        Self {
            objects: ManageObjects::History,
            comments: Strictness::Exact,
            grants: Strictness::Exact,
            default_privileges: Strictness::Exact,
            owners: Strictness::Declared,
            partitions: Strictness::Declared,
            settings: Strictness::Declared,
            column_order: false,
        }
    }
}

/// `require "regex" kinds=w`: a lint on names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredName {
    /// The regular expression.
    pub regex: Spanned<String>,
    /// The kinds it is for; empty: all.
    pub kinds: Vec<String>,
}

impl RequiredName {
    /// The kinds of which a demand may speak.
    pub const KINDS: [&'static str; 22] = [
        "check",
        "column",
        "domain",
        "exclude",
        "foreign-key",
        "function",
        "index",
        "materialized-view",
        "not-null",
        "policy",
        "primary-key",
        "publication",
        "role",
        "rule",
        "schema",
        "sequence",
        "statistics",
        "table",
        "trigger",
        "type",
        "unique",
        "view",
    ];

    /// The expression, for a whole name; none where it is not one.
    pub fn whole(&self) -> Option<Regex> {
        Regex::new(&format!("^(?:{})$", self.regex.value)).ok()
    }
}

/// `names { KIND "pattern" … }`: how an object without `name=` is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Kind → pattern with `{schema}`, `{table}`, `{columns}`.
    pub patterns: IndexMap<String, Spanned<String>>,
    /// Demands on names.
    pub required: Vec<RequiredName>,
}

impl Names {
    /// Kinds that PostgreSQL can name by itself.
    pub const KINDS: [&'static str; 9] = [
        "primary-key",
        "unique",
        "index",
        "foreign-key",
        "check",
        "exclude",
        "not-null",
        "statistics",
        "sequence",
    ];

    /// The name by the project's pattern, cut to PostgreSQL's 63 bytes; none where the project has no pattern.
    pub fn name_for(
        &self,
        kind: &str,
        schema: &str,
        table: &str,
        columns: &[&str],
    ) -> Option<String> {
        let pattern = self.patterns.get(kind)?;
        let mut name = pattern
            .replace("{schema}", schema)
            .replace("{table}", table)
            .replace("{columns}", &columns.join("_"));
        while name.len() > 63 {
            name.pop();
        }
        Some(name)
    }

    fn read(mut n: NodeReader<'_>) -> Self {
        let mut names = Self::default();
        for kind in Self::KINDS {
            let Some(pattern) = n.text(kind) else {
                continue;
            };
            let mut rest = pattern.as_str();
            while let Some((_, after)) = rest.split_once('{') {
                let (word, behind) = after.split_once('}').unwrap_or((after, ""));
                if !["schema", "table", "columns"].contains(&word) {
                    n.report(
                        Diagnostic::error(
                            "config::placeholder",
                            format!("unknown placeholder `{{{word}}}`"),
                        )
                        .at(pattern.span, "in this pattern")
                        .help("known here: {schema}, {table}, {columns}"),
                    );
                }
                rest = behind;
            }
            names.patterns.insert(kind.to_owned(), pattern);
        }
        for mut child in n.children("require") {
            let regex = child.text_argument("regular expression");
            let kinds = child.attribute("kinds").map(|mut kinds| {
                let words = kinds.word_arguments(&RequiredName::KINDS);
                kinds.finish();
                words.iter().map(|word| word.value.to_owned()).collect()
            });
            child.finish();
            let kinds = kinds.unwrap_or_default();
            let demand = regex.map(|regex| RequiredName { regex, kinds });
            if let Some(demand) = demand.as_ref().filter(|demand| demand.whole().is_none()) {
                let mistake = Diagnostic::error(
                    "config::regex",
                    format!("`{}` is no regular expression", demand.regex.value),
                );
                n.report(
                    mistake
                        .at(demand.regex.span, "here")
                        .help("for example `[a-z][a-z0-9_]*`; it is compared with the whole name"),
                );
            }
            names.required.extend(demand);
        }
        n.finish();
        names
    }
}

/// `create owner=n encoding=x template=n`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Create {
    /// Owner.
    pub owner: Option<String>,
    /// Encoding.
    pub encoding: Option<String>,
    /// Template.
    pub template: Option<String>,
}

/// `grant w… to=n` on the database itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseGrant {
    /// The privileges.
    pub privileges: Vec<Spanned<String>>,
    /// The roles.
    pub to: Vec<Spanned<String>>,
}

/// One database of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Its name.
    pub name: Spanned<String>,
    /// Folders (every `*.kdl` in them) and files, from the project's folder.
    pub schema_files: Vec<Spanned<String>>,
    /// Oldest and newest major version.
    pub server_version: (Option<i64>, Option<i64>),
    /// What is managed.
    pub scope: Scope,
    /// What silence means.
    pub manage: Manage,
    /// Names of the unnamed.
    pub names: Names,
    /// Settings of the database.
    pub settings: Vec<(Spanned<String>, Spanned<String>)>,
    /// How it is made where it is missing.
    pub create: Option<Create>,
    /// `grant w… to=n` on the database.
    pub grants: Vec<DatabaseGrant>,
}

impl Database {
    /// What a project that does not say `database` has: one, named as the project, its files in `schema`.
    pub(super) fn silent(name: Spanned<String>) -> Self {
        Self {
            schema_files: vec![name.clone().map(|_| "schema".to_owned())],
            name,
            server_version: (None, None),
            scope: Scope::default(),
            manage: Manage::default(),
            names: Names::default(),
            settings: Vec::new(),
            create: None,
            grants: Vec::new(),
        }
    }

    /// Reads and finishes the node.
    pub(super) fn read(mut n: NodeReader<'_>) -> Option<Self> {
        let name = n.name();
        let mut schema_files = n.list("schema-files");
        if let (true, Some(name)) = (schema_files.is_empty(), &name) {
            schema_files.push(name.clone().map(|_| "schema".to_owned()));
        }
        let server_version = n.child("server-version").map_or((None, None), |mut n| {
            let ends = (n.number("min"), n.number("max"));
            n.finish();
            (ends.0.map(|end| end.value), ends.1.map(|end| end.value))
        });
        let create = n.child("create").map(|mut n| {
            let create = Create {
                owner: n.name_of("owner").map(|name| name.value),
                encoding: n.text("encoding").map(|text| text.value),
                template: n.name_of("template").map(|name| name.value),
            };
            n.finish();
            create
        });
        let mut grants = Vec::new();
        for mut child in n.children("grant") {
            let privileges: Vec<Spanned<String>> = child
                .word_arguments(&["all", "create", "connect", "temporary", "temp"])
                .into_iter()
                .map(|word| word.map(str::to_owned))
                .collect();
            if privileges.is_empty() {
                child.missing("a privilege, such as `connect`");
            }
            let to = child.list("to");
            if to.is_empty() {
                child.missing("`to=ROLE`");
            }
            grants.push(DatabaseGrant { privileges, to });
            child.finish();
        }
        let mut settings = Vec::new();
        if let Some(mut node) = n.child("settings") {
            for mut setting in node.other_children() {
                let key = setting.node().name.clone();
                settings.extend(setting.text_argument("value").map(|value| (key, value)));
                setting.finish();
            }
            node.finish();
        }
        let database = Self {
            name: name?,
            schema_files,
            server_version,
            scope: n.child("scope").map(Scope::read).unwrap_or_default(),
            manage: n.child("manage").map(Manage::read).unwrap_or_default(),
            names: n.child("names").map(Names::read).unwrap_or_default(),
            settings,
            create,
            grants,
        };
        n.finish();
        Some(database)
    }

    /// Whether the project says how it is made where it is missing.
    pub fn says_how_to_make(&self) -> bool {
        self.create.is_some() || !self.settings.is_empty() || !self.grants.is_empty()
    }

    /// The KDL files of this database in the order of their paths; `folder` is the project's.
    ///
    /// # Errors
    /// [`ConfigError::MissingFiles`] where a folder or file is not there, [`ConfigError::Outside`],
    /// [`ConfigError::Unreadable`].
    pub fn kdl_files(&self, folder: &Path) -> Result<Vec<PathBuf>, ConfigError> {
        kdl_files(folder, &self.schema_files)
    }

    /// Whether the project file says where its files are.
    pub fn says_schema_files(&self) -> bool {
        let mut places = self.schema_files.iter();
        places.any(|place| place.span != self.name.span)
    }
}

/// The KDL files at these places of the project's folder, in the order of their paths.
///
/// # Errors
/// As of [`Database::kdl_files`].
pub fn kdl_files<'p>(
    folder: &Path,
    places: impl IntoIterator<Item = &'p Spanned<String>>,
) -> Result<Vec<PathBuf>, ConfigError> {
    let mut files = Vec::new();
    let mut folders = BTreeSet::new();
    for place in places {
        let path = folder.join(&place.value);
        let before = files.len();
        collect(&path, &mut files, &mut folders).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ConfigError::MissingFiles { path: path.clone() },
            _ => ConfigError::Unreadable {
                path: path.clone(),
                error,
            },
        })?;
        files[before..].sort();
        if let Some(path) = files[before..].iter().find(|it| !lies_within(folder, it)) {
            return Err(ConfigError::Outside { path: path.clone() });
        }
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    Ok(files)
}

/// What several databases of one project can't have: names that are no folders' names, and the same files.
pub(super) fn check(databases: &[Database], diagnostics: &Diagnostics) {
    let [_, _, ..] = databases else {
        return;
    };
    for (at, database) in databases.iter().enumerate() {
        let name = &database.name;
        if name.value.starts_with('.') || name.value.contains(['/', '\\', '\0']) {
            diagnostics.push(
                Diagnostic::error(
                    "config::database-name",
                    format!("`{}` can't be the name of a folder", name.value),
                )
                .at(name.span, "its migrations stand in a folder of this name")
                .help("take a name without `/`, and give the database itself by `url`"),
            );
        }
        let places = |database: &Database| -> Vec<String> {
            let places = database.schema_files.iter();
            places.map(|place| place.value.clone()).collect()
        };
        let same = databases[..at]
            .iter()
            // One of the same name is told as that.
            .find(|before| before.name.value != name.value && places(before) == places(database));
        if let Some(before) = same {
            diagnostics.push(
                Diagnostic::error(
                    "config::same-files",
                    format!(
                        "`{}` and `{}` read the same schema files",
                        before.name.value, name.value
                    ),
                )
                .at(name.span, "this one")
                .at(before.name.span, "and this one")
                .help(format!(
                    "give each its own: `database {} {{ schema-files \"{}\" }}`",
                    name.value, name.value
                )),
            );
        }
    }
}

/// `path` itself, or every `*.kdl` below it; hidden files and folders are left out. A folder that several links lead to is
/// read once.
fn collect(
    path: &Path,
    files: &mut Vec<PathBuf>,
    seen: &mut BTreeSet<PathBuf>,
) -> std::io::Result<()> {
    if std::fs::metadata(path)?.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    if !seen.insert(std::fs::canonicalize(path)?) {
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            entries.push((entry.file_type()?.is_symlink(), entry.path()));
        }
    }
    // What stands in its own place comes before what a link leads to.
    entries.sort();
    for (_, path) in entries {
        let is_kdl = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("kdl"));
        match std::fs::metadata(&path) {
            Ok(it) if it.is_dir() => collect(&path, files, seen)?,
            // Reading a pipe or a device would not end.
            Ok(it) if is_kdl && !it.is_file() => {
                return Err(std::io::Error::other(format!(
                    "`{}` is neither a file nor a folder",
                    path.display()
                )));
            }
            // A link that leads nowhere is told when it is read.
            _ if is_kdl => files.push(path),
            _ => {}
        }
    }
    Ok(())
}

impl Manage {
    /// Whether silence about a kind of facet, by its name in the language, leaves what is there.
    pub fn leaves(&self, kind: &str) -> bool {
        let strictness = match kind {
            "comment" => self.comments,
            "grant" => self.grants,
            "default-privileges" => self.default_privileges,
            "owner" => self.owners,
            _ => Strictness::Exact,
        };
        strictness == Strictness::Declared
    }

    fn read(mut n: NodeReader<'_>) -> Self {
        let silent = Self::default();
        let objects =
            n.word("objects", &["history", "declared", "exact"])
                .map_or(silent.objects, |word| match word.value {
                    "declared" => ManageObjects::Declared,
                    "exact" => ManageObjects::Exact,
                    _ => ManageObjects::History,
                });
        let mut strictness = |word: &'static str, silent: Strictness| {
            n.word(word, &["declared", "exact"])
                .map_or(silent, |word| match word.value {
                    "exact" => Strictness::Exact,
                    _ => Strictness::Declared,
                })
        };
        let manage = Self {
            objects,
            comments: strictness("comments", silent.comments),
            grants: strictness("grants", silent.grants),
            default_privileges: strictness("default-privileges", silent.default_privileges),
            owners: strictness("owners", silent.owners),
            partitions: strictness("partitions", silent.partitions),
            settings: strictness("settings", silent.settings),
            column_order: n
                .word("column-order", &["ignore", "exact"])
                .is_some_and(|word| word.value == "exact"),
        };
        n.finish();
        manage
    }
}
