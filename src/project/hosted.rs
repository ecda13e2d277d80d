//! What hosted databases bring along: schemas, roles, extensions and event triggers that belong to the host and never to a
//! project. A host is recognised by its own roles and extensions; what is left out is said with the reason.

use crate::config::Scope;
use crate::kind::Catalog;
use crate::model::{Kind, ObjectId};

/// A host, how it shows, and what is its own.
#[derive(Debug)]
pub struct Host {
    /// Its name.
    pub name: &'static str,
    /// Roles of which it makes every one.
    roles: &'static [&'static str],
    /// An extension of its own; enough by itself.
    extension: Option<&'static str>,
    /// Schemas that must be there too, where the roles alone say nothing of this database.
    schemas: &'static [&'static str],
    /// What is left out.
    own: &'static [Own],
}

/// Objects of a host, as a line of `scope`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// The kind's name in the language.
    pub kind: &'static str,
    /// The pattern.
    pub pattern: &'static str,
    /// Why it is no project's.
    pub reason: &'static str,
}

const fn own(kind: &'static str, pattern: &'static str, reason: &'static str) -> Own {
    Own {
        kind,
        pattern,
        reason,
    }
}

/// Who may do what with PostgreSQL's own objects is the host's to say: no project's role may change it there.
const OF_ITS_OWN: Own = own(
    "schema",
    "pg_catalog",
    "its rights on PostgreSQL's own objects",
);

/// All hosts that are known. Where several fit (Timescale runs on others' servers too), all hold.
const HOSTS: &[Host] = &[
    Host {
        name: "Supabase",
        roles: &["supabase_admin", "authenticator", "service_role"],
        extension: None,
        schemas: &["auth", "storage"],
        own: &[
            own(
                "schema",
                "auth",
                "users and sessions of its sign-in service",
            ),
            own(
                "schema",
                "storage",
                "buckets and objects of its storage service",
            ),
            own("schema", "realtime", "its realtime service"),
            own("schema", "_realtime", "its realtime service"),
            own("schema", "_analytics", "its log service"),
            own("schema", "_supavisor", "its pooler"),
            own("schema", "pgbouncer", "its pooler"),
            own("schema", "graphql", "its GraphQL interface"),
            own("schema", "graphql_public", "its GraphQL interface"),
            own("schema", "vault", "its store of secrets"),
            own("schema", "pgsodium", "its store of secrets"),
            own("schema", "pgsodium_masks", "its store of secrets"),
            own("schema", "net", "its requests from the database"),
            own("schema", "cron", "jobs of pg_cron"),
            own("schema", "supabase_functions", "its hooks"),
            own(
                "schema",
                "supabase_migrations",
                "the history of its own tool",
            ),
            own("event-trigger", "pgrst_*", "tells its interface of changes"),
            own("event-trigger", "issue_*", "sets rights of its extensions"),
            own("publication", "supabase_realtime*", "its realtime service"),
            own("extension", "pg_graphql", "its GraphQL interface"),
            own("extension", "pg_net", "its requests from the database"),
            own("extension", "supabase_vault", "its store of secrets"),
            own("extension", "pgsodium", "its store of secrets"),
            own(
                "extension",
                "pg_stat_statements",
                "its statistics of queries",
            ),
            own("role", "supabase_*", "its services"),
            own("role", "pgbouncer", "its pooler"),
            OF_ITS_OWN,
        ],
    },
    Host {
        name: "Amazon RDS",
        roles: &["rds_superuser", "rdsadmin"],
        extension: None,
        schemas: &[],
        own: &[
            own("role", "rds*", "the host's administration"),
            own("extension", "rds_tools", "the host's administration"),
            own("schema", "rds_tools", "the host's administration"),
            OF_ITS_OWN,
        ],
    },
    Host {
        name: "Google Cloud SQL",
        roles: &["cloudsqladmin", "cloudsqlsuperuser"],
        extension: None,
        schemas: &[],
        own: &[
            own("role", "cloudsql*", "the host's administration"),
            own("extension", "google_vacuum_mgmt", "the host's vacuum"),
            own("schema", "google_vacuum_mgmt", "the host's vacuum"),
            OF_ITS_OWN,
        ],
    },
    Host {
        name: "Azure Database for PostgreSQL",
        roles: &["azure_pg_admin", "azuresu"],
        extension: None,
        schemas: &[],
        own: &[
            own("role", "azure*", "the host's administration"),
            own("extension", "azure", "the host's administration"),
            own("extension", "pgaadauth", "the host's sign-in"),
            OF_ITS_OWN,
        ],
    },
    Host {
        name: "Neon",
        roles: &["neon_superuser", "cloud_admin"],
        extension: Some("neon"),
        schemas: &[],
        own: &[
            own("role", "neon_*", "the host's administration"),
            own("role", "cloud_admin", "the host's administration"),
            own("extension", "neon", "the host's storage"),
            own("schema", "neon", "the host's storage"),
            own("schema", "neon_migration", "the host's own history"),
            OF_ITS_OWN,
        ],
    },
    Host {
        name: "Timescale",
        roles: &[],
        extension: Some("timescaledb"),
        schemas: &[],
        own: &[
            own(
                "schema",
                "_timescaledb_*",
                "its catalog, and the chunks of hypertables",
            ),
            own("schema", "timescaledb_*", "its views"),
            own("schema", "toolkit_experimental", "its toolkit"),
            own(
                "trigger",
                "*.ts_insert_blocker",
                "keeps rows out of a hypertable's root",
            ),
            own(
                "trigger",
                "*.ts_cagg_invalidation_trigger",
                "follows a hypertable for its aggregates",
            ),
        ],
    },
];

