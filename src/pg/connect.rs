//! A session: one connection, its settings pinned in one message, its notices kept. A failure to connect says which of
//! the many it was and what to do about it.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use miette::Diagnostic;
use thiserror::Error;
use tokio_postgres::error::DbError;
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, CancelToken, Client, Connection, Row, SimpleQueryMessage};

use super::away::at_home;
use super::error::{SqlError, chain};
use super::settings;
use super::spared::sparing;
use super::target::Host;
use super::tls::{Stream, Tls, TlsMode};
use crate::model::Exit;
use crate::sql::quote;
use crate::sql::roles::RoleNames;

pub use super::settings::{PINNED_SETTINGS, Setting};
pub use super::target::Target;

/// The oldest major version that schemactl works with.
pub const OLDEST_MAJOR: u32 = 13;

/// Why there is no session. No variant holds a password.
#[derive(Debug, Error, Diagnostic)]
pub enum ConnectError {
    /// The text is no connection string.
    #[error("the connection string cannot be read: {reason}")]
    #[diagnostic(
        code(connect::malformed),
        help(
            "write `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=...` (with %-codes for special characters) or `host=... dbname=...`"
        )
    )]
    Malformed {
        /// What is wrong with it.
        reason: String,
    },
    /// A word that libpq does not know.
    #[error("`{name}` is not a connection parameter")]
    #[diagnostic(
        code(connect::unknown_parameter),
        help(
            "{nearest}parameters are those of libpq (https://www.postgresql.org/docs/current/libpq-connect.html); take out what other drivers need"
        )
    )]
    UnknownParameter {
        /// The word.
        name: String,
        /// A question that proposes the nearest word, or nothing.
        nearest: String,
    },
    /// A parameter of libpq that schemactl cannot honour.
    #[error("the connection parameter `{name}` is not supported")]
    #[diagnostic(
        code(connect::unsupported_parameter),
        help("take `{name}` out of the connection string or service")
    )]
    UnsupportedParameter {
        /// The word.
        name: String,
    },
    /// A value that its parameter does not take.
    #[error("the connection parameter `{name}` {reason}{}", shown(value))]
    #[diagnostic(
        code(connect::invalid_parameter),
        help("correct `{name}` in the connection string, the service file or the PG* variables")
    )]
    InvalidParameter {
        /// The parameter.
        name: String,
        /// Its value, or nothing.
        value: String,
        /// Why it is not taken.
        reason: String,
    },
    /// No service file has the service.
    #[error("service `{service}` is in none of {files}")]
    #[diagnostic(
        code(connect::unknown_service),
        help("add a `[{service}]` section, or set PGSERVICEFILE to the file that has it")
    )]
    UnknownService {
        /// The service's name.
        service: String,
        /// The files that were looked at.
        files: String,
    },
    /// A certificate or key that cannot be used.
    #[error("`{file}` cannot be used for TLS: {reason}")]
    #[diagnostic(
        code(connect::tls_file),
        help(
            "give PEM files that this user may read as sslrootcert, sslcert and sslkey (keys without passphrase)"
        )
    )]
    TlsFile {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The name has no address.
    #[error("host `{host}` is unknown")]
    #[diagnostic(
        code(connect::unknown_host),
        help("check the spelling of the host, and that this machine's name service is reached")
    )]
    UnknownHost {
        /// The host.
        host: String,
    },
    /// Nobody listens there.
    #[error("no server answers at `{label}`: {reason}")]
    #[diagnostic(
        code(connect::refused),
        help(
            "start PostgreSQL there, or correct host and port (PGHOST, PGPORT); `url embedded` needs no server"
        )
    )]
    Refused {
        /// Database, host, port.
        label: String,
        /// The system's words.
        reason: String,
    },
    /// The server did not answer in time.
    #[error("`{label}` did not answer within {seconds} s")]
    #[diagnostic(
        code(connect::timed_out),
        help(
            "check host, port and firewall; `connect_timeout` (PGCONNECT_TIMEOUT) gives more time"
        )
    )]
    TimedOut {
        /// Database, host, port.
        label: String,
        /// The time given.
        seconds: u64,
    },
    /// The server wants a password and none is known.
    #[error("`{label}` asks role `{user}` for a password and none is given")]
    #[diagnostic(
        code(connect::no_password),
        help("{note}set PGPASSWORD, put a line into ~/.pgpass, or write the password in the URL")
    )]
    NoPassword {
        /// Database, host, port.
        label: String,
        /// The role.
        user: String,
        /// What became of the password file.
        note: String,
    },
    /// The password is wrong, or the role does not exist.
    #[error("`{label}` refused the password of role `{user}`")]
    #[diagnostic(
        code(connect::wrong_password),
        help("{note}correct the password (URL, PGPASSWORD or ~/.pgpass), or the role's name")
    )]
    WrongPassword {
        /// Database, host, port.
        label: String,
        /// The role.
        user: String,
        /// What became of the password file.
        note: String,
    },
    /// The database is not there.
    #[error("database `{database}` does not exist at `{host}`")]
    #[diagnostic(
        code(connect::unknown_database),
        help("correct the name, or create it: `createdb {database}`")
    )]
    UnknownDatabase {
        /// The database.
        database: String,
        /// Host and port.
        host: String,
    },
    /// The server let nobody in: role, pg_hba.conf, or no right to connect.
    #[error("`{label}` does not let role `{user}` in: {message}")]
    #[diagnostic(
        code(connect::rejected),
        help(
            "create the role, grant it CONNECT, or allow it in pg_hba.conf (which may ask for TLS: `sslmode=require`)"
        )
    )]
    Rejected {
        /// Database, host, port.
        label: String,
        /// The role.
        user: String,
        /// The server's words.
        message: String,
    },
    /// The server has no room or is not ready.
    #[error("`{label}` takes no connection now: {message}")]
    #[diagnostic(
        code(connect::unavailable),
        help("try again when the server is up and has a free connection")
    )]
    Unavailable {
        /// Database, host, port.
        label: String,
        /// The server's words.
        message: String,
    },
    /// The server has no TLS.
    #[error("`{label}` does not offer TLS, which `sslmode={mode}` asks for")]
    #[diagnostic(
        code(connect::no_tls),
        help(
            "turn on `ssl` at the server; over a network that you trust `sslmode=disable` goes without"
        )
    )]
    NoTls {
        /// Database, host, port.
        label: String,
        /// sslmode.
        mode: &'static str,
    },
    /// The server's certificate was refused.
    #[error("the certificate of `{label}` is not accepted under `sslmode={mode}`: {reason}")]
    #[diagnostic(
        code(connect::certificate),
        help(
            "give the authority's certificate as `sslrootcert`; where only the name differs, use the name in the certificate or `sslmode=verify-ca`"
        )
    )]
    Certificate {
        /// Database, host, port.
        label: String,
        /// sslmode.
        mode: &'static str,
        /// Why.
        reason: String,
    },
    /// Another failure of TLS.
    #[error("TLS with `{label}` failed: {reason}")]
    #[diagnostic(
        code(connect::tls),
        help(
            "check that the server speaks TLS 1.2 or later and whether it wants a client's certificate (`sslcert`, `sslkey`)"
        )
    )]
    Tls {
        /// Database, host, port.
        label: String,
        /// Why.
        reason: String,
    },
    /// Older than 13.
    #[error("`{label}` is PostgreSQL {version}, and schemactl works with 13 and later")]
    #[diagnostic(
        code(connect::too_old),
        help("upgrade the server; 13 is the oldest version that schemactl knows")
    )]
    TooOld {
        /// Database, host, port.
        label: String,
        /// The server's version.
        version: String,
    },
    /// Between us and the server stands a pooler that gives no session.
    #[error(
        "`{label}` is behind a pooler in transaction mode: two open connections have one backend (pid {pid})"
    )]
    #[diagnostic(
        code(connect::pooler),
        help(
            "connect to PostgreSQL itself, or to a port of the pooler in session mode; locks and settings need a session of their own"
        )
    )]
    Pooler {
        /// Database, host, port.
        label: String,
        /// The backend that both got.
        pid: i32,
    },
    /// Somebody wants nothing written there.
    #[error("sessions of {label} begin read-only: `default_transaction_read_only` is on")]
    #[diagnostic(
        code(connect::read_only),
        help(
            "somebody wants nothing written there (a primary that was replaced, an upgrade); else `ALTER DATABASE … RESET default_transaction_read_only`, or of the role, or of the server; nothing was run"
        )
    )]
    ReadOnly {
        /// Database, host, port.
        label: String,
    },
    /// The role that owns what is made cannot be taken.
    #[error("role `{user}` can't act as `{role}` at `{label}`: {message}")]
    #[diagnostic(
        code(connect::role),
        help(
            "`connect-as` names a role of which `{user}` is a member: correct it in schemactl.kdl, or let somebody run `GRANT {role} TO {user}`"
        )
    )]
    Role {
        /// Database, host, port.
        label: String,
        /// The role that logs in.
        user: String,
        /// The role that was wanted.
        role: String,
        /// The server's words.
        message: String,
    },
    /// The role that owns what is made is not there.
    #[error("role `{role}`, which `connect-as` names, does not exist at `{host}`")]
    #[diagnostic(
        code(connect::no_role),
        help(
            "correct `connect-as` in schemactl.kdl, or let somebody make the role: `CREATE ROLE {role}`, then `GRANT {role} TO {user}`"
        )
    )]
    NoRole {
        /// Host and port.
        host: String,
        /// The role that logs in.
        user: String,
        /// The role that was wanted.
        role: String,
    },
    /// Something else.
    #[error("the connection to `{label}` failed: {reason}")]
    #[diagnostic(
        code(connect::failed),
        help("look into the server's log for the reason")
    )]
    Failed {
        /// Database, host, port.
        label: String,
        /// Why.
        reason: String,
    },
}

