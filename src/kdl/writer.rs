//! Builds KDL text by rule R9. Everything written reads back to the same values through a [`super::NodeReader`]; the
//! order of attributes is the order of calls.

use std::fmt;
use std::ops::Range;

use super::slot::Path;
use super::text::{is_number, lines_literal, sql_literal, text_literal};

/// A node's line may be this long with its properties.
pub(super) const WIDTH: usize = 110;
/// An attribute longer than this stands on a line of its own.
pub(super) const SHORT: usize = 72;
const INDENT: &str = "    ";

/// One node being written.
#[derive(Debug, Clone)]
pub struct NodeWriter {
    word: String,
    arguments: Vec<Literal>,
    /// Whether the arguments are an open list: then a flag is `flag=#true`.
    open_list: bool,
    /// Whether the attributes are pairs, which only properties can be.
    pairs: bool,
    /// Whether its children stand on its line while they fit.
    on_one_line: bool,
    attributes: Vec<Attribute>,
    children: Vec<Child>,
    comments: Vec<String>,
}

/// A value as it is spelled; a text of several lines at the indent where it comes to stand.
#[derive(Debug, Clone)]
enum Literal {
    OneLine(String),
    Lines(String),
}

impl Literal {
    /// SQL: on several lines where it has several, and they read back to the same text.
    fn sql(sql: &str) -> Literal {
        match sql.contains('\n') && lines_literal(sql, "").is_some() {
            true => Literal::Lines(sql.to_owned()),
            false => Literal::OneLine(sql_literal(sql)),
        }
    }

