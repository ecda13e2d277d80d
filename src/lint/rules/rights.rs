//! Who may do what afterwards.

use super::At;
use crate::facts::read::{Action, Command, Grant};
use crate::sql::lexer::{Token, significant};

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
        } if altered || mighty => {
            let message = match mighty {
                true => format!("role {name} may pass over all or some checks of rights"),
                false => format!("what role {name} may do by itself changes"),
            };
            at.say("role-attributes", name, message);
        }
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
        Command::CreateRoutine(routine) => {
            let object = at.full(&routine.name);
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
            definer: true,
            search_path,
        } => {
            let object = at.full(&name);
            at.say(
                "security-definer",
                &object,
                format!("{object} runs with the rights of its owner"),
            );
            if !search_path {
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
