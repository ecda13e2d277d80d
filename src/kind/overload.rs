//! Overloads: routines and operators of one name, of which PostgreSQL chooses one by what a call gives. One that goes must
//! be gone before a text is read whose call it could take, or make ambiguous; and what means another one than before is
//! read again.

use std::collections::{BTreeMap, BTreeSet};

use super::arguments::{Mode, parse};
use super::{Catalog, Context, Object};
use crate::model::{Kind, ObjectId};
use crate::sql::calls::{Call, Given, calls};
use crate::sql::lexer::significant;
use crate::sql::types::{canonical_type, is_builtin_type};

/// Whether it is called by a name that others of its kind can have.
fn is_called(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Function | Kind::Procedure | Kind::Aggregate | Kind::Operator
    )
}

/// Whether two are called by one name.
fn is_of_one_name(a: &ObjectId, b: &ObjectId) -> bool {
    is_called(a.kind)
        && is_called(b.kind)
        && (a.kind == Kind::Operator) == (b.kind == Kind::Operator)
        && a.name == b.name
        && a.schema() == b.schema()
}

/// What a routine or operator takes.
struct Takes {
    /// The types of its arguments; `NONE` for an operand that it has not.
    types: Vec<String>,
    /// How many must be given.
    required: usize,
    /// Whether the last one may be given any number of times.
    variadic: bool,
}

impl Takes {
    fn of(id: &ObjectId, catalog: &Catalog) -> Takes {
        let list = match catalog.get(id) {
            Some(Object::Function(function)) => &function.arguments.canonical,
            Some(Object::Procedure(procedure)) => &procedure.arguments.canonical,
            _ => "",
        };
        let list = parse(list);
        let defaults = list.iter().filter(|it| it.default.is_some()).count();
        let types: Vec<String> = match id.kind {
            // A call of a procedure gives its OUT arguments as well.
            Kind::Procedure => list.iter().map(|it| it.data_type.clone()).collect(),
            _ => parse(&id.signature)
                .into_iter()
                .map(|it| it.data_type)
                .collect(),
        };
        let variadic = list.iter().any(|it| it.mode == Mode::Variadic)
            || id.kind == Kind::Aggregate && types.iter().any(|it| it.starts_with("VARIADIC"));
        Takes {
            required: types.len().saturating_sub(defaults + usize::from(variadic)),
            types,
            variadic,
        }
    }

    fn fits(&self, count: usize) -> bool {
        count >= self.required && (self.variadic || count <= self.types.len())
    }

    /// The type of the argument in a place.
    fn at(&self, place: usize) -> Option<&str> {
        let spread = self.variadic && place + 1 >= self.types.len();
        match spread {
            true => self.types.last().map(|it| it.trim_end_matches("[]")),
            false => self.types.get(place).map(String::as_str),
        }
    }
}

/// Types that values of another one become by themselves, in either direction.
const ALIKE: &[&[&str]] = &[
    &[
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
        "oid",
        "regclass",
    ],
    &[
        "text",
        "character varying",
        "character",
        "name",
        "\"char\"",
        "regclass",
    ],
    &[
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
    ],
    &["time without time zone", "time with time zone", "interval"],
    &["inet", "cidr"],
    &["bit", "bit varying"],
];

/// Whether a value that is taken for one type could be taken for the other.
fn is_alike(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    // A domain, a type with casts of its own.
    let own = |it: &str| {
        let base = it.trim_end_matches("[]");
        base.starts_with("any") || !is_builtin_type(base.split([' ', '(']).next().unwrap_or(base))
    };
    let (a, b) = (canonical_type(a), canonical_type(b));
    a == b
        || own(&a)
        || own(&b)
        || ALIKE
            .iter()
            .any(|group| group.contains(&a.as_str()) && group.contains(&b.as_str()))
}

/// What a plan takes away of what is called by a name.
pub(crate) struct Goners<'a> {
    context: &'a Context<'a>,
    gone: BTreeMap<(Option<&'a str>, &'a str), Vec<&'a ObjectId>>,
}

impl<'a> Goners<'a> {
    /// The routines and operators among what goes.
    pub(crate) fn new(context: &'a Context<'a>, gone: impl Iterator<Item = &'a ObjectId>) -> Self {
        let mut by_name: BTreeMap<_, Vec<&ObjectId>> = BTreeMap::new();
        for id in gone.filter(|id| is_called(id.kind)) {
            by_name
                .entry((id.schema(), &*id.name))
                .or_default()
                .push(id);
        }
        Goners {
            context,
            gone: by_name,
        }
    }

    /// Whether nothing of that sort goes.
    pub(crate) fn is_empty(&self) -> bool {
        self.gone.is_empty()
    }

