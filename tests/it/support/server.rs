//! PostgreSQL servers for tests: the one that `SCHEMACTL_TEST_PG_URL` names, else throwaway clusters from the binaries
//! on this machine, one for each major version, on a private socket. Never skips: without a server it fails and says
//! what to install.
//!
//! `SCHEMACTL_TEST_PG_BIN` adds folders of binaries (as PATH does), `SCHEMACTL_TEST_PG_MAJOR` picks the version that
//! `TestServer::get` starts (else the newest that has its own `pg_dump`), `SCHEMACTL_TEST_PG_DUMP` names a `pg_dump` for
//! servers that have none beside them.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
    "jit=off",
    "wal_level=logical",
    "max_connections=200",
    "max_locks_per_transaction=1024",
    "shared_buffers=64MB",
    "timezone=UTC",
];

/// A running server. A cluster of our own stops and its folder goes when this is dropped or the test binary ends.
pub(crate) struct TestServer {
    base: Address,
    major: u32,
    tools: PathBuf,
    watcher: Mutex<Option<Child>>,
    pool: Mutex<Pool>,
}

/// Databases for many short judgements: made and dropped several at a time.
#[derive(Default)]
struct Pool {
    ready: Vec<String>,
    used: Vec<String>,
}

/// How many databases a pool makes at once.
const AT_ONCE: usize = 8;

#[derive(Clone)]
enum Address {
    Socket { folder: PathBuf },
    Url(String),
}

