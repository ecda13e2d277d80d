//! Who may do what afterwards.

use super::At;
use crate::facts::read::{Action, Command, Grant, SECURITY};
use crate::sql::lexer::{Token, significant};
use crate::sql::quote::{unquote_ident, unquote_literal};

pub(super) fn judge(at: &mut At<'_>) {
    match at.command.clone() {
        Command::Grant(grant) => granted(at, &grant),
        Command::DefaultPrivileges { public } => {
            at.say(
                "default-privileges",
                "",
                "objects made later are born with other rights",
            );
            if public {
                at.say(
                    "grant-to-public",
                    "",
                    "everybody gets rights on objects made later",
                );
            }
        }
        Command::Role {
            name,
            altered,
            mighty,
            member_of,
            members,
        } => {
            for role in &member_of {
                let message = format!("{name} gets the rights of {role}");
                at.say("role-membership", role, message);
            }
            for member in &members {
                let message = match altered {
                    true => format!("{member} gets or loses the rights of {name}"),
                    false => format!("{member} gets the rights of {name}"),
                };
                at.say("role-membership", &name, message);
            }
            if mighty || altered && members.is_empty() {
                let message = match mighty {
                    true => format!("role {name} may pass over all or some checks of rights"),
                    false => format!("what role {name} may do by itself changes"),
                };
                at.say("role-attributes", name, message);
            }
        }
        Command::Drop(removal) if matches!(removal.kind, "role" | "user" | "group") => {
            for name in &removal.names {
                let message = format!("role {} is dropped", name.name);
                at.say("role-attributes", &name.name, message);
            }
        }
        Command::Owned { roles, to } => {
            for role in &roles {
                match &to {
                    Some(to) => at.say(
                        "change-owner",
                        role,
                        format!("everything that {role} owns gets the owner {to}"),
                    ),
                    None => at.say(
                        "revoke",
                        role,
                        format!("{role} loses all rights, and what it owns is dropped"),
                    ),
                }
            }
        }
        Command::CreateSchema {
            name,
            owner: Some(owner),
            ..
        } => at.say(
            "change-owner",
            &name,
            format!("schema {name} is made for {owner}, who may do everything in it"),
        ),
        Command::ActAs(role) => match role {
            Some(role) => at.say(
                "set-role",
                &role,
                format!("what follows runs with the rights of {role}"),
            ),
            None => at.say(
                "set-role",
                "none",
                "what follows runs with the rights of the role that logged in",
            ),
        },
        Command::MakePart {
            kind: "policy",
            name,
            table,
            altered,
        } => {
            let object = at.full(&table);
            let path = format!("{object}.{name}");
            at.say(
                "policy",
                &path,
                format!("policy {name} decides which rows of {object} somebody sees"),
            );
            let off = at.world.relation(&table).and_then(|it| it.row_security) == Some(false);
            if off && !altered && !at.switched_on(&table) {
                at.say(
                    "policy-without-row-security",
                    path,
                    format!("row-level security of {object} is off: policy {name} decides nothing"),
                );
            }
        }
        Command::DropPart {
            kind: "policy",
            name,
            table,
        } => {
            let object = at.full(&table);
            at.say(
                "policy",
                format!("{object}.{name}"),
                format!("policy {name} of {object} is dropped"),
            );
        }
        Command::AlterTable(alter) => {
            for action in &alter.actions {
                let is_of_security = |option: &String| SECURITY.contains(&option.as_str());
                if let Action::Options(options) = action
                    && alter.kind.ends_with("view")
                    && options.iter().any(is_of_security)
                {
                    view_rights(at, &alter.name);
                }
                if let Action::RowSecurity { less, .. } = action {
                    let object = at.full(&alter.name);
                    let message = match less {
                        true => format!("row-level security of {object} hides less afterwards"),
                        false => format!(
                            "row-level security of {object} hides rows from those that no policy names"
                        ),
                    };
                    at.say("row-level-security", object, message);
                }
            }
        }
        Command::CreateView {
            name,
            security: true,
            ..
        } => view_rights(at, &name),
        Command::CreateRoutine(routine) => {
            let object = at.full(&routine.name);
            routine_rights(at, &object, &routine.powers);
            if routine.definer {
                at.say(
                    "security-definer",
                    &object,
                    format!("{object} runs with the rights of its owner"),
                );
                if !routine.search_path {
                    at.say("definer-search-path", &object, format!("{object} runs with the rights of its owner and finds what the caller's search path says"));
                }
            }
            if let Some(body) = &routine.body
                && !routine.search_path
                && matches!(routine.language.as_str(), "sql" | "plpgsql")
                && let Some(name) = unqualified(body)
            {
                at.say(
                    "unqualified-body",
                    &object,
                    format!("the body of {object} names {name} without its schema"),
                );
            }
        }
        Command::AlterRoutine {
            name,
            definer,
            search_path,
            powers,
        } => {
            let object = at.full(&name);
            routine_rights(at, &object, &powers);
            if definer {
                at.say(
                    "security-definer",
                    &object,
                    format!("{object} runs with the rights of its owner"),
                );
            }
            if definer && !search_path {
                at.say("definer-search-path", &object, format!("{object} runs with the rights of its owner; say SET search_path in the same statement"));
            }
        }
        Command::Comment {
            label: true, name, ..
        } => {
            let object = at.full(&name);
            at.say(
                "security-label",
                &object,
                format!("the security label of {object} changes"),
            );
        }
        _ => {}
    }
    written(at);
}

