//! The words behind `--allow`. The rule: each one names something that can be allowed; a word that nothing knows is a
//! mistake that is said before anything is done, for who gave it means to have allowed something.

use super::context::Context;
use super::failure::Failure;
use crate::kdl::nearest;
use crate::lint::catalogue::HAZARDS;
use crate::model::Exit;

/// The word that lets migrations run in a database that has drifted, where the environment refuses it.
pub(super) const DRIFT: &str = "drift";
/// The word that takes the stored ways back of a database from which the project has no file.
pub(super) const NO_FILES: &str = "no-files";
/// The word that lets a migration run out of its order.
pub(super) const OUT_OF_ORDER: &str = "out-of-order";
/// The word that lets migrations run outside of the window.
pub(super) const OUT_OF_WINDOW: &str = "out-of-window";
/// The word that lets the rows of a table become more or fewer where the environment has them counted.
pub(super) const ROW_COUNTS: &str = "row-counts";

/// Words that stand alone.
const ALONE: [&str; 2] = [DRIFT, NO_FILES];
/// Words with what they are about, beside the codes of hazards.
const ABOUT: [(&str, &str); 3] = [
    (OUT_OF_ORDER, "VERSION"),
    (OUT_OF_WINDOW, "ENVIRONMENT"),
    (ROW_COUNTS, "TABLE"),
];

/// Refuses words that nothing knows, all in one go.
pub(super) fn known(context: &Context) -> Result<(), Failure> {
    let words = &context.global.allow;
    if words.iter().all(|word| mistake(word, &[]).is_none()) {
        return Ok(());
    }
    // Rules of the project's own are known by its file alone.
    let workspace = context.project_or_none("--allow").ok().flatten();
    let rules = workspace.iter().flat_map(|it| &it.project.lint.rules);
    let own: Vec<&str> = rules.map(|rule| rule.name.value.as_str()).collect();
    let mistakes = words.iter().filter_map(|word| {
        let (message, help) = mistake(word, &own)?;
        Some(Failure::said(
            "cli::allow",
            Exit::Input,
            format!("{message}; nothing was done"),
            &help,
        ))
    });
    let reports: Vec<miette::Report> = mistakes.flat_map(|failure| failure.reports).collect();
    if reports.is_empty() {
        return Ok(());
    }
    Err(Failure {
        reports,
        exit: Exit::Input,
    })
}

/// What is wrong with a word, and what to write.
fn mistake(word: &str, own: &[&str]) -> Option<(String, String)> {
    let (code, object) = match word.split_once(':') {
        Some((code, object)) => (code, Some(object)),
        None => (word, None),
    };
    let is_hazard = HAZARDS.iter().any(|it| it.code == code) || own.contains(&code);
    let about = ABOUT.iter().find(|(known, _)| *known == code);
    let about = about.map(|(_, about)| *about);
    let about = about.or(is_hazard.then_some("OBJECT"));
    match (about, object) {
        (Some(_), Some(object)) if !object.is_empty() => None,
        (Some(about), _) => Some((
            format!("`--allow {word}` does not say what it is about"),
            format!("write it as `--allow {code}:{about}`"),
        )),
        (None, _) if ALONE.contains(&word) => None,
        (None, Some(_)) if ALONE.contains(&code) => Some((
            format!("`--allow {word}` says more than there is"),
            format!("write `--allow {code}`"),
        )),
        (None, _) => {
            let known = HAZARDS
                .iter()
                .map(|it| it.code)
                .chain(ABOUT.iter().map(|(known, _)| *known))
                .chain(ALONE)
                .chain(own.iter().copied());
            let help = match nearest(code, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "docs/hazards.md has every code".to_owned(),
            };
            Some((
                format!("`--allow {word}`: there is nothing that is called `{code}`"),
                help,
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn a_word_that_nothing_knows_is_a_mistake() {
        for right in [
            "drop-table:auth.users",
            "drop-table:table auth.users",
            "drift",
            "no-files",
            "out-of-order:0004",
            "out-of-window:production",
            "row-counts:auth.users",
            "ours:auth.users",
        ] {
            assert_eq!(mistake(right, &["ours"]), None, "{right}");
        }
        let help = |word: &str| mistake(word, &[]).map(|(_, help)| help).unwrap();
        assert_eq!(help("drop-tabel:auth.users"), "did you mean `drop-table`?");
        assert_eq!(
            help("drop-table"),
            "write it as `--allow drop-table:OBJECT`"
        );
        assert_eq!(
            help("drop-table:"),
            "write it as `--allow drop-table:OBJECT`"
        );
        assert_eq!(
            help("out-of-order"),
            "write it as `--allow out-of-order:VERSION`"
        );
        assert_eq!(help("drift:auth"), "write `--allow drift`");
        assert_eq!(help("nonsense"), "docs/hazards.md has every code");
        assert_eq!(help(""), "docs/hazards.md has every code");
    }
}
