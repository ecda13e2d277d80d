//! PostgreSQL's printing is not a fixed point: some texts of `pg_get_expr`, `pg_get_constraintdef`, `pg_get_indexdef`,
//! `pg_get_viewdef` and their like, parsed again, print differently. This module rewrites such a text, token by token,
//! into one that prints exactly as the original did. All other text passes through untouched.
//!
//! The classes, found by printing and reparsing some 45,000 expressions and queries (tests/it/respell.rs keeps them):
//!
//! 1. **A cast around `ARRAY[…]`.** `c IN ('a', 'b')` over a `varchar` column is an array of varchar that is cast to
//!    `text[]` as a whole, and prints as `(c)::text = ANY ((ARRAY['a'::character varying, …])::text[])`. Read back,
//!    `transformTypeCast` hands the type of a cast down to the elements of an `ARRAY[…]` under it, which prints
//!    `ARRAY[('a'::character varying)::text, …]`. Where the operand beside it is visibly `text`, leaving the cast out
//!    lets PostgreSQL find the same implicit one; elsewhere a first cast to the type that the elements have
//!    (`ARRAY[…]::character varying[]`, which changes nothing and is not printed) shields the array from the second.
//!    Where the caller knows the column to be `varchar`, [`respell_with`] writes `c IN ('a', 'b')`. The form with one
//!    cast an element is a fixed point and stays.
//! 2. **AND under AND, OR under OR, on the left.** `BETWEEN`, `IN` over types without an array type or over columns,
//!    and rows print as such a nest: `(((d >= x) AND (d <= y)) AND p)`. The grammar (`makeAndExpr`, `makeOrExpr`)
//!    flattens it when read. Spelt `BETWEEN` again where it was one, else shielded by a cast to `boolean`, which on a
//!    boolean leaves no trace.
//! 3. **A column without a name in a sub-select.** `x IN (SELECT 'a')` prints `( SELECT 'a'::text)`; the column is
//!    still named `?column?`, but read back takes the name of the cast and prints `'a'::text AS text`. The name is
//!    written out.
//! 4. **`IS DOCUMENT` as an index key** is printed without the parentheses that the grammar asks for.
//! 5. **A field of EXTRACT that was a string.** `EXTRACT('YEAR' FROM x)` keeps its capitals and is printed as the word
//!    `YEAR`, which is folded when read. Written as a string again.

use std::borrow::Cow;
use std::ops::Range;

use super::lexer::{self, Token, TokenKind};
use super::quote;

/// A text that PostgreSQL, given this one by its own printing functions, prints as it stands.
pub fn respell(expression: &str) -> Cow<'_, str> {
    respell_with(expression, &|_| None)
}

/// [`respell`] with the types of columns at hand, as `format_type` prints them, which allows for `c IN ('a', 'b')`.
///
/// `column_type` is asked with the parts of a column reference (`["c"]`, `["t", "c"]`), names unquoted.
pub fn respell_with<'a>(
    expression: &'a str,
    column_type: &dyn Fn(&[String]) -> Option<String>,
) -> Cow<'a, str> {
    let mut speller = Speller::new(expression);
    speller.casts_around_arrays(column_type);
    speller.nested_conjunctions();
    speller.unnamed_columns();
    speller.document_keys();
    speller.extracted_fields();
    speller.apply()
}

struct Speller<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    /// For each opening bracket the index of its closing one, and the reverse.
    partner: Vec<Option<usize>>,
    edits: Vec<(Range<usize>, String)>,
}

