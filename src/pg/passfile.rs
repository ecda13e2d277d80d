//! The password file, by libpq's rules: <https://www.postgresql.org/docs/current/libpq-pgpass.html>. A file that others
//! may read is not used, and the reason is kept so that a refused password can be explained.

use std::path::Path;

use secrecy::SecretString;

/// What a look into a password file gave.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The password of the first line that matches.
    pub password: Option<SecretString>,
    /// Why the file was not used, where it exists.
    pub ignored: Option<String>,
}

/// Looks for `host:port:database:user:password`; a host that is a default socket folder matches `localhost`.
pub fn look_up(path: &Path, host: &str, port: u16, database: &str, user: &str) -> Found {
    let Ok(metadata) = std::fs::metadata(path) else {
        return Found::default();
    };
    let ignored = |reason: String| Found {
        password: None,
        ignored: Some(reason),
    };
    if !metadata.is_file() {
        return ignored(format!(
            "password file `{}` is not a plain file",
            path.display()
        ));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            return ignored(format!(
                "password file `{0}` is readable by others and was ignored: `chmod 600 {0}`",
                path.display()
            ));
        }
    }
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return ignored(format!("password file `{}`: {error}", path.display())),
    };
    let port = port.to_string();
    Found {
        password: search(&text, [host, &port, database, user]).map(SecretString::from),
        ignored: None,
    }
}

fn search(text: &str, wanted: [&str; 4]) -> Option<String> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .find_map(|line| {
            let fields = fields(line);
            let matches = fields.len() == 5
                && wanted
                    .iter()
                    .zip(&fields)
                    .all(|(wanted, (field, escaped))| {
                        (field == "*" && !escaped) || field == wanted
                    });
            matches.then(|| fields[4].0.clone())
        })
}

/// Five fields at unescaped colons, and whether each held an escape; the password takes all that follows up to a colon.
fn fields(line: &str) -> Vec<(String, bool)> {
    let mut fields = vec![(String::new(), false)];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let last = fields.len() - 1;
        match c {
            '\\' => {
                fields[last].0.extend(chars.next());
                fields[last].1 = true;
            }
            ':' if fields.len() == 5 => break,
            ':' => fields.push((String::new(), false)),
            c => fields[last].0.push(c),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_matches_wins() {
        let text = "# comment\nh:1:d:u:one\n*:*:*:u:a\\:b\\\\\n*:*:*:*:rest\n";
        assert_eq!(search(text, ["h", "1", "d", "u"]).as_deref(), Some("one"));
        assert_eq!(search(text, ["h", "2", "d", "u"]).as_deref(), Some("a:b\\"));
        assert_eq!(search(text, ["h", "2", "d", "x"]).as_deref(), Some("rest"));
        assert_eq!(search("h:1:d:u:one", ["h", "1", "d", "v"]), None);
    }
}
