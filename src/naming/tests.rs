use super::pattern::{DEFAULT_PATTERN, Numbering, Patterns};
use super::{Direction, Version};
use jiff::civil::date;

fn width(files: &str, rollback: Option<&str>, width: usize) -> Patterns {
    Patterns::new(files, rollback, Numbering::Width(width)).unwrap()
}

fn read(patterns: &Patterns, path: &str) -> Option<(Direction, String, String, Option<String>)> {
    patterns
        .read(path)
        .map(|(d, p)| (d, p.version, p.name, p.service))
}

#[test]
fn the_usual_patterns_are_read_and_written() {
    let up = Direction::Up;
    let down = Direction::Down;
    let some = |d, v: &str, n: &str, s: Option<&str>| {
        Some((d, v.to_owned(), n.to_owned(), s.map(str::to_owned)))
    };
    let usual = width(DEFAULT_PATTERN, None, 6);
    assert_eq!(usual, Patterns::default());
    assert_eq!(
        read(&usual, "000001_a_b.up.sql"),
        some(up, "000001", "a_b", None)
    );
    assert_eq!(
        read(&usual, "000001_a.up.down.sql"),
        some(down, "000001", "a.up", None)
    );
    assert_eq!(read(&usual, "a.up.sql"), None);
    assert_eq!(
        usual.path(down, &"000002".into(), "x", ""),
        "000002_x.down.sql"
    );

    let words = width(
        "migration-{number}-{name}.sql",
        Some("migration-{number}-rollback.sql"),
        3,
    );
    assert_eq!(
        read(&words, "migration-001-add-user-table.sql"),
        some(up, "001", "add-user-table", None)
    );
    assert_eq!(
        read(&words, "migration-001-rollback.sql"),
        some(down, "001", "", None)
    );
    assert_eq!(words.name("Add user's table"), "add-user-s-table");
    assert!(words.reads_back(up, &"001".into(), "add_user", ""));
    assert!(
        !words.reads_back(up, &"001".into(), "rollback", ""),
        "that would be the way back"
    );

    let front = width("{number}_{name}.sql", Some("down/rollback_{number}.sql"), 3);
    assert_eq!(
        read(&front, "down/rollback_001.sql"),
        some(down, "001", "", None)
    );
    assert_eq!(front.of(down).place(), ("down", 0));

    let dated = width("{date}_{number}_{service}_{name}.{direction}.sql", None, 3);
    assert_eq!(
        read(&dated, "20240101_001_auth_add_user.up.sql"),
        some(up, "20240101_001", "add_user", Some("auth"))
    );
    let known = dated.of_services(vec!["auth".into(), "auth_two".into()]);
    assert_eq!(
        read(&known, "20240101_001_auth_two_add_user.up.sql"),
        some(up, "20240101_001", "add_user", Some("auth_two"))
    );
    assert_eq!(read(&known, "20240101_001_crm_add_user.up.sql"), None);
    assert_eq!(
        known.path(up, &"20240101_002".into(), "x", "auth"),
        "20240101_002_auth_x.up.sql"
    );
}

#[test]
fn folders_may_stand_in_a_pattern() {
    let place = |pattern: &str| {
        let patterns = width(pattern, None, 6);
        let (folder, depth) = patterns.of(Direction::Up).place();
        (folder.to_owned(), depth)
    };
    assert_eq!(place("{number}_{name}.{direction}.sql"), (String::new(), 0));
    assert_eq!(place("{direction}/{number}_{name}.sql"), ("up".into(), 0));
    assert_eq!(place("sql/{number}/{direction}.sql"), ("sql".into(), 1));
    assert_eq!(
        place("a/b/{service}/{direction}/{number}.sql"),
        ("a/b".into(), 2)
    );
}

