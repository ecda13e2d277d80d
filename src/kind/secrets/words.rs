//! What tells that an option's value is a secret: its name, or a password that stands in the value. The queries of the
//! catalog ask the server by the same lists, so that no secret leaves it.

use std::sync::LazyLock;

use regex::Regex;

use crate::sql::quote::literal;

/// What the name of a secret holds; names are compared in lower case, without what is neither letter nor digit. What names a file
/// (`sslkey`, `keytab`) is none.
const WITHIN: &[&str] = &[
    "accesskey",
    "accountkey",
    "apikey",
    "authkey",
    "bearer",
    "clientkey",
    "connectionstring",
    "connstr",
    "credential",
    "encryptionkey",
    "jdbcurl",
    "jwt",
    "masterkey",
    "passphrase",
    "passw",
    "private",
    "secret",
    "serviceaccount",
    "sharedkey",
    "signingkey",
    "sshkey",
    "storagekey",
    "token",
    "vault",
];

/// What the name of a secret ends with.
const LAST: &[&str] = &["pwd"];

/// The names that say it alone.
const WHOLE: &[&str] = &[
    "auth",
    "authorization",
    "cookie",
    "dsn",
    "otp",
    "pass",
    "pin",
];

/// The ends of names that only speak of a secret: whether one is asked, what names one that is kept elsewhere, where one is
/// asked for.
const NONE: &[&str] = &[
    "apikeyid",
    "apikeyname",
    "maxtokens",
    "passwordrequired",
    "tokenendpoint",
    "tokenizer",
    "tokenurl",
];

/// A value with a secret in it: `scheme://user:password@host`, `host=x password=y`, `Bearer y`, `https://host/?api_key=y`.
/// PostgreSQL and Rust read it alike.
const VALUE: &str = "://[^/@[:space:]]*:[^/@[:space:]]+@|(^|[^a-z0-9])(password|passwd|pwd)=[^[:space:]]\
    |(^|[^a-z0-9])(bearer|basic)[[:space:]]+[^[:space:]]{8}\
    |[?&](api_?key|key|sig|signature|token|access_token|secret)=[^&[:space:]]";

/// Whether an option holds a secret.
pub(super) fn is_secret(key: &str, value: &str) -> bool {
    let letters = key.chars().filter(char::is_ascii_alphanumeric);
    let key: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    let says = WITHIN.iter().any(|word| key.contains(word))
        || LAST.iter().any(|word| key.ends_with(word))
        || WHOLE.contains(&key.as_str());
    says && !NONE.iter().any(|word| key.ends_with(word)) || holds_password(value)
}

fn holds_password(value: &str) -> bool {
    static PATTERN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!("(?i){VALUE}")).ok());
    // Without a pattern nothing is known of any value: then all are secrets.
    PATTERN
        .as_ref()
        .is_none_or(|pattern| pattern.is_match(value))
}

/// The query with `{options of X}` and `{secrets of X}` written out, X being a column of options: those that are none, and
/// the names of those that are.
pub(crate) fn resolve(query: &str) -> String {
    let mut out = query.to_owned();
    for (word, selected, is) in [
        ("{options of ", "o", "NOT "),
        ("{secrets of ", "split_part(o, '=', 1) || '='", ""),
    ] {
        while let Some(start) = out.find(word)
            && let Some(length) = out[start..].find('}')
        {
            let column = &out[start + word.len()..start + length];
            let written = format!(
                "ARRAY(SELECT {selected} FROM unnest({column}) o WHERE {is}({}))",
                condition()
            );
            out.replace_range(start..=start + length, &written);
        }
    }
    out
}

/// What [`is_secret`] says, in SQL of an option `o`.
fn condition() -> String {
    let key = "regexp_replace(lower(split_part(o, '=', 1)), '[^a-z0-9]', '', 'g')";
    let ends = |words: &[&str]| format!("({})$", words.join("|"));
    let says = format!("{}|{}|^{}", WITHIN.join("|"), ends(LAST), ends(WHOLE));
    format!(
        "{key} ~ {} AND {key} !~ {} OR substr(o, strpos(o, '=') + 1) ~* {}",
        literal(&says),
        literal(&ends(NONE)),
        literal(VALUE)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_a_secret() {
        for name in [
            "password",
            "pass word",
            "sslpassword",
            "user:password",
            "API_KEY",
            "pwd",
            "accesskey",
            "aws_secret_access_key",
            "jdbc_url",
            "jwt",
            "service_account",
            "vault_uid",
            "Authorization",
        ] {
            assert!(is_secret(name, "x"), "{name}");
        }
        for name in [
            "user",
            "password_required",
            "api_key_id",
            "api_key_name",
            "bypass",
            "host",
            "key",
            "primary_key",
            "tokenizer",
            "filename",
        ] {
            assert!(!is_secret(name, "x"), "{name}");
        }
    }

    #[test]
    fn values_tell_it_too() {
        for value in [
            "http://u:p@host/",
            "POSTGRES://u:p@h/d",
            "host=x password=y",
            "Server=h;PWD=y",
            "Authorization: Basic dXNlcjpwYXNz",
            "https://host/a?v=1&api_key=y",
        ] {
            assert!(is_secret("url", value), "{value}");
        }
        for value in [
            "http://host:8080/a@b",
            "http://u@host/",
            "http://host/?monkey=1",
            "basic plan",
            "select 1 where a = b",
        ] {
            assert!(!is_secret("url", value), "{value}");
        }
    }

    #[test]
    fn a_query_asks_by_the_same_lists() {
        let query = resolve("SELECT {options of s.srvoptions} AS options FROM s");
        assert!(query.starts_with("SELECT ARRAY(SELECT o FROM unnest(s.srvoptions) o WHERE NOT ("));
        assert!(query.ends_with(") AS options FROM s") && query.contains("passphrase"));
    }
}
