//! What everything has: owner, comment, rights. And the rights that later objects are born with.

use super::model::{Key, Model, PUBLIC, Sort, Thing};
use super::routines;
use super::sql::{ROLES, ident, path, text};

/// What the thing is called in COMMENT, ALTER … OWNER and GRANT: the word, and the name behind it.
fn called(model: &Model, key: Key, thing: &Thing) -> Option<(&'static str, String)> {
    let name = path(model, key);
    let of_table = || format!("{} ON {}", ident(&thing.name), path(model, thing.parent));
    Some(match thing.sort {
        Sort::Schema if key == PUBLIC => return None,
        Sort::Schema => ("SCHEMA", name),
        Sort::Extension => ("EXTENSION", ident(&thing.name)),
        Sort::Collation => ("COLLATION", name),
        Sort::Domain => ("DOMAIN", name),
        Sort::Enum | Sort::Composite | Sort::Range => ("TYPE", name),
        Sort::Sequence => ("SEQUENCE", name),
        Sort::Table | Sort::Partition => ("TABLE", name),
        Sort::Column => (
            "COLUMN",
            format!("{}.{}", path(model, thing.parent), ident(&thing.name)),
        ),
        Sort::Unique if thing.die(4, 3) == 0 => return None,
        Sort::Unique | Sort::Check | Sort::ForeignKey | Sort::Exclude => ("CONSTRAINT", of_table()),
        Sort::Index => {
            let mut schema = model.get(thing.parent).parent;
            while model.get(schema).sort != Sort::Schema {
                schema = model.get(schema).parent;
            }
            (
                "INDEX",
                format!("{}.{}", path(model, schema), ident(&thing.name)),
            )
        }
        Sort::View => ("VIEW", name),
        Sort::MaterializedView => ("MATERIALIZED VIEW", name),
        Sort::Function => (routines::word(thing), routines::signature(model, key)),
        Sort::Aggregate => ("AGGREGATE", format!("{name}(bigint)")),
        Sort::Operator => {
            let ty = routines::pair_type(model, model.get(thing.uses[0]));
            let operator = routines::operator_name(key);
            (
                "OPERATOR",
                format!("{}.{operator} ({ty}, {ty})", path(model, thing.parent)),
            )
        }
        Sort::Trigger => ("TRIGGER", of_table()),
        Sort::Rule => ("RULE", of_table()),
        Sort::Policy => ("POLICY", of_table()),
        Sort::Publication => ("PUBLICATION", name),
        Sort::Statistics => ("STATISTICS", name),
        Sort::TextSearch => ("TEXT SEARCH CONFIGURATION", name),
        Sort::EventTrigger | Sort::DefaultPrivilege => return None,
    })
}

