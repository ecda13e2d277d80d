//! Values for a column: a list of expressions, the most usual first, the ones that its checks speak of among them. A
//! list is a guess; the server judges.

use super::facts::{Facts, Type};
use super::pattern::{like, regular};
use crate::sql::lexer::{TokenKind, significant};
use crate::sql::quote::{literal, unquote_literal};

/// The constants that stand in the checks of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Constants {
    texts: Vec<String>,
    numbers: Vec<String>,
    /// Texts that a LIKE or a regular expression follows.
    patterns: Vec<(bool, String)>,
}

impl Constants {
    /// Takes those of one expression.
    pub(super) fn add(&mut self, expression: &str) {
        let tokens = significant(expression);
        for (index, token) in tokens.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| tokens.get(index));
            if token.is_string() {
                let Some(text) = unquote_literal(token.text) else {
                    continue;
                };
                let operator = before.map_or("", |before| before.text);
                if operator.contains("~~") || operator.eq_ignore_ascii_case("like") {
                    self.patterns.push((true, text.clone()));
                } else if operator.contains('~') || text.starts_with('^') {
                    self.patterns.push((false, text.clone()));
                }
                if text.parse::<f64>().is_ok() {
                    push(&mut self.numbers, text.clone());
                }
                push(&mut self.texts, text);
            } else if token.kind == TokenKind::Number {
                let sign = if before.is_some_and(|before| before.is("-")) {
                    "-"
                } else {
                    ""
                };
                push(&mut self.numbers, format!("{sign}{}", token.text));
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.numbers.is_empty()
    }
}

fn push(list: &mut Vec<String>, item: String) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// How many different values an unchecked column gets.
pub(super) const ROWS: usize = 3;

/// A type and where it stands.
pub(super) struct Slot<'a> {
    pub(super) data_type: &'a Type,
    pub(super) modifier: i32,
    /// The name to cast to; a domain's base under a check of its own.
    pub(super) sql: &'a str,
}

/// The type below all domains, its modifier, its name, and the checks of the domains on the way.
pub(super) fn base<'a>(
    facts: &'a Facts,
    data_type: u32,
    modifier: i32,
    sql: &'a str,
) -> Option<(Slot<'a>, Vec<&'a str>, bool)> {
    let mut slot = Slot {
        data_type: facts.types.get(&data_type)?,
        modifier,
        sql,
    };
    let mut checks = Vec::new();
    let mut not_null = false;
    while let (Some(base), Some(base_sql)) = (slot.data_type.base, &slot.data_type.base_sql) {
        checks.extend(slot.data_type.checks.iter().flatten().map(String::as_str));
        not_null |= slot.data_type.not_null;
        slot = Slot {
            modifier: slot.data_type.base_modifier,
            sql: base_sql,
            data_type: facts.types.get(&base)?,
        };
    }
    Some((slot, checks, not_null))
}

/// Expressions of a type, each with its cast. `checked`: many and unusual ones too; else [`ROWS`] usual ones.
pub(super) fn values(
    facts: &Facts,
    slot: &Slot<'_>,
    constants: &Constants,
    checked: bool,
    depth: usize,
) -> Vec<String> {
    let found = of_type(facts, slot, constants, checked, depth);
    let mut out: Vec<String> = Vec::with_capacity(found.len());
    for value in found {
        push(&mut out, value);
    }
    if !checked {
        out.truncate(ROWS);
    }
    out
}