fn shown(value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        format!(": `{value}`")
    }
}

impl ConnectError {
    /// The exit class: what is wrong in the text is input, the rest is the connection.
    pub fn exit(&self) -> Exit {
        match self {
            ConnectError::Malformed { .. }
            | ConnectError::UnknownParameter { .. }
            | ConnectError::UnsupportedParameter { .. }
            | ConnectError::InvalidParameter { .. }
            | ConnectError::UnknownService { .. } => Exit::Input,
            _ => Exit::Connect,
        }
    }
}

/// A message of the server beside a result: NOTICE, WARNING and the like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, ...
    pub severity: String,
    /// SQLSTATE.
    pub code: String,
    /// The message.
    pub message: String,
    /// DETAIL.
    pub detail: Option<String>,
    /// HINT.
    pub hint: Option<String>,
    /// CONTEXT.
    pub where_: Option<String>,
}

impl From<&DbError> for Notice {
    fn from(db: &DbError) -> Notice {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Notice {
            severity: db.severity().into(),
            code: db.code().code().into(),
            message: db.message().into(),
            detail: owned(db.detail()),
            hint: owned(db.hint()),
            where_: owned(db.where_()),
        }
    }
}

/// What the task that drives the connection leaves behind.
#[derive(Default)]
struct Mailbox {
    notices: Vec<Notice>,
    ended: Option<SqlError>,
}