impl TestServer {
    /// The server that most tests share.
    pub(crate) fn get() -> &'static TestServer {
        static GIVEN: OnceLock<TestServer> = OnceLock::new();
        if let Ok(url) = env::var("SCHEMACTL_TEST_PG_URL") {
            return GIVEN.get_or_init(|| TestServer::at(url));
        }
        let wanted = env::var("SCHEMACTL_TEST_PG_MAJOR").ok().map(|major| {
            major
                .parse()
                .unwrap_or_else(|_| panic!("SCHEMACTL_TEST_PG_MAJOR: `{major}` is no number"))
        });
        TestServer::major_version(wanted.unwrap_or_else(|| {
            let all = installed();
            let with_dump = all
                .iter()
                .rev()
                .find(|(_, bin)| bin.join("pg_dump").exists());
            *with_dump
                .or(all.iter().next_back())
                .unwrap_or_else(missing)
                .0
        }))
    }

    /// The shared server of one major version; fails where it is not installed.
    pub(crate) fn major_version(major: u32) -> &'static TestServer {
        static STARTED: Mutex<BTreeMap<u32, &'static TestServer>> = Mutex::new(BTreeMap::new());
        let mut started = lock(&STARTED);
        started
            .entry(major)
            .or_insert_with(|| Box::leak(Box::new(TestServer::start(major))))
    }

    /// One shared server for each major version that is installed (or the given one alone), oldest first.
    pub(crate) fn all() -> Vec<&'static TestServer> {
        if env::var_os("SCHEMACTL_TEST_PG_URL").is_some() {
            return vec![TestServer::get()];
        }
        let majors: Vec<u32> = installed().keys().copied().collect();
        if majors.is_empty() {
            missing::<()>();
        }
        majors.into_iter().map(TestServer::major_version).collect()
    }

    /// A cluster of the test's own, for roles, settings and crashes. Needs local binaries.
    pub(crate) fn fresh() -> TestServer {
        TestServer::start(TestServer::get().major)
    }

    /// The server's major version.
    pub(crate) fn major(&self) -> u32 {
        self.major
    }

    /// The folder of the binaries that started it (or of the client tools, for a given URL).
    pub(crate) fn bin(&self) -> &Path {
        &self.tools
    }

    /// The address of a database on this server, as superuser.
    pub(crate) fn url(&self, database: &str) -> String {
        match &self.base {
            Address::Socket { folder } => {
                let host = folder.display().to_string().replace('/', "%2F");
                format!("postgresql:///{database}?host={host}&user=postgres")
            }
            Address::Url(url) => with_database(url, database),
        }
    }

    /// A new empty database, dropped when the value is.
    pub(crate) fn database(&self) -> TestDatabase<'_> {
        let (name, create) = self.creation();
        self.admin(&create);
        TestDatabase {
            server: self,
            name,
            pooled: false,
        }
    }

    /// A new empty database out of several that are made at once; dropped some time after the value is, so its roles stay
    /// in use meanwhile.
    pub(crate) fn pooled_database(&self) -> TestDatabase<'_> {
        if matches!(self.base, Address::Url(_)) {
            return self.database();
        }
        let used = {
            let mut pool = lock(&self.pool);
            match pool.ready.pop() {
                Some(name) => {
                    return TestDatabase {
                        server: self,
                        name,
                        pooled: true,
                    };
                }
                None => std::mem::take(&mut pool.used),
            }
        };
        let drops: String = used.iter().map(|it| drop_statement(it) + ";\n").collect();
        if self.run_psql("postgres", &drops).is_err() {
            for name in used {
                self.drop_database(&name)
                    .unwrap_or_else(|error| panic!("{name}: {error}"));
            }
        }
        let (mut names, creations): (Vec<String>, Vec<String>) =
            (0..AT_ONCE).map(|_| self.creation()).unzip();
        self.admin(&creations.concat());
        let name = names.pop().unwrap_or_default();
        lock(&self.pool).ready.extend(names);
        TestDatabase {
            server: self,
            name,
            pooled: true,
        }
    }

    /// The name of a new database and the statement that makes it.
    fn creation(&self) -> (String, String) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "test_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        // Copying files beats logging every page, and nothing here has to survive a crash.
        let strategy = if self.major >= 15 {
            "strategy file_copy"
        } else {
            ""
        };
        let create = format!(
            "create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C' {strategy};\n"
        );
        (name, create)
    }

    fn drop_database(&self, name: &str) -> Result<String, String> {
        let drop = drop_statement(name);
        let dropped = self.run_psql("postgres", &drop);
        if !dropped
            .as_ref()
            .is_err_and(|error| error.contains("subscription"))
        {
            return dropped;
        }
        // A database with a subscription cannot be dropped; these have no slot at another server.
        let loosen = "do $$ declare s text; begin for s in select subname from pg_subscription where subdbid = \
             (select oid from pg_database where datname = current_database()) loop \
             execute format('alter subscription %I disable', s); \
             execute format('alter subscription %I set (slot_name = none)', s); \
             execute format('drop subscription %I', s); end loop; end $$";
        self.run_psql(name, loosen)
            .and_then(|_| self.run_psql("postgres", &drop))
    }

    /// The folder of the server's socket, for one of our own.
    pub(crate) fn folder(&self) -> PathBuf {
        match &self.base {
            Address::Socket { folder } => folder.clone(),
            Address::Url(_) => panic!("the server is not ours"),
        }
    }

    /// Ends the server at once, as a loss of power does, and starts it again.
    pub(crate) fn crash(&self) {
        let folder = self.folder();
        let mut line = as_server_user();
        line.push(self.tools.join("pg_ctl").display().to_string());
        let options = format!("-k {}", folder.display());
        run(Command::new(&line[0])
            .args(&line[1..])
            .args(["-D"])
            .arg(folder.join("data"))
            .args(["-m", "immediate", "-w", "-s", "-o", &options, "-l"])
            .arg(folder.join("data/log"))
            .arg("restart")
            .current_dir("/"));
    }

    /// A standby of a server of our own.
    pub(crate) fn standby(&self) -> Standby<'_> {
        let folder = self.folder();
        let mut line = as_server_user();
        line.push(tool(&self.tools, "pg_basebackup").display().to_string());
        run(Command::new(&line[0])
            .args(&line[1..])
            .args(["-R", "-X", "stream", "-c", "fast", "-U", "postgres", "-h"])
            .arg(&folder)
            .arg("-D")
            .arg(folder.join("standby"))
            .current_dir("/"));
        let standby = Standby { server: self };
        standby.control(&["-w", "start"]);
        standby
    }

    /// What SQL gives in a database, or why it does not.
    pub(crate) fn answer(&self, database: &str, sql: &str) -> Result<String, String> {
        self.run_psql(database, sql)
    }

    /// What SQL gives in a database.
    pub(crate) fn query(&self, database: &str, sql: &str) -> String {
        self.run_psql(database, sql)
            .unwrap_or_else(|error| panic!("{sql}\n{error}"))
    }

    /// Waits in the server until a condition holds; each look is a transaction of its own.
    pub(crate) fn until(&self, database: &str, condition: &str) {
        self.query(
            database,
            &format!(
                "DO $$ BEGIN FOR i IN 1..3000 LOOP
                     PERFORM pg_stat_clear_snapshot();
                     IF {condition} THEN RETURN; END IF;
                     PERFORM pg_sleep(0.01);
                     COMMIT;
                 END LOOP; RAISE 'it does not happen'; END $$"
            ),
        );
    }

    /// Runs SQL in the maintenance database.
    pub(crate) fn admin(&self, sql: &str) -> String {
        self.run_psql("postgres", sql)
            .unwrap_or_else(|error| panic!("{sql}\n{error}"))
    }

    pub(crate) fn run_psql(&self, database: &str, sql: &str) -> Result<String, String> {
        let mut child = Command::new(tool(&self.tools, "psql"))
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-f",
                "-",
                "-d",
            ])
            .arg(self.url(database))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("psql: {error}"))?;
        let mut input = child.stdin.take().expect("stdin is piped");
        let sql = sql.to_owned();
        let writer = std::thread::spawn(move || input.write_all(sql.as_bytes()));
        let output = child
            .wait_with_output()
            .map_err(|error| format!("psql: {error}"))?;
        // psql stops reading at the first error: a broken pipe is no finding of its own.
        let _ = writer.join();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
    }

    fn at(url: String) -> TestServer {
        let tools = installed().into_values().next_back().unwrap_or_default();
        let mut server = TestServer {
            base: Address::Url(url),
            major: 0,
            tools,
            watcher: Mutex::new(None),
            pool: Mutex::default(),
        };
        let number = server.admin("show server_version_num");
        server.major = number
            .parse::<u32>()
            .expect("server_version_num is a number")
            / 10000;
        server
    }

    fn start(major: u32) -> TestServer {
        let Some(tools) = installed().remove(&major) else {
            panic!(
                "PostgreSQL {major} is not installed here: install postgresql-{major} or set SCHEMACTL_TEST_PG_BIN"
            );
        };
        let template = template(major, &tools);
        // A socket's path holds about 100 bytes, and the server's user must be able to enter: not below target/.
        let folder = tempfile::Builder::new()
            .prefix("schemactl-test-")
            .tempdir_in(spacious_memory().unwrap_or_else(std::env::temp_dir))
            .expect("temporary folder")
            .keep();
        run(Command::new("cp")
            .arg("-a")
            .arg(&template)
            .arg(folder.join("data")));
        if let Some(user) = other_user() {
            run(Command::new("chown").arg("-R").arg(user).arg(&folder));
        }
        let watcher = watched(&tools, &folder);
        let server = TestServer {
            base: Address::Socket {
                folder: folder.clone(),
            },
            major,
            tools,
            watcher: Mutex::new(Some(watcher)),
            pool: Mutex::default(),
        };
        server.wait_until_ready(&folder);
        server
    }

    fn wait_until_ready(&self, folder: &Path) {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let Err(error) = self.run_psql("postgres", "select 1") else {
                return;
            };
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            let gone = lock(&self.watcher)
                .as_mut()
                .is_none_or(|child| matches!(child.try_wait(), Ok(Some(_))));
            assert!(
                !gone && Instant::now() < until,
                "PostgreSQL {} does not start: {error}{log}",
                self.major
            );
            // Polling a server that is starting, not synchronising a test.
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn drop_statement(database: &str) -> String {
    format!("drop database if exists {database} with (force)")
}

/// A server that follows another one; stopped when this is dropped.
pub(crate) struct Standby<'s> {
    server: &'s TestServer,
}

