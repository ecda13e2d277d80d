//! A test of a service looks whether its database is what the KDL files say, and what it holds:
//! `cargo run --example guard -- examples/shop postgres://localhost/shop`.

use schemactl::embed::{Error, Project};

/// What differs, in lines; nothing where the database is what the files say.
pub(crate) async fn differences(folder: &str, url: &str) -> Result<Vec<String>, Error> {
    let project = Project::load(folder)?;
    // Mistakes in the files are said without any database.
    project.check()?;
    let database = project.connect(url).await?;
    let Some(difference) = database.diff().await? else {
        return Ok(Vec::new());
    };
    let changes = difference.changes.iter();
    let mut lines: Vec<String> = changes
        .map(|it| format!("{:?} {} {}", it.change, it.kind.name(), it.path))
        .collect();
    lines.push(difference.up);
    Ok(lines)
}

/// How many objects the project has in a database.
pub(crate) async fn objects(folder: &str, url: &str) -> Result<usize, Error> {
    let database = Project::load(folder)?.connect(url).await?;
    Ok(database.inspect().await?.objects.len())
}

#[allow(dead_code, clippy::print_stdout, clippy::print_stderr)]
#[tokio::main]
async fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, url] = words.as_slice() else {
        eprintln!("guard FOLDER URL");
        return std::process::ExitCode::from(4);
    };
    match (differences(folder, url).await, objects(folder, url).await) {
        (Ok(lines), Ok(objects)) if lines.is_empty() => {
            println!("{objects} objects, all as the files say");
            std::process::ExitCode::SUCCESS
        }
        (Ok(lines), Ok(_)) => {
            println!("{}", lines.join("\n"));
            std::process::ExitCode::from(2)
        }
        (Err(error), _) | (_, Err(error)) => {
            eprintln!("{error}");
            error.exit().code().into()
        }
    }
}