/// One open connection with pinned settings.
pub struct Session {
    client: Client,
    target: Target,
    server_version_num: u32,
    server_version: String,
    backend_pid: i32,
    cancel: CancelToken,
    tls: Tls,
    role: Option<String>,
    role_names: RoleNames,
    spares_cluster: bool,
    stays_home: bool,
    owns_cluster: bool,
    stands_for: Option<String>,
    mailbox: Arc<Mutex<Mailbox>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("target", &self.target)
            .field("server_version_num", &self.server_version_num)
            .field("backend_pid", &self.backend_pid)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Connects to the first host of `target` that lets us in, and pins the settings in one round trip.
    ///
    /// # Errors
    /// The [`ConnectError`] of the last host that was tried.
    pub async fn connect(target: &Target, application_name: &str) -> Result<Session, ConnectError> {
        let tls = Tls::new(target.tls())?;
        let mut last = None;
        for host in target.hosts() {
            match Session::connect_host(target, host, &tls, application_name).await {
                Ok(session) => return Ok(session),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| ConnectError::Failed {
            label: target.label(),
            reason: "no host is named".into(),
        }))
    }

    async fn connect_host(
        target: &Target,
        host: &Host,
        tls: &Tls,
        name: &str,
    ) -> Result<Session, ConnectError> {
        let attempt = |mode: TlsMode| async move {
            let config = target.config(host, mode, name)?;
            match tokio::time::timeout(target.timeout(), config.connect(tls.clone())).await {
                Ok(Ok(pair)) => Ok(pair),
                Ok(Err(error)) => Err(classify(target, host, &error).await),
                Err(_) => Err(ConnectError::TimedOut {
                    label: label(target, host),
                    seconds: target.timeout().as_secs(),
                }),
            }
        };
        let mode = target.tls().mode;
        let (client, connection) = match attempt(mode).await {
            // As libpq: where TLS is only preferred, a handshake that fails is tried again without.
            Err(ConnectError::Tls { .. }) if mode == TlsMode::Prefer => {
                attempt(TlsMode::Disable).await?
            }
            outcome => outcome?,
        };
        Session::open(target, host, tls, client, connection).await
    }

