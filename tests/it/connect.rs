//! Connections: settings that are pinned against every default of role and database, failures by name, TLS, poolers.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use schemactl::model::Exit;
use schemactl::pg::connect::{ConnectError, PINNED_SETTINGS, Session, Target};
use schemactl::pg::target::Surroundings;
use schemactl::pg::unfit::refuse_shared_backend;
use schemactl::scratch::server::Account;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Mutex;

use crate::support::TestServer;

async fn connect(text: &str) -> Result<Session, ConnectError> {
    Session::connect(&Target::parse(text).unwrap(), "schemactl test").await
}

fn refused(outcome: Result<Session, ConnectError>) -> ConnectError {
    let error = outcome.expect_err("this must not connect");
    assert_eq!(error.exit(), Exit::Connect, "{error}");
    error
}

#[tokio::test]
async fn settings_are_pinned_whatever_role_and_database_say() {
    for server in TestServer::all() {
        let database = server.database();
        let name = database.name();
        for (setting, value) in [
            ("DateStyle", "SQL, DMY"),
            ("IntervalStyle", "iso_8601"),
            ("TimeZone", "Asia/Tokyo"),
            ("search_path", "public"),
            ("quote_all_identifiers", "on"),
            ("bytea_output", "escape"),
            ("default_transaction_read_only", "on"),
            ("statement_timeout", "1h"),
            ("transform_null_equals", "on"),
        ] {
            server.admin(&format!("ALTER DATABASE {name} SET {setting} = '{value}'"));
        }
        let session = connect(&database.url()).await.unwrap();
        assert_eq!(session.major(), server.major());
        for setting in PINNED_SETTINGS
            .iter()
            .filter(|setting| setting.since <= session.major())
        {
            let shown = session
                .texts(&format!("SHOW {}", setting.name))
                .await
                .unwrap();
            assert_eq!(
                shown[0][0].as_deref(),
                Some(setting.value),
                "{}",
                setting.name
            );
        }
        let pid = session.texts("SELECT pg_backend_pid()").await.unwrap();
        assert_eq!(pid[0][0], Some(session.backend_pid().to_string()));
        match session.refuse_unfit().await {
            Err(error @ ConnectError::ReadOnly { .. }) => {
                assert!(error.to_string().contains(database.name()), "{error}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn failures_of_statements_keep_their_place() {
    let database = TestServer::get().database();
    let session = connect(&database.url()).await.unwrap();
    let sql = "SELECT 'äöü',\n  nöwhere";
    let error = session.execute(sql).await.unwrap_err();
    assert_eq!(error.sqlstate.as_deref(), Some("42703"));
    assert_eq!(error.position, sql.find("nöwhere"));
    assert_eq!(error.line_and_column(), Some((2, 3)));
    assert_eq!(error.exit(), Exit::Failed);

    session
        .execute("CREATE TABLE public.t (a int CONSTRAINT positive CHECK (a > 0))")
        .await
        .unwrap();
    let error = session
        .execute("INSERT INTO public.t VALUES (-1)")
        .await
        .unwrap_err();
    assert_eq!(
        (error.table.as_deref(), error.constraint.as_deref()),
        (Some("t"), Some("positive"))
    );

    let error = session
        .execute("DO $$ BEGIN EXECUTE 'SELECT ä, x'; END $$")
        .await
        .unwrap_err();
    assert_eq!(error.internal, Some(("SELECT ä, x".into(), 7)));
    assert!(error.where_.unwrap().contains("PL/pgSQL"));
}

#[tokio::test]
async fn notices_belong_to_their_statement() {
    let database = TestServer::get().database();
    let session = connect(&database.url()).await.unwrap();
    session.take_notices();
    session
        .execute("DO $$ BEGIN RAISE NOTICE 'one' USING HINT = 'h'; RAISE WARNING 'two'; END $$")
        .await
        .unwrap();
    let notices = session.take_notices();
    let shown: Vec<_> = notices
        .iter()
        .map(|n| (n.severity.as_str(), n.message.as_str()))
        .collect();
    assert_eq!(shown, [("NOTICE", "one"), ("WARNING", "two")]);
    assert_eq!(notices[0].hint.as_deref(), Some("h"));
    assert!(session.take_notices().is_empty());
}

#[tokio::test]
async fn a_running_statement_can_be_cancelled() {
    let database = TestServer::get().database();
    let session = connect(&database.url()).await.unwrap();
    let other = connect(&database.url()).await.unwrap();
    let canceller = session.canceller();
    let pid = session.backend_pid();
    let watch = async {
        let active = format!(
            "SELECT FROM pg_stat_activity WHERE pid = {pid} AND query ~ 'pg_sleep' AND state = 'active'"
        );
        while other.texts(&active).await.unwrap().is_empty() {}
        canceller.cancel().await.unwrap();
    };
    let (outcome, ()) = tokio::join!(session.execute("SELECT pg_sleep(60)"), watch);
    let error = outcome.unwrap_err();
    assert_eq!(error.sqlstate.as_deref(), Some("57014"));
    assert_eq!(error.exit(), Exit::Busy);
}

#[tokio::test]
async fn a_session_that_was_ended_says_why() {
    let database = TestServer::get().database();
    let session = connect(&database.url()).await.unwrap();
    let other = connect(&database.url()).await.unwrap();
    other
        .execute(&format!(
            "SELECT pg_terminate_backend({})",
            session.backend_pid()
        ))
        .await
        .unwrap();
    // The first statement may still meet the old connection; it fails either way.
    let error = session.execute("SELECT 1").await.unwrap_err();
    assert!(error.connection_lost(), "{error:?}");
    assert_eq!(error.exit(), Exit::Connect);
}

#[tokio::test]
async fn who_is_not_there_is_named() {
    let error = refused(connect("postgres://u@host.invalid/d").await);
    assert!(
        matches!(error, ConnectError::UnknownHost { .. }),
        "{error:?}"
    );
    let error = refused(connect("postgres://u@127.0.0.1:1/d").await);
    assert!(matches!(error, ConnectError::Refused { .. }), "{error:?}");
    let error = refused(connect("host=/nowhere user=u").await);
    assert!(matches!(error, ConnectError::Refused { .. }), "{error:?}");
    let server = TestServer::get();
    let error = refused(connect(&server.url("no_such_database")).await);
    assert!(
        matches!(error, ConnectError::UnknownDatabase { .. }),
        "{error:?}"
    );
    let url = server
        .url("postgres")
        .replace("user=postgres", "user=no_such_role");
    if !url.starts_with("postgresql:///") {
        return;
    }
    let error = refused(connect(&url).await);
    assert!(matches!(error, ConnectError::Rejected { .. }), "{error:?}");
}

/// A server on TCP with TLS that asks for passwords.
struct TcpServer {
    folder: PathBuf,
    port: u16,
    process: Child,
}

impl TcpServer {
    async fn start() -> TcpServer {
        let bin = TestServer::get().bin().to_owned();
        let account = Account::find().unwrap();
        let folder = tempfile::Builder::new()
            .prefix("schemactl-tcp")
            .tempdir_in("/tmp")
            .unwrap()
            .keep();
        let command = |program: &Path| {
            let mut command = Command::new(program);
            command
                .env_clear()
                .env("LC_ALL", "C")
                .env("PATH", "/usr/bin:/bin")
                .current_dir("/");
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            if account.other {
                command.uid(account.uid).gid(account.gid);
            }
            command
        };
        certificates(&folder);
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            chown(&path, Some(account.uid), Some(account.gid)).unwrap();
        }
        fs::write(folder.join("password"), "geheim").unwrap();
        for path in [folder.join("password"), folder.clone()] {
            chown(&path, Some(account.uid), Some(account.gid)).unwrap();
        }
        let data = folder.join("data");
        let made = command(&bin.join("initdb"))
            .args([
                "--username=postgres",
                "--auth=scram-sha-256",
                "--no-sync",
                "--pgdata",
            ])
            .arg(&data)
            .arg("--pwfile")
            .arg(folder.join("password"))
            .status()
            .unwrap();
        assert!(made.success());
        fs::write(
            data.join("pg_hba.conf"),
            "hostssl all certified 127.0.0.1/32 cert\n\
             hostssl all all all scram-sha-256\nhostnossl postgres all all scram-sha-256\n",
        )
        .unwrap();
        let mut settings = fs::read_to_string(data.join("postgresql.conf")).unwrap();
        settings.push_str("ssl = on\n");
        fs::write(data.join("postgresql.conf"), settings).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut postgres = command(&bin.join("postgres"));
        postgres
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg("")
            .arg("-p")
            .arg(port.to_string());
        for setting in [
            "listen_addresses=127.0.0.1".to_owned(),
            "fsync=off".into(),
            "password_encryption=scram-sha-256".into(),
            format!("ssl_cert_file={}", folder.join("server.crt").display()),
            format!("ssl_key_file={}", folder.join("server.key").display()),
            format!("ssl_ca_file={}", folder.join("ca.crt").display()),
        ] {
            postgres.arg("-c").arg(setting);
        }
        let process = postgres.spawn().unwrap();
        let server = TcpServer {
            folder,
            port,
            process,
        };
        let target = Target::parse(&server.url("127.0.0.1", "")).unwrap();
        let ready = async {
            while Session::connect(&target, "ready").await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), ready)
            .await
            .expect("the server starts");
        server
    }

    fn url(&self, host: &str, query: &str) -> String {
        format!(
            "postgres://postgres:geheim@{host}:{}/postgres?{query}",
            self.port
        )
    }

    fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

impl Drop for TcpServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// An authority, another one, a certificate for `localhost` and a client's.
fn certificates(folder: &Path) {
    let openssl = |arguments: &str| {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder)
            .output()
            .expect("openssl is installed");
        assert!(
            output.status.success(),
            "{arguments}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    for name in ["ca", "other"] {
        openssl(&format!(
            "req -x509 {key} -days 30 -subj /CN={name} -keyout {name}.key -out {name}.crt"
        ));
    }
    for (name, subject) in [("server", "localhost"), ("client", "certified")] {
        openssl(&format!(
            "req {key} -subj /CN={subject} -keyout {name}.key -out {name}.csr"
        ));
        fs::write(
            folder.join("ext"),
            format!("subjectAltName=DNS:{subject}\n"),
        )
        .unwrap();
        openssl(&format!(
            "x509 -req -in {name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile ext -out {name}.crt"
        ));
    }
}

async fn uses_tls(session: &Session) -> bool {
    let rows = session
        .texts("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        .await
        .unwrap();
    rows[0][0].as_deref() == Some("t")
}

#[tokio::test]
async fn tls_checks_what_the_mode_asks_for() {
    let server = TcpServer::start().await;
    let ca = format!("sslrootcert={}", server.file("ca.crt"));
    let other = format!("sslrootcert={}", server.file("other.crt"));

    for (host, query, expected) in [
        ("localhost", "sslmode=disable".to_owned(), Some(false)),
        ("localhost", "sslmode=prefer".into(), Some(true)),
        ("127.0.0.1", "sslmode=require".into(), Some(true)),
        ("localhost", format!("sslmode=verify-full&{ca}"), Some(true)),
        ("127.0.0.1", format!("sslmode=verify-ca&{ca}"), Some(true)),
        (
            "localhost",
            format!("sslmode=verify-full&{ca}&channel_binding=require"),
            Some(true),
        ),
        ("127.0.0.1", format!("sslmode=verify-full&{ca}"), None),
        ("localhost", format!("sslmode=verify-full&{other}"), None),
        ("localhost", format!("sslmode=verify-ca&{other}"), None),
        // With a root at hand `require` verifies, as libpq does.
        ("localhost", format!("sslmode=require&{other}"), None),
        (
            "localhost",
            format!(
                "sslmode=verify-full&sslrootcert={}",
                server.file("server.crt")
            ),
            Some(true),
        ),
    ] {
        match (connect(&server.url(host, &query)).await, expected) {
            (Ok(session), Some(tls)) => assert_eq!(uses_tls(&session).await, tls, "{host} {query}"),
            (Err(ConnectError::Certificate { .. }), None) => {}
            (outcome, _) => panic!("{host} {query}: {outcome:?}"),
        }
    }

    let missing =
        connect(&server.url("localhost", "sslmode=verify-ca&sslrootcert=/nowhere.pem")).await;
    assert!(
        matches!(missing, Err(ConnectError::TlsFile { .. })),
        "{missing:?}"
    );
}

#[tokio::test]
async fn passwords_and_certificates_of_clients_are_told_apart() {
    let server = TcpServer::start().await;
    let admin = connect(&server.url("127.0.0.1", "")).await.unwrap();
    for sql in ["CREATE ROLE certified LOGIN", "CREATE DATABASE tls_only"] {
        admin.execute(sql).await.unwrap();
    }

    let with = |user: &str, database: &str, query: &str| {
        format!(
            "postgres://{user}@127.0.0.1:{}/{database}?{query}",
            server.port
        )
    };
    let error = refused(connect(&with("postgres:falsch", "postgres", "")).await);
    assert!(
        matches!(error, ConnectError::WrongPassword { .. }),
        "{error:?}"
    );
    assert!(!format!("{error:?}").contains("falsch"));
    let bare = Surroundings {
        variables: Default::default(),
        home: None,
        user: None,
    };
    let target = Target::parse_in(&with("postgres", "postgres", ""), &bare).unwrap();
    let error = refused(Session::connect(&target, "test").await);
    assert!(
        matches!(error, ConnectError::NoPassword { .. }),
        "{error:?}"
    );
    let error = refused(connect(&with("postgres:geheim", "tls_only", "sslmode=disable")).await);
    assert!(matches!(error, ConnectError::Rejected { .. }), "{error:?}");

    let client = format!(
        "sslcert={}&sslkey={}",
        server.file("client.crt"),
        server.file("client.key")
    );
    let session = connect(&with(
        "certified",
        "postgres",
        &format!("sslmode=require&{client}"),
    ))
    .await
    .unwrap();
    assert_eq!(session.target().user(), "certified");

    // The password file counts only where nobody else may read it.
    let passfile = server.folder.join("pgpass");
    fs::write(
        &passfile,
        format!("127.0.0.1:{}:*:postgres:geheim\n", server.port),
    )
    .unwrap();
    let query = format!("passfile={}", passfile.display());
    let parse = || Target::parse_in(&with("postgres", "postgres", &query), &bare).unwrap();
    fs::set_permissions(&passfile, fs::Permissions::from_mode(0o644)).unwrap();
    match Session::connect(&parse(), "test").await {
        Err(ConnectError::NoPassword { note, .. }) => assert!(note.contains("chmod 600"), "{note}"),
        outcome => panic!("{outcome:?}"),
    }
    fs::set_permissions(&passfile, fs::Permissions::from_mode(0o600)).unwrap();
    Session::connect(&parse(), "test").await.unwrap();
}

#[tokio::test]
async fn a_server_without_tls_is_named() {
    let server = TcpServer::start().await;
    let admin = connect(&server.url("127.0.0.1", "")).await.unwrap();
    admin.execute("ALTER SYSTEM SET ssl = off").await.unwrap();
    admin.execute("SELECT pg_reload_conf()").await.unwrap();
    let url = server.url("127.0.0.1", "sslmode=require");
    let error = loop {
        // The postmaster reads its files when the signal arrives.
        if let Err(error) = connect(&url).await {
            break refused(Err(error));
        }
    };
    assert!(matches!(error, ConnectError::NoTls { .. }), "{error:?}");
    let plain = connect(&server.url("127.0.0.1", "sslmode=prefer"))
        .await
        .unwrap();
    assert!(!uses_tls(&plain).await);
}

/// The pooler's one connection, and what the server said at its start.
type Backend = (UnixStream, Vec<u8>);

/// A pooler in transaction mode at its smallest: every client gets the one backend, statement by statement.
async fn pooler(server: PathBuf, folder: &Path) {
    let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
    let backend: Arc<Mutex<Option<Backend>>> = Arc::default();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (backend, server) = (backend.clone(), server.clone());
            tokio::spawn(async move {
                let length = client.read_u32().await.unwrap();
                let mut startup = length.to_be_bytes().to_vec();
                startup.resize(length as usize, 0);
                client.read_exact(&mut startup[4..]).await.unwrap();
                let greeting = {
                    let mut backend = backend.lock().await;
                    if backend.is_none() {
                        let mut stream = UnixStream::connect(&server).await.unwrap();
                        stream.write_all(&startup).await.unwrap();
                        let greeting = until_ready(&mut stream).await;
                        *backend = Some((stream, greeting));
                    }
                    backend.as_ref().unwrap().1.clone()
                };
                client.write_all(&greeting).await.unwrap();
                while let Ok(kind) = client.read_u8().await {
                    let length = client.read_u32().await.unwrap();
                    let mut message = vec![kind];
                    message.extend(length.to_be_bytes());
                    message.resize(length as usize + 1, 0);
                    client.read_exact(&mut message[5..]).await.unwrap();
                    if kind == b'X' {
                        return;
                    }
                    let mut backend = backend.lock().await;
                    let (stream, _) = backend.as_mut().unwrap();
                    stream.write_all(&message).await.unwrap();
                    let answer = until_ready(stream).await;
                    client.write_all(&answer).await.unwrap();
                }
            });
        }
    });
}

/// All messages up to ReadyForQuery.
async fn until_ready(stream: &mut UnixStream) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let kind = stream.read_u8().await.unwrap();
        let length = stream.read_u32().await.unwrap();
        let start = all.len();
        all.push(kind);
        all.extend(length.to_be_bytes());
        all.resize(start + length as usize + 1, 0);
        stream.read_exact(&mut all[start + 5..]).await.unwrap();
        if kind == b'Z' {
            return all;
        }
    }
}

