//! What surrounds the program: help, completions, manual pages, the hooks of pre-commit, and the review that the GitHub
//! Action writes under a pull request.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli_support::{Run, Walk};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The commands that `schemactl PATH --help` lists.
fn commands(walk: &Walk, path: &[&str]) -> Vec<String> {
    let mut arguments = path.to_vec();
    arguments.push("--help");
    let help = walk.run(&arguments).ends(0).out;
    let Some((_, list)) = help.split_once("\nCommands:\n") else {
        return Vec::new();
    };
    list.lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|word| *word != "help")
        .map(str::to_owned)
        .collect()
}

/// That each example of every command is one is tested beside the examples; here it is shown.
#[test]
fn every_help_has_an_example_and_every_command_a_page() {
    let walk = Walk::new();
    let folder = walk.path("pages");
    let pages = walk
        .run(&["man", "--output", &folder.display().to_string()])
        .ends(0)
        .out;
    let mut all = commands(&walk, &[]);
    assert!(all.len() > 30, "{all:?}");
    all.extend(
        commands(&walk, &["postgres"])
            .iter()
            .map(|name| format!("postgres-{name}")),
    );
    for command in &all {
        let name = format!("schemactl-{command}");
        let page = std::fs::read_to_string(folder.join(format!("{name}.1"))).unwrap();
        assert!(
            page.contains(&format!(".TH {} 1", name.to_uppercase())),
            "{page}"
        );
        assert!(page.contains(".SH EXAMPLES\n.nf\n"), "{page}");
    }
    assert!(pages.lines().count() > all.len(), "{pages}");
    for path in [vec!["apply"], vec!["postgres", "install"]] {
        let mut words = path.clone();
        words.push("--help");
        let example = format!("\nExamples:\n  schemactl {}", path.join(" "));
        let help = walk.run(&words).ends(0).out;
        assert!(help.contains(&example), "{help}");
    }
    let one = walk.run(&["man", "postgres", "install"]).ends(0).out;
    assert_eq!(
        one,
        std::fs::read_to_string(folder.join("schemactl-postgres-install.1")).unwrap()
    );
    walk.run(&["man", "aply"])
        .ends(4)
        .says("did you mean `apply`?");
}

#[test]
fn bash_completes_commands_and_flags() {
    let walk = Walk::new();
    let script = walk.path("completions.bash");
    std::fs::write(&script, walk.run(&["completions", "bash"]).ends(0).out).unwrap();
    let complete = |words: &[&str]| {
        let asked = format!(
            "source '{}'; COMP_WORDS=({}); COMP_CWORD={}; _schemactl schemactl '{}' ''; echo \"${{COMPREPLY[*]}}\"",
            script.display(),
            words.join(" "),
            words.len() - 1,
            words[words.len() - 1],
        );
        let run = Run::from(
            Command::new("bash")
                .args(["--norc", "-c", &asked])
                .output()
                .unwrap(),
        );
        run.ends(0).out.trim().to_owned()
    };
    assert_eq!(complete(&["schemactl", "roll"]), "rollback");
    assert_eq!(complete(&["schemactl", "rollback", "--st"]), "--steps");
    assert_eq!(complete(&["schemactl", "postgres", "ins"]), "install");
    for (shell, says) in [
        ("zsh", "#compdef schemactl"),
        ("fish", "complete -c schemactl"),
        (
            "powershell",
            "Register-ArgumentCompleter -Native -CommandName 'schemactl'",
        ),
    ] {
        walk.run(&["completions", shell]).ends(0).says(says);
    }
    assert_eq!(complete(&["schemactl", "explain", "drif"]), "drift");
    // What a project calls its environments the shell asks for, in the folder where it stands.
    let asks = "schemactl completions --environments 2>/dev/null";
    for (shell, says) in [
        ("bash", format!("COMPREPLY=($(compgen -W \"$({asks})\"")),
        ("zsh", format!("all=(${{(f)\"$({asks})\"}})")),
        ("zsh", "file]:NAME:_schemactl_environments'".to_owned()),
        (
            "fish",
            format!("-l env -d 'The environment of the project file' -r -f -a \"({asks})\""),
        ),
    ] {
        walk.run(&["completions", shell]).ends(0).says(&says);
    }
    walk.run(&["completions", "tcsh"]).ends(4);
}

#[test]
fn the_hooks_of_pre_commit_run() {
    let hooks = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let entries: Vec<&str> = hooks
        .lines()
        .filter_map(|line| line.trim().strip_prefix("entry: schemactl "))
        .collect();
    assert_eq!(entries, ["fmt", "check"]);
    let walk = Walk::new();
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id   bigint; }; }",
    );
    let file = walk.path("schema/app.kdl").display().to_string();
    // pre-commit sees that the file was changed; the second run changes nothing.
    walk.run(&["fmt", &file]).ends(0);
    assert_eq!(
        walk.read("schema/app.kdl"),
        "schema app { table t { column id bigint } }\n"
    );
    assert_eq!(walk.run(&["fmt", &file]).ends(0).out, "");
    walk.run(&["check", "--project", "app"]).ends(0);
    walk.write(
        "schema/app.kdl",
        "schema app { table t { colum id bigint } }\n",
    );
    walk.run(&["check", "--project", "app"]).ends(4);
}

