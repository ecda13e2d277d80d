//! Options of foreign data wrappers, servers and user mappings whose values are secrets: what looks like one by its name is
//! never read and never written. A variable of the environment stands for it, and two secrets are equal.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{HazardClass, Statement, options};
use crate::kdl::{Diagnostic, NodeReader, NodeWriter, TextOrEnvironment};
use crate::model::{ObjectId, Options};
use crate::sql::placeholder::placeholder;

/// The names of options that hold secrets, as a regular expression of PostgreSQL's; `{secret}` in a catalog query.
/// [`is_secret`] says the same.
pub(crate) const PATTERN: &str = "^(?!password_required$|.*api_?key_(id|name)$)(.*(passw|secret|token|credential|\
                                  passphrase|private|api_?key|access_key|conn_?str|connection_string|jdbc_url)|pass$|pwd$|dsn$|auth$)";

/// Whether an option's name says that its value is a secret.
pub(super) fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let ends = |ends: [&str; 4]| ends.into_iter().any(|end| key.ends_with(end));
    // What says that a password is asked, and what names a key that is kept elsewhere, is none.
    if key == "password_required"
        || ends(["api_key_id", "apikey_id", "api_key_name", "apikey_name"])
    {
        return false;
    }
    [
        "passw",
        "secret",
        "token",
        "credential",
        "passphrase",
        "private",
        "apikey",
        "api_key",
        "access_key",
        "connstr",
        "conn_str",
        "connection_string",
        "jdbc_url",
    ]
    .iter()
    .any(|word| key.contains(word))
        || ["pass", "pwd", "dsn", "auth"].contains(&key.as_str())
}

/// The secret options, with the variables that hold them; equal where they have the same names.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize, Default)]
#[serde(transparent)]
pub struct Secrets(pub Options);

impl Secrets {
    fn keys(&self) -> Vec<&str> {
        let keys = self.0.0.iter().map(|(key, _)| key.as_str());
        let mut keys: Vec<&str> = keys.collect();
        keys.sort_unstable();
        keys
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl PartialEq for Secrets {
    fn eq(&self, other: &Self) -> bool {
        self.keys() == other.keys()
    }
}

impl Eq for Secrets {}

/// `options k=x password=(env)N`; reports a secret that stands there itself.
pub(super) fn read(reader: &mut NodeReader<'_>) -> (Options, Secrets) {
    let (mut plain, mut secrets) = (Options::default(), Secrets::default());
    for (key, value) in reader.pairs_or_env("options") {
        match value.value {
            TextOrEnvironment::Environment(variable) => {
                secrets.0.0.push((key.value, variable));
            }
            TextOrEnvironment::Text(_) if is_secret(&key.value) => {
                // The value is not repeated: it may be a secret.
                let help = format!(
                    "write `{}=(env)NAME` and set NAME where schemactl runs",
                    key.value
                );
                reader.report(
                    Diagnostic::error(
                        "kdl::secret",
                        format!("`{}` takes its value from the environment", key.value),
                    )
                    .at(value.span, "not `(env)NAME`")
                    .help(help),
                );
            }
            TextOrEnvironment::Text(text) => plain.0.push((key.value, text)),
        }
    }
    (plain, secrets)
}

/// Writes what [`read`] reads.
pub(super) fn write(plain: &Options, secrets: &Secrets, node: &mut NodeWriter) {
    node.pairs("options", &plain.0);
    node.env_pairs("options", &secrets.0.0);
}

/// All of them, with placeholders for the secrets.
fn all(plain: &Options, secrets: &Secrets) -> Options {
    let mut all = plain.clone();
    let secrets = secrets.0.0.iter();
    all.0
        .extend(secrets.map(|(key, variable)| (key.clone(), placeholder(variable))));
    all
}

/// `OPTIONS (…)` with all of them, placeholders for the secrets; empty where there are none.
pub(super) fn clause(plain: &Options, secrets: &Secrets) -> String {
    options::foreign(&all(plain, secrets))
}

/// `OPTIONS (SET a 'x', ADD b 'y', DROP c)` from one set of options to another; `None` where they are equal.
pub(super) fn changes(from: (&Options, &Secrets), to: (&Options, &Secrets)) -> Option<String> {
    // A secret that stays is what it is, whatever variable stands for it.
    let mut kept = from.1.clone();
    for (key, variable) in &mut kept.0.0 {
        if let Some(now) = to.1.0.get(key) {
            *variable = now.to_owned();
        }
    }
    options::foreign_changes(&all(from.0, &kept), &all(to.0, to.1))
}

/// The statement that drops what holds them.
pub(super) fn dropped(statement: Statement, secrets: &Secrets, id: &ObjectId) -> Statement {
    match secrets.is_empty() {
        true => statement,
        false => statement.hazard(
            "drop-secret",
            HazardClass::Irreversible,
            id,
            format!("the secret that the {} holds is lost", id.kind.name()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn names_tell_what_is_a_secret() {
        for name in [
            "password",
            "sslpassword",
            "API_KEY",
            "pwd",
            "aws_secret_access_key",
            "jdbc_url",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "user",
            "password_required",
            "api_key_id",
            "api_key_name",
            "bypass",
            "host",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
