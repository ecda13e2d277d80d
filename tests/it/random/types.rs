//! Types of columns and what can be said of their values: literals for rows, and tests that every literal passes, so
//! that checks, filters and keys hold whatever is edited.

use super::model::{Key, Model, Sort};
use super::sql::{path, text};

/// Types that turn into one another without a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Int,
    Num,
    Float,
    Text,
    Bool,
    Date,
    Interval,
    Uuid,
    Json,
    IntArray,
    TextArray,
    Bytea,
    Inet,
    Point,
    Vector,
    Enum,
    Composite,
    Range,
    UserArray,
    Citext,
    Hstore,
}

/// What the first die of a column says; `None` is a type of the schema.
const GROUPS: &[Option<Group>] = &[
    Some(Group::Int),
    Some(Group::Int),
    Some(Group::Int),
    Some(Group::Int),
    Some(Group::Int),
    Some(Group::Text),
    Some(Group::Text),
    Some(Group::Text),
    Some(Group::Text),
    Some(Group::Text),
    Some(Group::Num),
    Some(Group::Num),
    Some(Group::Bool),
    Some(Group::Bool),
    Some(Group::Date),
    Some(Group::Date),
    Some(Group::Date),
    Some(Group::Float),
    Some(Group::Interval),
    Some(Group::Uuid),
    Some(Group::Json),
    Some(Group::IntArray),
    Some(Group::TextArray),
    Some(Group::Bytea),
    Some(Group::Inet),
    Some(Group::Point),
    Some(Group::Vector),
    None,
    None,
    None,
    None,
    None,
];

/// A type as a column has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Type {
    pub(super) sql: String,
    pub(super) group: Group,
    /// The type of the schema that it is, or is made of.
    pub(super) user: Option<Key>,
}

impl Type {
    /// Whether it has an order.
    pub(super) fn is_comparable(&self) -> bool {
        self.group != Group::Point
    }

    /// Whether rows of the one become rows of the other by themselves.
    pub(super) fn becomes(&self, other: &Type, same_user: bool) -> bool {
        self.group == other.group && same_user
    }
}

/// The group that the first die of a column says; none where it wants a type of the schema.
pub(super) fn group_of_die(die: u8) -> Option<Group> {
    GROUPS[usize::from(die) % GROUPS.len()]
}

/// Whether a column with this first die wants a type of the schema.
pub(super) fn wants_user_type(die: u8) -> bool {
    GROUPS[usize::from(die) % GROUPS.len()].is_none()
}

fn builtin(group: Group, variant: u8) -> &'static str {
    let all: &[&str] = match group {
        Group::Int => &["integer", "bigint", "smallint"],
        Group::Num => &["numeric", "numeric(12,2)", "numeric(14,4)"],
        Group::Float => &["double precision", "real"],
        Group::Text => &[
            "text",
            "character varying(40)",
            "character varying(20)",
            "character varying",
            "character(12)",
        ],
        Group::Bool => &["boolean"],
        Group::Date => &[
            "timestamp with time zone",
            "timestamp without time zone",
            "date",
            "timestamp(3) with time zone",
        ],
        Group::Interval => &["interval", "interval day to second"],
        Group::Uuid => &["uuid"],
        Group::Json => &["jsonb"],
        Group::IntArray => &["integer[]", "bigint[]"],
        Group::TextArray => &["text[]", "character varying(30)[]"],
        Group::Bytea => &["bytea"],
        Group::Inet => &["inet"],
        Group::Point => &["point"],
        Group::Vector => &["tsvector"],
        _ => &["text"],
    };
    all[usize::from(variant) % all.len()]
}

/// The subtypes of ranges, and two values of each that follow one another.
const SUBTYPES: &[(&str, [&str; 3])] = &[
    ("integer", ["1", "2", "3"]),
    ("numeric", ["1.5", "2.5", "3.5"]),
    ("date", ["2024-01-01", "2024-01-02", "2024-01-03"]),
    ("double precision", ["1", "2", "3"]),
];

/// What a domain may be over.
const DOMAIN_BASES: &[Group] = &[Group::Int, Group::Text, Group::Num, Group::Date];

/// The labels that every enum has: rows use no other.
pub(super) const CORE: [&str; 2] = ["one", "two"];
const MORE: [&str; 8] = [
    "three",
    "it's",
    "Größe",
    "a b",
    "x\"y",
    "",
    "NULL",
    "per cent %s $1 \\",
];