/// The names of all hosts that are known.
pub fn host_names() -> impl Iterator<Item = &'static str> {
    HOSTS.iter().map(|host| host.name)
}

impl Host {
    fn is_here(&self, catalog: &Catalog) -> bool {
        let extension = |name: &&str| catalog.contains(&ObjectId::top(Kind::Extension, name));
        if self.extension.iter().any(extension) {
            return true;
        }
        let role = |name: &&str| catalog.origin.roles.iter().any(|role| role == *name);
        let schema = |name: &&str| catalog.contains(&ObjectId::top(Kind::Schema, name));
        !self.roles.is_empty() && self.roles.iter().all(role) && self.schemas.iter().all(schema)
    }
}

/// What the hosts of a database have in it that the scope does not speak of: host and lines, those only that leave
/// something out.
pub fn hosts_own(catalog: &Catalog, scope: &Scope) -> Vec<(&'static Host, Own)> {
    let mut found = Vec::new();
    for host in HOSTS.iter().filter(|host| host.is_here(catalog)) {
        for own in host.own {
            let line = Scope::default().without([(own.kind, own.pattern)]);
            let built_in = catalog.objects.keys().filter(|id| id.is_built_in());
            let own_schema = built_in.flat_map(ObjectId::parents);
            let leaves_out = catalog.objects.keys().chain(own_schema).any(|id| {
                let (kind, path) = (id.kind.name(), id.path());
                kind == own.kind
                    && scope.says(kind, &path).is_none()
                    && line.says(kind, &path) == Some(false)
            });
            if leaves_out {
                found.push((host, *own));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Object;
    use crate::kind::schema::Schema;

    fn catalog(roles: &[&str], schemas: &[&str]) -> Catalog {
        let mut catalog = Catalog::default();
        catalog.origin.roles = roles.iter().map(|role| (*role).to_owned()).collect();
        for name in schemas {
            let id = ObjectId::top(Kind::Schema, name);
            catalog.objects.insert(id, Object::from(Schema {}).into());
        }
        catalog
    }

    #[test]
    fn a_host_shows_by_its_roles_and_only_what_is_there_is_left_out() {
        let supabase = ["supabase_admin", "authenticator", "service_role"];
        let schemas = ["auth", "storage", "public"];
        let found = hosts_own(&catalog(&supabase, &schemas), &Scope::default());
        let patterns: Vec<_> = found.iter().map(|(_, own)| own.pattern).collect();
        assert_eq!(patterns, ["auth", "storage"]);
        assert_eq!(found[0].0.name, "Supabase");
        // The roles belong to the cluster: a database beside it is no Supabase.
        assert!(hosts_own(&catalog(&supabase, &["auth"]), &Scope::default()).is_empty());
        assert!(hosts_own(&catalog(&supabase[..2], &schemas), &Scope::default()).is_empty());
    }

    #[test]
    fn every_line_is_one_that_scope_reads() {
        for own in HOSTS.iter().flat_map(|host| host.own) {
            assert!(Kind::from_name(own.kind).is_some(), "{own:?}");
            assert!(!own.reason.is_empty());
        }
    }
}