    async fn open(
        target: &Target,
        host: &Host,
        tls: &Tls,
        client: Client,
        connection: Connection<tokio_postgres::Socket, Stream<tokio_postgres::Socket>>,
    ) -> Result<Session, ConnectError> {
        let version = connection
            .parameter("server_version")
            .unwrap_or_default()
            .to_owned();
        let major = version
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0);
        if major < OLDEST_MAJOR {
            return Err(ConnectError::TooOld {
                label: label(target, host),
                version,
            });
        }
        let cancel = client.cancel_token();
        let mailbox = Arc::new(Mutex::new(Mailbox::default()));
        tokio::spawn(drive(connection, mailbox.clone()));
        let sql = settings::opening(major, target.is_fleeting());
        let answer = client
            .simple_query(&sql)
            .await
            .map_err(|error| ConnectError::Failed {
                label: label(target, host),
                reason: SqlError::new(&error, &sql).to_string(),
            })?;
        let (mut server_version_num, mut backend_pid) = (0, 0);
        for message in &answer {
            if let SimpleQueryMessage::Row(row) = message
                && row.len() == 2
            {
                let read = |index: usize| {
                    row.try_get(index)
                        .ok()
                        .flatten()
                        .and_then(|text| text.parse::<i32>().ok())
                };
                server_version_num = read(0)
                    .and_then(|n| u32::try_from(n).ok())
                    .unwrap_or(major * 10_000);
                backend_pid = read(1).unwrap_or(0);
            }
        }
        Ok(Session {
            client,
            target: target.clone(),
            server_version_num,
            server_version: version.split(' ').next().unwrap_or_default().to_owned(),
            backend_pid,
            cancel,
            tls: tls.clone(),
            role: None,
            role_names: RoleNames::default(),
            spares_cluster: false,
            stays_home: false,
            stands_for: None,
            owns_cluster: false,
            mailbox,
        })
    }

    /// Acts as another role from now on (SET ROLE), so that what is made belongs to it.
    ///
    /// # Errors
    /// [`ConnectError::Role`] where the role is not there or may not be taken.
    pub async fn act_as(&mut self, role: &str) -> Result<(), ConnectError> {
        let sql = format!("SET ROLE {}", quote::ident(role));
        self.execute(&sql).await.map_err(|error| {
            let (label, user) = (self.target.label(), self.target.user().to_owned());
            let role = role.to_owned();
            match error.is(&["22023", "42704"]) {
                true => ConnectError::NoRole {
                    host: label,
                    user,
                    role,
                },
                false => ConnectError::Role {
                    label,
                    user,
                    role,
                    message: error.message,
                },
            }
        })?;
        self.role = Some(role.to_owned());
        Ok(())
    }

    /// From now on roles of the files have these names here: what is read has those of the files, what a migration says is
    /// sent with these.
    pub fn call_roles(&mut self, names: RoleNames) {
        self.role_names = names;
    }

    /// The other names that roles of the files have here.
    pub fn role_names(&self) -> &RoleNames {
        &self.role_names
    }

    /// The role that [`Self::act_as`] took.
    pub fn role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    /// The driver's client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The driver's client, for its transactions.
    pub fn client_mut(&mut self) -> &mut Client {
        &mut self.client
    }

    /// Where the session is connected to.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// `server_version_num`, for example 150018.
    pub fn server_version_num(&self) -> u32 {
        self.server_version_num
    }

    /// The version as people say it, for example `15.18`.
    pub fn server_version(&self) -> &str {
        &self.server_version
    }

    /// The major version.
    pub fn major(&self) -> u32 {
        self.server_version_num / 10_000
    }

    /// The pid of the backend at the start of the session.
    pub fn backend_pid(&self) -> i32 {
        self.backend_pid
    }

    /// The messages that came since the last call, in their order.
    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(
            &mut self
                .mailbox
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .notices,
        )
    }

    /// Why the connection ended, where it did.
    pub fn ended(&self) -> Option<SqlError> {
        self.mailbox
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .ended
            .clone()
    }

    /// Runs `sql` as one simple query (several statements are one implicit transaction).
    ///
    /// # Errors
    /// The [`SqlError`], with its position in `sql`.
    pub async fn execute(&self, sql: &str) -> Result<(), SqlError> {
        let sent = self.sparing(sql).await?;
        self.client
            .batch_execute(&sent)
            .await
            .map_err(|error| self.sql_error(&error, sql))
    }

    /// From now on refuses what would change the whole cluster: for a database that is tried out on a server that others use.
    pub(crate) fn spare_cluster(&mut self) {
        self.spares_cluster = true;
    }

    /// From now on reads nothing that lies elsewhere: for a database that is tried out.
    pub fn stay_home(&mut self) {
        self.stays_home = true;
    }

    /// Whether it refuses what would change the whole cluster.
    pub fn spares_cluster(&self) -> bool {
        self.spares_cluster
    }

    /// From now on may take away what other databases left on the whole cluster: nobody else has anything there.
    pub(crate) fn own_cluster(&mut self) {
        self.owns_cluster = true;
    }

    /// Whether nobody else has anything on the cluster.
    pub fn owns_cluster(&self) -> bool {
        self.owns_cluster
    }

    /// From now on acts as a role that has other rights elsewhere: what it is there is not what it is here.
    pub(crate) fn stand_for(&mut self, role: &str) {
        self.stands_for = Some(role.to_owned());
    }

    /// Whether it acts as this role, which is something else elsewhere.
    pub fn stands_for(&self, role: &str) -> bool {
        self.stands_for.as_deref() == Some(role)
    }

    /// The text to send in place of `sql`, so that it does not change what is to be spared.
    ///
    /// # Errors
    /// The refusal, which names the statement.
    pub(crate) async fn sparing<'a>(&self, sql: &'a str) -> Result<Cow<'a, str>, SqlError> {
        let sql = match self.stays_home {
            true => at_home(self, sql).await,
            false => Cow::Borrowed(sql),
        };
        match self.spares_cluster {
            true => Ok(Cow::Owned(sparing(self, &sql).await?.into_owned())),
            false => Ok(sql),
        }
    }

    /// Runs `sql` as one simple query; the rows of all its statements as texts.
    ///
    /// # Errors
    /// The [`SqlError`], with its position in `sql`.
    pub async fn texts(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, SqlError> {
        let sent = self.sparing(sql).await?;
        let messages = self
            .client
            .simple_query(&sent)
            .await
            .map_err(|error| self.sql_error(&error, sql))?;
        Ok(messages
            .iter()
            .filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(
                    (0..row.len())
                        .map(|index| row.get(index).map(str::to_owned))
                        .collect(),
                ),
                _ => None,
            })
            .collect())
    }

    /// The rows of one query, whose columns are all texts, with its parameters.
    ///
    /// # Errors
    /// The [`SqlError`], with its position in `sql`; a column of another type is the driver's own.
    pub async fn texts_of(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Vec<Option<String>>>, SqlError> {
        let rows = self.client.query(sql, parameters).await;
        let read = |row: &Row| (0..row.len()).map(|index| row.try_get(index)).collect();
        rows.and_then(|rows| rows.iter().map(read).collect())
            .map_err(|error| self.sql_error(&error, sql))
    }

    /// The typed error for what the driver returned; where the connection is gone, the server's last word on it.
    pub fn sql_error(&self, error: &tokio_postgres::Error, statement: &str) -> SqlError {
        match self.ended() {
            Some(ended) if error.as_db_error().is_none() => SqlError {
                statement: statement.into(),
                ..ended
            },
            _ => SqlError::new(error, statement),
        }
    }

    /// What cancels the running statement from another task: dropping a query's future does not.
    pub fn canceller(&self) -> Canceller {
        Canceller {
            token: self.cancel.clone(),
            tls: self.tls.clone(),
        }
    }
}