fn of_type(
    facts: &Facts,
    slot: &Slot<'_>,
    constants: &Constants,
    checked: bool,
    depth: usize,
) -> Vec<String> {
    let cast = |text: &str| format!("{}::{}", literal(text), slot.sql);
    let all = |texts: &[&str]| texts.iter().map(|text| cast(text)).collect::<Vec<_>>();
    let data_type = slot.data_type;
    if depth > 4 {
        return vec![format!("NULL::{}", slot.sql)];
    }
    if let Some(labels) = &data_type.labels {
        let (named, others): (Vec<&String>, Vec<&String>) = labels
            .iter()
            .partition(|label| constants.texts.contains(label));
        return named
            .into_iter()
            .chain(others)
            .map(|label| cast(label))
            .collect();
    }
    if let Some(element) = data_type.element {
        return arrays(facts, slot, element, constants, checked, depth);
    }
    if let Some(subtype) = data_type.subtype {
        return ranges(facts, slot, subtype, depth);
    }
    if data_type.kind == 'm' {
        return all(&["{}"]);
    }
    if let Some(fields) = &data_type.fields {
        return (0..ROWS)
            .map(|row| {
                let parts: Vec<String> = fields
                    .iter()
                    .map(|field| {
                        nth(
                            facts,
                            field.data_type,
                            field.modifier,
                            &field.type_name,
                            row,
                            depth + 1,
                        )
                    })
                    .collect();
                format!("ROW({})::{}", parts.join(", "), slot.sql)
            })
            .collect();
    }
    match data_type.name.as_str() {
        "int2" => whole(constants, checked, 32_767.0)
            .iter()
            .map(|n| cast(n))
            .collect(),
        "int4" | "oid" | "xid" | "cid" => whole(constants, checked, 2_147_483_647.0)
            .iter()
            .map(|n| cast(n))
            .collect(),
        "int8" | "xid8" => whole(constants, checked, 9e18)
            .iter()
            .map(|n| cast(n))
            .collect(),
        "numeric" | "float4" | "float8" | "money" => numbers(slot, constants, checked)
            .iter()
            .map(|n| cast(n))
            .collect(),
        "bool" => all(&["true", "false"]),
        "text" | "varchar" | "bpchar" | "name" | "citext" => texts(constants, checked)
            .iter()
            .map(|text| cast(text))
            .collect(),
        "char" => all(&["a", "b", "c"]),
        "date" | "timestamp" | "timestamptz" => moments(slot, constants, checked),
        "time" | "timetz" => all(&["01:00:00", "02:00:00", "03:00:00"]),
        "interval" => all(&["1 day", "2 days", "3 days", "1 hour", "1 year", "00:00:00"]),
        "uuid" => {
            let mut found: Vec<String> = constants
                .texts
                .iter()
                .filter(|text| text.len() == 36)
                .map(|text| cast(text))
                .collect();
            found.extend((1..=ROWS).map(|n| cast(&format!("00000000-0000-4000-8000-{n:012}"))));
            found
        }
        "json" | "jsonb" => documents(constants, checked)
            .iter()
            .map(|text| cast(text))
            .collect(),
        "xml" => all(&["<a>1</a>", "<a>2</a>", "<a>3</a>"]),
        "bytea" => {
            let mut found = all(&["\\x01", "\\x02", "\\x03"]);
            if checked {
                found.extend(
                    lengths(constants).map(|length| cast(&format!("\\x{}", "01".repeat(length)))),
                );
                found.push(cast(""));
            }
            found
        }
        "inet" | "cidr" => all(&["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        "macaddr" => all(&[
            "08:00:2b:01:02:01",
            "08:00:2b:01:02:02",
            "08:00:2b:01:02:03",
        ]),
        "macaddr8" => all(&[
            "08:00:2b:01:02:03:04:01",
            "08:00:2b:01:02:03:04:02",
            "08:00:2b:01:02:03:04:03",
        ]),
        "bit" | "varbit" => all(&["1", "01", "11"]),
        "point" => all(&["(1,1)", "(2,2)", "(3,3)"]),
        "line" => all(&["{1,0,1}", "{1,0,2}", "{1,0,3}"]),
        "lseg" => all(&["[(0,0),(1,1)]", "[(0,0),(2,2)]", "[(0,0),(3,3)]"]),
        "box" => all(&["(1,1),(0,0)", "(3,3),(2,2)", "(5,5),(4,4)"]),
        "path" => all(&["((0,0),(1,1))", "((0,0),(2,2))", "((0,0),(3,3))"]),
        "polygon" => all(&[
            "((0,0),(1,1),(1,0))",
            "((5,5),(6,6),(6,5))",
            "((8,8),(9,9),(9,8))",
        ]),
        "circle" => all(&["<(0,0),1>", "<(5,5),1>", "<(9,9),1>"]),
        "tsvector" | "tsquery" | "ltree" | "lquery" | "ltxtquery" => all(&["a", "b", "c"]),
        "pg_lsn" => all(&["0/1", "0/2", "0/3"]),
        "tid" => all(&["(0,1)", "(0,2)", "(0,3)"]),
        "hstore" => all(&["a=>1", "b=>2", "c=>3"]),
        "txid_snapshot" | "pg_snapshot" => all(&["1:1:", "2:2:", "3:3:"]),
        "regclass" => all(&["pg_class", "pg_type", "pg_proc"]),
        "regtype" => all(&["integer", "text", "date"]),
        "regrole" | "regnamespace" => all(&["pg_catalog"]),
        "regconfig" => all(&["simple", "english"]),
        "cube" => all(&["(1)", "(2)", "(3)"]),
        "geometry" | "geography" => all(&["POINT(1 1)", "POINT(2 2)", "POINT(3 3)"]),
        "vector" | "halfvec" => {
            let length = usize::try_from(slot.modifier).unwrap_or(3).max(1);
            (1..=ROWS)
                .map(|n| cast(&format!("[{}]", vec![n.to_string(); length].join(","))))
                .collect()
        }
        _ => all(&["1", "2", "3"]),
    }
}