fn view_rights(at: &mut At<'_>, view: &crate::model::QualifiedName) {
    let object = at.full(view);
    let message =
        format!("whose rights {object} reads with, or what it lets through, is said anew");
    at.say("view-security", object, message);
}

fn routine_rights(at: &mut At<'_>, object: &str, powers: &[&str]) {
    for power in powers {
        let message = match *power {
            "leakproof" => format!("{object} is run before the policies of rows have spoken"),
            "invoker" => format!("{object} runs with the rights of its caller"),
            _ => format!("{object} runs as another role"),
        };
        at.say("routine-rights", object, message);
    }
}

/// What is written into PostgreSQL's own catalogs, and roles that are set by a function.
fn written(at: &mut At<'_>) {
    if !matches!(at.command, Command::Write { .. } | Command::Query { .. }) {
        return;
    }
    let tokens = significant(at.sql);
    for n in 0..tokens.len() {
        let word =
            |ahead: usize, word: &str| tokens.get(n + ahead).is_some_and(|it| it.is_word(word));
        let name = |ahead: usize| {
            let token = tokens.get(n + ahead).filter(|it| it.is_ident());
            token.map(|it| unquote_ident(it.text)).unwrap_or_default()
        };
        let writes = word(0, "update")
            || (word(1, "into") && (word(0, "insert") || word(0, "merge")))
            || (word(0, "delete") && word(1, "from"))
            || (word(0, "copy") && matches!(at.command, Command::Write { .. }));
        if writes {
            let mut first = if word(0, "update") || word(0, "copy") {
                1
            } else {
                2
            };
            first += usize::from(word(first, "only"));
            let catalog = name(first) == "pg_catalog";
            let table = name(if catalog { first + 2 } else { first });
            if catalog || table.starts_with("pg_") {
                let object = format!("pg_catalog.{table}");
                let message =
                    format!("{object} is written by hand: no statement says what that means");
                at.say("catalog-write", object, message);
            }
        }
        let sets = word(0, "set_config") && tokens.get(n + 1).is_some_and(|it| it.is("("));
        let setting = tokens.get(n + 2).and_then(|it| unquote_literal(it.text));
        if sets
            && setting.is_none_or(|it| {
                ["role", "session_authorization"].contains(&&*it.to_ascii_lowercase())
            })
        {
            at.say(
                "set-role",
                "set_config",
                "what follows may run with the rights of another role",
            );
        }
    }
}

fn granted(at: &mut At<'_>, grant: &Grant) {
    let who = grant.grantees.join(", ");
    for name in &grant.names {
        let object = match (grant.roles, grant.kind.as_str()) {
            (true, _) => name.name.clone(),
            (
                _,
                "table" | "sequence" | "function" | "procedure" | "routine" | "type" | "domain",
            ) => at.full(name),
            _ => name.name.clone(),
        };
        let what = match grant.roles {
            true => format!("the rights of {object}"),
            false => format!("{} on {} {object}", grant.privileges.join(", "), grant.kind),
        };
        let code = match (grant.roles, grant.revoked) {
            (true, _) => "role-membership",
            (false, true) => "revoke",
            (false, false) => "grant",
        };
        let verb = if grant.revoked { "loses" } else { "gets" };
        at.say(code, &object, format!("{who} {verb} {what}"));
        if !grant.revoked && grant.grantees.iter().any(|it| it == "public") {
            at.say("grant-to-public", object, format!("everybody gets {what}"));
        }
    }
}

