//! What a role may do in a database and where each right comes from, as PostgreSQL's own lists have it: what is granted to
//! it, to a role that it inherits from and to everybody, what it owns, and which policies decide which rows it sees.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use tokio_postgres::Row;

use super::connect::Session;
use super::error::SqlError;

/// A role that another one is, or is a member of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Held {
    /// Its name.
    pub role: String,
    /// How the membership comes: from the role that was asked for to this one.
    pub path: Vec<String>,
    /// Whether its rights are there without SET ROLE.
    pub inherits: bool,
}

/// Where a right comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Source {
    /// `grant`, `owner`, `public`, `superuser` or `predefined`.
    pub source: String,
    /// The roles on the way to the one that has it; the role that was asked for alone, where it has it itself.
    pub via: Vec<String>,
    /// Who granted it.
    pub grantor: Option<String>,
    /// Whether it may be passed on.
    pub grantable: bool,
    /// Whether the owner's default privileges give the same to what it makes.
    pub by_default: bool,
}

/// One right on one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Right {
    /// What the object is, `table`.
    pub kind: String,
    /// Its schema; none for what is in none.
    pub schema: Option<String>,
    /// Its name; none for a schema.
    pub name: Option<String>,
    /// The column, where the right is on one alone.
    pub column: Option<String>,
    /// `select`.
    pub privilege: String,
    /// Whether its schema can be used, so that it is of any use.
    pub reachable: bool,
    /// Where it comes from, all of it.
    pub sources: Vec<Source>,
}

impl Right {
    /// The object as people name it.
    pub fn object(&self) -> String {
        match (&self.schema, &self.name) {
            (Some(schema), Some(name)) => format!("{schema}.{name}"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => String::new(),
        }
    }
}

/// A policy that holds for the role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Policy {
    /// Its name.
    pub policy: String,
    /// `select`, `all`.
    pub command: String,
    /// Whether one such is enough, or all such have to agree.
    pub permissive: bool,
    /// For which role it holds; none for everybody.
    pub role: Option<String>,
    /// Which rows are seen.
    pub using: Option<String>,
    /// Which rows may be written.
    pub with_check: Option<String>,
}

/// A table with row-level security.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RowSecurity {
    /// The schema.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Why it does not hold for the role; none where it does.
    pub exempt: Option<String>,
    /// The policies that hold.
    pub policies: Vec<Policy>,
}

/// A right on what will be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Future {
    /// Whose objects.
    pub maker: String,
    /// In which schema; none for all.
    pub schema: Option<String>,
    /// `tables`.
    pub class: String,
    /// `select`.
    pub privilege: String,
    /// Whether it may be passed on.
    pub grantable: bool,
    /// The way to the role that gets it; none for everybody.
    pub via: Option<Vec<String>>,
}

/// Everything that a role may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Access {
    /// The role.
    pub role: String,
    /// Whether no right is asked of it.
    pub superuser: bool,
    /// Whether policies do not hold for it.
    pub bypass_row_security: bool,
    /// What it is a member of.
    pub member_of: Vec<Held>,
    /// Its rights, by schema and object.
    pub rights: Vec<Right>,
    /// The tables with row-level security on which it has rights.
    pub row_security: Vec<RowSecurity>,
    /// What default privileges will give it.
    pub future: Vec<Future>,
}

/// Reads what a role may do; with `system` also on PostgreSQL's own objects. `None` where there is no such role.
///
/// # Errors
///
/// What PostgreSQL says of a query.
pub async fn access(
    session: &Session,
    role: &str,
    system: bool,
) -> Result<Option<Access>, SqlError> {
    let failed = |query: &'static str| move |error| session.sql_error(&error, query);
    let client = session.client();
    const ROLES: &str = include_str!("access_roles.sql");
    let rows = client.query(ROLES, &[&role]).await.map_err(failed(ROLES))?;
    let mut held = Vec::new();
    let (mut superuser, mut bypass, mut is_there) = (false, false, false);
    for row in &rows {
        let read = || -> Result<(Held, bool, bool), tokio_postgres::Error> {
            let held = Held {
                role: row.try_get("name")?,
                path: row.try_get("path")?,
                inherits: row.try_get("inherits")?,
            };
            Ok((held, row.try_get("superuser")?, row.try_get("bypass")?))
        };
        let (one, is_super, passes) = read().map_err(failed(ROLES))?;
        // Attributes are not inherited.
        if one.role == role {
            (superuser, bypass, is_there) = (is_super, passes, true);
        }
        held.push(one);
    }
    if !is_there {
        return Ok(None);
    }
    let ways: BTreeMap<String, Vec<String>> = held
        .iter()
        .filter(|one| one.inherits)
        .map(|one| (one.role.clone(), one.path.clone()))
        .collect();
    let names: Vec<&str> = ways.keys().map(String::as_str).collect();
    const RIGHTS: &str = include_str!("access_rights.sql");
    let rows = client
        .query(RIGHTS, &[&names, &superuser, &system])
        .await
        .map_err(failed(RIGHTS))?;
    let rights = rights(&rows, &ways).map_err(failed(RIGHTS))?;
    const POLICIES: &str = include_str!("access_policies.sql");
    let rows = client
        .query(POLICIES, &[])
        .await
        .map_err(failed(POLICIES))?;
    let exempt = match (superuser, bypass) {
        (true, _) => Some("it is a superuser"),
        (_, true) => Some("it has BYPASSRLS"),
        _ => None,
    };
    let row_security = row_security(&rows, &ways, exempt, &rights).map_err(failed(POLICIES))?;
    const FUTURE: &str = include_str!("access_future.sql");
    let rows = client
        .query(FUTURE, &[&names])
        .await
        .map_err(failed(FUTURE))?;
    let future = future(&rows, &ways).map_err(failed(FUTURE))?;
    held.retain(|one| one.role != role);
    held.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(Some(Access {
        role: role.to_owned(),
        superuser,
        bypass_row_security: bypass,
        member_of: held,
        rights,
        row_security,
        future,
    }))
}