/// The value of one row for a field or an element.
fn nth(
    facts: &Facts,
    data_type: u32,
    modifier: i32,
    sql: &str,
    row: usize,
    depth: usize,
) -> String {
    let Some((slot, checks, _)) = base(facts, data_type, modifier, sql) else {
        return "NULL".to_owned();
    };
    let mut constants = Constants::default();
    for check in &checks {
        constants.add(check);
    }
    let found = values(facts, &slot, &constants, !checks.is_empty(), depth);
    match found.len() {
        0 => "NULL".to_owned(),
        length => found[row % length].clone(),
    }
}

fn arrays(
    facts: &Facts,
    slot: &Slot<'_>,
    element: u32,
    constants: &Constants,
    checked: bool,
    depth: usize,
) -> Vec<String> {
    let Some(data_type) = facts.types.get(&element) else {
        return vec![format!("{}::{}", literal("{}"), slot.sql)];
    };
    let mut found = Vec::new();
    if data_type.base.is_some() {
        for row in 0..ROWS {
            let item = nth(
                facts,
                element,
                slot.modifier,
                &data_type.sql,
                row,
                depth + 1,
            );
            found.push(format!("ARRAY[{item}]::{}", slot.sql));
        }
    } else {
        let inner = Slot {
            data_type,
            modifier: slot.modifier,
            sql: &data_type.sql,
        };
        let items = values(facts, &inner, constants, checked, depth + 1);
        for item in items.iter().take(if checked { 24 } else { ROWS }) {
            found.push(format!("ARRAY[{item}]::{}", slot.sql));
        }
        if checked {
            for length in lengths(constants).take(6) {
                if let Some(item) = items.first().filter(|_| length <= 16) {
                    let many = vec![item.as_str(); length];
                    found.push(format!("ARRAY[{}]::{}", many.join(", "), slot.sql));
                }
            }
        }
    }
    if checked {
        found.push(format!("{}::{}", literal("{}"), slot.sql));
    }
    found
}

fn ranges(facts: &Facts, slot: &Slot<'_>, subtype: u32, depth: usize) -> Vec<String> {
    let empty = format!("{}::{}", literal("empty"), slot.sql);
    let Some(data_type) = facts.types.get(&subtype) else {
        return vec![empty];
    };
    let bounds: [&[&str]; 2] = match data_type.name.as_str() {
        "date" | "timestamp" | "timestamptz" => [
            &["2020-01-01", "2020-02-01", "2020-03-01"],
            &["2020-01-15", "2020-02-15", "2020-03-15"],
        ],
        "time" => [&["01:00", "03:00", "05:00"], &["02:00", "04:00", "06:00"]],
        "inet" => [
            &["10.0.0.1", "10.0.0.3", "10.0.0.5"],
            &["10.0.0.2", "10.0.0.4", "10.0.0.6"],
        ],
        "text" | "varchar" | "citext" => [&["a", "c", "e"], &["b", "d", "f"]],
        _ => [&["1", "10", "20"], &["5", "15", "25"]],
    };
    let mut found: Vec<String> = Vec::new();
    if depth < 4 {
        for (low, high) in bounds[0].iter().zip(bounds[1]) {
            let text = format!("[{low},{high})");
            found.push(format!("{}::{}", literal(&text), slot.sql));
        }
    }
    found.push(empty);
    found
}

