//! Any text of the language, however it is laid out and commented: formatting it loses nothing, and a second time changes
//! nothing.

use proptest::prelude::*;

use super::format::{comments, format, same_nodes};
use super::source::parse_text;
use super::{AsWritten, SourceId, prune};

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9_.-]{0,8}",
        Just("\"a b\"".to_owned()),
        Just("\"Ünï\"".to_owned()),
        Just("renamed-from".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => word(),
        1 => Just("#true".to_owned()),
        1 => Just("#null".to_owned()),
        1 => "-?[0-9]{1,4}(\\.[0-9]{1,3})?",
        1 => "#\"[a-z'\\\\ ]{0,9}\"#",
        1 => "\"[a-z' ]{0,9}(\\\\n|\\\\\"|\\\\\\\\|\\\\t)?[a-z ]{0,80}\"",
        1 => Just("(env)SECRET".to_owned()),
        1 => Just("\"\"\"\n  body\n    more\n  \"\"\"".to_owned()),
        1 => Just("0xff".to_owned()),
        1 => Just("r1".to_owned()),
    ]
}

fn space() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(" ".to_owned()),
        1 => Just("   ".to_owned()),
        1 => Just("\t".to_owned()),
        1 => Just(" /* in between */ ".to_owned()),
        1 => Just(" \\\n   ".to_owned()),
        1 => Just(" \\ // goes on\n ".to_owned()),
        1 => Just(" /- hidden ".to_owned()),
    ]
}

fn entry() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (space(), value()).prop_map(|(space, value)| format!("{space}{value}")),
        2 => (space(), word(), value()).prop_map(|(space, word, value)| format!("{space}{word}={value}")),
    ]
}

fn end() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => Just("\n".to_owned()),
        1 => Just(";".to_owned()),
        1 => Just(" ;  \n\n\n".to_owned()),
        1 => Just(" // behind\n".to_owned()),
        1 => Just("\n// below\n".to_owned()),
        1 => Just("\n   /* a\n block */\n".to_owned()),
        1 => Just("\r\n".to_owned()),
        1 => Just("\n/- node hidden { it }\n".to_owned()),
    ]
}

fn nodes() -> impl Strategy<Value = String> {
    let leaf = (word(), prop::collection::vec(entry(), 0..4), end())
        .prop_map(|(word, entries, end)| format!("{word}{}{end}", entries.concat()));
    leaf.prop_recursive(4, 24, 5, |inner| {
        (
            word(),
            prop::collection::vec(entry(), 0..4),
            prop::collection::vec(inner, 0..5),
            prop_oneof![Just(""), Just("\n"), Just(" // opened\n"), Just("  ")],
            end(),
        )
            .prop_map(|(word, entries, children, open, end)| {
                format!(
                    "{word}{} {{{open}{}}}{end}",
                    entries.concat(),
                    children.concat()
                )
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn formatting_loses_nothing_and_is_done_at_once(text in prop::collection::vec(nodes(), 0..4).prop_map(|all| all.concat())) {
        let (before, mistakes) = parse_text(SourceId::default(), &text);
        prop_assume!(mistakes.is_empty());
        let once = format(SourceId::default(), &text, &AsWritten)
            .map_err(|mistakes| TestCaseError::fail(format!("{mistakes:?}\n{text}")))?;
        let (after, _) = parse_text(SourceId::default(), &once);
        prop_assert!(same_nodes(&before, &after), "{text}\n---\n{once}");
        prop_assert_eq!(comments(&text), comments(&once));
        let twice = format(SourceId::default(), &once, &AsWritten)
            .map_err(|mistakes| TestCaseError::fail(format!("{mistakes:?}\n{once}")))?;
        prop_assert_eq!(&once, &twice, "formatted twice:\n{}\n---\n{}\n---\n{}", text, once, twice);
    }

    #[test]
    fn pruning_takes_the_word_and_nothing_else(text in prop::collection::vec(nodes(), 0..4).prop_map(|all| all.concat())) {
        let (_, mistakes) = parse_text(SourceId::default(), &text);
        prop_assume!(mistakes.is_empty());
        let words = ["renamed-from"];
        let Ok(pruned) = prune(SourceId::default(), &text, &words) else {
            return Err(TestCaseError::fail(format!("does not parse any more:\n{text}")));
        };
        let again = prune(SourceId::default(), &pruned.text, &words)
            .map_err(|mistakes| TestCaseError::fail(format!("{mistakes:?}")))?;
        prop_assert_eq!(again.words, 0);
        // A comment within the word itself goes with it.
        let mut before = comments(&text).into_iter();
        let all_are_kept = comments(&pruned.text)
            .iter()
            .all(|comment| before.any(|it| it == *comment));
        prop_assert!(all_are_kept, "{}\n---\n{}", text, pruned.text);
    }
}