impl Standby<'_> {
    fn control(&self, words: &[&str]) {
        let folder = self.server.folder();
        let mut line = as_server_user();
        line.push(self.server.tools.join("pg_ctl").display().to_string());
        let options = format!("-p 5433 -k {}", folder.display());
        run(Command::new(&line[0])
            .args(&line[1..])
            .arg("-D")
            .arg(folder.join("standby"))
            .args(["-s", "-o", &options, "-l"])
            .arg(folder.join("standby/log"))
            .args(words)
            .current_dir("/"));
    }

    /// What SQL gives on it.
    pub(crate) fn query(&self, sql: &str) -> String {
        let output = Command::new(tool(&self.server.tools, "psql"))
            .args([
                "-qAtX",
                "-v",
                "ON_ERROR_STOP=1",
                "-p",
                "5433",
                "-U",
                "postgres",
                "-h",
            ])
            .arg(self.server.folder())
            .args(["-d", "postgres", "-c", sql])
            .output()
            .expect("psql runs");
        assert!(output.status.success(), "{sql}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Standby<'_> {
    fn drop(&mut self) {
        self.control(&["-m", "immediate", "stop"]);
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(mut child) = lock(&self.watcher).take() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

/// The file system in memory, where it has room for many databases.
fn spacious_memory() -> Option<PathBuf> {
    let memory = Path::new("/dev/shm");
    let free = nix::sys::statvfs::statvfs(memory).ok()?;
    let bytes = free.blocks_available() * free.fragment_size();
    (bytes > 8 << 30).then(|| memory.to_owned())
}

/// A database of one test.
pub(crate) struct TestDatabase<'a> {
    server: &'a TestServer,
    name: String,
    pooled: bool,
}

impl TestDatabase<'_> {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its address, as superuser.
    pub(crate) fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// The server that it is on.
    pub(crate) fn server(&self) -> &TestServer {
        self.server
    }

    /// Runs a script; gives its rows unaligned (`|` between columns), or panics with PostgreSQL's message.
    pub(crate) fn psql(&self, sql: &str) -> String {
        self.try_psql(sql)
            .unwrap_or_else(|error| panic!("{sql}\n{error}"))
    }

    /// Runs a script; gives its rows or psql's messages.
    pub(crate) fn try_psql(&self, sql: &str) -> Result<String, String> {
        self.server.run_psql(&self.name, sql)
    }

    /// What `pg_dump --schema-only` prints, without the history schema.
    pub(crate) fn pg_dump_schema(&self) -> String {
        let output = Command::new(tool(&self.server.tools, "pg_dump"))
            .args(["--schema-only", "--exclude-schema=schemactl", "-d"])
            .arg(self.url())
            .output()
            .unwrap_or_else(|error| panic!("pg_dump: {error}"));
        assert!(
            output.status.success(),
            "pg_dump: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("pg_dump prints UTF-8")
    }
}

impl Drop for TestDatabase<'_> {
    fn drop(&mut self) {
        if self.pooled {
            lock(&self.server.pool)
                .used
                .push(std::mem::take(&mut self.name));
            return;
        }
        let dropped = self.server.drop_database(&self.name);
        if let (Err(error), false) = (dropped, std::thread::panicking()) {
            panic!("{}: {error}", self.name);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn missing<T>() -> T {
    panic!(
        "no PostgreSQL for the tests: install one with its contrib modules (Debian: `postgresql postgresql-contrib`, \
         Fedora: `postgresql-server postgresql-contrib`, macOS: `brew install postgresql@17`), or set \
         SCHEMACTL_TEST_PG_BIN to a folder that holds initdb and postgres, or SCHEMACTL_TEST_PG_URL to a server where a \
         superuser may create databases"
    )
}

/// Major version → folder of binaries, for every server found on this machine.
fn installed() -> BTreeMap<u32, PathBuf> {
    static FOUND: OnceLock<BTreeMap<u32, PathBuf>> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let mut folders: Vec<PathBuf> = Vec::new();
            folders.extend(
                env::var_os("SCHEMACTL_TEST_PG_BIN")
                    .iter()
                    .flat_map(env::split_paths),
            );
            if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
                folders.push(PathBuf::from(
                    String::from_utf8_lossy(&output.stdout).trim(),
                ));
            }
            folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
            for (parent, start, below) in [
                ("/usr/lib/postgresql", "", "bin"),
                ("/usr", "pgsql-", "bin"),
                ("/opt/homebrew/opt", "postgresql", "bin"),
                ("/usr/local/opt", "postgresql", "bin"),
                ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
            ] {
                for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
                    if entry.file_name().to_string_lossy().starts_with(start) {
                        folders.push(entry.path().join(below));
                    }
                }
            }
            let mut found = BTreeMap::new();
            for folder in folders {
                if !folder.join("initdb").exists() {
                    continue;
                }
                let Ok(output) = Command::new(folder.join("postgres"))
                    .arg("--version")
                    .output()
                else {
                    continue;
                };
                let text = String::from_utf8_lossy(&output.stdout);
                // `postgres (PostgreSQL) 15.18 (Debian …)`, `18beta1`
                let number = text.split(") ").nth(1).unwrap_or_default();
                let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
                if let Ok(major) = digits.parse() {
                    found.entry(major).or_insert(folder);
                }
            }
            found
        })
        .clone()
}