impl Model {
    pub(super) fn type_of(&self, column: Key) -> Type {
        let thing = self.get(column);
        match GROUPS[usize::from(thing.dice[0]) % GROUPS.len()] {
            Some(group) => Type {
                sql: builtin(group, thing.dice[1]).to_owned(),
                group,
                user: None,
            },
            None => match thing.uses.first() {
                Some(user) => {
                    let ty = self.user_type(*user);
                    // A type cannot be in an array of itself where the die says another thing.
                    if thing.dice[7] % 8 == 7 && self.get(*user).sort.is_type() {
                        return Type {
                            sql: format!("{}[]", ty.sql),
                            group: Group::UserArray,
                            user: Some(*user),
                        };
                    }
                    ty
                }
                None => Type {
                    sql: "integer".into(),
                    group: Group::Int,
                    user: None,
                },
            },
        }
    }

    /// A type that the schema makes, or that an extension brings.
    pub(super) fn user_type(&self, key: Key) -> Type {
        let thing = self.get(key);
        let (sql, group) = match thing.sort {
            Sort::Enum => (path(self, key), Group::Enum),
            Sort::Composite => (path(self, key), Group::Composite),
            Sort::Range => (path(self, key), Group::Range),
            Sort::Domain => (path(self, key), self.domain_base(key).group),
            Sort::Extension => {
                let schema = path(self, thing.parent);
                match thing.name.as_str() {
                    "citext" => (format!("{schema}.citext"), Group::Citext),
                    _ => (format!("{schema}.hstore"), Group::Hstore),
                }
            }
            other => unreachable!("{other:?} is no type"),
        };
        Type {
            sql,
            group,
            user: Some(key),
        }
    }

    pub(super) fn domain_base(&self, key: Key) -> Type {
        let thing = self.get(key);
        match thing.uses.first() {
            Some(base) => self.user_type(*base),
            None => {
                let group = DOMAIN_BASES[usize::from(thing.dice[0]) % DOMAIN_BASES.len()];
                Type {
                    sql: builtin(group, thing.dice[1]).to_owned(),
                    group,
                    user: None,
                }
            }
        }
    }