/// Cancels what a session runs.
#[derive(Clone)]
pub struct Canceller {
    token: CancelToken,
    tls: Tls,
}

impl Canceller {
    /// Asks the server to cancel; it does not say whether something ran.
    ///
    /// # Errors
    /// A connection that failed.
    pub async fn cancel(&self) -> Result<(), SqlError> {
        self.token
            .cancel_query(self.tls.clone())
            .await
            .map_err(|error| SqlError::new(&error, ""))
    }
}

/// Moves messages until the connection ends. Notices arrive before the result that they belong to.
async fn drive(
    mut connection: Connection<tokio_postgres::Socket, Stream<tokio_postgres::Socket>>,
    mailbox: Arc<Mutex<Mailbox>>,
) {
    loop {
        match std::future::poll_fn(|cx| connection.poll_message(cx)).await {
            Some(Ok(AsyncMessage::Notice(notice))) => {
                let mut mailbox = mailbox.lock().unwrap_or_else(PoisonError::into_inner);
                mailbox.notices.push(Notice::from(&notice));
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                let mut mailbox = mailbox.lock().unwrap_or_else(PoisonError::into_inner);
                mailbox.ended = Some(SqlError::new(&error, ""));
                return;
            }
            None => return,
        }
    }
}

/// The label with the one host that was tried.
fn label(target: &Target, host: &Host) -> String {
    format!("{}@{}:{}", target.database(), host.name, host.port)
}

