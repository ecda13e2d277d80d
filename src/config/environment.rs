//! `defaults { … }` and `environment NAME { … }` take the same children: where the database is and how careful to be.

use std::time::Duration;

use indexmap::IndexMap;

use super::hook::Hook;
use super::lint::Validate;
use super::read::{EMBEDDED, address, duration, placeholders, texts};
use super::window::Window;
use crate::kdl::{Diagnostic, NodeReader, Spanned, TextOrEnvironment};
use crate::sql::roles::RoleNames;

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `url embedded`: a cluster of its own in `.schemactl/`.
    Embedded,
    /// A URL, or the variable that holds it.
    Url(TextOrEnvironment),
}

/// Whether `apply` asks before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// Ask each time.
    Always,
    /// Ask when data may be lost.
    Destructive,
    /// Do not ask.
    Never,
}

/// What is done about a class of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// They run.
    Allow,
    /// They need a person's word.
    Ask,
    /// They never run.
    Deny,
}

/// How statements that have an online form are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// The online form.
    Online,
    /// The plain form.
    Plain,
}

/// What is done about drift before an apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DriftPolicy {
    /// Nothing runs.
    Refuse,
    /// It is said.
    Warn,
    /// It is not looked for.
    Ignore,
}

/// What the library does when an application starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnStart {
    /// Nothing.
    Nothing,
    /// Pending migrations are run.
    Apply,
    /// The database is rebuilt.
    Rebuild,
}

/// How a connection is secured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// How much is demanded.
    pub mode: TlsMode,
    /// File of the authorities.
    pub ca: Option<String>,
    /// File of the client's certificate.
    pub cert: Option<String>,
    /// File of the client's key.
    pub key: Option<String>,
}

/// libpq's `sslmode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// Never.
    Disable,
    /// Where the server can.
    Prefer,
    /// Always, unchecked.
    Require,
    /// The authority is checked.
    VerifyCa,
    /// Authority and host name are checked.
    VerifyFull,
}

/// `role n as=n password=(env)N`: a role that has another name here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleHere {
    /// The name in the KDL files.
    pub name: String,
    /// The name in this environment.
    pub here: Option<String>,
    /// The variable of its password, used when it is made.
    pub password: Option<String>,
}

impl Policies {
    /// The other names that roles of the files have here.
    pub fn role_names(&self) -> RoleNames {
        let named = self.roles.iter().filter_map(|role| {
            let here = role.here.clone()?;
            (here != role.name).then(|| (role.name.clone(), here))
        });
        named.collect()
    }

    /// The role of `connect-as`, by the name that it has here.
    pub fn connect_as_here(&self) -> Option<String> {
        let role = self.connect_as.clone()?;
        Some(self.role_names().called_here(role))
    }
}

/// `lock-retries # backoff=x max=x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockRetries {
    /// How often.
    pub count: u32,
    /// First pause.
    pub backoff: Option<Duration>,
    /// Longest pause.
    pub max: Option<Duration>,
}

/// `backup x <required> tables=touched`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Pattern of the file: `{database}`, `{timestamp}`.
    pub path: String,
    /// Whether nothing runs without it.
    pub required: bool,
    /// Whether only the touched tables are dumped.
    pub touched_only: bool,
}

/// The children that `defaults` and environments share; `None` and empty are silence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policies {
    /// `url`.
    pub url: Option<Spanned<DatabaseUrl>>,
    /// `database n url=…`: the URLs of the project's other databases.
    pub database_urls: IndexMap<String, Spanned<DatabaseUrl>>,
    /// `tls`.
    pub tls: Option<Tls>,
    /// `connect-as`: SET ROLE after connecting.
    pub connect_as: Option<String>,
    /// `role n as=n`.
    pub roles: Vec<RoleHere>,
    /// `protected`.
    pub protected: Option<bool>,
    /// `after n`: runs nothing that this environment has not run.
    pub after: Option<Spanned<String>>,
    /// `approval required by=x`: who approves (empty: anybody).
    pub approval: Option<String>,
    /// `confirm`.
    pub confirm: Option<Confirm>,
    /// `destructive`.
    pub destructive: Option<Permission>,
    /// `authorization`.
    pub authorization: Option<Permission>,
    /// `strategy`.
    pub strategy: Option<Strategy>,
    /// `lock-timeout`.
    pub lock_timeout: Option<Duration>,
    /// `lock-retries`.
    pub lock_retries: Option<LockRetries>,
    /// `statement-timeout`.
    pub statement_timeout: Option<Duration>,
    /// `blocking-budget`.
    pub blocking_budget: Option<Duration>,
    /// `max-lag`.
    pub max_lag: Option<Duration>,
    /// `window`: when migrations may run.
    pub window: Option<Window>,
    /// `drift`.
    pub drift: Option<DriftPolicy>,
    /// `backup`.
    pub backup: Option<Backup>,
    /// `hook`.
    pub hooks: Vec<Hook>,
    /// `seed`: files.
    pub seeds: Vec<String>,
    /// `on-start`.
    pub on_start: Option<OnStart>,
    /// `validate`.
    pub validate: Option<Validate>,
}