/// A client tool: next to the server, else the one that is given, else the newest on this machine, else from PATH.
fn tool(folder: &Path, name: &str) -> PathBuf {
    let near = folder.join(name);
    if near.exists() {
        return near;
    }
    if name == "pg_dump"
        && let Some(given) = env::var_os("SCHEMACTL_TEST_PG_DUMP")
    {
        return PathBuf::from(given);
    }
    let others = installed()
        .into_values()
        .rev()
        .map(|bin| bin.join(name))
        .find(|path| path.exists());
    others.unwrap_or_else(|| PathBuf::from(name))
}

/// PostgreSQL refuses to run as root: the user that runs it then.
fn other_user() -> Option<&'static str> {
    static USER: OnceLock<Option<&'static str>> = OnceLock::new();
    *USER.get_or_init(|| {
        let id = Command::new("id").arg("-u").output().expect("`id` runs");
        if String::from_utf8_lossy(&id.stdout).trim() != "0" {
            return None;
        }
        let exists = |user: &&str| {
            Command::new("id")
                .arg(user)
                .output()
                .is_ok_and(|output| output.status.success())
        };
        let user = ["postgres", "nobody"].into_iter().find(exists);
        Some(
            user.expect(
                "as root, the tests need a user `postgres` or `nobody` to run the server as",
            ),
        )
    })
}