    pub(super) fn labels(&self, key: Key) -> Vec<&'static str> {
        let thing = self.get(key);
        let mut labels: Vec<&str> = CORE.to_vec();
        labels.extend(
            MORE.iter()
                .enumerate()
                .filter(|(index, _)| thing.dice[0] >> index & 1 == 1)
                .map(|(_, label)| *label),
        );
        let turn = usize::from(thing.dice[1]) % labels.len();
        labels.rotate_left(turn);
        labels
    }

    pub(super) fn range_subtype(&self, key: Key) -> &'static str {
        SUBTYPES[usize::from(self.get(key).dice[0]) % SUBTYPES.len()].0
    }

    /// The attributes of a composite type: names and types.
    pub(super) fn attributes(&self, key: Key) -> Vec<(String, Type)> {
        let thing = self.get(key);
        let groups = [Group::Text, Group::Int, Group::Num, Group::Date];
        let mut attributes: Vec<(String, Type)> = (0..=thing.die(0, 4))
            .map(|index| {
                let group = groups[usize::from(index)];
                let ty = Type {
                    sql: builtin(group, 0).to_owned(),
                    group,
                    user: None,
                };
                (format!("a{index}"), ty)
            })
            .collect();
        if let Some(user) = thing.uses.first() {
            attributes.insert(1, ("of user".into(), self.user_type(*user)));
        }
        attributes
    }

    /// The value of a type in the row with this number, 0 or 1.
    pub(super) fn value(&self, ty: &Type, row: usize) -> String {
        let number = row + 1;
        match ty.group {
            Group::Int | Group::Num | Group::Float => number.to_string(),
            Group::Text | Group::Citext | Group::Vector => format!("v{number}"),
            Group::Bool => (row == 0).to_string(),
            Group::Date => format!("2024-01-0{number} 00:00:00+00"),
            Group::Interval => format!("{number} days"),
            Group::Uuid => format!("00000000-0000-0000-0000-00000000000{number}"),
            Group::Json => format!("{{\"a\": {number}}}"),
            Group::IntArray => format!("{{{number}}}"),
            Group::TextArray => format!("{{v{number}}}"),
            Group::Bytea => format!("\\x0{number}"),
            Group::Inet => format!("10.0.0.{number}"),
            Group::Point => format!("({number},{number})"),
            Group::Hstore => format!("a=>{number}"),
            Group::Enum => CORE[row % 2].to_owned(),
            Group::Range => {
                let user = ty.user.expect("a range is of the schema");
                let base = self.base_of(user);
                let values = SUBTYPES[usize::from(self.get(base).dice[0]) % SUBTYPES.len()].1;
                format!("[{},{})", values[row], values[row + 1])
            }
            Group::Composite => {
                let base = self.base_of(ty.user.expect("a composite is of the schema"));
                let values: Vec<String> = self
                    .attributes(base)
                    .iter()
                    .map(|(_, ty)| format!("\"{}\"", self.value(ty, row).replace('"', "\\\"")))
                    .collect();
                format!("({})", values.join(","))
            }
            Group::UserArray => {
                let element = self.user_type(ty.user.expect("an array of a type of the schema"));
                let value = self.value(&element, row);
                let value = value.replace('\\', "\\\\").replace('"', "\\\"");
                format!("{{\"{value}\"}}")
            }
        }
    }

    /// Whether it is a domain over another type of the schema.
    pub(super) fn is_layered(&self, ty: &Type) -> bool {
        ty.user.is_some_and(|user| {
            self.get(user).sort == Sort::Domain && !self.get(user).uses.is_empty()
        })
    }

    /// Through domains to the type below.
    fn base_of(&self, key: Key) -> Key {
        match (self.get(key).sort, self.get(key).uses.first()) {
            (Sort::Domain, Some(base)) => self.base_of(*base),
            _ => key,
        }
    }

    /// A value as SQL.
    pub(super) fn constant(&self, ty: &Type, row: usize) -> String {
        format!("{}::{}", text(&self.value(ty, row)), ty.sql)
    }

    /// A test that all our values of the type pass, and null does not fail.
    pub(super) fn test(&self, ty: &Type, expression: &str, die: u8) -> String {
        // Operators of any enum or range do not see through a domain.
        if let Some(user) = ty.user
            && matches!(ty.group, Group::Enum | Group::Range)
            && self.get(user).sort == Sort::Domain
        {
            let base = self.user_type(self.base_of(user));
            return self.test(&base, &format!("({expression})::{}", base.sql), die);
        }
        let e = expression;
        let choices: Vec<String> = match ty.group {
            Group::Int | Group::Num | Group::Float => vec![
                format!("{e} > 0"),
                format!("{e} BETWEEN -5 AND 30000"),
                format!("abs({e}) >= 0 AND {e} <> -1"),
                format!("{e} IN (1, 2, 3, 4) OR {e} > 4"),
                format!("CASE WHEN {e} > 100 THEN {e} < 1000 ELSE true END"),
            ],
            Group::Text => vec![
                format!("{e} <> ''"),
                format!("length({e}) < 100"),
                format!("{e} ~ '^[a-z0-9 ]*$'"),
                format!("{e} IN ('v1', 'v2', 'it''s', 'a\\b')"),
                format!("lower({e}) = {e} OR upper({e}) = {e}"),
                format!("{e} LIKE 'v%' AND NOT {e} LIKE '%\\_%'"),
            ],
            Group::Bool => vec![format!("{e} OR NOT {e}"), format!("{e} IN (true, false)")],
            Group::Date if ty.sql == "date" => vec![
                format!("{e} > '2000-01-01'::date"),
                format!("extract(year from {e}) > 1990"),
            ],
            Group::Date => vec![
                format!("{e} > {}", self.constant(ty, 0).replace("2024", "2001")),
                format!("{e} <> {}", self.constant(ty, 0).replace("2024", "2002")),
            ],
            Group::Interval => vec![format!("{e} > '1 second'::interval")],
            Group::Json => vec![
                format!("jsonb_typeof({e}) = 'object'"),
                format!("{e} ? 'a'"),
                format!("({e} ->> 'a')::integer > 0"),
                format!("{e} @> '{{}}'::jsonb"),
            ],
            Group::IntArray | Group::TextArray => vec![
                format!("cardinality({e}) > 0"),
                format!("{e}[1] IS DISTINCT FROM NULL OR {e} IS NULL"),
            ],
            Group::UserArray => vec![format!("cardinality({e}) > 0")],
            Group::Bytea => vec![format!("octet_length({e}) < 100")],
            Group::Inet => vec![
                format!("{e} << '10.0.0.0/8'::inet"),
                format!("masklen({e}) = 32"),
            ],
            Group::Enum => vec![
                format!(
                    "{e} = ANY (ARRAY[{}, {}])",
                    self.constant(ty, 0),
                    self.constant(ty, 1)
                ),
                format!("{e} IN ('one', 'two')"),
            ],
            Group::Range => vec![
                format!("NOT isempty({e})"),
                format!("lower({e}) < upper({e})"),
            ],
            Group::Composite => vec![
                format!("({e}).a0 <> ''"),
                format!("({e}).a0 IS DISTINCT FROM 'zzz'"),
            ],
            Group::Uuid => vec![format!(
                "{e} <> '00000000-0000-0000-0000-000000000000'::uuid"
            )],
            Group::Point => vec![format!("{e} IS NOT NULL OR {e} IS NULL")],
            Group::Vector => vec![format!("length({e}) < 1000")],
            Group::Citext | Group::Hstore => {
                vec![format!("{e} IS DISTINCT FROM NULL OR {e} IS NULL")]
            }
        };
        choices[usize::from(die) % choices.len()].clone()
    }
}
