//! `service NAME { … }`: a part of a database with schemas, files and migrations of its own.
//!
//! The rule: every schema has one owner at most, and services stand on each other without a circle.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::DiGraph;

use super::database::Database;
use super::project::{Migrations, Project};
use crate::kdl::{Diagnostic, Diagnostics, NodeReader, Spanned, suggestion};
use crate::model::circles;
use crate::naming::SHARED;

/// `service n { … }`: a part of the project with migrations of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: Spanned<String>,
    /// The database in which it stands; none: the first one.
    pub database: Option<Spanned<String>>,
    /// Its schemas; the one of its name where nothing is said.
    pub schemas: Vec<Spanned<String>>,
    /// Its files.
    pub schema_files: Vec<Spanned<String>>,
    /// Its folder.
    pub migrations: Option<Spanned<String>>,
    /// The services that come first.
    pub depends_on: Vec<Spanned<String>>,
}

impl Service {
    pub(super) fn read(mut n: NodeReader<'_>) -> Option<Service> {
        let name = n.name();
        let service = Service {
            database: n.name_of("database"),
            schemas: n.list("schemas"),
            schema_files: n.list("schema-files"),
            migrations: n.text("migrations"),
            depends_on: n.list("depends-on"),
            name: name?,
        };
        n.finish();
        Some(service)
    }

    /// The names of its schemas.
    pub fn schema_names(&self) -> Vec<&str> {
        match self.schemas.as_slice() {
            [] => vec![self.name.as_str()],
            said => said.iter().map(|schema| schema.as_str()).collect(),
        }
    }

    /// Whether it says that it stands on another one.
    pub fn stands_on(&self, name: &str) -> bool {
        self.depends_on.iter().any(|it| it.value == name)
    }
}

impl Project {
    /// The database in which a service stands.
    pub fn database_of<'s>(&'s self, service: &'s Service) -> &'s str {
        match &service.database {
            Some(said) => said,
            // A project has at least one database.
            None => &self.databases[0].name.value,
        }
    }

    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|it| it.name.value == name)
    }

    /// The services of a database: those first on which others stand, then by name.
    pub fn services_of(&self, database: &str) -> Vec<&Service> {
        let mut waiting: BTreeMap<&str, &Service> = self
            .services
            .iter()
            .filter(|it| self.database_of(it) == database)
            .map(|it| (it.name.as_str(), it))
            .collect();
        let mut sorted: Vec<&Service> = Vec::new();
        while let Some(name) = waiting
            .values()
            .find(|it| {
                !it.depends_on
                    .iter()
                    .any(|on| waiting.contains_key(on.as_str()))
            })
            .or_else(|| waiting.values().next())
            .map(|it| it.name.as_str())
        {
            sorted.extend(waiting.remove(name));
        }
        sorted
    }
}