    fn at(&self, depth: usize) -> String {
        match self {
            Literal::OneLine(literal) => literal.clone(),
            Literal::Lines(lines) => {
                lines_literal(lines, &INDENT.repeat(depth)).unwrap_or_default()
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Attribute {
    /// A flag that is true.
    Flag(String),
    /// `word=literal`.
    Value(String, Literal),
}

#[derive(Debug, Clone)]
enum Child {
    Node(NodeWriter),
    /// A word with text that may need lines: (word, head and tail, lines), written at the child's indent.
    Lines(String, String, String),
}

impl NodeWriter {
    /// A node with that word.
    pub fn new(word: &str) -> Self {
        Self {
            word: word.to_owned(),
            arguments: Vec::new(),
            open_list: false,
            pairs: false,
            on_one_line: false,
            attributes: Vec::new(),
            children: Vec::new(),
            comments: Vec::new(),
        }
    }

    /// The next argument as an exact name, bare or quoted as needed.
    pub fn name(&mut self, name: &str) -> &mut Self {
        self.arguments.push(Literal::OneLine(text_literal(name)));
        self
    }

    /// The next argument as a text, a type or a word.
    pub fn argument(&mut self, text: &str) -> &mut Self {
        self.name(text)
    }

    /// The next argument as a path.
    pub fn path_argument(&mut self, path: &Path) -> &mut Self {
        self.name(&path.to_string())
    }

    /// The next argument as SQL.
    pub fn sql_argument(&mut self, sql: &str) -> &mut Self {
        self.arguments.push(Literal::sql(sql));
        self
    }

    /// The next argument as a number.
    pub fn number_argument(&mut self, number: impl fmt::Display) -> &mut Self {
        self.arguments.push(Literal::OneLine(number.to_string()));
        self
    }

    /// The next argument as `#true` or `#false`.
    pub fn boolean_argument(&mut self, value: bool) -> &mut Self {
        self.number_argument(if value { "#true" } else { "#false" })
    }

    /// The next argument as `#null`.
    pub fn null_argument(&mut self) -> &mut Self {
        self.number_argument("#null")
    }

    /// Arguments that are an open list; flags of this node are then written `flag=#true`.
    pub fn arguments<T: AsRef<str>>(&mut self, texts: &[T]) -> &mut Self {
        self.open_list = true;
        for text in texts {
            self.arguments
                .push(Literal::OneLine(text_literal(text.as_ref())));
        }
        self
    }

    /// A flag that is said.
    pub fn flag(&mut self, word: &str) -> &mut Self {
        self.attributes.push(Attribute::Flag(word.to_owned()));
        self
    }

    /// `word=#true` or `word=#false`.
    pub fn boolean(&mut self, word: &str, value: bool) -> &mut Self {
        self.attribute(word, format!("#{value}"))
    }

    /// A text, name or word: `owner=saas_owner`.
    pub fn text(&mut self, word: &str, value: &str) -> &mut Self {
        self.attribute(word, text_literal(value))
    }

    /// A path.
    pub fn path(&mut self, word: &str, path: &Path) -> &mut Self {
        self.text(word, &path.to_string())
    }

    /// A whole number.
    pub fn number(&mut self, word: &str, number: i64) -> &mut Self {
        self.attribute(word, number.to_string())
    }

    /// A number in SQL spelling; quoted where KDL would not read it as that number.
    pub fn number_text(&mut self, word: &str, spelling: &str) -> &mut Self {
        if is_number(spelling) {
            return self.attribute(word, spelling.to_owned());
        }
        self.text(word, spelling)
    }

    /// SQL: numbers, true, false and NULL as KDL's own literals.
    pub fn sql(&mut self, word: &str, sql: &str) -> &mut Self {
        let value = Literal::sql(sql);
        self.attributes
            .push(Attribute::Value(word.to_owned(), value));
        self
    }

    /// `word=(env)NAME`.
    pub fn env(&mut self, word: &str, name: &str) -> &mut Self {
        self.attribute(word, format!("(env){}", text_literal(name)))
    }

    /// Several values; a property where it is one, else a child. Nothing where there is none.
    pub fn list<T: AsRef<str>>(&mut self, word: &str, values: &[T]) -> &mut Self {
        match values {
            [] => self,
            [one] => self.text(word, one.as_ref()),
            several => {
                self.child(word).arguments(several);
                self
            }
        }
    }

    /// `key=value` pairs on a child node; nothing where there is none.
    pub fn pairs<K: AsRef<str>, V: AsRef<str>>(
        &mut self,
        word: &str,
        pairs: &[(K, V)],
    ) -> &mut Self {
        self.of_pairs(word, pairs, |child, key, value| {
            let literal = match value {
                "true" | "false" => format!("#{value}"),
                number if is_number(number) => number.to_owned(),
                text => text_literal(text),
            };
            child.attribute(key, literal);
        })
    }

    /// Pairs whose values stand in the environment: `options password=(env)APP_PASSWORD`, on one line, however long.
    pub fn env_pairs<K: AsRef<str>, V: AsRef<str>>(
        &mut self,
        word: &str,
        pairs: &[(K, V)],
    ) -> &mut Self {
        self.of_pairs(word, pairs, |child, key, variable| {
            child.env(key, variable);
        })
    }

    fn of_pairs<K: AsRef<str>, V: AsRef<str>>(
        &mut self,
        word: &str,
        pairs: &[(K, V)],
        write: impl Fn(&mut NodeWriter, &str, &str),
    ) -> &mut Self {
        if !pairs.is_empty() {
            let child = self.child(word);
            child.pairs = true;
            for (key, value) in pairs {
                write(child, key.as_ref(), value.as_ref());
            }
        }
        self
    }

    /// A body, byte for byte (rule R7): `"""` with `head=` and `tail=` where they are needed, else one line.
    pub fn body(&mut self, word: &str, text: &str) -> &mut Self {
        if !text.contains('\n') {
            self.child(word).argument(text);
            return self;
        }
        let (head, rest) = match text.strip_prefix('\n') {
            Some(rest) => ("", rest),
            None => (" head=\"\"", text),
        };
        let (lines, tail) = match rest.strip_suffix('\n') {
            Some(lines) => (lines, String::new()),
            None => {
                let lines = rest.trim_end_matches([' ', '\t']);
                let tail = text_literal(&rest[lines.len()..]);
                (lines, format!(" tail={tail}"))
            }
        };
        // `"\n"` alone has no newline left for the tail.
        if rest.is_empty() || lines_literal(lines, "").is_none() {
            self.child(word).argument(text);
        } else {
            self.children.push(Child::Lines(
                word.to_owned(),
                format!("{head}{tail}"),
                lines.to_owned(),
            ));
        }
        self
    }

    /// A query: outer white space and a final `;` mean nothing and are dropped, the rest is kept.
    pub fn query(&mut self, word: &str, text: &str) -> &mut Self {
        let text = text.trim();
        let text = text.strip_suffix(';').unwrap_or(text).trim_end();
        if text.contains('\n') {
            return self.body(word, &format!("\n{text}\n"));
        }
        self.body(word, text)
    }

    /// A child node, to be filled.
    pub fn child(&mut self, word: &str) -> &mut NodeWriter {
        self.add(NodeWriter::new(word))
    }

    /// Adds a node that is already written as a child.
    pub fn add(&mut self, node: NodeWriter) -> &mut NodeWriter {
        self.children.push(Child::Node(node));
        match self.children.last_mut() {
            Some(Child::Node(node)) => node,
            // Just pushed.
            _ => unreachable!("the last child is a node"),
        }
    }

    /// Whether it is a node of that word.
    pub fn is(&self, word: &str) -> bool {
        self.word == word
    }

    /// The child nodes.
    pub fn nodes_mut(&mut self) -> impl Iterator<Item = &mut NodeWriter> {
        self.children.iter_mut().filter_map(|child| match child {
            Child::Node(node) => Some(node),
            Child::Lines(..) => None,
        })
    }

    /// Each child as it would be written by itself; one with a text of several lines is empty.
    pub fn child_texts(&self) -> Vec<String> {
        let written = |child: &Child| {
            let mut text = String::new();
            if let Child::Node(node) = child {
                node.write(0, &mut text);
            }
            text
        };
        self.children.iter().map(written).collect()
    }

    /// Puts a node in the place of some children; gives those that are nodes.
    pub fn replace_children(&mut self, place: Range<usize>, with: NodeWriter) -> Vec<NodeWriter> {
        self.children
            .splice(place, [Child::Node(with)])
            .filter_map(|child| match child {
                Child::Node(node) => Some(node),
                Child::Lines(..) => None,
            })
            .collect()
    }

    /// Its children stand on its line while they fit.
    pub fn on_one_line(&mut self) -> &mut Self {
        self.on_one_line = true;
        self
    }

    /// A comment on the line above the node.
    pub fn comment_above(&mut self, text: &str) -> &mut Self {
        self.comments
            .extend(text.split(super::text::is_newline).map(str::to_owned));
        self
    }

    /// Whether something was written beside the node's own word and arguments.
    pub fn has_parts(&self) -> bool {
        !(self.attributes.is_empty() && self.children.is_empty())
    }

    fn attribute(&mut self, word: &str, literal: String) -> &mut Self {
        let value = Literal::OneLine(literal);
        self.attributes
            .push(Attribute::Value(word.to_owned(), value));
        self
    }

    /// Appends the node to `text`, `depth` levels in, with a newline at its end.
    pub fn write(&self, depth: usize, text: &mut String) {
        let indent = INDENT.repeat(depth);
        for comment in &self.comments {
            text.push_str(format!("{indent}// {comment}").trim_end());
            text.push('\n');
        }
        let mut line = format!("{indent}{}", text_literal(&self.word));
        for argument in &self.arguments {
            line.push(' ');
            line.push_str(&argument.at(depth + 1));
        }
        let mut below = Vec::new();
        for attribute in &self.attributes {
            let property = attribute.as_property(self.open_list, depth);
            let long = property.contains('\n')
                || property.chars().count() > SHORT
                || last_line(&line) + property.chars().count() + 3 > WIDTH;
            // Once one stands below, the following ones do too: the order stays readable.
            if long && !self.pairs && matches!(attribute, Attribute::Value(..)) {
                below.push(attribute.as_child(depth));
            } else {
                line.push(' ');
                line.push_str(&property);
            }
        }
        let count = below.len() + self.children.len();
        if count == 0 {
            text.push_str(&line);
            text.push('\n');
            return;
        }
        if let Some(inline) = self
            .inline(&below)
            .filter(|inline| last_line(&line) + inline.chars().count() + 5 <= WIDTH)
        {
            text.push_str(&format!("{line} {{ {inline} }}\n"));
            return;
        }
        text.push_str(&line);
        text.push_str(" {\n");
        for child in &below {
            text.push_str(&format!("{indent}{INDENT}{child}\n"));
        }
        for child in &self.children {
            match child {
                Child::Node(node) => node.write(depth + 1, text),
                Child::Lines(word, around, lines) => {
                    let inner = INDENT.repeat(depth + 2);
                    let literal = lines_literal(lines, &inner).unwrap_or_default();
                    text.push_str(&format!(
                        "{indent}{INDENT}{}{around} {literal}\n",
                        text_literal(word)
                    ));
                }
            }
        }
        text.push_str(&indent);
        text.push_str("}\n");
    }

    /// The single child as it stands between braces on the node's line, where it is short and plain.
    fn inline(&self, below: &[String]) -> Option<String> {
        match (below, self.children.as_slice()) {
            ([one], []) if !one.contains('\n') => Some(one.clone()),
            ([], children) if self.on_one_line => {
                let lines: Option<Vec<String>> = children.iter().map(Child::on_one_line).collect();
                lines.map(|lines| lines.join("; "))
            }
            ([], [child]) => child.on_one_line(),
            _ => None,
        }
    }
}

impl Child {
    /// As it stands between braces on its node's line, where it is short and plain.
    fn on_one_line(&self) -> Option<String> {
        match self {
            Child::Node(node) if node.children.is_empty() && node.comments.is_empty() => {
                let mut text = String::new();
                node.write(0, &mut text);
                let line = text.trim_end_matches('\n');
                (!line.contains('\n')).then(|| line.to_owned())
            }
            _ => None,
        }
    }
}

impl Attribute {
    fn as_property(&self, open_list: bool, depth: usize) -> String {
        match self {
            Attribute::Flag(word) if open_list => format!("{}=#true", text_literal(word)),
            Attribute::Flag(word) => text_literal(word),
            Attribute::Value(word, literal) => {
                format!("{}={}", text_literal(word), literal.at(depth + 1))
            }
        }
    }

    /// As a child of a node at this depth.
    fn as_child(&self, depth: usize) -> String {
        match self {
            Attribute::Flag(word) => text_literal(word),
            Attribute::Value(word, literal) => {
                format!("{} {}", text_literal(word), literal.at(depth + 2))
            }
        }
    }
}

/// How long the last line of a text is.
fn last_line(text: &str) -> usize {
    let line = text.rsplit('\n').next().unwrap_or_default();
    line.chars().count()
}

/// The node at the left margin, with a newline at its end.
impl fmt::Display for NodeWriter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(0, &mut text);
        formatter.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Diagnostics, NodeReader, Sources};
    use super::*;

    /// Writes with `write`, reads the text with `read`, demands that nothing is reported.
    fn back<T>(
        write: impl FnOnce(&mut NodeWriter),
        read: impl FnOnce(&mut NodeReader<'_>) -> T,
    ) -> T {
        let mut outer = NodeWriter::new("outer");
        write(outer.child("node"));
        let text = outer.to_string();
        let diagnostics = Diagnostics::new();
        let sources = Sources::from_texts([("a.kdl", text.as_str())], &diagnostics);
        let node = sources
            .nodes()
            .next()
            .unwrap_or_else(|| panic!("{text:?}: {diagnostics:?}"));
        let mut reader = NodeReader::new(&node.children[0], &diagnostics);
        let value = read(&mut reader);
        reader.finish();
        assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
        value
    }

    #[test]
    fn attributes_stand_on_the_line_while_they_fit() {
        let mut table = NodeWriter::new("table");
        table
            .name("users")
            .text("comment", "People who may sign in");
        let column = table.child("column");
        column
            .name("email")
            .argument("varchar(255)")
            .flag("not-null")
            .sql("default", "4.990");
        let check = table.child("check");
        check.sql_argument("email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$'");
        check.text("name", "chk_email_format").text(
            "comment",
            "the form checks the same expression, letter by letter",
        );
        table
            .child("index")
            .arguments(&["a", "b c"])
            .flag("unique")
            .list("include", &["x", "y"]);
        table
            .child("view")
            .name("v")
            .query("query", "SELECT 1\n  FROM t;\n");
        table.child("t").pairs(
            "with",
            &[("fillfactor", "80"), ("toast.a", "true"), ("x", "y z")],
        );
        insta::assert_snapshot!(table.to_string(), @r##"
        table users comment="People who may sign in" {
            column email "varchar(255)" not-null default=4.990
            check #"email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'"# name=chk_email_format {
                comment "the form checks the same expression, letter by letter"
            }
            index a "b c" unique=#true { include x y }
            view v {
                query """
                    SELECT 1
                      FROM t
                    """
            }
            t { with fillfactor=80 toast.a=#true x="y z" }
        }
        "##);
    }

    #[test]
    fn texts_are_bare_raw_or_escaped() {
        for (text, literal) in [
            ("users", "users"),
            ("a.b-c_1", "a.b-c_1"),
            ("true", "\"true\""),
            ("1a", "\"1a\""),
            ("", "\"\""),
            ("a b", "\"a b\""),
            ("a\\b", "#\"a\\b\"#"),
            ("\"my.table\"", "#\"\"my.table\"\"#"),
            ("\"", "\"\\\"\""),
            ("a\"#b", "##\"a\"#b\"##"),
            ("a\nb", "\"a\\nb\""),
            ("été", "\"été\""),
            ("\u{1}", "\"\\u{1}\""),
        ] {
            assert_eq!(text_literal(text), literal);
        }
    }

    /// Texts with everything that KDL treats specially.
    fn texts() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "\n", "\r\n", "\r", "\"", "\"\"\"", "\\", "#", "\"#", "\"\"\"#", " ", "\t", "\u{1}",
            "\u{7f}", "\u{85}", "\u{2028}", "\u{feff}", "\u{a0}", "{", "}", ";", "=", "/", "//",
            "/*", "*/", "/-", "(", "a", "é", "1", "'", "\\n", "true", "END ",
        ]);
        prop_oneof![
            prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat()),
            any::<String>().prop_map(|text| text.replace('\0', "")),
        ]
    }