    /// Those that could take a call of `id`, whose text is read, while they are there.
    pub(crate) fn rivals(&self, id: &ObjectId, text: impl Fn() -> String) -> Vec<&'a ObjectId> {
        let after = self.context.after;
        let mut found = Vec::new();
        if !is_read(id, after) {
            return found;
        }
        let mut read: Option<(String, Vec<Call>)> = None;
        for (body, routine) in self.run_by(id) {
            for call in calls(body) {
                let named = self.gone.iter().filter(|((schema, name), _)| {
                    let path = call.path.as_slice();
                    let said = path.len().checked_sub(2).map(|at| path[at].as_str());
                    path.last().is_some_and(|it| it == name) && (said.is_none() || said == *schema)
                });
                for gone in named.flat_map(|(_, gone)| gone) {
                    let takes = Takes::of(gone, self.context.before);
                    let mut wanted = after.objects.keys();
                    let is_rival = *gone != routine
                        && gone.kind != Kind::Operator
                        && !found.contains(gone)
                        && wanted.any(|it| {
                            it != *gone
                                && is_of_one_name(it, gone)
                                && both_take(&call, &Takes::of(it, after), &takes)
                        });
                    if is_rival {
                        found.push(*gone);
                    }
                }
            }
        }
        for needed in after.dependencies_of(id).filter(|it| is_called(it.kind)) {
            let Some(gone) = self.gone.get(&(needed.schema(), &*needed.name)) else {
                continue;
            };
            let (text, calls) = read.get_or_insert_with(|| {
                let text = text();
                let calls = calls(&text);
                (text, calls)
            });
            let wanted = Takes::of(needed, after);
            for rival in gone {
                let takes = || Takes::of(rival, self.context.before);
                let is_rival = *rival != needed
                    && *rival != id
                    && is_of_one_name(rival, needed)
                    && match needed.kind {
                        Kind::Operator => operators_meet(&wanted, &takes(), needed, text),
                        _ => calls
                            .iter()
                            .any(|call| is_of(call, needed) && both_take(call, &wanted, &takes())),
                    };
                if is_rival && !found.contains(rival) {
                    found.push(*rival);
                }
            }
        }
        found
    }

    /// The bodies in quotes that run when an object is made, with their routines: each call of theirs is read then.
    fn run_by(&self, id: &ObjectId) -> Vec<(&'a str, &'a ObjectId)> {
        let runs = matches!(
            id.kind,
            Kind::MaterializedView
                | Kind::Index
                | Kind::Exclude
                | Kind::Check
                | Kind::DomainConstraint
                | Kind::Default
                | Kind::Column
        );
        let after = self.context.after;
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&ObjectId> = match runs {
            true => after.dependencies_of(id).collect(),
            false => Vec::new(),
        };
        while let Some(id) = waiting.pop() {
            let leads = is_called(id.kind)
                || matches!(id.kind, Kind::View | Kind::Domain | Kind::DomainConstraint);
            if !leads || !seen.insert(id) {
                continue;
            }
            if let Some(body) = after.get(id).and_then(super::bodies::text) {
                found.push((body, id));
            }
            waiting.extend(after.dependencies_of(id));
        }
        found
    }
}

/// Whether a call may be one of a routine.
fn is_of(call: &Call, routine: &ObjectId) -> bool {
    match call.path.as_slice() {
        [name] => **name == *routine.name,
        [.., schema, name] => **name == *routine.name && Some(schema.as_str()) == routine.schema(),
        [] => false,
    }
}

/// Whether both of two routines could be what a call means.
fn both_take(call: &Call, a: &Takes, b: &Takes) -> bool {
    let Some(given) = &call.arguments else {
        return true;
    };
    let count = given.len();
    a.fits(count)
        && b.fits(count)
        && given.iter().enumerate().all(|(place, given)| {
            *given == Given::Untyped
                || match (a.at(place), b.at(place)) {
                    (Some(a), Some(b)) => is_alike(a, b),
                    _ => true,
                }
        })
}

/// Whether two operators of one name could both be meant by a text.
fn operators_meet(a: &Takes, b: &Takes, operator: &ObjectId, text: &str) -> bool {
    let tokens = significant(text);
    let is_used = tokens.iter().any(|token| token.is(&operator.name));
    let is_untyped = tokens.iter().any(|token| token.is_string());
    let operands = a.types.iter().zip(&b.types);
    let mut pairs = operands.map(|(a, b)| match (a == "NONE", b == "NONE") {
        (false, false) => is_untyped || is_alike(a, b),
        (a, b) => a == b,
    });
    is_used && pairs.all(|fits| fits)
}

/// Whether PostgreSQL reads an expression or a query of it when it is made, and chooses what its calls mean: others name
/// their functions with all types.
pub(crate) fn is_read(id: &ObjectId, catalog: &Catalog) -> bool {
    match id.kind {
        Kind::View
        | Kind::MaterializedView
        | Kind::Default
        | Kind::Check
        | Kind::Domain
        | Kind::DomainConstraint
        | Kind::Index
        | Kind::Exclude
        | Kind::Policy
        | Kind::Trigger
        | Kind::Rule
        | Kind::Statistics
        | Kind::Function
        | Kind::Procedure
        | Kind::Table => true,
        Kind::Column => {
            matches!(catalog.get(id), Some(Object::Column(column)) if column.generated.is_some())
        }
        _ => false,
    }
}

/// What stays word for word and yet means an overload that comes in the place of one that stays: read again, it means what
/// it shall.
pub(crate) fn meaning_changes<'a>(context: &Context<'a>) -> BTreeSet<&'a ObjectId> {
    let (before, after) = (context.before, context.after);
    let mut found = BTreeSet::new();
    for (id, needed) in &after.dependencies {
        let mut new = needed
            .iter()
            .filter(|it| is_called(it.kind) && !before.contains(it));
        let comes_instead = |new: &ObjectId| {
            before
                .dependencies_of(id)
                .any(|old| is_of_one_name(old, new) && !needed.contains(old) && after.contains(old))
        };
        if new.any(comes_instead)
            && before.get(id) == after.get(id)
            && is_read(id, after)
            // Its partition key stays for good.
            && id.kind != Kind::Table
        {
            found.insert(id);
        }
    }
    found
}