type Ways = BTreeMap<String, Vec<String>>;

fn rights(rows: &[Row], ways: &Ways) -> Result<Vec<Right>, tokio_postgres::Error> {
    let mut rights: Vec<Right> = Vec::new();
    for row in rows {
        let privilege: String = row.try_get("privilege")?;
        let grantee: Option<String> = row.try_get("grantee")?;
        let right = Right {
            kind: row.try_get("kind")?,
            schema: row.try_get("schema_name")?,
            name: row.try_get("name")?,
            column: row.try_get("part")?,
            privilege: privilege.to_lowercase(),
            reachable: true,
            sources: Vec::new(),
        };
        let source = Source {
            source: row.try_get("source")?,
            via: grantee
                .and_then(|grantee| ways.get(&grantee).cloned())
                .unwrap_or_default(),
            grantor: row.try_get("grantor")?,
            grantable: row.try_get("grantable")?,
            by_default: row.try_get("by_default")?,
        };
        let same = |it: &Right| {
            Right {
                sources: Vec::new(),
                ..it.clone()
            } == right
        };
        match rights.last_mut().filter(|last| same(last)) {
            Some(last) if last.sources.contains(&source) => {}
            Some(last) => last.sources.push(source),
            None => rights.push(Right {
                sources: vec![source],
                ..right
            }),
        }
    }
    let usable: Vec<String> = rights
        .iter()
        .filter(|it| it.kind == "schema" && it.privilege == "usage")
        .filter_map(|it| it.schema.clone())
        .collect();
    for right in &mut rights {
        right.reachable = match (&right.schema, &right.name) {
            (Some(schema), Some(_)) => usable.contains(schema),
            _ => true,
        };
    }
    Ok(rights)
}

fn row_security(
    rows: &[Row],
    ways: &Ways,
    exempt: Option<&str>,
    rights: &[Right],
) -> Result<Vec<RowSecurity>, tokio_postgres::Error> {
    let mut tables: Vec<RowSecurity> = Vec::new();
    for row in rows {
        let (schema, table): (String, String) = (row.try_get("schema_name")?, row.try_get("name")?);
        let is_it = |right: &Right| {
            right.schema.as_deref() == Some(&schema) && right.name.as_deref() == Some(&table)
        };
        if !rights.iter().any(is_it) {
            continue;
        }
        if tables
            .last()
            .is_none_or(|last| (&last.schema, &last.table) != (&schema, &table))
        {
            let owner: String = row.try_get("owner")?;
            let forced: bool = row.try_get("forced")?;
            let owns = ways.contains_key(&owner) && !forced;
            tables.push(RowSecurity {
                schema: schema.clone(),
                table: table.clone(),
                exempt: exempt
                    .or(owns.then_some("it owns the table"))
                    .map(str::to_owned),
                policies: Vec::new(),
            });
        }
        let Some(policy) = row.try_get::<_, Option<String>>("policy")? else {
            continue;
        };
        let roles: Vec<String> = row.try_get("roles")?;
        let role = roles.into_iter().find(|role| ways.contains_key(role));
        let for_all: bool = row.try_get("for_all")?;
        if let Some(last) = tables.last_mut().filter(|_| for_all || role.is_some()) {
            last.policies.push(Policy {
                policy,
                command: row.try_get("command")?,
                permissive: row.try_get("permissive")?,
                role: role.filter(|_| !for_all),
                using: row.try_get("sees")?,
                with_check: row.try_get("writes")?,
            });
        }
    }
    Ok(tables)
}

fn future(rows: &[Row], ways: &Ways) -> Result<Vec<Future>, tokio_postgres::Error> {
    rows.iter()
        .map(|row| {
            let grantee: Option<String> = row.try_get("grantee")?;
            let privilege: String = row.try_get("privilege")?;
            Ok(Future {
                maker: row.try_get("maker")?,
                schema: row.try_get("schema_name")?,
                class: row.try_get("class")?,
                privilege: privilege.to_lowercase(),
                grantable: row.try_get("grantable")?,
                via: grantee.map(|it| ways.get(&it).cloned().unwrap_or_default()),
            })
        })
        .collect()
}