/// The privileges of a sort, and the word of GRANT.
fn privileges(thing: &Thing) -> Option<(&'static str, &'static [&'static str])> {
    Some(match thing.sort {
        Sort::Schema => ("SCHEMA", &["USAGE", "CREATE"]),
        Sort::Domain => ("DOMAIN", &["USAGE"]),
        Sort::Enum | Sort::Composite | Sort::Range => ("TYPE", &["USAGE"]),
        Sort::Sequence => ("SEQUENCE", &["USAGE", "SELECT", "UPDATE"]),
        Sort::Table | Sort::View | Sort::MaterializedView => (
            "TABLE",
            &[
                "SELECT",
                "INSERT",
                "UPDATE",
                "DELETE",
                "REFERENCES",
                "TRIGGER",
            ],
        ),
        Sort::Function => (routines::word(thing), &["EXECUTE"]),
        Sort::Aggregate => ("FUNCTION", &["EXECUTE"]),
        _ => return None,
    })
}

fn has_owner(model: &Model, thing: &Thing) -> bool {
    match thing.sort {
        Sort::Sequence => thing.columns.is_empty(),
        // A materialized view that calls a function with its owner's rights gets no rows where that one has none.
        Sort::Function => {
            routines::shape(thing) != routines::Shape::EventTrigger
                && (!routines::has_rights_of_owner(thing)
                    || model.of_sort(Sort::MaterializedView).is_empty())
        }
        // Its tables could be another's, or all.
        Sort::Publication | Sort::Extension | Sort::EventTrigger => false,
        // A view that a materialized view reads is read with its owner's rights: no rows come from one without.
        Sort::View => !model.things.values().any(|it| {
            it.sort == Sort::MaterializedView
                && it
                    .uses
                    .iter()
                    .any(|used| model.get(*used).sort == Sort::View)
        }),
        sort => !sort.is_part() && model.things.contains_key(&thing.parent) || sort == Sort::Schema,
    }
}

pub(super) fn facets(model: &Model, key: Key, thing: &Thing) -> Vec<String> {
    let Some((word, name)) = called(model, key, thing) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let owner = ROLES[usize::from(thing.owner) % ROLES.len()];
    if owner != ROLES[0] && has_owner(model, thing) {
        out.push(format!("ALTER {word} {name} OWNER TO {owner}"));
    }
    if !thing.comment.is_multiple_of(4) {
        let comment = [
            "",
            "plain",
            "it's \\ \"quoted\"\n-- and; two lines",
            "Größe $$ %s",
        ][usize::from(thing.comment % 4)];
        out.push(format!("COMMENT ON {word} {name} IS {}", text(comment)));
    }
    if thing.grants == 0 {
        return out;
    }
    if thing.sort == Sort::Column && model.get(thing.parent).uses.is_empty() {
        let privilege = ["SELECT", "UPDATE", "INSERT", "REFERENCES"][usize::from(thing.grants % 4)];
        let role = ROLES[2 + usize::from(thing.grants / 4 % 2)];
        out.push(format!(
            "GRANT {privilege} ({}) ON TABLE {} TO {role}",
            ident(&thing.name),
            path(model, thing.parent)
        ));
        return out;
    }
    if let Some((word, all)) = privileges(thing) {
        let role = ROLES[2 + usize::from(thing.grants % 2)];
        let bits = thing.grants >> 2;
        let chosen: Vec<&str> = all
            .iter()
            .enumerate()
            .filter(|(index, _)| bits >> index & 1 == 1)
            .map(|(_, privilege)| *privilege)
            .collect();
        let revoked = thing.grants % 16 == 3;
        if revoked && !matches!(thing.sort, Sort::Function | Sort::Domain | Sort::Enum) {
            out.push(format!("REVOKE ALL ON {word} {name} FROM PUBLIC"));
        }
        if revoked && matches!(thing.sort, Sort::Table | Sort::View) {
            out.push(format!(
                "REVOKE TRUNCATE, DELETE ON {word} {name} FROM {owner}"
            ));
        }
        if !chosen.is_empty() {
            let option = if thing.grants % 8 == 6 {
                " WITH GRANT OPTION"
            } else {
                ""
            };
            out.push(format!(
                "GRANT {} ON {word} {name} TO {role}{option}",
                chosen.join(", ")
            ));
        }
        if thing.grants % 16 == 5 {
            out.push(format!("GRANT {} ON {word} {name} TO PUBLIC", all[0]));
        }
    }
    out
}

pub(super) fn default_privilege(model: &Model, thing: &Thing) -> String {
    let (word, privilege) = [
        ("TABLES", "SELECT, INSERT"),
        ("SEQUENCES", "USAGE"),
        ("FUNCTIONS", "EXECUTE"),
        ("TYPES", "USAGE"),
        ("TABLES", "ALL"),
    ][usize::from(thing.die(0, 5))];
    let role = ROLES[2 + usize::from(thing.die(1, 2))];
    if thing.die(2, 4) == 3 {
        return format!("ALTER DEFAULT PRIVILEGES REVOKE {privilege} ON {word} FROM PUBLIC");
    }
    let scope = if thing.die(2, 4) == 2 {
        String::new()
    } else {
        format!(" IN SCHEMA {}", path(model, thing.parent))
    };
    let of = if thing.die(4, 4) == 3 {
        " FOR ROLE case_owner"
    } else {
        ""
    };
    format!("ALTER DEFAULT PRIVILEGES{of}{scope} GRANT {privilege} ON {word} TO {role}")
}
