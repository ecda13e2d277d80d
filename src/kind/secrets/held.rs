//! The secrets of a whole catalog: which options they are, and the variables that stand for them. What the files or a record
//! say is a secret is one wherever it is found, and no variable stands for two.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Secrets;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId, Options};

/// Where an object holds secrets.
#[derive(Debug, Default)]
pub enum Held<'a> {
    /// It can hold none.
    #[default]
    Nothing,
    /// Among its options.
    Options(&'a mut Options, &'a mut Secrets),
    /// The variable of its connection string.
    Connection(&'a mut String),
}

/// What the variable of a connection string is called after.
const CONNECTION: &str = "connection";

const HOLDERS: &[Kind] = &[
    Kind::ForeignDataWrapper,
    Kind::Server,
    Kind::UserMapping,
    Kind::ForeignTable,
    Kind::Subscription,
];

/// Whether objects like it can hold secrets.
fn may_hold(id: &ObjectId) -> bool {
    let is_foreign = |table: &ObjectId| table.kind == Kind::ForeignTable;
    HOLDERS.contains(&id.kind)
        || id.kind == Kind::Column && id.parent.as_deref().is_some_and(is_foreign)
}

impl Secrets {
    /// The variable of a key.
    fn variable(&mut self, key: &str) -> Option<&mut String> {
        let mut all = self.0.0.iter_mut();
        all.find(|(name, _)| name == key)
            .map(|(_, variable)| variable)
    }

    /// Takes those options over that another says are secrets, under its variables.
    pub(super) fn take_over(&mut self, plain: &mut Options, others: &[(String, String)]) {
        for (key, variable) in others {
            match self.variable(key) {
                Some(own) => own.clone_from(variable),
                None if plain.get(key).is_some() => {
                    self.0.0.push((key.clone(), variable.clone()));
                }
                None => {}
            }
            plain.0.retain(|(name, _)| name != key);
        }
    }
}

/// The secrets of an object with their variables.
fn variables(object: &Object) -> Vec<(String, String)> {
    match object.clone().held() {
        Held::Nothing => Vec::new(),
        Held::Options(_, secrets) => secrets.0.0.clone(),
        Held::Connection(variable) => vec![(CONNECTION.to_owned(), variable.clone())],
    }
}

impl Object {
    /// Whether another definition is the same but for the values of options that either of them says are secrets.
    pub fn is_same_but_for_secrets(&self, other: &Object) -> bool {
        let (mut one, mut two) = (self.clone(), other.clone());
        if let (Held::Options(plain, secrets), Held::Options(others_plain, others)) =
            (one.held(), two.held())
        {
            secrets.take_over(plain, &others.0.0);
            others.take_over(others_plain, &secrets.0.0);
            return one == two;
        }
        false
    }
}

impl Catalog {
    /// Whether there is anything in it that can hold secrets.
    pub fn may_hold_secrets(&self) -> bool {
        let mut holders = HOLDERS.iter();
        holders.any(|kind| self.of_kind(*kind).next().is_some())
    }

    /// The objects that can hold secrets.
    pub fn holders(&self) -> Vec<(ObjectId, Arc<Object>)> {
        let whole = HOLDERS.iter().flat_map(|kind| self.of_kind(*kind));
        let ids = whole.flat_map(|(id, _)| {
            let columns = match id.kind {
                Kind::ForeignTable => self.children(id, Kind::Column),
                _ => Vec::new(),
            };
            std::iter::once(id).chain(columns.into_iter().map(|(column, _)| column))
        });
        ids.filter_map(|id| Some((id.clone(), self.objects.get(id)?.clone())))
            .collect()
    }

