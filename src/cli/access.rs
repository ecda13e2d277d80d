//! `access`: what a role may do, and where each right comes from.

use indexmap::IndexMap;

use super::answer::AccessAnswer;
use super::arguments::Access;
use super::context::Context;
use super::failure::Failure;
use super::live::{DONE, Live};
use super::report::escaped;
use super::screen::Paint;
use crate::kdl::nearest;
use crate::model::Exit;
use crate::pg::access::{Access as Found, Policy, Right, RowSecurity, Source, access};

pub(super) async fn run(context: &Context, options: &Access) -> Result<Exit, Failure> {
    context.formats("access")?;
    let workspace = context.project_or_none("access")?;
    let live = Live::connect(context, workspace.as_ref()).await?;
    let system = options.on.as_deref().is_some_and(|on| {
        let schema = on.split('.').next().unwrap_or_default();
        matches!(schema, "pg_catalog" | "information_schema")
    });
    let role = live.session.role_names().called_here(options.role.clone());
    let Some(mut found) = access(&live.session, &role, system).await? else {
        let known = live.roles().await?;
        let near = nearest(&options.role, known.iter().map(String::as_str));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`psql -c '\\du'` lists the roles of the cluster".to_owned(),
        };
        return Err(Failure::said(
            "access::role",
            Exit::Input,
            format!("{} has no role `{}`", live.label(), options.role),
            &help,
        ));
    };
    if let Some(on) = &options.on {
        let is_it = |schema: Option<&str>, object: &str| object == on || schema == Some(on);
        found
            .rights
            .retain(|right| is_it(right.schema.as_deref(), &right.object()));
        found.row_security.retain(|table| {
            is_it(
                Some(&table.schema),
                &format!("{}.{}", table.schema, table.table),
            )
        });
        found.future.retain(|it| it.schema.as_deref() == Some(on));
    }
    if context.screen.is_json() {
        context.screen.print_json(&AccessAnswer {
            access: found,
            ok: true,
            database: live.label(),
        });
        return DONE;
    }
    show(context, &found, &live.label());
    if found.rights.is_empty() {
        context.screen.say(match &options.on {
            Some(on) => format!("  no right on {}", escaped(on)),
            None => "  no right on anything".to_owned(),
        });
    }
    DONE
}

fn show(context: &Context, found: &Found, label: &str) {
    let screen = &context.screen;
    let strong = |text: &str| screen.paint(Paint::Strong, &escaped(text));
    let mut head = format!("{}  in {}", strong(&found.role), escaped(label));
    if found.superuser {
        head.push_str("  superuser: no right is asked of it");
    } else if found.bypass_row_security {
        head.push_str("  row-level security does not hold for it");
    }
    screen.print(head);
    for held in &found.member_of {
        let how = match held.inherits {
            true => "",
            false => "  by SET ROLE only: its rights are not listed",
        };
        screen.print(format!("  member  {}{how}", escaped(&path(&held.path))));
    }
    let mut objects: IndexMap<(String, &str), Vec<&Right>> = IndexMap::new();
    for right in &found.rights {
        objects
            .entry((right.object(), &right.kind))
            .or_default()
            .push(right);
    }
    for ((object, kind), rights) in objects {
        let reach = match rights.iter().all(|right| right.reachable) {
            true => "",
            false => "  out of reach: no usage on its schema",
        };
        screen.print(format!("  {} {}{reach}", escaped(kind), strong(&object)));
        for (how, privileges) in by_source(&found.role, &rights) {
            screen.print(format!(
                "    {:<32}  {}",
                escaped(&privileges.join(", ")),
                escaped(&how)
            ));
        }
        let table = found
            .row_security
            .iter()
            .find(|it| object == format!("{}.{}", it.schema, it.table));
        if let Some(table) = table {
            show_policies(context, table);
        }
    }
    for future in &found.future {
        let place = future.schema.as_deref();
        let place = place.map_or_else(String::new, |schema| format!(" in {schema}"));
        let how = match &future.via {
            None => "everybody gets it".to_owned(),
            Some(via) => way(&found.role, via),
        };
        screen.print(format!(
            "  later   {} on {} that {} makes{}  {}",
            escaped(&future.privilege),
            escaped(&future.class),
            escaped(&future.maker),
            escaped(&place),
            escaped(&how)
        ));
    }
}

/// The privileges that come in the same way, in one line.
fn by_source(role: &str, rights: &[&Right]) -> IndexMap<String, Vec<String>> {
    let mut lines: IndexMap<String, Vec<String>> = IndexMap::new();
    for right in rights {
        let name = match &right.column {
            Some(column) => format!("{} ({column})", right.privilege),
            None => right.privilege.clone(),
        };
        for source in &right.sources {
            lines
                .entry(words(role, source))
                .or_default()
                .push(name.clone());
        }
    }
    lines
}

/// Where a right comes from, in words.
fn words(role: &str, source: &Source) -> String {
    let mut words = match source.source.as_str() {
        "public" => "everybody has it".to_owned(),
        "superuser" => "it is a superuser".to_owned(),
        "owner" => match source.via.as_slice() {
            [_] => "it owns it".to_owned(),
            via => format!("{}, the owner", way(role, via)),
        },
        _ => way(role, &source.via),
    };
    if source.source == "grant"
        && let Some(grantor) = &source.grantor
    {
        words.push_str(&format!(", from {grantor}"));
        if source.grantable {
            words.push_str(", may be passed on");
        }
        if source.by_default {
            words.push_str(", as default privileges give it");
        }
    }
    words
}

/// `granted to it`, `by way of readers → staff`.
fn way(role: &str, via: &[String]) -> String {
    match via {
        [] => String::new(),
        [own] if own == role => "granted to it".to_owned(),
        [_, further @ ..] => format!("by way of {}", path(further)),
    }
}

fn path(roles: &[String]) -> String {
    roles.join(" → ")
}

fn show_policies(context: &Context, table: &RowSecurity) {
    let screen = &context.screen;
    if let Some(why) = &table.exempt {
        screen.print(format!(
            "    row-level security does not hold: {}",
            escaped(why)
        ));
        return;
    }
    if !table.policies.iter().any(|policy| policy.permissive) {
        screen.print("    row-level security: no policy lets it see or write a row");
    }
    for policy in &table.policies {
        screen.print(format!("    {}", escaped(&policy_words(policy))));
    }
}

fn policy_words(policy: &Policy) -> String {
    let mut words = format!(
        "policy {} for {}{}{}",
        policy.policy,
        policy.command,
        match &policy.role {
            Some(role) => format!(" to {role}"),
            None => String::new(),
        },
        if policy.permissive {
            ""
        } else {
            ", restrictive"
        }
    );
    if let Some(using) = &policy.using {
        words.push_str(&format!("  using {using}"));
    }
    if let Some(check) = &policy.with_check {
        words.push_str(&format!("  with check {check}"));
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