/// `environment NAME { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: Spanned<String>,
    /// What it says.
    pub policies: Policies,
}

impl Policies {
    /// Reads the children of `defaults` or of an environment and finishes the reader.
    pub(super) fn read(mut n: NodeReader<'_>) -> Self {
        let mut database_urls = IndexMap::new();
        for mut child in n.children("database") {
            if let (Some(name), Some(url)) = (child.name(), url(&mut child)) {
                database_urls.insert(name.value, url);
            }
            child.finish();
        }
        let roles = n
            .children("role")
            .into_iter()
            .filter_map(role_here)
            .collect();
        let hooks = n
            .children("hook")
            .into_iter()
            .filter_map(Hook::read)
            .collect();
        let policies = Self {
            url: url(&mut n),
            database_urls,
            tls: n.attribute("tls").and_then(tls),
            connect_as: n.name_of("connect-as").map(|name| name.value),
            roles,
            protected: n.flag_value("protected"),
            after: n.name_of("after"),
            approval: n.attribute("approval").and_then(approval),
            confirm: n
                .word("confirm", &["always", "destructive", "never"])
                .map(|word| match word.value {
                    "never" => Confirm::Never,
                    "destructive" => Confirm::Destructive,
                    _ => Confirm::Always,
                }),
            destructive: permission(&mut n, "destructive"),
            authorization: permission(&mut n, "authorization"),
            strategy: n
                .word("strategy", &["online", "plain"])
                .map(|word| match word.value {
                    "plain" => Strategy::Plain,
                    _ => Strategy::Online,
                }),
            lock_timeout: duration(&mut n, "lock-timeout").map(|time| time.value),
            lock_retries: n.attribute("lock-retries").and_then(lock_retries),
            statement_timeout: duration(&mut n, "statement-timeout").map(|time| time.value),
            blocking_budget: duration(&mut n, "blocking-budget").map(|time| time.value),
            max_lag: duration(&mut n, "max-lag").map(|time| time.value),
            window: window(&mut n),
            drift: n
                .word("drift", &["refuse", "warn", "ignore"])
                .map(|word| match word.value {
                    "refuse" => DriftPolicy::Refuse,
                    "warn" => DriftPolicy::Warn,
                    _ => DriftPolicy::Ignore,
                }),
            backup: n.attribute("backup").and_then(backup),
            hooks,
            seeds: texts(n.list("seed")),
            on_start: n
                .word("on-start", &["nothing", "apply", "rebuild"])
                .map(|word| match word.value {
                    "apply" => OnStart::Apply,
                    "rebuild" => OnStart::Rebuild,
                    _ => OnStart::Nothing,
                }),
            validate: n.child("validate").map(Validate::read),
        };
        n.finish();
        policies
    }

    /// These policies where they speak, else `defaults`.
    pub(super) fn over(&self, defaults: &Policies) -> Policies {
        fn list<T: Clone>(own: &[T], defaults: &[T]) -> Vec<T> {
            if own.is_empty() { defaults } else { own }.to_vec()
        }
        // Every field is named, so a new one can't be forgotten.
        let Policies {
            url,
            database_urls,
            tls,
            connect_as,
            roles,
            protected,
            after,
            approval,
            confirm,
            destructive,
            authorization,
            strategy,
            lock_timeout,
            lock_retries,
            statement_timeout,
            blocking_budget,
            max_lag,
            window,
            drift,
            backup,
            hooks,
            seeds,
            on_start,
            validate,
        } = self.clone();
        let mut urls = defaults.database_urls.clone();
        urls.extend(database_urls);
        Policies {
            url: url.or_else(|| defaults.url.clone()),
            database_urls: urls,
            tls: tls.or_else(|| defaults.tls.clone()),
            connect_as: connect_as.or_else(|| defaults.connect_as.clone()),
            roles: list(&roles, &defaults.roles),
            protected: protected.or(defaults.protected),
            after: after.or_else(|| defaults.after.clone()),
            approval: approval.or_else(|| defaults.approval.clone()),
            confirm: confirm.or(defaults.confirm),
            destructive: destructive.or(defaults.destructive),
            authorization: authorization.or(defaults.authorization),
            strategy: strategy.or(defaults.strategy),
            lock_timeout: lock_timeout.or(defaults.lock_timeout),
            lock_retries: lock_retries.or(defaults.lock_retries),
            statement_timeout: statement_timeout.or(defaults.statement_timeout),
            blocking_budget: blocking_budget.or(defaults.blocking_budget),
            max_lag: max_lag.or(defaults.max_lag),
            window: window.or_else(|| defaults.window.clone()),
            drift: drift.or(defaults.drift),
            backup: backup.or_else(|| defaults.backup.clone()),
            hooks: list(&hooks, &defaults.hooks),
            seeds: list(&seeds, &defaults.seeds),
            on_start: on_start.or(defaults.on_start),
            validate: validate.or_else(|| defaults.validate.clone()),
        }
    }