/// Whole numbers that fit.
fn whole(constants: &Constants, checked: bool, most: f64) -> Vec<String> {
    let mut found: Vec<String> = (1..=ROWS).map(|n| n.to_string()).collect();
    if checked {
        let near = constants
            .numbers
            .iter()
            .filter_map(|text| text.parse::<f64>().ok());
        for number in near.filter(|number| number.abs() < 9e15) {
            for step in [0.0, 1.0, -1.0, 2.0, 3.0, -2.0] {
                let value = number.trunc() + step;
                if value.abs() <= most {
                    push(&mut found, format!("{value:.0}"));
                }
            }
        }
        for usual in [
            "4", "5", "10", "100", "1000", "0", "-1", "2000", "2020", "12", "50",
        ] {
            push(&mut found, usual.to_owned());
        }
    }
    found
}

/// Numbers that fit into `numeric(precision, scale)`.
fn numbers(slot: &Slot<'_>, constants: &Constants, checked: bool) -> Vec<String> {
    let (mut most, mut step) = (f64::MAX, 1.0_f64);
    let mut places = 0;
    if slot.data_type.name == "numeric" && slot.modifier >= 4 {
        // As NUMERIC's typmod packs them: 16 bits of precision, 11 bits of signed scale.
        let precision = ((slot.modifier - 4) >> 16) & 0xffff;
        let scale = (((slot.modifier - 4) & 0x7ff) ^ 1024) - 1024;
        most = 10_f64.powi(precision - scale);
        if most <= 3.0 {
            step = 10_f64.powi(-scale);
            places = usize::try_from(scale).unwrap_or(0);
        }
        if scale < 0 {
            step = 10_f64.powi(-scale);
        }
    }
    let written = |value: f64| {
        if places > 0 {
            format!("{value:.places$}")
        } else {
            format!("{value}")
        }
    };
    let mut found: Vec<String> = (1..=3)
        .map(|n| f64::from(n) * step)
        .filter(|value| *value < most)
        .map(written)
        .collect();
    if checked {
        let near = constants
            .numbers
            .iter()
            .filter_map(|text| text.parse::<f64>().ok());
        for number in near {
            for distance in [0.0, 1.0, -1.0, 0.5, -0.5, 0.01] {
                let value = number + distance;
                if value.abs() < most && value.abs() < 1e15 {
                    push(&mut found, format!("{value}"));
                }
            }
        }
        for usual in [0.0, 10.0, 100.0, 1000.0, 0.5, -1.0, 50.0] {
            if usual < most {
                push(&mut found, format!("{usual}"));
            }
        }
    }
    if found.is_empty() {
        found.push("0".to_owned());
    }
    found
}

/// The small numbers that checks of lengths speak of.
fn lengths(constants: &Constants) -> impl Iterator<Item = usize> {
    constants
        .numbers
        .iter()
        .filter_map(|text| text.parse::<usize>().ok())
        .filter(|length| *length <= 300)
        .flat_map(|length| [length, length + 1, length.saturating_sub(1)])
}