/// A repository whose second commit brings a migration; the review of the pull request that would bring it.
#[test]
fn the_review_shows_what_a_pull_request_would_run() {
    let walk = Walk::new();
    let git = |arguments: &[&str]| {
        let run = Command::new("git")
            .args([
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.org",
                "-c",
                "init.defaultBranch=main",
            ])
            .args(arguments)
            .current_dir(walk.path(""))
            .output()
            .unwrap();
        Run::from(run).ends(0)
    };
    let review = |limit: &str| {
        let run = Command::new("bash")
            .arg(root().join("action/review.sh"))
            .env("SCHEMACTL", env!("CARGO_BIN_EXE_schemactl"))
            .env("BASE", "HEAD~1")
            .env("LIMIT", limit)
            .current_dir(walk.path(""))
            .output()
            .unwrap();
        Run::from(run)
    };
    walk.write(".gitignore", ".schemactl/\n");
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "one"]);
    walk.write(
        "schema/app.kdl",
        "schema app { table t { column id bigint comment=\"a ```` fence, </details>\" } }\n",
    );
    let project = walk.path("").display().to_string();
    walk.run(&["diff", "one", "--from", "migrations", "--project", &project])
        .ends(0);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "two"]);
    let run = review("60000").ends(0);
    assert!(run.out.starts_with("<!-- schemactl . -->\n## "), "{run:?}");
    let up = run
        .out
        .split("<details>")
        .find(|part| part.contains("000001_one.up.sql"))
        .unwrap();
    // Who reads from above meets the way there first.
    let place = |name: &str| run.out.find(name).unwrap();
    assert!(place("000001_one.up.sql") < place("000001_one.down.sql"));
    // The fence is longer than the one in the comment.
    assert!(up.contains("\n`````sql\n"), "{up}");
    assert!(up.contains("CREATE TABLE app.t"), "{up}");
    assert!(up.contains("\nProven: up and down on PostgreSQL"), "{up}");
    let down = run
        .out
        .split("<details>")
        .find(|part| part.contains("000001_one.down.sql"))
        .unwrap();
    assert!(down.contains("hazards: "), "{down}");
    assert!(down.contains("data-loss"), "{down}");
    let short = review("700").ends(0);
    assert!(short.out.len() < 800, "{short:?}");
    assert!(short.out.contains("more files than fit here"), "{short:?}");
    walk.write("schema/app.kdl", "schema app { tabel t }\n");
    let broken = review("60000").ends(4);
    assert!(
        broken.out.contains("## schemactl: mistakes in the files"),
        "{broken:?}"
    );
    assert!(broken.out.contains("did you mean `table`?"), "{broken:?}");
}

#[test]
fn the_action_and_the_image_name_what_is_there() {
    use std::os::unix::fs::PermissionsExt;
    let action = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let mut scripts = 0;
    for entry in std::fs::read_dir(root().join("action")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(action.contains(&format!("/action/{name}")), "{name}");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{name}");
        let parsed = Command::new("bash").arg("-n").arg(&path).output().unwrap();
        Run::from(parsed).ends(0);
        scripts += 1;
    }
    assert_eq!(scripts, action.matches("/action/").count());
    // No value of others stands in the text of a script.
    let (mut in_script, mut runs) = (0, 0);
    for line in action.lines() {
        let indent = line.len() - line.trim_start().len();
        if line.trim_start().starts_with("run: ") {
            in_script = indent;
            runs += 1;
            let named = line.trim_start() == "run: |"
                || line.contains("run: ${{ github.action_path }}/action/")
                || !line.contains("${{");
            assert!(named, "{line}");
        } else if in_script > 0 && indent > in_script {
            assert!(!line.contains("${{"), "{line}");
        } else {
            in_script = 0;
        }
    }
    assert!(runs >= 5, "{runs}");
    let image = std::fs::read_to_string(root().join("Dockerfile")).unwrap();
    let ignored = std::fs::read_to_string(root().join(".dockerignore")).unwrap();
    let mut copied = 0;
    for line in image
        .lines()
        .filter(|line| line.starts_with("COPY ") && !line.contains("--from"))
    {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        for name in &words[..words.len() - 1] {
            assert!(root().join(name).exists(), "{name}");
            assert!(ignored.lines().any(|it| it == format!("!{name}")), "{name}");
            copied += 1;
        }
    }
    assert!(copied >= 4, "{copied}");
}