/// The start of a command line that runs the rest as the server's user.
fn as_server_user() -> Vec<String> {
    match other_user() {
        Some(user) => ["runuser", "-u", user, "--"].map(str::to_owned).to_vec(),
        None => Vec::new(),
    }
}

/// A data folder fresh from `initdb`, made once for each version of the binaries and copied for each cluster.
fn template(major: u32, tools: &Path) -> PathBuf {
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(&cache).expect("folder for the template");
    let version = Command::new(tools.join("postgres"))
        .arg("--version")
        .output()
        .expect("postgres --version");
    let version = String::from_utf8_lossy(&version.stdout);
    let name: String = version
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let ready = cache.join(name.trim_matches('-'));
    if ready.exists() {
        return ready;
    }
    let folder = tempfile::Builder::new()
        .prefix("schemactl-test-")
        .tempdir()
        .expect("temporary folder");
    if let Some(user) = other_user() {
        run(Command::new("chown").arg(user).arg(folder.path()));
    }
    let data = folder.path().join("data");
    let mut line = as_server_user();
    line.push(tools.join("initdb").display().to_string());
    run(Command::new(&line[0])
        .args(&line[1..])
        .arg("-D")
        .arg(&data)
        .args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ])
        .current_dir("/"));
    let settings: Vec<String> = SETTINGS
        .iter()
        .map(|setting| setting.split_once('=').expect("name=value"))
        .map(|(name, value)| format!("{name} = '{value}'\n"))
        .collect();
    let mut file = fs::OpenOptions::new()
        .append(true)
        .open(data.join("postgresql.conf"))
        .expect("postgresql.conf");
    file.write_all(settings.concat().as_bytes())
        .expect("settings are written");
    // Two test binaries may do this at once: the rename of the later one fails and changes nothing.
    let mine = cache.join(format!("making-{major}-{}", std::process::id()));
    run(Command::new("cp").arg("-a").arg(&data).arg(&mine));
    if fs::rename(&mine, &ready).is_err() {
        let _ = fs::remove_dir_all(&mine);
    }
    ready
}

/// Starts the server under a shell that stops it and removes the folder as soon as its standard input closes: when we
/// drop it, and also when the test binary dies.
fn watched(tools: &Path, folder: &Path) -> Child {
    let script = r#"
        folder=$1; shift
        "$@" >"$folder/log" 2>&1 </dev/null &
        server=$!
        read -r _
        kill -INT "$(head -n 1 "$folder/data/postmaster.pid" 2>/dev/null || echo "$server")"
        wait "$server"
        cd / && rm -rf "$folder"
    "#;
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(folder);
    command
        .args(as_server_user())
        .arg(tools.join("postgres"))
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(folder);
    if let Some(libraries) = tools
        .parent()
        .map(|parent| parent.join("lib"))
        .filter(|lib| lib.join("libpq.so.5").exists())
    {
        command.env("LD_LIBRARY_PATH", libraries);
    }
    command
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the server starts")
}

fn run(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The URL with another database in its path.
fn with_database(url: &str, database: &str) -> String {
    let (scheme, rest) = url
        .split_once("://")
        .unwrap_or_else(|| panic!("SCHEMACTL_TEST_PG_URL is no URL"));
    let (before, query) = rest
        .split_once('?')
        .map_or((rest, None), |(before, query)| (before, Some(query)));
    let host = before.split_once('/').map_or(before, |(host, _)| host);
    match query {
        Some(query) => format!("{scheme}://{host}/{database}?{query}"),
        None => format!("{scheme}://{host}/{database}"),
    }
}