/// Reports what services can't have: the names and schemas of others, and ways back to themselves.
pub(super) fn check(
    migrations: &Migrations,
    databases: &[Database],
    services: &[Service],
    diagnostics: &Diagnostics,
) {
    let database_of = |service: &Service| match &service.database {
        Some(said) => Some(said.value.clone()),
        None => databases.first().map(|first| first.name.value.clone()),
    };
    let mut owners: BTreeMap<(Option<String>, &str), &Service> = BTreeMap::new();
    let mut folders: BTreeMap<String, &Service> = BTreeMap::new();
    // Where nothing is said, it is the folder of the service's name.
    let several = databases.len() > 1;
    for service in services.iter().filter(|it| it.migrations.is_none()) {
        let database = database_of(service).filter(|_| several);
        let parts = [
            Some(migrations.folder.clone()),
            database,
            Some(service.name.value.clone()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        folders.insert(parts.join("/"), service);
    }
    for service in services {
        check_name(service, diagnostics);
        check_database(service, databases, diagnostics);
        for schema in service.schema_names() {
            let place = |service: &Service| {
                let said = service.schemas.iter().find(|it| it.value == schema);
                said.map_or(service.name.span, |it| it.span)
            };
            let Some(first) = owners.insert((database_of(service), schema), service) else {
                continue;
            };
            if first.name.value == service.name.value {
                continue;
            }
            diagnostics.push(
                Diagnostic::error(
                    "service::schema",
                    format!(
                        "the schema `{schema}` cannot belong to `{}` and to `{}`",
                        first.name.value, service.name.value
                    ),
                )
                .at(place(service), "and again here")
                .at(place(first), "owned here")
                .help("a schema has one owner; others name that service in `depends-on`"),
            );
        }
        if let Some(folder) = &service.migrations {
            if migrations.patterns.say_service() {
                diagnostics.push(
                    Diagnostic::error(
                        "config::pattern",
                        "the files say their service already, so all stand in one folder",
                    )
                    .at(folder.span, "a folder of its own")
                    .help("take `{service}` out of `files`, or this folder"),
                );
            }
            let own = folder.value.trim_end_matches('/').to_owned();
            let is_common = own == migrations.folder.trim_end_matches('/')
                || folders.insert(own, service).is_some();
            if is_common {
                diagnostics.push(
                    Diagnostic::error(
                        "service::folder",
                        format!("`{}` holds the migrations of others too", folder.value),
                    )
                    .at(folder.span, "the folder of more than one")
                    .help("each service has a folder of its own; where nothing is said, one of its name"),
                );
            }
        }
    }
    check_order(services, &database_of, diagnostics);
}

fn check_name(service: &Service, diagnostics: &Diagnostics) {
    let name = &service.name;
    let letter = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    let is_a_number = name.starts_with(|first: char| first.is_ascii_digit());
    let wrong = match name.as_str() {
        SHARED => "is what belongs to no service",
        text if text.is_empty() || is_a_number || !text.chars().all(letter) => {
            "can't be the name of a service"
        }
        _ => return,
    };
    diagnostics.push(
        Diagnostic::error("service::name", format!("`{}` {wrong}", name.value))
            .at(name.span, "its migrations are called by this name")
            .help("a name begins with a letter and holds letters, digits, `_` and `-`; `shared` is taken"),
    );
}

fn check_database(service: &Service, databases: &[Database], diagnostics: &Diagnostics) {
    let Some(said) = &service.database else {
        return;
    };
    let known: Vec<&str> = databases.iter().map(|it| it.name.as_str()).collect();
    if !known.contains(&said.as_str()) {
        diagnostics.push(
            Diagnostic::error(
                "config::unknown-database",
                format!("the project has no database `{}`", said.value),
            )
            .at(said.span, "unknown")
            .help(suggestion(said, &known, "")),
        );
    }
}

fn check_order(
    services: &[Service],
    database_of: &dyn Fn(&Service) -> Option<String>,
    diagnostics: &Diagnostics,
) {
    let mut graph = DiGraph::new();
    let nodes: Vec<_> = services.iter().map(|it| graph.add_node(it)).collect();
    for (at, service) in services.iter().enumerate() {
        let mut said = BTreeSet::new();
        for wanted in &service.depends_on {
            if !said.insert(wanted.as_str()) {
                continue;
            }
            let known: Vec<&str> = services
                .iter()
                .map(|it| it.name.as_str())
                .filter(|it| *it != service.name.as_str())
                .collect();
            let place = services.iter().position(|it| it.name.value == wanted.value);
            match place {
                Some(before) if database_of(&services[before]) != database_of(service) => {
                    diagnostics.push(
                        Diagnostic::error(
                            "service::order",
                            format!("`{}` stands in another database", wanted.value),
                        )
                        .at(wanted.span, "nothing here can stand on it")
                        .help("take it out: no object refers to one of another database"),
                    );
                }
                Some(before) => {
                    graph.update_edge(nodes[before], nodes[at], ());
                }
                None => diagnostics.push(
                    Diagnostic::error(
                        "service::unknown",
                        format!("the project has no service `{}`", wanted.value),
                    )
                    .at(wanted.span, "unknown")
                    .help(suggestion(wanted, &known, "")),
                ),
            }
        }
    }
    for way in circles(&graph) {
        let names: Vec<&str> = way.iter().map(|it| graph[*it].name.as_str()).collect();
        let [first, second, ..] = names.as_slice() else {
            continue;
        };
        let service = graph[way[0]];
        let said = service.depends_on.iter().find(|it| it.value == **second);
        let message = match first == second {
            true => format!("`{first}` would depend on itself"),
            false => format!(
                "no service of these can be the first: {}",
                names.join(" depends on ")
            ),
        };
        diagnostics.push(
            Diagnostic::error("service::order", message)
                .at(
                    said.map_or(service.name.span, |it| it.span),
                    "leads back to itself",
                )
                .help("take one `depends-on` out; what both need goes into a third service, or into the files of the database"),
        );
    }
}