    proptest! {
        #[test]
        fn every_text_reads_back(text in texts(), other in texts()) {
            let read = back(
                |w| { w.argument(&text).text("comment", &other).text("comment2", &text); },
                |n| (
                    n.text_argument("text").unwrap().value,
                    n.text("comment").unwrap().value,
                    n.text("comment2").unwrap().value,
                ),
            );
            prop_assert_eq!(read, (text.clone(), other, text));
        }

        #[test]
        fn every_body_reads_back_to_the_byte(text in texts()) {
            let read = back(|w| { w.body("body", &text); }, |n| n.body("body").unwrap().value);
            prop_assert_eq!(read, text);
        }

        #[test]
        fn bodies_of_lines_read_back(lines in prop::collection::vec(texts(), 1..5)) {
            let text = format!("\n{}\n", lines.join("\n"));
            let read = back(|w| { w.body("body", &text); }, |n| n.body("body").unwrap().value);
            prop_assert_eq!(read, text);
        }

        #[test]
        fn lists_pairs_and_keys_read_back(values in prop::collection::vec(texts(), 1..4), key in texts()) {
            let (list, pairs) = back(
                |w| { w.list("to", &values).pairs("with", &[(&key, &values[0])]); },
                |n| (n.list("to"), n.pairs("with")),
            );
            let list: Vec<String> = list.into_iter().map(|value| value.value).collect();
            prop_assert_eq!(&list, &values);
            prop_assert_eq!((&pairs[0].0.value, &pairs[0].1.value), (&key, &values[0]));
        }

        #[test]
        fn sql_reads_back(sql in prop_oneof![texts(), "-?[0-9]{1,45}(\\.[0-9]{1,3})?(e[0-9])?", "true|NULL|null|False"]) {
            prop_assume!(!sql.trim().is_empty());
            prop_assume!(crate::sql::slot::escape(&sql, crate::sql::slot::Shape::Expression).is_none());
            let read = back(|w| { w.sql("default", &sql); }, |n| n.sql("default").unwrap().value);
            prop_assert_eq!(read, sql);
        }
    }
}
