//! `schemactl lsp`, spoken to over its standard input and output as an editor does.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};

use crate::cli_support::Walk;
use crate::support::TestServer;

/// An editor with a server of its own.
struct Editor {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    asked: i32,
    /// What the server showed last of each file.
    shown: BTreeMap<String, Vec<Value>>,
    told: Vec<String>,
}

impl Editor {
    fn start(encodings: &[&str]) -> Editor {
        let mut child = Command::new(env!("CARGO_BIN_EXE_schemactl"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = child.stdin.take();
        let from = BufReader::new(child.stdout.take().unwrap());
        let mut editor = Editor {
            child,
            to,
            from,
            asked: 0,
            shown: BTreeMap::new(),
            told: Vec::new(),
        };
        let answer = editor.ask(
            "initialize",
            json!({
                "processId": null,
                "rootUri": null,
                "capabilities": { "general": { "positionEncodings": encodings } },
            }),
        );
        assert_eq!(answer["serverInfo"]["name"], "schemactl");
        assert_eq!(answer["capabilities"]["positionEncoding"], encodings[0]);
        editor.tell("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: impl Into<Message>) {
        message.into().write(self.to.as_mut().unwrap()).unwrap();
    }

    fn tell(&mut self, method: &str, parameters: Value) {
        self.send(Notification::new(method.to_owned(), parameters));
    }

    /// The result, or the message of a refusal.
    fn try_ask(&mut self, method: &str, parameters: Value) -> Result<Value, String> {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(Request::new(id.clone(), method.to_owned(), parameters));
        loop {
            match Message::read(&mut self.from).unwrap().unwrap() {
                Message::Response(response) if response.id == id => {
                    let json = serde_json::to_value(&response).unwrap();
                    return match json.get("error") {
                        Some(error) if !error.is_null() => {
                            Err(error["message"].as_str().unwrap().to_owned())
                        }
                        _ => Ok(json["result"].clone()),
                    };
                }
                Message::Notification(notice) => match notice.method.as_str() {
                    "textDocument/publishDiagnostics" => {
                        let uri = notice.params["uri"].as_str().unwrap().to_owned();
                        let list = notice.params["diagnostics"].as_array().unwrap().clone();
                        self.shown.insert(uri, list);
                    }
                    _ => self.told.push(
                        notice.params["message"]
                            .as_str()
                            .unwrap_or_default()
                            .to_owned(),
                    ),
                },
                other => panic!("{other:?}"),
            }
        }
    }

    #[track_caller]
    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.try_ask(method, parameters).unwrap()
    }

    fn open(&mut self, path: &Path) {
        let text = std::fs::read_to_string(path).unwrap();
        self.open_as(path, &text);
    }

    fn open_as(&mut self, path: &Path, text: &str) {
        self.tell(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri(path), "languageId": "kdl", "version": 1, "text": text } }),
        );
    }

    fn type_whole(&mut self, path: &Path, version: i32, text: &str) {
        self.tell(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": uri(path), "version": version },
                "contentChanges": [{ "text": text }],
            }),
        );
    }

    /// What is shown of a file, once everything that was told is dealt with.
    fn mistakes(&mut self, path: &Path) -> Vec<Value> {
        self.ask(
            "textDocument/documentSymbol",
            json!({ "textDocument": { "uri": uri(path) } }),
        );
        self.shown.get(&uri(path)).cloned().unwrap_or_default()
    }

    fn at(path: &Path, text: &str, word: &str, into: usize) -> Value {
        json!({ "textDocument": { "uri": uri(path) }, "position": position(text, text.find(word).unwrap() + into) })
    }

    /// The labels that may be written at `|`.
    fn completions(&mut self, path: &Path, version: i32, text: &str) -> Vec<String> {
        let at = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        self.type_whole(path, version, &text);
        let list = self.ask(
            "textDocument/completion",
            json!({ "textDocument": { "uri": uri(path) }, "position": position(&text, at) }),
        );
        list.as_array()
            .unwrap()
            .iter()
            .map(|item| item["textEdit"]["newText"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Takes leave; gives the exit class.
    fn leave(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        self.to = None;
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// Line and column in bytes.
fn position(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let line = before.matches('\n').count();
    let column = at - before.rfind('\n').map_or(0, |newline| newline + 1);
    json!({ "line": line, "character": column })
}

fn offset(text: &str, position: &Value) -> usize {
    let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    start + usize::try_from(position["character"].as_u64().unwrap()).unwrap()
}

fn slice(text: &str, range: &Value) -> String {
    text[offset(text, &range["start"])..offset(text, &range["end"])].to_owned()
}

/// A text with its edits made, the last one first.
fn edited(text: &str, edits: &Value) -> String {
    let mut list: Vec<(usize, usize, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (
                offset(text, &range["start"]),
                offset(text, &range["end"]),
                edit["newText"].as_str().unwrap(),
            )
        })
        .collect();
    list.sort();
    let mut text = text.to_owned();
    for (start, end, with) in list.into_iter().rev() {
        text.replace_range(start..end, with);
    }
    text
}

const SHOP: &str = r#"mixin audited {
    column created_at timestamptz not-null default="now()"
    index created_at
}

role clerk

schema shop owner=clerk {
    enum state open paid
    table customers {
        use audited
        column id bigint primary-key
        column email text not-null unique
        check "email <> ''" name=email_is_there
        index email
        policy own { to clerk; using "email = current_user" }
        row-level-security
    }
    table orders {
        use audited
        column id bigint primary-key
        column customer bigint references=customers on-delete=cascade
        column state state not-null default="'open'"
        foreign-key customer name=again { references shop.customers id }
    }
    view mails { query "SELECT c.email FROM shop.customers c" }
}
"#;

#[test]
fn mistakes_are_those_of_check() {
    let walk = Walk::new();
    let path = walk.path("schema/shop.kdl");
    let broken = "schema shop {\n    table t {\n        column id bigintt notnull\n        column x int references=nowhere\n        colum y int\n    }\n    table t { column id int }\n}\n";
    walk.write("schema/shop.kdl", broken);
    let checked = walk
        .run(&["check", "--format", "json", "--project", "app"])
        .json();
    let wanted: Vec<(String, u64, u64)> = checked["mistakes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mistake| {
            let place = &mistake["labels"][0];
            (
                mistake["code"].as_str().unwrap().to_owned(),
                place["line"].as_u64().unwrap() - 1,
                place["column"].as_u64().unwrap() - 1,
            )
        })
        .collect();
    assert!(wanted.len() >= 4, "{wanted:?}");
    let mut editor = Editor::start(&["utf-8"]);
    editor.open(&path);
    let shown = editor.mistakes(&path);
    let got: Vec<(String, u64, u64)> = shown
        .iter()
        .map(|it| {
            assert_eq!(it["source"], "schemactl");
            let start = &it["range"]["start"];
            (
                it["code"].as_str().unwrap().to_owned(),
                start["line"].as_u64().unwrap(),
                start["character"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(got, wanted);
    let twice = shown
        .iter()
        .find(|it| it["code"] == "kdl::duplicate")
        .unwrap();
    assert_eq!(twice["relatedInformation"].as_array().unwrap().len(), 1);
    // What is typed and not saved counts, also for other files; what is mended goes.
    editor.type_whole(&path, 2, SHOP);
    assert_eq!(editor.mistakes(&path), Vec::<Value>::new());
    let other = walk.path("schema/new.kdl");
    editor.open_as(
        &other,
        "schema shop { table extra { column c int references=customer } }\n",
    );
    let shown = editor.mistakes(&other);
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(
        shown[0]["message"]
            .as_str()
            .unwrap()
            .contains("did you mean `customers`?"),
        "{shown:?}"
    );
    // The project file has its own.
    let project = walk.path("schemactl.kdl");
    let text = walk.read("schemactl.kdl");
    editor.open_as(&project, &format!("{text}\nenvironmnt x\n"));
    let shown = editor.mistakes(&project);
    assert!(
        shown[0]["message"]
            .as_str()
            .unwrap()
            .contains("did you mean `environment`?"),
        "{shown:?}"
    );
    assert_eq!(editor.leave(), 0);
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.kdl");
    std::fs::write(&path, "bind  \"Ctrl\" { quit }\n").unwrap();
    let mut editor = Editor::start(&["utf-16"]);
    editor.open(&path);
    assert_eq!(editor.mistakes(&path), Vec::<Value>::new());
    let document = json!({ "textDocument": { "uri": uri(&path) }, "options": { "tabSize": 4, "insertSpaces": true } });
    assert_eq!(editor.ask("textDocument/formatting", document), Value::Null);
    let refusal = editor
        .try_ask("textDocument/moonPhase", json!({}))
        .unwrap_err();
    assert!(refusal.contains("moonPhase"), "{refusal}");
    // Gone without a word.
    editor.tell("exit", Value::Null);
    editor.to = None;
    assert_eq!(editor.child.wait().unwrap().code(), Some(1));
}

#[test]
fn what_may_be_written_is_offered() {
    let walk = Walk::new();
    let path = walk.path("schema/shop.kdl");
    walk.write("schema/shop.kdl", SHOP);
    let mut editor = Editor::start(&["utf-8"]);
    editor.open(&path);
    let mut version = 1;
    let mut offered = |line: &str| {
        version += 1;
        // One more table, in which the line is being written.
        let text = SHOP.replacen("    view mails", &format!("    {line}\n    view mails"), 1);
        editor.completions(&path, version, &text)
    };
    let has = |list: &[String], all: &[&str]| {
        for one in all {
            assert!(list.iter().any(|it| it == one), "no `{one}` in {list:?}");
        }
    };
    has(
        &offered("ta|"),
        &["table", "view", "function", "grant", "search-path"],
    );
    let parts = offered("table t { co| }");
    has(&parts, &["column", "index", "use", "inherits", "comment"]);
    assert!(!parts.contains(&"schema".to_owned()), "{parts:?}");
    has(
        &offered("table t { column c | }"),
        &["text", "bigint", "state", "shop.state"],
    );
    has(
        &offered("table t { column c int | }"),
        &[
            "not-null",
            "primary-key",
            "references=",
            "default=",
            "on-delete=",
        ],
    );
    let tables = offered("table t { column c int references=|");
    has(&tables, &["customers", "orders", "shop.customers"]);
    assert!(!tables.contains(&"state".to_owned()), "{tables:?}");
    // A key refers to no view.
    assert!(!tables.contains(&"mails".to_owned()), "{tables:?}");
    has(
        &offered("table t { column c int on-delete=| }"),
        &["cascade", "set-null"],
    );
    has(
        &offered("table t { foreign-key c { references customers | } }"),
        &["id", "email", "created_at"],
    );
    has(
        &offered("table t { column a int; column b int; index | }"),
        &["a", "b", "method=", "where="],
    );
    has(&offered("table t { index a method=| }"), &["btree", "gin"]);
    has(
        &offered("table t { column a int; check \"a| > 0\" }"),
        &["a"],
    );
    has(&offered("table t { use | }"), &["audited"]);
    has(&offered("table t owner=| { }"), &["clerk"]);
    has(
        &offered("table t { grant | to=clerk }"),
        &["select", "insert"],
    );
    has(
        &offered("table t { trigger x | }"),
        &["before", "after", "instead-of"],
    );
    has(
        &offered("table t { trigger x after insert for-each=| }"),
        &["row", "statement"],
    );
    assert!(offered("// ta|").is_empty());

    let project = walk.path("schemactl.kdl");
    editor.open(&project);
    let words = editor.completions(
        &project,
        2,
        "project app edition=1\nenvironment a { lock| }\n",
    );
    has(&words, &["lock-timeout", "url", "protected", "hook"]);
    let top = editor.completions(&project, 3, "project app edition=1\nen|\n");
    has(&top, &["environment", "database", "lint"]);
    let after = editor.completions(
        &project,
        4,
        "project app edition=1\nenvironment one { url embedded }\nenvironment two { after | }\n",
    );
    has(&after, &["one"]);
}

#[test]
fn names_lead_to_their_declarations_and_back() {
    let walk = Walk::new();
    let path = walk.path("schema/shop.kdl");
    walk.write("schema/shop.kdl", SHOP);
    let mut editor = Editor::start(&["utf-8"]);
    editor.open(&path);
    let lines_of = |answer: &Value| -> Vec<String> {
        answer
            .as_array()
            .unwrap()
            .iter()
            .map(|place| {
                let line =
                    usize::try_from(place["range"]["start"]["line"].as_u64().unwrap()).unwrap();
                let text = SHOP.lines().nth(line).unwrap().trim();
                format!("{} in {text}", slice(SHOP, &place["range"]))
            })
            .collect()
    };
    let mut definition = |word: &str, into: usize| {
        lines_of(&editor.ask(
            "textDocument/definition",
            Editor::at(&path, SHOP, word, into),
        ))
    };
    assert_eq!(
        definition("references=customers", 12),
        ["customers in table customers {"]
    );
    assert_eq!(
        definition("shop.customers id }", 6),
        ["customers in table customers {"]
    );
    assert_eq!(
        definition("shop.customers id }", 1),
        ["shop in schema shop owner=clerk {"]
    );
    assert_eq!(
        definition("customers id }", 10),
        ["id in column id bigint primary-key"]
    );
    assert_eq!(
        definition("state not-null", 1),
        ["state in enum state open paid"]
    );
    assert_eq!(definition("use audited", 5), ["audited in mixin audited {"]);
    assert_eq!(definition("owner=clerk", 7), ["clerk in role clerk"]);
    assert_eq!(
        definition("email <> ''", 1),
        ["email in column email text not-null unique"]
    );
    assert_eq!(
        definition("index created_at", 7),
        ["created_at in column created_at timestamptz not-null default=\"now()\""]
    );
    assert_eq!(
        definition("shop.customers c\"", 8),
        ["customers in table customers {"]
    );

    let mut asked = Editor::at(&path, SHOP, "column email", 8);
    asked["context"] = json!({ "includeDeclaration": false });
    let found = lines_of(&editor.ask("textDocument/references", asked));
    assert_eq!(
        found,
        [
            "email in check \"email <> ''\" name=email_is_there",
            "email in index email",
            "email in policy own { to clerk; using \"email = current_user\" }",
            // Behind an alias it may be that of another table.
            "email in view mails { query \"SELECT c.email FROM shop.customers c\" }",
        ]
    );
    let marked = editor.ask(
        "textDocument/documentHighlight",
        Editor::at(&path, SHOP, "role clerk", 6),
    );
    assert_eq!(marked.as_array().unwrap().len(), 3, "{marked}");

    let hover = |editor: &mut Editor, word: &str, into: usize| {
        let answer = editor.ask("textDocument/hover", Editor::at(&path, SHOP, word, into));
        answer["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let table = hover(&mut editor, "references=customers", 12);
    assert!(
        table.starts_with("table `shop.customers`\n\n```kdl\ntable customers {\n    use audited\n"),
        "{table}"
    );
    let word = hover(&mut editor, "on-delete=cascade", 3);
    assert!(
        word.starts_with("`on-delete` of `column`: ") && word.contains("cascade"),
        "{word}"
    );
    let node = hover(&mut editor, "policy own", 2);
    assert!(node.contains("policy n for=w"), "{node}");

    let outline = editor.ask(
        "textDocument/documentSymbol",
        json!({ "textDocument": { "uri": uri(&path) } }),
    );
    let names: Vec<&str> = outline
        .as_array()
        .unwrap()
        .iter()
        .map(|symbol| symbol["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["audited", "clerk", "shop"]);
    assert_eq!(outline[2]["children"][1]["children"][0]["name"], "id");
    assert_eq!(outline[2]["children"][1]["children"][0]["detail"], "bigint");
    let found = editor.ask("workspace/symbol", json!({ "query": "cust" }));
    let names: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|symbol| symbol["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"customers") && names.contains(&"customer"),
        "{names:?}"
    );
    let begins = names.iter().take_while(|name| name.starts_with("cust"));
    assert_eq!(
        begins.count(),
        names.iter().filter(|name| name.starts_with("cust")).count(),
        "{names:?}"
    );
}

#[test]
fn formatting_gives_what_fmt_writes() {
    let walk = Walk::new();
    let path = walk.path("schema/shop.kdl");
    let loose = "// é\nschema shop {\n  table   t { column id bigint; }\n\n\n\n  table u {\n  column \"id\" bigint // 😀 kept\n }\n}";
    walk.write("schema/shop.kdl", loose);
    let mut editor = Editor::start(&["utf-8"]);
    editor.open(&path);
    let document = json!({ "textDocument": { "uri": uri(&path) }, "options": { "tabSize": 8, "insertSpaces": false } });
    let edits = editor.ask("textDocument/formatting", document.clone());
    let formatted = edited(loose, &edits);
    walk.run(&["fmt", "--project", "app"]).ends(0);
    assert_eq!(formatted, walk.read("schema/shop.kdl"));
    editor.type_whole(&path, 2, &formatted);
    assert_eq!(
        editor.ask("textDocument/formatting", document.clone()),
        json!([])
    );
    // What does not parse is left.
    editor.type_whole(&path, 3, "schema shop {");
    assert_eq!(editor.ask("textDocument/formatting", document), Value::Null);
}

#[test]
fn columns_are_counted_in_utf_16_where_the_editor_knows_no_bytes() {
    let walk = Walk::new();
    let path = walk.path("schema/shop.kdl");
    let text = "schema shop { table t comment=\"😀\" { colum c int } }\n";
    walk.write("schema/shop.kdl", text);
    let mut editor = Editor::start(&["utf-16"]);
    editor.open(&path);
    let shown = editor.mistakes(&path);
    let at = text.find("colum ").unwrap();
    let units = text[..at].encode_utf16().count();
    assert_eq!(shown[0]["range"]["start"]["character"], units);
    // An edit in the middle of the line, as editors send it.
    editor.tell(
        "textDocument/didChange",
        json!({
            "textDocument": { "uri": uri(&path), "version": 2 },
            "contentChanges": [{
                "range": { "start": { "line": 0, "character": units }, "end": { "line": 0, "character": units + 5 } },
                "text": "column",
            }],
        }),
    );
    assert_eq!(editor.mistakes(&path), Vec::<Value>::new());
}

#[test]
fn what_sql_may_mean_otherwise_is_left_and_told() {
    let walk = Walk::new();
    let path = walk.path("schema/shop.kdl");
    let text = SHOP.replace(
        "using \"email = current_user\"",
        "using \"id IN (SELECT id FROM shop.orders WHERE customers.id = customer)\"",
    );
    walk.write("schema/shop.kdl", &text);
    let mut editor = Editor::start(&["utf-8"]);
    editor.open(&path);
    let mut asked = Editor::at(&path, &text, "column id bigint primary-key", 8);
    asked["newName"] = json!("number");
    let edit = editor.ask("textDocument/rename", asked);
    let renamed = edited(&text, &edit["changes"][uri(&path)]);
    // Its table stands before it: that one is certain. No migration knows the name, so nothing is to be renamed.
    assert!(
        renamed.contains(
            "using \"id IN (SELECT id FROM shop.orders WHERE customers.number = customer)\""
        ),
        "{renamed}"
    );
    assert!(
        renamed.contains("references shop.customers number }"),
        "{renamed}"
    );
    let line = 1 + text[..text.find("using").unwrap()].matches('\n').count();
    assert_eq!(editor.told.len(), 1, "{:?}", editor.told);
    assert!(
        editor.told[0].contains(&format!("shop.kdl:{line}")),
        "{:?}",
        editor.told
    );
}

/// A column behind the alias of a table, or without its table, may be that of any table of the query.
#[test]
fn a_column_behind_an_alias_is_left_and_told() {
    let walk = Walk::new();
    let path = walk.path("schema/app.kdl");
    let text = "schema app {
    table lines { column quantity int; column price int }
    table others { column quantity int }
    view sums { query \"SELECT l.quantity * price AS sum FROM app.lines AS l\" }
}
";
    walk.write("schema/app.kdl", text);
    for (column, line) in [("quantity", 4), ("price", 4)] {
        let mut editor = Editor::start(&["utf-8"]);
        editor.open(&path);
        let mut asked = Editor::at(&path, text, &format!("column {column} int"), 8);
        asked["newName"] = json!("number");
        let edit = editor.ask("textDocument/rename", asked);
        let renamed = edited(text, &edit["changes"][uri(&path)]);
        assert!(renamed.contains("l.quantity * price"), "{renamed}");
        assert_eq!(editor.told.len(), 1, "{:?}", editor.told);
        assert!(
            editor.told[0].contains(&format!("app.kdl:{line}")),
            "{:?}",
            editor.told
        );
    }
    // Of a table that the query does not speak of nothing is left.
    let mut editor = Editor::start(&["utf-8"]);
    editor.open(&path);
    let mut asked = Editor::at(&path, text, "table others { column quantity", 23);
    asked["newName"] = json!("number");
    editor.ask("textDocument/rename", asked);
    assert!(editor.told.is_empty(), "{:?}", editor.told);
}

/// A rename in the editor is a rename in the database: the rows stay.
#[test]
fn a_rename_reaches_the_database() {
    let walk = Walk::new();
    let database = TestServer::get().database();
    let url = database.url();
    let path = walk.path("schema/shop.kdl");
    walk.write("schema/shop.kdl", SHOP);
    walk.on(&url, &["diff", "one"]).ends(0);
    walk.on(&url, &["apply", "--yes"]).ends(0);

    let mut editor = Editor::start(&["utf-8"]);
    editor.open(&path);
    let prepared = editor.ask(
        "textDocument/prepareRename",
        Editor::at(&path, SHOP, "column email", 8),
    );
    assert_eq!(prepared["placeholder"], "email");
    let mut version = 1;
    let mut text = SHOP.to_owned();
    let mut rename = |text: &mut String, word: &str, into: usize, to: &str| {
        let mut asked = Editor::at(&path, text, word, into);
        asked["newName"] = json!(to);
        let edit = editor.try_ask("textDocument/rename", asked)?;
        *text = edited(text, &edit["changes"][uri(&path)]);
        version += 1;
        editor.type_whole(&path, version, text);
        Ok::<Vec<String>, String>(std::mem::take(&mut editor.told))
    };
    let told = rename(&mut text, "column email", 8, "E mail").unwrap();
    // The view speaks of it behind an alias.
    assert!(
        told.len() == 1 && told[0].contains("shop.kdl:26"),
        "{told:?}"
    );
    for line in [
        "column \"E mail\" text not-null unique renamed-from=email",
        "check \"\\\"E mail\\\" <> ''\" name=email_is_there",
        "index \"E mail\"",
        "using \"\\\"E mail\\\" = current_user\"",
    ] {
        assert!(text.contains(line), "no `{line}` in\n{text}");
    }
    // Once more, before any migration: the name in the database is still the first one.
    rename(&mut text, "column \"E mail\"", 9, "mail").unwrap();
    assert!(
        text.contains("column mail text not-null unique renamed-from=email"),
        "{text}"
    );
    rename(&mut text, "table customers", 7, "clients").unwrap();
    for line in [
        "table clients renamed-from=customers {",
        "references=clients on-delete",
        "references shop.clients id",
        "FROM shop.clients c",
    ] {
        assert!(text.contains(line), "no `{line}` in\n{text}");
    }
    rename(&mut text, "column created_at", 8, "made_at").unwrap();
    assert!(text.contains("column made_at timestamptz not-null default=\"now()\" renamed-from=created_at\n    index made_at"), "{text}");
    let taken = rename(&mut text, "table orders", 7, "mails").unwrap_err();
    assert!(taken.contains("declared already"), "{taken}");
    let nothing = rename(&mut text, "index made_at", 1, "x").unwrap_err();
    assert!(nothing.contains("no name of its own"), "{nothing}");

    // The query names the column by an alias, which only PostgreSQL can follow.
    let text = text.replace("c.email", "c.mail AS email");
    walk.write("schema/shop.kdl", &text);
    walk.on(&url, &["diff", "two"]).ends(0).says("no data lost");
    let up = walk.read("generated/000002_two.up.sql");
    for statement in [
        "RENAME TO clients",
        "RENAME COLUMN email TO mail",
        "RENAME COLUMN created_at TO made_at",
    ] {
        assert!(up.contains(statement), "no `{statement}` in\n{up}");
    }
    assert!(
        !up.contains("DROP COLUMN") && !up.contains("DROP TABLE"),
        "{up}"
    );
    walk.on(&url, &["apply", "--yes"]).ends(0);
    walk.on(&url, &["diff", "--exit-code"]).ends(0);
}

#[test]
fn what_is_no_message_is_refused_and_the_talk_goes_on() {
    use std::io::Write;

    let mut child = Command::new(env!("CARGO_BIN_EXE_schemactl"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    for body in [
        r#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{}}"#,
        "{bad}",
        r#"{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"capabilities":{}}}"#,
    ] {
        write!(to, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    }
    to.flush().unwrap();
    // The input ends without a word.
    drop(to);
    let done = child.wait_with_output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(
        said.contains("-32002") && said.contains("`initialize` has to come before"),
        "{said}"
    );
    assert!(!said.contains("RequestId"), "{said}");
    assert!(said.contains("-32700"), "{said}");
    assert!(said.contains("\"serverInfo\""), "{said}");
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(told.contains("went without `shutdown`"), "{told}");
    assert_eq!(done.status.code(), Some(1));
}

#[test]
fn an_extension_has_no_other_name() {
    let walk = Walk::new();
    let path = walk.path("schema/app.kdl");
    let text = "extension citext schema=app\nschema app { table t { column x citext } }\n";
    walk.write("schema/app.kdl", text);
    let mut editor = Editor::start(&["utf-8"]);
    editor.open(&path);
    let why = editor
        .try_ask(
            "textDocument/prepareRename",
            Editor::at(&path, text, "citext", 1),
        )
        .unwrap_err();
    assert!(
        why.contains("gives extension citext no other name"),
        "{why}"
    );
    editor.ask(
        "textDocument/prepareRename",
        Editor::at(&path, text, "table t", 6),
    );
}