#[test]
fn the_next_version_follows_the_pattern() {
    let now = date(2026, 11, 21).at(2, 3, 4, 0);
    let next = |pattern: &str, numbering, taken: &[&str]| {
        let taken: Vec<Version> = taken.iter().map(|t| Version::from(*t)).collect();
        Patterns::new(pattern, None, numbering)
            .unwrap()
            .next(taken.iter(), now)
            .to_string()
    };
    let count = |taken: &[&str]| next(DEFAULT_PATTERN, Numbering::Width(3), taken);
    assert_eq!(count(&[]), "001");
    assert_eq!(count(&["7", "000012"]), "013");
    assert_eq!(count(&["999"]), "1000");
    let time = |taken: &[&str]| next(DEFAULT_PATTERN, Numbering::Timestamp, taken);
    assert_eq!(time(&[]), "20261121020304");
    assert_eq!(time(&["20261121020304"]), "20261121020305");
    assert_eq!(
        time(&["20261231235959"]),
        "20270101000000",
        "a clock that went ahead is gone on from"
    );
    let day = |taken: &[&str]| next(DEFAULT_PATTERN, Numbering::Date(3), taken);
    assert_eq!(day(&["20261120_009"]), "20261121_001");
    assert_eq!(day(&["20261121_001", "20261121_010"]), "20261121_011");
    assert_eq!(day(&["20261122_004", "20261121_010"]), "20261122_005");
    let daily = "{date}-{number}-{name}.{direction}.sql";
    assert_eq!(
        next(daily, Numbering::Width(2), &["20261121_1"]),
        "20261121_02"
    );
    let first = "{number}_{date}_{name}.{direction}.sql";
    assert_eq!(
        next(first, Numbering::Width(2), &["07_20261120"]),
        "08_20261121",
        "a number before the day goes on"
    );
}

#[test]
fn a_pattern_that_can_not_be_read_back_is_refused() {
    let wrong = |files: &str, rollback, numbering| {
        let error = Patterns::new(files, rollback, numbering).unwrap_err();
        (error.rollback, error.message)
    };
    for (pattern, part) in [
        ("{number}_{name}.sql", "the way there from the way back"),
        ("{name}.{direction}.sql", "has no number"),
        ("{date}.{direction}.sql", "has no number"),
        ("{number}{nam}.{direction}.sql", "stands for nothing"),
        ("{number", "not closed"),
        ("{number}{number}.{direction}.sql", "twice"),
        ("{number}{name}.{direction}.sql", "read in two ways"),
        ("{name}{number}.{direction}.sql", "read in two ways"),
        ("../{number}.{direction}.sql", "leads out"),
        ("/{number}.{direction}.sql", "leads out"),
        ("{number}.{direction}", "`.sql`"),
        (".{number}.{direction}.sql", "visible"),
    ] {
        let (rollback, message) = wrong(pattern, None, Numbering::Width(6));
        assert!(!rollback && message.contains(part), "{pattern}: {message}");
    }
    for (rollback, part) in [
        ("{number}_{name}.sql", "a way there and a way back"),
        ("{number}_{date}.sql", "the numbers of `files`"),
        ("x.sql", "has no number"),
    ] {
        let (of, message) = wrong("{number}_{name}.sql", Some(rollback), Numbering::Width(6));
        assert!(message.contains(part), "{rollback}: {message}");
        assert!(of || part.starts_with("a way"), "{rollback}: {message}");
    }
    let (_, message) = wrong(
        "{number}{timestamp}_{name}.{direction}.sql",
        None,
        Numbering::Timestamp,
    );
    assert!(message.contains("twice"), "{message}");
}

#[test]
fn names_become_file_names() {
    let patterns = Patterns::default();
    assert_eq!(patterns.name("  Add User-Phone/2 "), "add_user_phone_2");
    assert_eq!(patterns.name("../../etc"), "etc");
    assert_eq!(patterns.name("***"), "migration");
    assert_eq!(patterns.name("Größe"), "größe");
    assert!(patterns.name(&"é".repeat(300)).len() <= 120);
}
