//! No message shows a password: snippets and messages pass through here. The length in bytes stays, so spans still fit.

/// The text with the password of every `scheme://user:password@host` and every `password=…` made of stars.
pub(super) fn mask_passwords(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let stop =
        |byte: u8| byte.is_ascii_whitespace() || byte == b'"' || byte == b'\'' || byte == b'`';
    for (at, _) in text.match_indices("://") {
        let begin = at + 3;
        let length = text[begin..]
            .bytes()
            .take_while(|byte| !stop(*byte))
            .count();
        let address = &text.as_bytes()[begin..begin + length];
        // The last `@` ends the password: a careless one may hold `@` and `/` itself.
        let Some(end) = address.iter().rposition(|byte| *byte == b'@') else {
            continue;
        };
        let Some(colon) = address[..end].iter().position(|byte| *byte == b':') else {
            continue;
        };
        bytes[begin + colon + 1..begin + end].fill(b'*');
    }
    // ASCII lower case keeps the length.
    for (at, word) in text.to_ascii_lowercase().match_indices("password") {
        let rest = &text[at + word.len()..];
        let value = rest.trim_start_matches([' ', '=']);
        let begin = text.len() - value.len();
        if !rest.starts_with(['=', ' ']) || value.starts_with("(env)") {
            continue;
        }
        let assigned = text[at + word.len()..begin].contains('=');
        let (skip, length) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => (1, value[1..].find(quote).unwrap_or(value.len() - 1)),
            _ if assigned => (
                0,
                value
                    .bytes()
                    .take_while(|byte| !stop(*byte) && *byte != b';')
                    .count(),
            ),
            _ => continue,
        };
        bytes[begin + skip..begin + skip + length].fill(b'*');
    }
    // Whole values were replaced, so this is UTF-8 still; else nothing is better than a secret.
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_become_stars_of_the_same_length() {
        for (text, masked) in [
            (
                "url \"postgres://u:s3crét@h/d\"",
                "url \"postgres://u:*******@h/d\"",
            ),
            ("postgres://u@h/d", "postgres://u@h/d"),
            ("postgres://u:p@ss@h/d x@y", "postgres://u:****@h/d x@y"),
            (
                "host=h password=secret user=u",
                "host=h password=****** user=u",
            ),
            ("password \"a b\"", "password \"***\""),
            ("password=(env)NAME", "password=(env)NAME"),
            ("column password_hash text", "column password_hash text"),
            ("column password text", "column password text"),
        ] {
            assert_eq!(mask_passwords(text), masked);
            assert_eq!(mask_passwords(text).len(), text.len());
        }
    }

    proptest::proptest! {
        #[test]
        fn the_length_stays(text in "(://|password|=| |\"|:|@|é|.){0,20}") {
            proptest::prop_assert_eq!(mask_passwords(&text).len(), text.len());
        }
    }
}
