//! Options of foreign data wrappers, servers, user mappings, foreign tables and their columns whose values are secrets: what
//! looks like one, or is declared as one, is never shown, kept or written. A variable of the environment stands for it, and
//! two secrets are equal.

mod held;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{HazardClass, Statement, options};
use crate::kdl::{Diagnostic, NodeReader, NodeWriter, TextOrEnvironment};
use crate::model::{ObjectId, Options};
use crate::sql::placeholder::placeholder;

pub(crate) use held::Held;
use words::is_secret;
pub(crate) use words::resolve;

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
            TextOrEnvironment::Text(text) if is_secret(&key.value, &text) => {
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
    let own = |(plain, secrets): (&Options, &Secrets)| (plain.clone(), secrets.clone());
    let ((mut plain, mut kept), (mut to_plain, mut to)) = (own(from), own(to));
    // A secret that stays is what it is, whatever variable stands for it, and whichever side knows that it is one.
    to.take_over(&mut to_plain, &kept.0.0);
    kept.take_over(&mut plain, &to.0.0);
    options::foreign_changes(&all(&plain, &kept), &all(&to_plain, &to))
}

/// Takes what the author says of secrets over into what a catalog says.
pub(super) fn adopt((plain, secrets): (&mut Options, &mut Secrets), desired: &Secrets) {
    plain.0.retain(|(key, _)| desired.0.get(key).is_none());
    secrets.clone_from(desired);
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