#[tokio::test]
async fn a_pooler_in_transaction_mode_is_refused() {
    let cluster = crate::scratch::cluster().await;
    let folder = tempfile::tempdir().unwrap();
    let socket = PathBuf::from(&cluster.session().target().hosts()[0].name).join(".s.PGSQL.5432");
    pooler(socket, folder.path()).await;
    let pooled = connect(&format!(
        "host={} user=postgres dbname=postgres",
        folder.path().display()
    ))
    .await
    .unwrap();
    match pooled.refuse_pooler().await {
        Err(ConnectError::Pooler { pid, .. }) => assert_eq!(pid, pooled.backend_pid()),
        outcome => panic!("{outcome:?}"),
    }
    let (first, second) = (cluster.target("postgres"), cluster.target("postgres"));
    let first = Session::connect(&first, "test").await.unwrap();
    let second = Session::connect(&second, "test").await.unwrap();
    refuse_shared_backend(&first, &second).await.unwrap();
    first.refuse_pooler().await.unwrap();
}

#[tokio::test]
async fn service_files_and_variables_fill_what_the_url_leaves_out() {
    let cluster = crate::scratch::cluster().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("services");
    let socket = cluster.session().target().hosts()[0].name.clone();
    fs::write(
        &file,
        format!("[mine]\nhost={socket}\nuser=postgres\ndbname=elsewhere\n"),
    )
    .unwrap();
    let around = |service: &str| Surroundings {
        variables: [
            ("PGSERVICEFILE", file.to_str().unwrap()),
            ("PGSERVICE", service),
            ("PGUSER", "nobody_here"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        home: None,
        user: None,
    };
    let target = Target::parse_in("dbname=postgres", &around("mine")).unwrap();
    let session = Session::connect(&target, "test").await.unwrap();
    assert_eq!(session.target().label(), format!("postgres@{socket}:5432"));
    let unknown = Target::parse_in("", &around("yours")).unwrap_err();
    assert!(matches!(unknown, ConnectError::UnknownService { .. }));
    assert_eq!(unknown.exit(), Exit::Input);
}

#[tokio::test]
async fn child_processes_connect_by_variables() {
    let server = TestServer::get();
    let database = server.database();
    let target = Target::parse(&database.url()).unwrap();
    let output = Command::new(server.bin().join("pg_dump"))
        .arg("--schema-only")
        .envs(target.environment())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("PostgreSQL database dump"));
}

/// `tls` of the project file: the authority and the client's certificate, from the project's folder; a mode that checks holds
/// whatever the URL says.
#[tokio::test]
async fn the_project_file_says_how_a_connection_is_secured() {
    let server = TcpServer::start().await;
    let admin = connect(&server.url("127.0.0.1", "")).await.unwrap();
    admin.execute("CREATE ROLE certified LOGIN").await.unwrap();
    let walk = crate::cli_support::Walk::new();
    for name in ["ca.crt", "other.crt", "client.crt", "client.key"] {
        fs::copy(server.file(name), walk.path(name)).unwrap();
    }
    let certified = format!("postgres://certified@localhost:{}/postgres", server.port);
    let run = |tls: &str, url: &str| {
        walk.write(
            "schemactl.kdl",
            &format!("project app edition=1\nenvironment a {{ url {url:?}; {tls} }}\n"),
        );
        walk.run(&["inspect", "--project", "app", "--env", "a"])
    };
    run(
        "tls verify-full ca=\"ca.crt\" cert=\"client.crt\" key=\"client.key\"",
        &certified,
    )
    .ends(0);
    run("tls verify-full ca=\"ca.crt\"", &certified).ends(5);
    let weak = server.url("localhost", "sslmode=disable");
    run("tls verify-full ca=\"ca.crt\"", &weak).ends(0);
    run("tls verify-full ca=\"other.crt\"", &weak)
        .ends(5)
        .says("connect::certificate");
    run("tls require ca=\"other.crt\"", &weak)
        .ends(5)
        .says("verify-ca");
    // A URL that checks is not weakened.
    let strict = server.url("localhost", "sslmode=verify-full");
    run("tls prefer ca=\"other.crt\"", &strict)
        .ends(5)
        .says("verify-full");
    run("tls verify-ca ca=\"nowhere.crt\"", &weak)
        .ends(5)
        .says("connect::tls_file");
}
