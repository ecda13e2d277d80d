//! Where to connect: a URL, `key=value` pairs or the environment, filled up as libpq does it. What is written goes before
//! the service file, that before the environment, that before the defaults. Passwords never leave it but to the server
//! and, as PG* variables, to child processes.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::{
    ChannelBinding, LoadBalanceHosts, SslMode, SslNegotiation, TargetSessionAttrs,
};

use super::connect::ConnectError;
use super::parameters::{self, Parameters};
use super::tls::{Roots, TlsChoice, TlsMode};
use super::{passfile, service};

/// How long one host may take to answer where `connect_timeout` is silent.
const PATIENCE: Duration = Duration::from_secs(15);

/// The folders where a server's socket is looked for.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// libpq's variables and the parameters that they stand for.
const VARIABLES: &[(&str, &str)] = &[
    ("PGAPPNAME", "application_name"),
    ("PGCHANNELBINDING", "channel_binding"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGDATABASE", "dbname"),
    ("PGHOST", "host"),
    ("PGHOSTADDR", "hostaddr"),
    ("PGLOADBALANCEHOSTS", "load_balance_hosts"),
    ("PGOPTIONS", "options"),
    ("PGPASSFILE", "passfile"),
    ("PGPASSWORD", "password"),
    ("PGPORT", "port"),
    ("PGSERVICE", "service"),
    ("PGSERVICEFILE", "servicefile"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLNEGOTIATION", "sslnegotiation"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ("PGUSER", "user"),
];

/// One server that a target names.
#[derive(Debug, Clone)]
pub struct Host {
    /// A name, an address, or the folder of a Unix socket.
    pub name: String,
    /// hostaddr: where the connection goes in place of the name's address.
    pub address: Option<IpAddr>,
    /// The port, also of a socket.
    pub port: u16,
    password: Option<SecretString>,
    passfile_ignored: Option<String>,
}

impl Host {
    /// True for a Unix socket.
    pub fn is_socket(&self) -> bool {
        self.address.is_none() && self.name.starts_with(['/', '@'])
    }
}

/// Where to connect and how. `Debug` and `Display` show no password.
#[derive(Clone)]
pub struct Target {
    hosts: Vec<Host>,
    user: String,
    database: String,
    tls: TlsChoice,
    timeout: Duration,
    /// Whether nobody will miss what is written there.
    is_fleeting: bool,
    /// The parameters as they were filled up, without password.
    rest: Parameters,
}

/// What stands outside of the process: variables, the home folder and the system's user.
pub struct Surroundings {
    /// Environment variables.
    pub variables: BTreeMap<String, String>,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The operating system's user name.
    pub user: Option<String>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Surroundings {
        Surroundings {
            variables: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            home: std::env::home_dir(),
            user: nix::unistd::User::from_uid(nix::unistd::geteuid())
                .ok()
                .flatten()
                .map(|user| user.name),
        }
    }
}

impl Target {
    /// Reads a `postgres://` URL or a `key=value` string; what it leaves out comes from PG* variables, the service file,
    /// the password file and libpq's defaults.
    ///
    /// # Errors
    /// Those variants of [`ConnectError`] that speak of input.
    pub fn parse(text: &str) -> Result<Target, ConnectError> {
        // A URL that was asked for and came out empty is no wish for what the surroundings say.
        if text.trim().is_empty() {
            return Err(ConnectError::Malformed {
                reason: "it is empty".to_owned(),
            });
        }
        Target::parse_in(text, &Surroundings::of_process())
    }

    /// All from PG* variables, the service file, the password file and libpq's defaults.
    ///
    /// # Errors
    /// As [`Target::parse`].
    pub fn from_environment() -> Result<Target, ConnectError> {
        Target::parse_in("", &Surroundings::of_process())
    }

    /// As [`Target::parse`], in given surroundings.
    ///
    /// # Errors
    /// As [`Target::parse`].
    pub fn parse_in(text: &str, around: &Surroundings) -> Result<Target, ConnectError> {
        let mut p = parameters::parse(text)?;
        let variable = |name: &str| around.variables.get(name).filter(|value| !value.is_empty());
        if let Some(name) = p.get("service").or(variable("PGSERVICE")).cloned() {
            let mut files = Vec::new();
            match p.get("servicefile").or(variable("PGSERVICEFILE")) {
                Some(file) => files.push(PathBuf::from(file)),
                None => files.extend(
                    around
                        .home
                        .as_ref()
                        .map(|home| home.join(".pg_service.conf")),
                ),
            }
            files.push(variable("PGSYSCONFDIR").map_or_else(
                || PathBuf::from("/etc/postgresql-common/pg_service.conf"),
                |folder| Path::new(folder).join("pg_service.conf"),
            ));
            for (key, value) in service::look_up(&name, &files)? {
                p.entry(key).or_insert(value);
            }
        }
        for (name, key) in VARIABLES {
            if let Some(value) = variable(name) {
                p.entry((*key).into()).or_insert_with(|| value.clone());
            }
        }
        Target::fill(p, around)
    }

    fn fill(mut p: Parameters, around: &Surroundings) -> Result<Target, ConnectError> {
        let user = match p.remove("user").or_else(|| around.user.clone()) {
            Some(user) => user,
            None => {
                return Err(invalid(
                    "user",
                    "",
                    "is missing and the system's user has no name",
                ));
            }
        };
        let database = p.remove("dbname").unwrap_or_else(|| user.clone());
        let password = p.remove("password").map(SecretString::from);
        let passfile = p
            .remove("passfile")
            .map(PathBuf::from)
            .or_else(|| around.home.as_ref().map(|home| home.join(".pgpass")));
        let mut hosts = hosts(&mut p)?;
        for host in &mut hosts {
            host.password = password.clone();
            if let (None, Some(file)) = (&host.password, &passfile) {
                let name = if SOCKET_FOLDERS.contains(&host.name.as_str()) {
                    "localhost"
                } else {
                    &host.name
                };
                let found = passfile::look_up(file, name, host.port, &database, &user);
                host.password = found.password;
                host.passfile_ignored = found.ignored;
            }
        }
        let timeout = match p.remove("connect_timeout") {
            None => PATIENCE,
            Some(text) => match text.trim().parse::<i64>() {
                Ok(seconds) if seconds > 0 => Duration::from_secs(seconds.unsigned_abs()),
                Ok(_) => Duration::from_secs(365 * 86_400),
                Err(_) => {
                    return Err(invalid(
                        "connect_timeout",
                        &text,
                        "is not a number of seconds",
                    ));
                }
            },
        };
        let tls = tls(&mut p, around)?;
        let target = Target {
            is_fleeting: false,
            hosts,
            user,
            database,
            tls,
            timeout,
            rest: p,
        };
        // What the driver has to understand is tried here, so that a mistake is input and not a failed connection.
        for host in &target.hosts {
            target.config(host, TlsMode::Disable, "")?;
        }
        Ok(target)
    }

    /// The hosts in the order in which they are tried.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// The database's name.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The role that logs in.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// How TLS is used.
    pub fn tls(&self) -> &TlsChoice {
        &self.tls
    }

    /// With other files or another mode of TLS, for the project file's `tls` node.
    pub fn with_tls(mut self, tls: TlsChoice) -> Target {
        self.tls = tls;
        self
    }

    /// How long one host may take to answer.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Whether nobody will miss what is written there: its sessions do not wait for the disk when they commit.
    pub fn is_fleeting(&self) -> bool {
        self.is_fleeting
    }

    /// The same server, a database that will be dropped soon.
    pub(crate) fn with_fleeting_database(&self, name: &str) -> Target {
        Target {
            is_fleeting: true,
            ..self.with_database(name)
        }
    }

    /// The same server, another database.
    pub fn with_database(&self, name: &str) -> Target {
        Target {
            database: name.into(),
            is_fleeting: false,
            ..self.clone()
        }
    }

    /// The same server and database, another role and password.
    pub fn with_user(&self, user: &str, password: Option<SecretString>) -> Target {
        let mut target = Target {
            user: user.into(),
            ..self.clone()
        };
        for host in &mut target.hosts {
            host.password = password.clone();
            host.passfile_ignored = None;
        }
        target
    }

    /// `database@host:port`, for people; several hosts are joined by commas.
    pub fn label(&self) -> String {
        let hosts: Vec<_> = self
            .hosts
            .iter()
            .map(|host| match host.name.contains(':') {
                true => format!("[{}]:{}", host.name, host.port),
                false => format!("{}:{}", host.name, host.port),
            })
            .collect();
        format!("{}@{}", self.database, hosts.join(","))
    }

    /// A server's private socket, without password and TLS.
    pub(crate) fn socket(folder: &Path, port: u16, user: &str, database: &str) -> Target {
        Target {
            is_fleeting: false,
            hosts: vec![Host {
                name: folder.display().to_string(),
                address: None,
                port,
                password: None,
                passfile_ignored: None,
            }],
            user: user.into(),
            database: database.into(),
            tls: TlsChoice {
                mode: TlsMode::Disable,
                ..TlsChoice::default()
            },
            timeout: PATIENCE,
            rest: Parameters::new(),
        }
    }

    /// The PG* variables that make a child process (pg_dump, psql) connect to the same place. They hold the password.
    pub fn environment(&self) -> Vec<(String, String)> {
        let join = |part: &dyn Fn(&Host) -> String| {
            self.hosts.iter().map(part).collect::<Vec<_>>().join(",")
        };
        let mut all = vec![
            ("PGHOST".to_owned(), join(&|host| host.name.clone())),
            ("PGPORT".to_owned(), join(&|host| host.port.to_string())),
            ("PGUSER".to_owned(), self.user.clone()),
            ("PGDATABASE".to_owned(), self.database.clone()),
            ("PGSSLMODE".to_owned(), self.tls.mode.word().to_owned()),
            (
                "PGCONNECT_TIMEOUT".to_owned(),
                self.timeout.as_secs().to_string(),
            ),
        ];
        if self.hosts.iter().any(|host| host.address.is_some()) {
            let addresses = join(&|host| host.address.map(|a| a.to_string()).unwrap_or_default());
            all.push(("PGHOSTADDR".to_owned(), addresses));
        }
        if let Some(password) = self.hosts.iter().find_map(|host| host.password.as_ref()) {
            all.push(("PGPASSWORD".to_owned(), password.expose_secret().to_owned()));
        }
        match &self.tls.roots {
            Roots::File(file) => all.push(("PGSSLROOTCERT".to_owned(), file.display().to_string())),
            Roots::System if self.tls.mode >= TlsMode::VerifyFull => {
                all.push(("PGSSLROOTCERT".to_owned(), "system".to_owned()));
            }
            Roots::System => {}
        }
        if let Some((cert, key)) = &self.tls.client {
            all.push(("PGSSLCERT".to_owned(), cert.display().to_string()));
            all.push(("PGSSLKEY".to_owned(), key.display().to_string()));
        }
        for (name, key) in VARIABLES {
            if let Some(value) = self.rest.get(*key) {
                all.push(((*name).to_owned(), value.clone()));
            }
        }
        all
    }

    /// The driver's configuration for one host.
    pub(super) fn config(
        &self,
        host: &Host,
        mode: TlsMode,
        application: &str,
    ) -> Result<tokio_postgres::Config, ConnectError> {
        let mut config = tokio_postgres::Config::new();
        config
            .user(&self.user)
            .dbname(&self.database)
            .port(host.port)
            .connect_timeout(self.timeout);
        if host.is_socket() {
            config.host_path(&host.name);
        } else {
            config.host(&host.name);
        }
        if let Some(address) = host.address {
            config.hostaddr(address);
        }
        if let Some(password) = &host.password {
            config.password(password.expose_secret());
        }
        config.ssl_mode(match mode {
            // A private socket has no TLS, as in libpq.
            _ if host.is_socket() => SslMode::Disable,
            TlsMode::Disable => SslMode::Disable,
            TlsMode::Prefer => SslMode::Prefer,
            _ => SslMode::Require,
        });
        if self.tls.direct {
            config.ssl_negotiation(SslNegotiation::Direct);
        }
        config.application_name(application);
        for (key, value) in &self.rest {
            match key.as_str() {
                "application_name" => {
                    config.application_name(value);
                }
                "options" => {
                    config.options(value);
                }
                "channel_binding" => {
                    config.channel_binding(word(
                        key,
                        value,
                        &[
                            ("disable", ChannelBinding::Disable),
                            ("prefer", ChannelBinding::Prefer),
                            ("require", ChannelBinding::Require),
                        ],
                    )?);
                }
                "load_balance_hosts" => {
                    config.load_balance_hosts(word(
                        key,
                        value,
                        &[
                            ("disable", LoadBalanceHosts::Disable),
                            ("random", LoadBalanceHosts::Random),
                        ],
                    )?);
                }
                "target_session_attrs" => {
                    config.target_session_attrs(word(
                        key,
                        value,
                        &[
                            ("any", TargetSessionAttrs::Any),
                            ("read-write", TargetSessionAttrs::ReadWrite),
                            ("primary", TargetSessionAttrs::ReadWrite),
                            ("read-only", TargetSessionAttrs::ReadOnly),
                        ],
                    )?);
                }
                "keepalives" => {
                    config.keepalives(number::<u8>(key, value)? != 0);
                }
                "keepalives_idle" => {
                    config.keepalives_idle(Duration::from_secs(number(key, value)?));
                }
                "keepalives_interval" => {
                    config.keepalives_interval(Duration::from_secs(number(key, value)?));
                }
                "keepalives_count" => {
                    config.keepalives_retries(number(key, value)?);
                }
                "tcp_user_timeout" => {
                    config.tcp_user_timeout(Duration::from_millis(number(key, value)?));
                }
                _ => {}
            }
        }
        Ok(config)
    }

    /// What a refused password should mention of `host`.
    pub(super) fn password_note(&self, host: &Host) -> String {
        match (&host.password, &host.passfile_ignored) {
            (_, Some(reason)) => format!("{reason}; or "),
            _ => String::new(),
        }
    }

    pub(super) fn has_password(&self, host: &Host) -> bool {
        host.password.is_some()
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("label", &self.label())
            .field("user", &self.user)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label())
    }
}

fn invalid(name: &str, value: &str, reason: &str) -> ConnectError {
    ConnectError::InvalidParameter {
        name: name.into(),
        value: value.into(),
        reason: reason.into(),
    }
}

fn word<T: Copy>(name: &str, value: &str, words: &[(&str, T)]) -> Result<T, ConnectError> {
    words
        .iter()
        .find(|(word, _)| *word == value)
        .map(|(_, meaning)| *meaning)
        .ok_or_else(|| {
            let words: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            invalid(name, value, &format!("is none of {}", words.join(", ")))
        })
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, ConnectError> {
    value
        .trim()
        .parse()
        .map_err(|_| invalid(name, value, "is not a number that fits"))
}

/// Pairs hosts, addresses and ports: one port serves all, else there are as many as hosts.
fn hosts(p: &mut Parameters) -> Result<Vec<Host>, ConnectError> {
    let list = |text: Option<String>| -> Vec<String> {
        text.map(|text| text.split(',').map(str::to_owned).collect())
            .unwrap_or_default()
    };
    let names = list(p.remove("host"));
    let addresses = list(p.remove("hostaddr"));
    let ports = list(p.remove("port"));
    if !names.is_empty() && !addresses.is_empty() && names.len() != addresses.len() {
        return Err(invalid(
            "hostaddr",
            &addresses.join(","),
            "does not have one address for each host",
        ));
    }
    let count = names.len().max(addresses.len()).max(1);
    if ports.len() > 1 && ports.len() != count {
        return Err(invalid(
            "port",
            &ports.join(","),
            "does not have one port for each host",
        ));
    }
    (0..count)
        .map(|index| {
            let port = match ports.get(index).or(ports.first()).map(String::as_str) {
                None | Some("") => 5432,
                Some(text) => match text.trim().parse() {
                    Ok(port) if port > 0 => port,
                    _ => return Err(invalid("port", text, "is not a number from 1 to 65535")),
                },
            };
            let address = match addresses.get(index).map(String::as_str) {
                None | Some("") => None,
                Some(text) => Some(
                    text.parse::<IpAddr>()
                        .map_err(|_| invalid("hostaddr", text, "is not an IP address"))?,
                ),
            };
            let name = match (names.get(index).map(String::as_str), address) {
                (None | Some(""), Some(address)) => address.to_string(),
                (None | Some(""), None) => default_host(port),
                (Some(name), _) => name.to_owned(),
            };
            Ok(Host {
                name,
                address,
                port,
                password: None,
                passfile_ignored: None,
            })
        })
        .collect()
}

/// The first default folder that holds the port's socket, else `localhost`.
fn default_host(port: u16) -> String {
    SOCKET_FOLDERS
        .iter()
        .find(|folder| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists())
        .map_or("localhost", |folder| folder)
        .to_owned()
}

fn tls(p: &mut Parameters, around: &Surroundings) -> Result<TlsChoice, ConnectError> {
    let own = |file: &str| {
        let path = around.home.as_ref()?.join(".postgresql").join(file);
        path.is_file().then_some(path)
    };
    let root = p.remove("sslrootcert");
    let system = root.as_deref() == Some("system");
    let mode = match p.remove("sslmode") {
        // A root of the system's says nothing about which server it is without the name (libpq: weak mode refused).
        None if system => TlsMode::VerifyFull,
        None => TlsMode::Prefer,
        Some(text) => TlsMode::parse(&text).ok_or_else(|| {
            invalid(
                "sslmode",
                &text,
                "is none of `disable`, `allow`, `prefer`, `require`, `verify-ca`, `verify-full`",
            )
        })?,
    };
    if system && mode < TlsMode::VerifyFull {
        return Err(invalid(
            "sslmode",
            mode.word(),
            "is too weak for `sslrootcert=system`, which needs `verify-full`",
        ));
    }
    let roots = match root {
        Some(file) if file != "system" => Roots::File(PathBuf::from(file)),
        Some(_) => Roots::System,
        None => own("root.crt").map_or(Roots::System, Roots::File),
    };
    // With a root file at hand, `require` verifies the chain, for libpq's sake.
    let mode = match (mode, &roots) {
        (TlsMode::Require, Roots::File(_)) => TlsMode::VerifyCa,
        (mode, _) => mode,
    };
    let cert = p
        .remove("sslcert")
        .map(PathBuf::from)
        .or_else(|| own("postgresql.crt"));
    let key = p
        .remove("sslkey")
        .map(PathBuf::from)
        .or_else(|| own("postgresql.key"));
    let client = match (cert, key) {
        (Some(cert), Some(key)) => Some((cert, key)),
        (Some(_), None) => return Err(invalid("sslkey", "", "is missing beside `sslcert`")),
        (None, _) => None,
    };
    let direct = match p.remove("sslnegotiation").as_deref() {
        None | Some("postgres") => false,
        Some("direct") if mode >= TlsMode::Require => true,
        Some("direct") => {
            return Err(invalid(
                "sslnegotiation",
                "direct",
                "needs `sslmode=require` or stronger",
            ));
        }
        Some(other) => {
            return Err(invalid(
                "sslnegotiation",
                other,
                "is none of `postgres`, `direct`",
            ));
        }
    };
    Ok(TlsChoice {
        mode,
        roots,
        client,
        direct,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(variables: &[(&str, &str)]) -> Surroundings {
        Surroundings {
            variables: variables
                .iter()
                .map(|(n, v)| ((*n).into(), (*v).into()))
                .collect(),
            home: None,
            user: Some("ada".into()),
        }
    }

    #[test]
    fn what_is_written_goes_before_the_environment() {
        let env = around(&[
            ("PGHOST", "envhost"),
            ("PGPORT", "6000"),
            ("PGUSER", "env"),
            ("PGPASSWORD", "geheim"),
        ]);
        let target = Target::parse_in("postgres://me@h/db", &env).unwrap();
        assert_eq!(target.label(), "db@h:6000");
        assert_eq!(target.user(), "me");
        assert!(target.has_password(&target.hosts()[0]));
        assert!(!format!("{target:?} {target}").contains("geheim"));
        assert!(
            target
                .environment()
                .contains(&("PGPASSWORD".into(), "geheim".into()))
        );
    }

    #[test]
    fn silence_means_the_systems_user() {
        let target = Target::parse_in("", &around(&[("PGHOST", "/run/x")])).unwrap();
        assert_eq!(target.label(), "ada@/run/x:5432");
        assert!(target.hosts()[0].is_socket());
    }

    #[test]
    fn several_hosts_share_one_port_or_have_their_own() {
        let target = Target::parse_in("postgres://a,b:2/d", &around(&[])).unwrap();
        assert_eq!(target.label(), "d@a:5432,b:2");
        assert!(Target::parse_in("host=a,b,c port=1,2", &around(&[])).is_err());
    }

    #[test]
    fn words_of_tls_are_kept() {
        let target = Target::parse_in(
            "postgres://h/d?sslmode=verify-ca&sslrootcert=/x/ca.pem",
            &around(&[]),
        )
        .unwrap();
        assert_eq!(target.tls().mode, TlsMode::VerifyCa);
        assert_eq!(target.tls().roots, Roots::File("/x/ca.pem".into()));
        assert!(Target::parse_in("host=h sslmode=strict", &around(&[])).is_err());
        assert!(
            Target::parse_in("host=h sslmode=require sslrootcert=system", &around(&[])).is_err()
        );
    }
}
