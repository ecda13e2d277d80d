//! Connection strings become parameters, by libpq's rules: <https://www.postgresql.org/docs/current/libpq-connect.html>.
//! An unknown word is an error, a word that would weaken security if ignored is refused, and no message repeats a value
//! that may hold a password.

use std::collections::BTreeMap;

use super::connect::ConnectError;

/// Parameters by libpq's names.
pub type Parameters = BTreeMap<String, String>;

/// The parameters that schemactl acts on.
const KNOWN: &[&str] = &[
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "load_balance_hosts",
    "options",
    "passfile",
    "password",
    "port",
    "service",
    "servicefile",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// Parameters of libpq that change nothing for schemactl: its encoding is UTF8, GSSAPI is not spoken, SNI is always sent.
const WITHOUT_EFFECT: &[&str] = &[
    "client_encoding",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "krbsrvname",
    "max_protocol_version",
    "min_protocol_version",
    "sslcertmode",
    "sslcompression",
    "sslsni",
];

/// True where `text` is a URL of PostgreSQL and not a `key=value` string.
pub fn is_url(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// Reads a URL or a `key=value` string.
///
/// # Errors
/// [`ConnectError::Malformed`], [`ConnectError::UnknownParameter`], [`ConnectError::UnsupportedParameter`].
pub fn parse(text: &str) -> Result<Parameters, ConnectError> {
    let text = text.trim();
    match text
        .strip_prefix("postgresql://")
        .or_else(|| text.strip_prefix("postgres://"))
    {
        Some(rest) => parse_url(rest),
        None if text.contains("://") => Err(malformed(
            "it begins with another scheme than `postgres://` or `postgresql://`",
        )),
        None => parse_pairs(text),
    }
}

/// Refuses names that libpq does not know and those that schemactl cannot honour.
pub(super) fn check_name(name: &str) -> Result<Option<&str>, ConnectError> {
    if KNOWN.contains(&name) {
        return Ok(Some(name));
    }
    if WITHOUT_EFFECT.contains(&name) {
        return Ok(None);
    }
    let refused = name.starts_with("ssl")
        || name.starts_with("scram_")
        || name.starts_with("oauth_")
        || ["require_auth", "requirepeer", "requiressl", "replication"].contains(&name);
    if refused {
        return Err(ConnectError::UnsupportedParameter { name: name.into() });
    }
    let nearest = KNOWN
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .filter(|(distance, known)| *distance <= 3 && distance * 2 < known.len())
        .min()
        .map(|(_, known)| format!("did you mean `{known}`? "))
        .unwrap_or_default();
    Err(ConnectError::UnknownParameter {
        name: name.into(),
        nearest,
    })
}

fn malformed(reason: &str) -> ConnectError {
    ConnectError::Malformed {
        reason: reason.into(),
    }
}

fn insert(parameters: &mut Parameters, name: &str, value: String) -> Result<(), ConnectError> {
    // JDBC's word, which libpq accepts in URLs.
    if name == "ssl" && value == "true" {
        parameters.insert("sslmode".into(), "require".into());
        return Ok(());
    }
    if let Some(name) = check_name(name)? {
        // An empty value is the same as none (libpq fills it from the environment).
        if value.is_empty() {
            parameters.remove(name);
        } else {
            parameters.insert(name.into(), value);
        }
    }
    Ok(())
}

/// `[user[:password]@][host[:port][,...]][/dbname][?name=value[&...]]`, all parts percent-encoded.
fn parse_url(rest: &str) -> Result<Parameters, ConnectError> {
    let mut parameters = Parameters::new();
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    let (authority, path) = match rest.split_once('/') {
        Some((authority, path)) => (authority, Some(path)),
        None => (rest, None),
    };
    // A password with such a letter would be cut there, and its rest shown as a database or a parameter.
    // An `@` before it would have the part between them shown as a host.
    let is_cut = path.is_some_and(|path| path.contains('@'))
        || authority.contains(':')
            && (path.is_none() || !authority.contains('@'))
            && query.is_some_and(|query| query.contains('@'));
    if is_cut {
        return Err(malformed(
            "a `/`, `?`, `#` or `@` in a user name or password is written by its code: `%2F`, `%3F`, `%23`, `%40`",
        ));
    }
    let hosts = match authority.rsplit_once('@') {
        Some((user, hosts)) => {
            let (user, password) = user.split_once(':').unwrap_or((user, ""));
            insert(&mut parameters, "user", decode(user)?)?;
            insert(&mut parameters, "password", decode(password)?)?;
            hosts
        }
        None => authority,
    };
    if !hosts.is_empty() {
        let mut names = Vec::new();
        let mut ports = Vec::new();
        for one in hosts.split(',') {
            let (name, port) = split_port(one)?;
            names.push(decode(name)?);
            ports.push(decode(port)?);
        }
        insert(&mut parameters, "host", names.join(","))?;
        if ports.iter().any(|port| !port.is_empty()) {
            insert(&mut parameters, "port", ports.join(","))?;
        }
    }
    if let Some(path) = path {
        insert(&mut parameters, "dbname", decode(path)?)?;
    }
    for pair in query
        .unwrap_or_default()
        .split('&')
        .filter(|p| !p.is_empty())
    {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| malformed("a parameter after `?` has no `=`"))?;
        insert(&mut parameters, &decode(name)?, decode(value)?)?;
    }
    Ok(parameters)
}

/// Splits `host:port` and `[v6]:port`; brackets are taken off.
fn split_port(text: &str) -> Result<(&str, &str), ConnectError> {
    if let Some(rest) = text.strip_prefix('[') {
        let (address, rest) = rest
            .split_once(']')
            .ok_or_else(|| malformed("a `[` of an IPv6 address has no `]`"))?;
        return match rest.strip_prefix(':') {
            Some(port) => Ok((address, port)),
            None if rest.is_empty() => Ok((address, "")),
            None => Err(malformed("after `]` only `:` and a port may follow")),
        };
    }
    Ok(text.split_once(':').unwrap_or((text, "")))
}

fn decode(text: &str) -> Result<String, ConnectError> {
    let broken =
        || malformed("a `%` is not followed by two hexadecimal digits (write `%25` for `%`)");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|d| (d as char).to_digit(16));
        let (high, low) = (digit().ok_or_else(broken)?, digit().ok_or_else(broken)?);
        match (high * 16 + low) as u8 {
            0 => return Err(malformed("`%00` is not allowed")),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| malformed("a percent-encoded part is not UTF-8"))
}