fn texts(constants: &Constants, checked: bool) -> Vec<String> {
    // Digits: they can be read as most other types too.
    let digits = ["1", "2", "3"];
    if !checked {
        return digits.iter().map(|text| (*text).to_owned()).collect();
    }
    let mut found = Vec::new();
    for (is_like, pattern) in &constants.patterns {
        if *is_like {
            push(&mut found, like(pattern));
            push(&mut found, like(&pattern.replace('%', "a")));
        } else {
            for variant in 0..4 {
                push(&mut found, regular(pattern, variant));
            }
        }
    }
    // A set of constants is most likely a list of what is allowed.
    for text in constants.texts.iter().take(60) {
        push(&mut found, text.clone());
    }
    let mut usual: Vec<String> = digits.iter().map(|text| (*text).to_owned()).collect();
    usual.extend(
        [
            "a",
            "b",
            "c",
            "A",
            "B",
            "C",
            "abc",
            "bcd",
            "Abc",
            "ABC",
            "ab",
            "AB",
            "abcdef",
            "a-b",
            "a_b",
            "12345",
            "a@example.com",
            "b@example.com",
            "c@example.com",
            "https://example.com/",
            "http://example.com/a",
            "00000000-0000-4000-8000-000000000001",
            "2020-01-01",
            "example.com",
            "10.0.0.1",
            "+431234567890",
            "1.2.3",
            "01:00",
            "/a",
            "/a/b/",
            "{}",
            "[]",
            "",
            " ",
            "true",
            "en",
            "US",
            "#000000",
            "aB1!aB1!",
            "a b",
        ]
        .map(str::to_owned),
    );
    let by_length: Vec<usize> = lengths(constants).chain([8, 16, 20, 32, 40, 64]).collect();
    for length in by_length.into_iter().take(40) {
        for letter in ["a", "1", "A"] {
            usual.push(letter.repeat(length));
        }
    }
    // Constants combined with what often goes with them, such as prefixes.
    for text in constants
        .texts
        .iter()
        .take(10)
        .filter(|text| text.len() <= 20)
    {
        usual.push(format!("{text}a"));
        usual.push(format!("a{text}a"));
        usual.push(format!("a{text}"));
    }
    for text in usual {
        push(&mut found, text);
    }
    found.retain(|text| !text.contains('\0'));
    found
}

fn moments(slot: &Slot<'_>, constants: &Constants, checked: bool) -> Vec<String> {
    let cast = |text: &str| format!("{}::{}", literal(text), slot.sql);
    let mut found: Vec<String> = Vec::new();
    if checked {
        for text in &constants.texts {
            let day = text
                .get(..10)
                .and_then(|day| day.parse::<jiff::civil::Date>().ok());
            if day.is_none() {
                continue;
            }
            for step in [
                "1 day", "0", "2 days", "3 days", "-1 day", "1 year", "1 hour",
            ] {
                found.push(format!(
                    "({} + {}::interval)::{}",
                    cast(text),
                    literal(step),
                    slot.sql
                ));
            }
        }
        for text in constants
            .texts
            .iter()
            .filter(|text| matches!(text.as_str(), "infinity" | "-infinity"))
        {
            found.push(cast(text));
        }
    }
    found.extend(["2020-01-01", "2020-01-02", "2020-01-03"].map(cast));
    if checked {
        for step in [
            "0",
            "1 day",
            "-1 day",
            "1 year",
            "-1 year",
            "-30 years",
            "20 years",
        ] {
            found.push(format!(
                "(now() + {}::interval)::{}",
                literal(step),
                slot.sql
            ));
        }
        found.extend(
            [
                "1970-01-01",
                "2000-01-01",
                "2010-06-15",
                "1950-01-01",
                "2100-01-01",
            ]
            .map(cast),
        );
    }
    found
}

fn documents(constants: &Constants, checked: bool) -> Vec<String> {
    let mut found: Vec<String> = (1..=ROWS).map(|n| format!("{{\"a\": {n}}}")).collect();
    if checked {
        for value in ["1", "\"a\"", "[]", "{}", "true", "null"] {
            let members: Vec<String> = constants
                .texts
                .iter()
                .take(20)
                .map(|key| format!("{}: {value}", serde_json::Value::from(key.as_str())))
                .collect();
            if !members.is_empty() {
                found.push(format!("{{{}}}", members.join(", ")));
            }
        }
        found.extend(
            [
                "{}", "[]", "[1]", "[\"a\"]", "1", "\"a\"", "true", "null", "[{}]",
            ]
            .map(str::to_owned),
        );
        if !constants.is_empty() {
            for text in constants.texts.iter().take(20) {
                if serde_json::from_str::<serde_json::Value>(text).is_ok() {
                    found.push(text.clone());
                }
            }
        }
    }
    found
}