    /// `protected`, silent: no.
    pub fn is_protected(&self) -> bool {
        self.protected.unwrap_or(false)
    }

    /// `confirm`, silent: always.
    pub fn confirm(&self) -> Confirm {
        self.confirm.unwrap_or(Confirm::Always)
    }

    /// `destructive`, silent: ask.
    pub fn destructive(&self) -> Permission {
        self.destructive.unwrap_or(Permission::Ask)
    }

    /// `authorization`, silent: allow.
    pub fn authorization(&self) -> Permission {
        self.authorization.unwrap_or(Permission::Allow)
    }

    /// `strategy`, silent: online.
    pub fn strategy(&self) -> Strategy {
        self.strategy.unwrap_or(Strategy::Online)
    }
}

fn url(n: &mut NodeReader<'_>) -> Option<Spanned<DatabaseUrl>> {
    address(n, "url").map(|url| {
        url.map(|url| match url {
            TextOrEnvironment::Text(text) if text == EMBEDDED => DatabaseUrl::Embedded,
            url => DatabaseUrl::Url(url),
        })
    })
}

fn permission(n: &mut NodeReader<'_>, word: &'static str) -> Option<Permission> {
    n.word(word, &["allow", "ask", "deny"])
        .map(|word| match word.value {
            "allow" => Permission::Allow,
            "ask" => Permission::Ask,
            _ => Permission::Deny,
        })
}

fn window(n: &mut NodeReader<'_>) -> Option<Window> {
    let text = n.text("window")?;
    match Window::parse(&text) {
        Ok(window) => Some(window),
        Err(reason) => {
            n.report(
                Diagnostic::error(
                    "config::window",
                    format!("`{}` is no window: {reason}", text.value),
                )
                .at(text.span, "no window")
                .help(
                    "days (or none), times and a time zone: \"Sun 02:00-04:00 UTC\", \"Mon-Fri 22:00-06:00 Europe/Vienna\"; several are separated by `;`",
                ),
            );
            None
        }
    }
}

fn tls(mut n: NodeReader<'_>) -> Option<Tls> {
    let words = ["disable", "prefer", "require", "verify-ca", "verify-full"];
    let mode = n.word_argument("mode", &words);
    let text = |text: Option<Spanned<String>>| text.map(|text| text.value);
    let (ca, cert, key) = (
        text(n.text("ca")),
        text(n.text("cert")),
        text(n.text("key")),
    );
    match (&cert, &key) {
        (Some(_), None) => n.missing("`key=` beside `cert=`"),
        (None, Some(_)) => n.missing("`cert=` beside `key=`"),
        _ => {}
    }
    n.finish();
    let mode = match mode?.value {
        "disable" => TlsMode::Disable,
        "prefer" => TlsMode::Prefer,
        "require" => TlsMode::Require,
        "verify-ca" => TlsMode::VerifyCa,
        _ => TlsMode::VerifyFull,
    };
    Some(Tls {
        mode,
        ca,
        cert,
        key,
    })
}

fn role_here(mut n: NodeReader<'_>) -> Option<RoleHere> {
    let name = n.name();
    let here = n.name_of("as").map(|name| name.value);
    let password = n.env("password").map(|name| name.value);
    n.finish();
    Some(RoleHere {
        name: name?.value,
        here,
        password,
    })
}

fn approval(mut n: NodeReader<'_>) -> Option<String> {
    let required = n.flag("required");
    let by = n.text("by").map_or_else(String::new, |text| text.value);
    if !required {
        n.missing("the word `required`");
    }
    n.finish();
    required.then_some(by)
}

fn lock_retries(mut n: NodeReader<'_>) -> Option<LockRetries> {
    let count = n.number_argument().and_then(|count| {
        let fits = u32::try_from(count.value).ok();
        if fits.is_none() {
            n.report(
                Diagnostic::error("kdl::wrong-type", "`lock-retries` takes a count")
                    .at(count.span, "out of range")
                    .help("write how often to try again, 0 or more: `lock-retries 10`"),
            );
        }
        fits
    });
    let backoff = duration(&mut n, "backoff").map(|time| time.value);
    let max = duration(&mut n, "max").map(|time| time.value);
    n.finish();
    Some(LockRetries {
        count: count?,
        backoff,
        max,
    })
}

fn backup(mut n: NodeReader<'_>) -> Option<Backup> {
    let path = n.text_argument("path");
    if let Some(path) = &path {
        placeholders(&mut n, path, &["database", "environment", "timestamp"]);
        if !path.contains("{timestamp}") {
            n.report(
                Diagnostic::error(
                    "config::placeholder",
                    "the path of a backup needs `{timestamp}`",
                )
                .at(path.span, "every backup would have this name")
                .help("for example \"backups/{database}-{timestamp}.dump\""),
            );
        }
    }
    let required = n.flag("required");
    let touched_only = n.word("tables", &["touched"]).is_some();
    n.finish();
    Some(Backup {
        path: path?.value,
        required,
        touched_only,
    })
}