/// `name = value ...`; values may stand in single quotes, a backslash escapes the next character.
fn parse_pairs(text: &str) -> Result<Parameters, ConnectError> {
    let mut parameters = Parameters::new();
    let mut chars = text.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        if chars.peek().is_none() {
            return Ok(parameters);
        }
        let mut name = String::new();
        while let Some(c) = chars.next_if(|c| *c != '=' && !c.is_whitespace()) {
            name.push(c);
        }
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        // Never repeat the word: what stands here may be a password with a blank in it.
        if chars.next() != Some('=') {
            return Err(malformed("a word is not followed by `=`"));
        }
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        let quote = chars.next_if_eq(&'\'').is_some();
        let mut value = String::new();
        loop {
            match chars.next() {
                Some('\\') => value.extend(chars.next()),
                Some('\'') if quote => break,
                Some(c) if !quote && c.is_whitespace() => break,
                Some(c) => value.push(c),
                None if quote => return Err(malformed("a quoted value is not closed")),
                None => break,
            }
        }
        insert(&mut parameters, &name, value)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let pairs = parse(text).unwrap();
        pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn no_part_of_a_password_is_taken_for_a_host() {
        for url in [
            "postgres://me:p@ss/w:rd@h/app",
            "postgres://me:p/ss@h/app",
            "postgres://me:p@ss?w@h/app",
            "postgres://me:p?ss@h/app",
        ] {
            let error = parse(url).unwrap_err().to_string();
            assert!(
                error.contains("by its code") && !error.contains("ss "),
                "{error}"
            );
        }
        assert_eq!(
            shown("postgres://me@h/app?application_name=a@b"),
            "application_name=a@b dbname=app host=h user=me"
        );
    }

    #[test]
    fn urls_are_read_as_libpq_reads_them() {
        assert_eq!(
            shown("postgres://me:p%40ss@db.example:5433/app?sslmode=verify-full"),
            "dbname=app host=db.example password=p@ss port=5433 sslmode=verify-full user=me"
        );
        assert_eq!(
            shown("postgresql:///app?host=/run/pg"),
            "dbname=app host=/run/pg"
        );
        assert_eq!(
            shown("postgres://%2Frun%2Fpg/app"),
            "dbname=app host=/run/pg"
        );
        assert_eq!(
            shown("postgres://[::1]:5433,b/x"),
            "dbname=x host=::1,b port=5433,"
        );
        assert_eq!(shown("postgres://h?ssl=true"), "host=h sslmode=require");
        assert_eq!(shown("postgres://"), "");
    }

    #[test]
    fn pairs_are_read_as_libpq_reads_them() {
        assert_eq!(
            shown(r"host = /tmp  user='o\'neil x' password=a\ b dbname=''"),
            "host=/tmp password=a b user=o'neil x"
        );
    }

    #[test]
    fn no_mistake_repeats_a_password() {
        for text in [
            "postgres://u:geheim%zz@h/d",
            "host=h password geheim",
            "password='geheim",
            "mysql://u:geheim@h/d",
            "postgres://u:geheim@[::1/d",
            "postgres://u:geheim@h/d?ssmode=require",
            "postgres://u:geheim@h/d?sslcrl=x",
        ] {
            let error = parse(text).unwrap_err();
            assert!(
                !format!("{error} {error:?}").contains("geheim"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn unknown_words_get_the_nearest_name() {
        let error = parse("postgres://h/d?ssmode=require").unwrap_err();
        assert!(
            matches!(error, ConnectError::UnknownParameter { nearest, .. } if nearest.contains("`sslmode`"))
        );
    }
}
