//! A service brings its database up to date when it starts: `cargo run --example start -- examples/shop postgres://localhost/shop`.
//! Several instances may start at once: one runs the migrations, the others wait for it.

use schemactl::embed::{Apply, Error, Event, Project};

/// Applies what is pending and gives the lines that a service would log.
pub(crate) async fn start(folder: &str, url: &str) -> Result<Vec<String>, Error> {
    let mut log = Vec::new();
    let mut database = Project::load(folder)?.connect(url).await?;
    let status = database.status().await?;
    if !status.missing.is_empty() {
        // An older program meets a newer database: whether it can work with that is for the service to say.
        log.push(format!("the database is ahead: {:?}", status.missing));
    }
    for migration in database.plan().await? {
        log.push(format!("pending {}", migration.label));
        log.extend(migration.hazards.iter().map(|it| format!("  {it}")));
    }
    let options = Apply {
        actor: Some("shop-service 1.4".to_owned()),
        ..Apply::default()
    };
    let mut progress = Vec::new();
    let applied = database
        .apply(&options, &mut |event| match event {
            Event::Finished { label, took, .. } => progress.push(format!("done {label} {took:?}")),
            Event::Waiting(holder) => progress.push(format!("waiting for {holder:?}")),
            _ => {}
        })
        .await?;
    log.extend(progress);
    log.push(format!("{} applied", applied.len()));
    Ok(log)
}

#[allow(dead_code, clippy::print_stdout, clippy::print_stderr)]
#[tokio::main]
async fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, url] = words.as_slice() else {
        eprintln!("start FOLDER URL");
        return std::process::ExitCode::from(4);
    };
    match start(folder, url).await {
        Ok(log) => {
            println!("{}", log.join("\n"));
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            error.exit().code().into()
        }
    }
}
