//! The library as programs use it: the programs of `examples/` on a real PostgreSQL, what is refused, and several instances that
//! start at once.

use schemactl::embed::{Apply, Error, Exit, Project};

use crate::cli_support::Walk;
use crate::support::TestServer;

#[path = "../../examples/guard.rs"]
mod guard;
#[path = "../../examples/start.rs"]
mod start;

const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop");

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn a_service_starts_and_its_tests_look_at_the_database() {
    let live = TestServer::get().database();
    let url = live.url();
    runtime().block_on(async {
        let log = start::start(SHOP, &url).await.unwrap();
        assert!(log[0].starts_with("pending 000001"), "{log:#?}");
        assert!(
            log.iter().any(|it| it.starts_with("done 000001")),
            "{log:#?}"
        );
        assert_eq!(log.last().unwrap(), "3 applied", "{log:#?}");
        assert_eq!(start::start(SHOP, &url).await.unwrap(), ["0 applied"]);
        assert_eq!(
            guard::differences(SHOP, &url).await.unwrap(),
            Vec::<String>::new()
        );
        assert!(guard::objects(SHOP, &url).await.unwrap() > 10);
        let database = Project::load(SHOP).unwrap().connect(&url).await.unwrap();
        let status = database.status().await.unwrap();
        assert_eq!(status.at[""].as_str(), "000003");
        assert!(status.pending.is_empty() && status.altered.is_empty());
    });
    // The command line sees the same history, record and all.
    let walk = Walk::new();
    let run = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--project", SHOP, "--url", &url]);
        walk.run(&all)
    };
    run(&["drift"]).ends(0).says("no drift");
    run(&["log"]).ends(0).says("shop-service 1.4");
    live.psql("CREATE TABLE catalog.by_hand (id int)");
    run(&["drift"]).ends(2);
}

#[test]
fn several_instances_start_at_once() {
    let live = TestServer::get().database();
    let url = live.url();
    let logs = runtime().block_on(async {
        let starts = (0..6).map(|_| start::start(SHOP, &url));
        futures_util::future::join_all(starts).await
    });
    let mut applied: Vec<String> = logs
        .into_iter()
        .map(|log| log.unwrap().pop().unwrap())
        .collect();
    applied.sort();
    let one = applied.iter().filter(|it| *it == "3 applied").count();
    let others = applied.iter().filter(|it| *it == "0 applied").count();
    assert_eq!((one, others), (1, 5), "{applied:?}");
}

#[test]
fn what_is_refused_has_a_type_and_changes_nothing() {
    let live = TestServer::get().database();
    let url = live.url();
    let walk = Walk::new();
    let with = "schema app {\n    table a {\n        column id int primary-key\n        column note text\n    }\n}\n";
    walk.write("schema/app.kdl", with);
    walk.on(&url, &["diff", "first"]).ends(0);
    let folder = walk.path("");
    let apply = |options: Apply| {
        let (folder, url) = (folder.clone(), url.clone());
        runtime().block_on(async move {
            let mut database = Project::load(&folder)?.connect(&url).await?;
            database.apply(&options, &mut |_| {}).await
        })
    };
    assert_eq!(apply(Apply::default()).unwrap().len(), 1);
    walk.write(
        "schema/app.kdl",
        &with.replace("        column note text\n", ""),
    );
    walk.on(&url, &["diff", "second", "--drop", "column:app.a.note"])
        .ends(0);
    let error = apply(Apply::default()).unwrap_err();
    assert!(
        matches!(&error, Error::LosesData { hazards } if hazards[0].contains("app.a.note")),
        "{error:?}"
    );
    assert_eq!(error.exit(), Exit::Refused);
    let allowed = Apply {
        allow_data_loss: true,
        ..Apply::default()
    };
    assert_eq!(apply(allowed).unwrap().len(), 1);
    walk.run(&["new", "third", "--project", "app"]).ends(0);
    let error = apply(Apply::default()).unwrap_err();
    assert!(matches!(&error, Error::Unproven { files } if files.len() == 1));
    let file = walk.generated().pop().unwrap();
    let file = file.replace(".down.", ".up.");
    let text = walk.read(&format!("generated/{file}"));
    walk.write(
        &format!("generated/{file}"),
        &format!("{text}\nSELECT 1 / 0;\n"),
    );
    let unproven = Apply {
        allow_unproven: true,
        ..Apply::default()
    };
    let error = apply(unproven).unwrap_err();
    assert!(matches!(error, Error::Run(_)), "{error:?}");
    assert!(error.to_string().contains("division by zero"), "{error}");
    walk.write("schema/app.kdl", "schema app {\n    tabel a\n}\n");
    let error = Project::load(&folder).unwrap().check().unwrap_err();
    assert_eq!(error.exit(), Exit::Input);
    let error = runtime().block_on(
        Project::load(&folder)
            .unwrap()
            .connect("postgres://127.0.0.1:1/no"),
    );
    assert!(matches!(error.unwrap_err(), Error::Connect(_)));
    assert!(matches!(Project::load("/nowhere"), Err(Error::Config(_))));
}

#[test]
fn a_start_does_what_its_environment_says() {
    let (walk, live) = (Walk::new(), TestServer::get().database());
    let url = live.url();
    let project = |on_start: &str| {
        walk.write(
            "schemactl.kdl",
            &format!("project app edition=1\nenvironment dev {{ {on_start} }}\nenvironment live {{ protected; on-start rebuild }}\n"),
        );
        Project::load(walk.path("")).unwrap()
    };
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id int } }\n",
    );
    project("");
    walk.on(&url, &["diff", "one"]).ends(0);
    let start = |on_start: &str, environment: &str| {
        let project = project(on_start);
        runtime().block_on(project.start(environment, &url, &Apply::default(), &mut |_| {}))
    };
    let nothing = start("", "dev").unwrap();
    assert!(nothing.applied.is_empty() && !nothing.rebuilt);
    drop(nothing);
    let refused = start("", "live").unwrap_err();
    assert!(matches!(refused, Error::Protected { .. }), "{refused}");
    let applied = start("on-start apply", "dev").unwrap();
    assert_eq!(applied.applied.len(), 1);
    drop(applied);
    live.psql("CREATE TABLE app.by_hand (id int); INSERT INTO app.t VALUES (1)");
    let rebuilt = start("on-start rebuild", "dev").unwrap();
    assert!(rebuilt.rebuilt && rebuilt.applied.len() == 1);
    drop(rebuilt);
    assert_eq!(live.psql("SELECT count(*) FROM app.t").trim(), "0");
    assert_eq!(
        live.psql("SELECT to_regclass('app.by_hand') IS NULL")
            .trim(),
        "t"
    );
    let unknown = start("", "nowhere").unwrap_err();
    assert_eq!(unknown.exit(), Exit::Input, "{unknown}");
}