impl At<'_> {
    /// Whether the statements that follow are known to switch row-level security on; the file tells.
    fn switched_on(&self, table: &crate::model::QualifiedName) -> bool {
        let full = self.world.resolve(table);
        self.later.iter().any(|command| {
            matches!(command, Command::AlterTable(alter) if self.world.resolve(&alter.name) == full
                && alter.actions.iter().any(|it| matches!(it, Action::RowSecurity { enabled: Some(true), .. })))
        })
    }
}

/// The first relation that a body names without its schema: behind FROM, JOIN, UPDATE, INTO of an INSERT.
fn unqualified(body: &str) -> Option<String> {
    let tokens = significant(body);
    let mut inside: Vec<bool> = Vec::new();
    let bound = bound_names(&tokens);
    for (n, token) in tokens.iter().enumerate() {
        if token.is("(") {
            let call = n > 0
                && ["extract", "substring", "trim", "overlay", "position"]
                    .iter()
                    .any(|name| tokens[n - 1].is_word(name));
            inside.push(call);
        } else if token.is(")") {
            inside.pop();
        }
        let before = |word: &str| n > 0 && tokens[n - 1].is_word(word);
        let leads = (token.is_word("from") && !before("distinct") && inside.last() != Some(&true))
            || token.is_word("join")
            || (token.is_word("into") && (before("insert") || before("merge")))
            || (token.is_word("update")
                && (n == 0
                    || tokens[n - 1].is(";")
                    || before("begin")
                    || before("then")
                    || before("loop")
                    || before("else")));
        if !leads {
            continue;
        }
        let mut next = n + 1;
        while tokens
            .get(next)
            .is_some_and(|it| it.is_word("only") || it.is_word("lateral"))
        {
            next += 1;
        }
        let Some(name) = tokens.get(next).filter(|it| it.is_ident()) else {
            continue;
        };
        let alone = !tokens
            .get(next + 1)
            .is_some_and(|it| it.is(".") || it.is("("));
        let plain = crate::sql::quote::unquote_ident(name.text);
        if alone && !bound.contains(&plain) && !name.is_word("unnest") && !name.is_word("select") {
            return Some(plain);
        }
    }
    None
}

/// Names that the body itself gives: common table expressions, the rows of a trigger, variables of FOR.
fn bound_names(tokens: &[Token<'_>]) -> Vec<String> {
    let mut names: Vec<String> = ["old", "new"].map(str::to_owned).to_vec();
    for (n, token) in tokens.iter().enumerate() {
        let follows =
            |ahead: usize, word: &str| tokens.get(n + ahead).is_some_and(|it| it.is_word(word));
        // `name AS (` and `name AS MATERIALIZED (`, also behind a list of columns.
        let opens = |ahead: usize| tokens.get(n + ahead).is_some_and(|it| it.is("("));
        if token.is_ident()
            && follows(1, "as")
            && (opens(2) || follows(2, "materialized") || follows(2, "not"))
        {
            names.push(crate::sql::quote::unquote_ident(token.text));
        }
        if token.is_word("recursive") || token.is_word("with") {
            let at = n + 1 + usize::from(follows(1, "recursive"));
            if let Some(name) = tokens.get(at).filter(|it| it.is_ident()) {
                names.push(crate::sql::quote::unquote_ident(name.text));
            }
        }
        // Transition tables.
        if token.is_word("table")
            && n > 0
            && (tokens[n - 1].is_word("new") || tokens[n - 1].is_word("old"))
        {
            names.extend(tokens.get(n + 2).map(|it| it.text.to_ascii_lowercase()));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::unqualified;

    #[test]
    fn relations_without_a_schema_are_told_from_what_the_body_binds() {
        for (body, found) in [
            ("select 1 from s.t", None),
            ("select * from users", Some("users")),
            ("select extract(year from at) from s.t", None),
            (
                "with a as (select 1) select * from a join s.t on true",
                None,
            ),
            (
                "begin insert into log values (1); return new; end",
                Some("log"),
            ),
            ("begin select count(*) into n from s.t; end", None),
            (
                "begin if new.x is distinct from old.x then update s.t set a = 1; end if; end",
                None,
            ),
            (
                "begin for r in select * from generate_series(1, 2) loop end loop; end",
                None,
            ),
            ("select * from s.a left join b using (x)", Some("b")),
        ] {
            assert_eq!(unqualified(body).as_deref(), found, "{body}");
        }
    }
}