    /// The same, where each secret that `known` objects have is one here too, under the same variable; all others have
    /// variables of their own.
    #[must_use]
    pub fn with_secrets_of<'k>(
        mut self,
        known: impl IntoIterator<Item = (&'k ObjectId, &'k Object)>,
    ) -> Catalog {
        let holders: Vec<ObjectId> = self.holders().into_iter().map(|(id, _)| id).collect();
        if holders.is_empty() {
            return self;
        }
        let mut taken = BTreeSet::new();
        let mut variables_of: BTreeMap<&ObjectId, Vec<(String, String)>> = BTreeMap::new();
        for (id, object) in known.into_iter().filter(|(id, _)| may_hold(id)) {
            let variables = variables(object);
            taken.extend(variables.iter().map(|(_, variable)| variable.clone()));
            variables_of.entry(id).or_default().extend(variables);
        }
        for id in &holders {
            let Some(shared) = self.objects.get(id) else {
                continue;
            };
            let mut object = (**shared).clone();
            let known = variables_of.get(id).map_or(&[][..], Vec::as_slice);
            let is_known = |key: &str| known.iter().any(|(name, _)| name == key);
            let mut name = |key: &str, variable: &mut String| {
                if variable.is_empty() || taken.contains(variable) {
                    *variable = unused(&called(id, key), &taken);
                }
                taken.insert(variable.clone());
            };
            match object.held() {
                Held::Nothing => {}
                Held::Options(plain, secrets) => {
                    secrets.take_over(plain, known);
                    let own = secrets.0.0.iter_mut();
                    for (key, variable) in own.filter(|(key, _)| !is_known(key)) {
                        name(key, variable);
                    }
                }
                Held::Connection(variable) => match known.last() {
                    Some((_, known)) => variable.clone_from(known),
                    None => name(CONNECTION, variable),
                },
            }
            self.objects.insert(id.clone(), Arc::new(object));
        }
        self
    }
}

/// The variable of a secret: the names of what holds it and of the option, in letters that every shell takes.
fn called(id: &ObjectId, key: &str) -> String {
    let wholes: Vec<&ObjectId> = id
        .ancestors()
        .filter(|id| id.kind != Kind::Schema)
        .collect();
    let mut words: Vec<String> = wholes
        .into_iter()
        .rev()
        .map(|id| match word(&id.name) {
            nothing if nothing.is_empty() => word(id.kind.name()),
            word => word,
        })
        .collect();
    words.push(word(key));
    words.retain(|word| !word.is_empty());
    let name = words.join("_");
    match name.starts_with(|first: char| first.is_ascii_uppercase()) {
        true => name,
        false => format!("_{name}"),
    }
}

/// A name in capitals, digits and underscores.
fn word(name: &str) -> String {
    let parts = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let parts: Vec<String> = parts
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_uppercase)
        .collect();
    parts.join("_")
}

/// The name itself, or with the first number that nothing has yet.
fn unused(name: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number: u64| format!("{name}_{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::server::Server;

    fn catalog(names: &[&str]) -> Catalog {
        let mut catalog = Catalog::default();
        for name in names {
            let secrets = Secrets(Options(vec![("password".to_owned(), String::new())]));
            let server = Server {
                secrets,
                ..Server::default()
            };
            let object = Object::Server(Box::new(server));
            let id = ObjectId::top(Kind::Server, name);
            catalog.objects.insert(id, Arc::new(object));
        }
        catalog
    }

    fn names(catalog: &Catalog) -> Vec<String> {
        let objects = catalog.objects.values();
        objects
            .flat_map(|object| variables(object))
            .map(|(_, variable)| variable)
            .collect()
    }

    #[test]
    fn no_variable_stands_for_two_secrets() {
        let found = catalog(&["1x", "A-B", "a b", "a_b", "日本"]).with_secrets_of([]);
        assert_eq!(
            names(&found),
            [
                "_1X_PASSWORD",
                "A_B_PASSWORD",
                "A_B_PASSWORD_2",
                "A_B_PASSWORD_3",
                "SERVER_PASSWORD"
            ]
        );
    }

    #[test]
    fn what_is_declared_keeps_its_variable() {
        let declared = catalog(&["a_b"]).with_secrets_of([]);
        let known = declared.objects.iter().map(|(id, it)| (id, it.as_ref()));
        let found = catalog(&["a b", "a_b"]).with_secrets_of(known);
        assert_eq!(names(&found), ["A_B_PASSWORD_2", "A_B_PASSWORD"]);
    }
}