/// Which of the many failures it was. SQLSTATEs: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
async fn classify(target: &Target, host: &Host, error: &tokio_postgres::Error) -> ConnectError {
    let label = label(target, host);
    let user = target.user().to_owned();
    let mode = target.tls().mode.word();
    if let Some(db) = error.as_db_error() {
        let message = db.message().to_owned();
        let note = target.password_note(host);
        return match db.code().code() {
            "28P01" if target.has_password(host) => {
                ConnectError::WrongPassword { label, user, note }
            }
            "28P01" => ConnectError::NoPassword { label, user, note },
            "3D000" => ConnectError::UnknownDatabase {
                database: target.database().into(),
                host: format!("{}:{}", host.name, host.port),
            },
            "28000" | "42501" => ConnectError::Rejected {
                label,
                user,
                message,
            },
            "53300" | "57P03" | "55000" => ConnectError::Unavailable { label, message },
            _ => ConnectError::Failed {
                label,
                reason: message,
            },
        };
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            let inner = io
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<rustls::Error>());
            return match inner {
                Some(rustls::Error::InvalidCertificate(reason)) => ConnectError::Certificate {
                    label,
                    mode,
                    reason: super::tls::refused(reason),
                },
                Some(reason) => ConnectError::Tls {
                    label,
                    reason: super::tls::failed(reason),
                },
                None if io.kind() == std::io::ErrorKind::TimedOut => ConnectError::TimedOut {
                    label,
                    seconds: target.timeout().as_secs(),
                },
                None if !host.is_socket()
                    && host.address.is_none()
                    && tokio::net::lookup_host((host.name.as_str(), host.port))
                        .await
                        .is_err() =>
                {
                    ConnectError::UnknownHost {
                        host: host.name.clone(),
                    }
                }
                None => ConnectError::Refused {
                    label,
                    reason: io.to_string(),
                },
            };
        }
        source = cause.source();
    }
    let reason = chain(error);
    // The driver has no kinds to match on; these are its own fixed words.
    if reason.contains("server does not support TLS") {
        return ConnectError::NoTls { label, mode };
    }
    if reason.contains("TLS handshake") {
        return ConnectError::Tls { label, reason };
    }
    if reason.contains("password missing") {
        let note = target.password_note(host);
        return ConnectError::NoPassword { label, user, note };
    }
    ConnectError::Failed { label, reason }
}