impl<'a> Speller<'a> {
    fn new(text: &'a str) -> Self {
        let tokens = lexer::significant(text);
        let mut partner = vec![None; tokens.len()];
        let mut open = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if token.is("(") || token.is("[") {
                open.push(at);
            } else if (token.is(")") || token.is("]"))
                && let Some(start) = open.pop()
            {
                partner[start] = Some(at);
                partner[at] = Some(start);
            }
        }
        Speller {
            text,
            tokens,
            partner,
            edits: Vec::new(),
        }
    }

    fn is(&self, at: usize, text: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(text))
    }

    fn word(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_word(word))
    }

    fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.edits.push((at..at, text.into()));
    }

    fn replace(&mut self, tokens: Range<usize>, text: impl Into<String>) {
        let bytes = self.tokens[tokens.start].start..self.tokens[tokens.end - 1].end();
        self.edits.push((bytes, text.into()));
    }

    /// The text with the edits made; an edit inside of what an earlier one replaced is void.
    fn apply(mut self) -> Cow<'a, str> {
        if self.edits.is_empty() {
            return Cow::Borrowed(self.text);
        }
        self.edits
            .sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut text = String::with_capacity(self.text.len() + 64);
        let mut at = 0;
        for (range, replacement) in &self.edits {
            if range.start < at {
                continue;
            }
            text.push_str(&self.text[at..range.start]);
            text.push_str(replacement);
            at = range.end;
        }
        text.push_str(&self.text[at..]);
        Cow::Owned(text)
    }

    /// The index after the bracketed group, word or constant at `at`, never past `end`.
    fn skip(&self, at: usize) -> usize {
        match self.partner[at] {
            Some(close) if close > at => close + 1,
            _ => at + 1,
        }
    }

    /// The indices of the tokens of a range that stand in no bracket within it.
    fn top(&self, range: Range<usize>) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = range.start;
        while at < range.end {
            found.push(at);
            at = self.skip(at);
        }
        found
    }

    /// The parts of a range between top-level commas.
    fn elements(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = range.start;
        for at in self.top(range.clone()) {
            if self.is(at, ",") {
                found.push(from..at);
                from = at + 1;
            }
        }
        found.push(from..range.end);
        found
    }

    // Class 1.
    fn casts_around_arrays(&mut self, column_type: &dyn Fn(&[String]) -> Option<String>) {
        for at in 0..self.tokens.len() {
            if !self.word(at, "array") || !self.is(at + 1, "[") {
                continue;
            }
            // An empty array keeps its cast, which gives it its type.
            let Some(close) = self.partner[at + 1].filter(|close| *close > at + 2) else {
                continue;
            };
            let grouped = at > 0 && self.is(at - 1, "(") && self.partner[at - 1] == Some(close + 1);
            let cast = if grouped { close + 2 } else { close + 1 };
            if !self.is(cast, "::") {
                continue;
            }
            let end = self.type_end(cast + 1);
            let whole = if grouped { at - 1..end } else { at..end };
            let elements = self.elements(at + 2..close);
            let source = self.array_type(at + 2..close);
            let to_text = end == cast + 4 && self.word(cast + 1, "text") && self.is(cast + 2, "[");
            if to_text
                && source.as_deref() == Some("character varying")
                && let Some(operand) = self.text_operand(whole.clone())
            {
                self.membership(operand, whole, &elements, close, column_type);
                continue;
            }
            match source {
                Some(source) => self.insert(self.tokens[close].end(), format!("::{source}[]")),
                // Nothing tells the type: let PostgreSQL find the implicit cast again.
                None => self.drop_cast(whole, at..close + 1),
            }
        }
    }

    fn drop_cast(&mut self, whole: Range<usize>, array: Range<usize>) {
        if whole.start < array.start {
            self.replace(whole.start..array.start, "");
        }
        self.replace(array.end..whole.end, "");
    }

    /// For `X::text OP ANY (array)` the range of X; X without its outer parentheses where it has any.
    fn text_operand(&self, array: Range<usize>) -> Option<Range<usize>> {
        let open = array.start.checked_sub(1)?;
        let operator = open.checked_sub(2)?;
        let quantified =
            self.is(open, "(") && (self.word(open - 1, "any") || self.word(open - 1, "all"));
        let alone = self.partner[open] == Some(array.end);
        if !(quantified
            && alone
            && self.tokens[operator].kind == TokenKind::Operator
            && operator >= 3)
        {
            return None;
        }
        if !(self.word(operator - 1, "text") && self.is(operator - 2, "::")) {
            return None;
        }
        let last = operator - 3;
        match self.partner[last] {
            Some(first) if self.is(last, ")") && !self.called(first) => Some(first + 1..last),
            _ => {
                // Pretty printing leaves the parentheses out around a column.
                let mut first = last;
                while first >= 2 && self.is(first - 1, ".") && self.tokens[first - 2].is_ident() {
                    first -= 2;
                }
                Some(first..last + 1)
            }
        }
    }

    /// Whether the parenthesis belongs to a call: a name stands before it.
    fn called(&self, open: usize) -> bool {
        open > 0 && (self.tokens[open - 1].is_ident() || self.is(open - 1, "]"))
    }

    /// `(c)::text = ANY ((ARRAY['a'::character varying, …])::text[])`, with or without knowing the type of c.
    fn membership(
        &mut self,
        operand: Range<usize>,
        array: Range<usize>,
        elements: &[Range<usize>],
        close: usize,
        column_type: &dyn Fn(&[String]) -> Option<String>,
    ) {
        let open = array.start - 1;
        let word = match (self.tokens[open - 2].text, self.word(open - 1, "any")) {
            ("=", true) => Some("IN"),
            ("<>", false) => Some("NOT IN"),
            _ => None,
        };
        let first = if operand.end == open - 4 {
            operand.start
        } else {
            operand.start - 1
        };
        let constants: Option<Vec<&str>> = elements
            .iter()
            .map(|element| self.varchar_constant(element.clone()))
            .collect();
        let bounded = (first == 0 || self.bounds(first - 1))
            && (array.end + 1 >= self.tokens.len() || self.bounds(array.end + 1));
        // `IN` over one constant would be a plain comparison.
        if elements.len() > 1
            && bounded
            && let (Some(word), Some(constants)) = (word, constants)
            && self.is_varchar(operand.clone(), column_type)
        {
            let text = self.source(operand);
            self.replace(
                first..array.end + 1,
                format!("{text} {word} ({})", constants.join(", ")),
            );
            return;
        }
        let bare = self.tokens[close].end();
        let start = if self.is(array.start, "(") {
            array.start + 1
        } else {
            array.start
        };
        self.drop_cast(array, start..self.index_at(bare));
    }

    /// The index after the token that ends at this byte.
    fn index_at(&self, end: usize) -> usize {
        self.tokens.partition_point(|token| token.end() <= end)
    }

    /// Whether an expression may end or begin next to the token.
    fn bounds(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        ["(", ")", ",", ";"].iter().any(|mark| token.is(mark))
            || [
                "and", "or", "not", "where", "on", "when", "then", "else", "as", "check",
            ]
            .iter()
            .any(|word| token.is_word(word))
    }

    fn varchar_constant(&self, element: Range<usize>) -> Option<&'a str> {
        let constant = self.tokens.get(element.start)?;
        let is_varchar = element.len() == 4
            && self.is(element.start + 1, "::")
            && self.word(element.start + 2, "character")
            && self.word(element.start + 3, "varying");
        (constant.is_string() && is_varchar).then_some(constant.text)
    }

    fn is_varchar(
        &self,
        operand: Range<usize>,
        column_type: &dyn Fn(&[String]) -> Option<String>,
    ) -> bool {
        // An operand that ends in a cast says it itself.
        if let Some(cast) = self.trailing_cast(operand.clone()) {
            return self.word(cast + 1, "character")
                && self.word(cast + 2, "varying")
                && operand.end == cast + 3;
        }
        let mut path = Vec::new();
        for (place, at) in operand.enumerate() {
            let token = &self.tokens[at];
            match place % 2 {
                0 if token.is_ident() => path.push(quote::unquote_ident(token.text)),
                1 if token.is(".") => {}
                _ => return false,
            }
        }
        column_type(&path).is_some_and(|found| {
            let rest = found.strip_prefix("character varying");
            rest.is_some_and(|rest| {
                rest.is_empty() || (rest.starts_with('(') && rest.ends_with(')'))
            })
        })
    }

    fn source(&self, range: Range<usize>) -> &'a str {
        &self.text[self.tokens[range.start].start..self.tokens[range.end - 1].end()]
    }

    /// The type that the elements of an array show to have; `None` where none does, or they differ in a modifier (a
    /// cast that took it away would be printed).
    fn array_type(&self, range: Range<usize>) -> Option<String> {
        let mut shown = self
            .elements(range)
            .into_iter()
            .filter_map(|element| self.element_type(element));
        let first = shown.next()?;
        shown.all(|other| other == first).then_some(first)
    }

    fn element_type(&self, element: Range<usize>) -> Option<String> {
        if element.is_empty() {
            return None;
        }
        let first = self.tokens.get(element.start)?;
        if first.is_word("array")
            && self.is(element.start + 1, "[")
            && self.partner[element.start + 1] == Some(element.end - 1)
        {
            return self.array_type(element.start + 2..element.end - 1);
        }
        if let Some(cast) = self.trailing_cast(element.clone()) {
            return Some(self.source(cast + 1..element.end).to_owned());
        }
        if element.len() > 1 {
            return None;
        }
        match first.kind {
            TokenKind::Number
                if first
                    .text
                    .bytes()
                    .any(|byte| matches!(byte, b'.' | b'e' | b'E')) =>
            {
                Some("numeric".into())
            }
            TokenKind::Number if first.text.parse::<i32>().is_ok() => Some("integer".into()),
            TokenKind::Number if first.text.parse::<i64>().is_ok() => Some("bigint".into()),
            TokenKind::Number => Some("numeric".into()),
            TokenKind::Word if first.is_word("true") || first.is_word("false") => {
                Some("boolean".into())
            }
            _ => None,
        }
    }

    /// The index of the `::` whose type ends the range, where nothing else stands beside the cast.
    fn trailing_cast(&self, range: Range<usize>) -> Option<usize> {
        let top = self.top(range.clone());
        if top
            .iter()
            .any(|at| self.tokens[*at].kind == TokenKind::Operator)
        {
            return None;
        }
        let cast = top.into_iter().rev().find(|at| self.is(*at, "::"))?;
        (self.type_end(cast + 1) == range.end).then_some(cast)
    }

    /// The index after the type name that starts at `at`.
    fn type_end(&self, at: usize) -> usize {
        let mut end = at + 1;
        while self.is(end, ".") {
            end += 2;
        }
        let more = [
            "varying",
            "precision",
            "with",
            "without",
            "time",
            "zone",
            "year",
            "month",
            "day",
            "hour",
            "minute",
            "second",
            "to",
        ];
        let takes_words = [
            "character",
            "double",
            "bit",
            "timestamp",
            "time",
            "interval",
        ];
        let words = takes_words.iter().any(|word| self.word(at, word));
        loop {
            if words && more.iter().any(|word| self.word(end, word)) {
                end += 1;
            } else if self.is(end, "[") || (self.is(end, "(") && !self.is(end - 1, "]")) {
                end = self.skip(end);
            } else {
                return end.min(self.tokens.len());
            }
        }
    }

    // Class 2.
    fn nested_conjunctions(&mut self) {
        for open in 0..self.tokens.len() {
            let Some(close) =
                self.partner[open].filter(|close| *close > open && self.is(open, "("))
            else {
                continue;
            };
            let left = open + 1;
            let Some(left_close) =
                self.partner[left].filter(|end| self.is(left, "(") && *end < close)
            else {
                continue;
            };
            let Some(joiner) = self.joiner(left_close + 1) else {
                continue;
            };
            let inside = self.top(left + 1..left_close);
            let starts_query = ["select", "with", "values"]
                .iter()
                .any(|word| self.word(left + 1, word));
            if starts_query || !inside.iter().any(|at| self.joiner(*at) == Some(joiner)) {
                continue;
            }
            if !self.between(left, left_close, &inside, joiner) {
                self.insert(self.tokens[left_close].end(), "::boolean");
            }
        }
    }

    fn joiner(&self, at: usize) -> Option<&'static str> {
        ["and", "or"].into_iter().find(|word| self.word(at, word))
    }

    /// Writes `((X >= a) AND (X <= b))` as `(X BETWEEN a AND b)`, `((X < a) OR (X > b))` as NOT BETWEEN.
    fn between(&mut self, open: usize, close: usize, inside: &[usize], joiner: &str) -> bool {
        let [low, _, high] = inside else { return false };
        let (low, high) = (*low, *high);
        if !(self.is(low, "(") && self.is(high, "(")) {
            return false;
        }
        let (first, second, word) = match joiner {
            "and" => (">=", "<=", "BETWEEN"),
            _ => ("<", ">", "NOT BETWEEN"),
        };
        let (Some(low_close), Some(high_close)) = (self.partner[low], self.partner[high]) else {
            return false;
        };
        let comparison = |open: usize, close: usize, wanted: &str| {
            let operators: Vec<usize> = self
                .top(open + 1..close)
                .into_iter()
                .filter(|at| self.tokens[*at].kind == TokenKind::Operator)
                .collect();
            match operators[..] {
                [at] if self.is(at, wanted) && at > open + 1 && at + 1 < close => Some(at),
                _ => None,
            }
        };
        let Some(first_at) = comparison(low, low_close, first) else {
            return false;
        };
        let Some(second_at) = comparison(high, high_close, second) else {
            return false;
        };
        let same = self.source(low + 1..first_at) == self.source(high + 1..second_at);
        // ANY, ALL and sub-selects on the right side are no operands of BETWEEN.
        let quantified = [first_at, second_at]
            .iter()
            .any(|at| ["any", "all"].iter().any(|word| self.word(at + 1, word)));
        if !same || quantified || high_close + 1 != close || low != open + 1 {
            return false;
        }
        self.replace(low..low + 1, "");
        self.replace(first_at..first_at + 1, word);
        self.replace(low_close..low_close + 1, "");
        if joiner == "or" {
            self.replace(low_close + 1..low_close + 2, "AND");
        }
        self.replace(high..second_at + 1, "");
        self.replace(high_close..high_close + 1, "");
        true
    }

    // Class 3.
    fn unnamed_columns(&mut self) {
        for select in 0..self.tokens.len() {
            // At the beginning of a text stands a view's query, whose columns are always named.
            if !self.word(select, "select") || select == 0 {
                continue;
            }
            let mut from = select + 1;
            if self.word(from, "distinct") || self.word(from, "all") {
                from += 1;
                if self.word(from, "on") && from + 1 < self.tokens.len() {
                    from = self.skip(from + 1);
                }
            }
            let mut end = from;
            while end < self.tokens.len() && !self.ends_select_list(end) {
                end = self.skip(end);
            }
            for element in self.elements(from..end) {
                let named = self
                    .top(element.clone())
                    .into_iter()
                    .any(|at| self.word(at, "as"));
                if !named && self.trailing_cast(element.clone()).is_some() {
                    let name = quote::ident("?column?");
                    self.insert(self.tokens[element.end - 1].end(), format!(" AS {name}"));
                }
            }
        }
    }

    fn ends_select_list(&self, at: usize) -> bool {
        let words = [
            "from",
            "where",
            "group",
            "having",
            "window",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
            "union",
            "intersect",
            "except",
        ];
        let token = &self.tokens[at];
        (words.iter().any(|word| token.is_word(word)) && !self.word(at - 1, "distinct"))
            || token.is(")")
            || token.is(";")
    }

    // Class 5.
    fn extracted_fields(&mut self) {
        for at in 0..self.tokens.len() {
            if !self.word(at, "extract") || !self.is(at + 1, "(") || !self.word(at + 3, "from") {
                continue;
            }
            let field = self.tokens[at + 2].text;
            if self.tokens[at + 2].is_ident() && field.chars().any(char::is_uppercase) {
                let literal = quote::literal(field);
                self.replace(at + 2..at + 3, literal);
            }
        }
    }

    // Class 4.
    fn document_keys(&mut self) {
        let Some(using) =
            (0..self.tokens.len()).find(|at| self.word(*at, "using") && self.is(at + 2, "("))
        else {
            return;
        };
        if !self.word(0, "create") {
            return;
        }
        let Some(close) = self.partner[using + 2] else {
            return;
        };
        for element in self.elements(using + 3..close) {
            let found = self
                .top(element.clone())
                .into_iter()
                .find(|at| self.word(*at, "document") && self.word(at.wrapping_sub(1), "is"));
            if let Some(document) = found {
                self.insert(self.tokens[element.start].start, "(");
                self.insert(self.tokens[document].end(), ")");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn varchar(path: &[String]) -> Option<String> {
        (path.last()? == "c").then(|| "character varying(20)".to_owned())
    }

    #[test]
    fn a_field_that_was_a_string_stays_one() {
        assert_eq!(
            respell("EXTRACT(YEAR FROM now())"),
            "EXTRACT('YEAR' FROM now())"
        );
        assert_eq!(
            respell("EXTRACT(year FROM now())"),
            "EXTRACT(year FROM now())"
        );
    }

    #[test]
    fn membership_reads_as_it_was_written_where_the_column_is_known() {
        let cases = [
            (
                "((c)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[]))",
                "((c)::text = ANY (ARRAY['a'::character varying, 'it''s'::character varying]))",
                "(c IN ('a', 'it''s'))",
            ),
            (
                "(t.c::text <> ALL (ARRAY['a'::character varying, 'b'::character varying]::text[]))",
                "(t.c::text <> ALL (ARRAY['a'::character varying, 'b'::character varying]))",
                "(t.c NOT IN ('a', 'b'))",
            ),
            (
                "((d)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
                "((d)::text = ANY (ARRAY['a'::character varying, 'b'::character varying]))",
                "((d)::text = ANY (ARRAY['a'::character varying, 'b'::character varying]))",
            ),
        ];
        for (printed, respelled, known) in cases {
            assert_eq!(respell(printed), respelled);
            assert_eq!(respell_with(printed, &varchar), known);
        }
    }

    #[test]
    fn fixed_points_stay() {
        for text in [
            "((c)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
            "(x = ANY (ARRAY['a'::text, 'b'::text]))",
            "((a > 0) AND ((b >= 1) AND (b <= 2)))",
            "(xa = ARRAY[]::text[])",
            "'(ARRAY[1])::text[]'::text",
        ] {
            assert!(
                matches!(respell_with(text, &varchar), Cow::Borrowed(_)),
                "{text}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in r#"(ARRAY|[()\[\],.;]|::|'a'|text|SELECT | AND | OR | IN | = ANY |<> ALL|c|"|\PC| ){0,40}"#) {
            let _ = respell_with(&text, &varchar);
        }
    }
}
