//! `graph`, `report` and `docs` with the real binary: nothing in a picture lies on anything else, lines meet the columns that
//! they are about, marks say what changes, and names and comments with markup stay text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::cli_support::Walk;
use crate::support::{TestServer, sample};

/// Names and comments that would do harm where they are not escaped.
const HOSTILE: &str =
    "</title></script><script>document.title='hurt'</script><img src=x onerror=\"hurt()\">";

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

/// Left, top, right, bottom.
type Area = [i64; 4];

fn area(rect: &Value) -> Area {
    let (x, y) = (number(&rect["x"]), number(&rect["y"]));
    [
        x,
        y,
        x + number(&rect["width"]),
        y + number(&rect["height"]),
    ]
}

fn meet(one: &Area, other: &Area) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

/// What lies on something that it must not lie on, by geometry alone.
fn overlaps(layout: &Value) -> Vec<String> {
    let areas = |list: &Value| -> Vec<Area> {
        let list = list.as_array().unwrap();
        list.iter().map(|it| area(&it["rect"])).collect()
    };
    let (boxes, frames) = (areas(&layout["boxes"]), areas(&layout["frames"]));
    let mut found = Vec::new();
    for (what, list) in [("box", &boxes), ("frame", &frames)] {
        for (at, one) in list.iter().enumerate() {
            for (other, rect) in list.iter().enumerate().skip(at + 1) {
                if meet(one, rect) {
                    found.push(format!("{what} {at} and {what} {other}"));
                }
            }
        }
    }
    for (at, one) in boxes.iter().enumerate() {
        let within = frames.iter().filter(|frame| meet(one, frame)).count();
        if within != 1 {
            found.push(format!("box {at} is in {within} frames"));
        }
    }
    let mut pieces: Vec<(usize, Area)> = Vec::new();
    for (net, line) in layout["lines"].as_array().unwrap().iter().enumerate() {
        for piece in line["segments"].as_array().unwrap() {
            let at: Vec<i64> = piece.as_array().unwrap().iter().map(number).collect();
            assert!(
                at[0] == at[2] || at[1] == at[3],
                "a line runs aslant: {at:?}"
            );
            let piece = [
                at[0].min(at[2]),
                at[1].min(at[3]),
                at[0].max(at[2]),
                at[1].max(at[3]),
            ];
            for (number, one) in boxes.iter().enumerate() {
                if piece[0] < one[2] && piece[2] > one[0] && piece[1] < one[3] && piece[3] > one[1]
                {
                    found.push(format!("line {net} runs through box {number}"));
                }
            }
            for (other, earlier) in &pieces {
                let level =
                    piece[1] == piece[3] && earlier[1] == earlier[3] && piece[1] == earlier[1];
                let upright =
                    piece[0] == piece[2] && earlier[0] == earlier[2] && piece[0] == earlier[0];
                if *other != net
                    && (level && piece[0] < earlier[2] && earlier[0] < piece[2]
                        || upright && piece[1] < earlier[3] && earlier[1] < piece[3])
                {
                    found.push(format!("line {net} lies on line {other}"));
                }
            }
            pieces.push((net, piece));
        }
    }
    found
}

/// Whether a line touches a row of a box at its side.
fn touches(ends: &Value, layout: &Value, entity: usize, row: usize) -> bool {
    let tile = &layout["boxes"][entity];
    let rect = area(&tile["rect"]);
    let (top, height) = (number(&tile["rows"][row][0]), number(&tile["rows"][row][1]));
    ends.as_array().unwrap().iter().any(|end| {
        let (x, y) = (number(&end[0]), number(&end[1]));
        (x == rect[0] || x == rect[2]) && y > top && y < top + height
    })
}

#[test]
fn adventureworks_is_drawn_without_overlaps_and_to_the_right_columns() {
    let database = TestServer::get().database();
    database.psql(&sample("adventureworks.sql"));
    let walk = Walk::new();
    let url = database.url();
    for columns in ["all", "keys", "none"] {
        let run = walk
            .on(&url, &["graph", "--format", "json", "--columns", columns])
            .ends(0);
        let json = run.json();
        let (diagram, layout) = (&json["diagram"], &json["layout"]);
        assert_eq!(diagram["entities"].as_array().unwrap().len(), 68);
        assert_eq!(diagram["relations"].as_array().unwrap().len(), 89);
        assert_eq!(overlaps(layout), Vec::<String>::new(), "{columns}");
        let mut drawn = BTreeSet::new();
        for line in layout["lines"].as_array().unwrap() {
            for relation in line["relations"].as_array().unwrap() {
                let at = usize::try_from(number(relation)).unwrap();
                assert!(drawn.insert(at));
                let relation = &diagram["relations"][at];
                for (end, entity, fields) in
                    [("from", "from", "from_fields"), ("to", "to", "to_fields")]
                {
                    let entity = usize::try_from(number(&relation[entity])).unwrap();
                    let fields = relation[fields].as_array().unwrap();
                    assert_eq!(fields.is_empty(), columns == "none");
                    for field in fields {
                        let row = usize::try_from(number(field)).unwrap();
                        assert!(touches(&line[end], layout, entity, row), "{relation}");
                    }
                }
            }
        }
        assert_eq!(drawn.len(), 89);
        // A page, not a band: a picture of 68 tables that people can hold.
        let (width, height) = (number(&layout["width"]), number(&layout["height"]));
        assert!(
            width < 4 * height && height < 4 * width,
            "{width} × {height}"
        );
    }
    let near = walk
        .on(
            &url,
            &["graph", "--format", "json", "--around", "person.address"],
        )
        .ends(0)
        .json();
    let names: Vec<&str> = near["diagram"]["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entity| entity["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "address",
            "businessentityaddress",
            "stateprovince",
            "salesorderheader"
        ]
    );
    walk.on(&url, &["graph", "--around", "person.adress"])
        .ends(4)
        .says("did you mean `person.address`?");
    walk.on(&url, &["graph", "--around", "adress"])
        .ends(4)
        .says("did you mean `person.address`?");
    // What nobody could open is not written.
    walk.on(&url, &["graph", "-o", "all.png"])
        .ends(4)
        .says("graph::ending")
        .says("`.svg`");
    assert!(!walk.path("../all.png").exists());
    walk.on(&url, &["graph", "--format", "kdl"])
        .ends(4)
        .says("svg, mermaid, dot, json");
}

const FIRST: &str = "schema app {
    table people comment=\"who\" { column id bigint primary-key; column name text tags=pii; column old text }
    table orders { column id bigint primary-key; column person bigint not-null references=people }
    view names { query \"SELECT id, name FROM app.people\" }
}";

/// A project whose first migration is applied, and whose files ask for a change.
fn changed() -> (Walk, String) {
    let walk = Walk::new();
    walk.write("schema/app.kdl", FIRST);
    let url = TestServer::get().database();
    let address = url.url();
    walk.on(&address, &["diff", "first"]).ends(0);
    walk.on(&address, &["apply", "--yes"]).ends(0);
    // The database lives as long as the server.
    std::mem::forget(url);
    walk.write(
        "schema/app.kdl",
        &FIRST
            .replace("column old text", "column fresh text")
            .replace("column name text tags=pii", "column called \"varchar(80)\" renamed-from=name tags=pii comment=##\"HOSTILE\"##")
            .replace("id, name FROM", "id, called AS name FROM")
            .replace("comment=\"who\"", "comment=##\"HOSTILE\"##")
            .replace("view names", "table bills { column id bigint primary-key; column order_id bigint unique references=orders }\n    view names")
            .replace("HOSTILE", HOSTILE),
    );
    (walk, address)
}

#[test]
fn a_change_is_drawn_with_its_marks() {
    let (walk, url) = changed();
    let json = walk
        .on(&url, &["graph", "--diff", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(overlaps(&json["layout"]), Vec::<String>::new());
    let mut marks = BTreeMap::new();
    for entity in json["diagram"]["entities"].as_array().unwrap() {
        let name = entity["name"].as_str().unwrap();
        marks.insert(name.to_owned(), entity["mark"].as_str().unwrap().to_owned());
        for field in entity["fields"].as_array().unwrap() {
            let path = format!("{name}.{}", field["name"].as_str().unwrap());
            marks.insert(path, field["mark"].as_str().unwrap().to_owned());
        }
    }
    for (path, mark) in [
        ("people", "changed"),
        ("people.id", "same"),
        ("people.called", "changed"),
        ("people.fresh", "added"),
        ("people.old", "dropped"),
        ("orders", "same"),
        ("bills", "added"),
        ("bills.order_id", "added"),
    ] {
        assert_eq!(
            marks.get(path).map(String::as_str),
            Some(mark),
            "{path}: {marks:?}"
        );
    }
    let svg = walk.on(&url, &["graph", "--diff"]).ends(0).out;
    assert!(
        svg.contains("name → called") && svg.contains("text → varchar(80)"),
        "{svg}"
    );
    assert!(!svg.contains("<script") && !svg.contains("<img"), "{svg}");
    let mermaid = walk
        .on(&url, &["graph", "--diff", "--format", "mermaid"])
        .ends(0)
        .out;
    assert!(
        mermaid.contains("|o--o| e1_bills") || mermaid.contains("|o--o| e0_bills"),
        "{mermaid}"
    );
    let dot = walk
        .on(&url, &["graph", "--diff", "--format", "dot"])
        .ends(0)
        .out;
    assert!(
        dot.starts_with("digraph schema {") && !dot.contains("<script"),
        "{dot}"
    );
    let plan = walk
        .on(&url, &["graph", "--plan", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(overlaps(&plan["layout"]), Vec::<String>::new());
    let tasks = plan["order"]["tasks"].as_array().unwrap();
    let task = |object: &str, mark: &str| {
        tasks
            .iter()
            .position(|task| task["object"] == object && task["mark"] == mark)
            .unwrap_or_else(|| panic!("no {mark} {object} in {tasks:?}"))
    };
    // The view goes before the column that it reads changes, and comes back after.
    let needs = plan["order"]["needs"].as_array().unwrap();
    let back = task("view app.names", "added");
    let gone = task("view app.names", "dropped");
    assert!(gone < back);
    assert!(
        needs
            .iter()
            .any(|pair| number(&pair[0]) == i64::try_from(back).unwrap()),
        "{needs:?}"
    );
    for pair in needs {
        assert!(
            number(&pair[1]) < number(&pair[0]),
            "a task waits for a later one"
        );
    }
}

#[test]
fn the_review_page_says_what_apply_would_do() {
    let (walk, url) = changed();
    walk.on(&url, &["report"]).ends(0).says("nothing to report");
    let page = walk.on(&url, &["report", "--diff"]).ends(0).out;
    assert!(
        page.contains("data is lost") && page.contains("drop-column"),
        "{page}"
    );
    walk.on(&url, &["diff", "second"]).ends(0);
    let plan = walk
        .on(&url, &["apply", "--dry-run", "--format", "json"])
        .ends(0)
        .json();
    let json = walk
        .on(&url, &["report", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(json["approval"], plan["plan"]);
    assert_eq!(json["renames"][0]["to"], "app.people.called");
    let dropped: Vec<&Value> = json["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["change"] == "dropped" && change["kind"] == "column")
        .collect();
    assert_eq!(dropped.len(), 1, "{dropped:?}");
    assert_eq!(dropped[0]["path"], "app.people.old");
    assert_eq!(json["hazards"][0]["class"], "data-loss");
    let page = walk.on(&url, &["report"]).ends(0).out;
    for words in [
        plan["plan"].as_str().unwrap(),
        "up and down on PostgreSQL",
        "renamed from",
        "<i class=k>ALTER</i>",
        "<del>",
    ] {
        assert!(page.contains(words), "no `{words}`");
    }
    assert_harmless(&page);
    // The same from the files alone; a version that is not there is refused.
    let files = walk
        .run(&["report", "--project", "app", "--since", "000001"])
        .ends(0)
        .out;
    assert!(files.contains("renamed from"));
    walk.run(&["report", "--project", "app", "--since", "000007"])
        .ends(4);
    // A browser opens it, folds, filters and copies.
    let told = in_browser(
        &page,
        "document.querySelector('[data-fold=shut]').click();
         var open = document.querySelectorAll('details.card[open]').length;
         var filter = document.getElementById('filter'); filter.value = 'bills'; filter.dispatchEvent(new Event('input'));
         var left = Array.prototype.filter.call(document.querySelectorAll('[data-filter]'), function (card) { return !card.hidden; }).length;
         var copied = ''; Object.defineProperty(navigator, 'clipboard', { value: { writeText: function (text) { copied = text; return Promise.resolve(); } } });
         document.querySelector('[data-copy=up0]').click();
         told = [open, left, copied.indexOf('ALTER TABLE') >= 0, document.title.indexOf('hurt')];",
    );
    if let Some(told) = told {
        assert_eq!(told, "[0,1,true,-1]");
    }
}

/// No markup of names and comments is markup of the page.
#[track_caller]
fn assert_harmless(page: &str) {
    assert!(
        !page.contains("<script>document.title"),
        "a script got through"
    );
    assert!(!page.contains("<img"), "an element got through");
    assert!(
        page.contains("&lt;img src=x"),
        "the comment is shown as text"
    );
    for word in ["http://", "https://", "//cdn", "@import", "url("] {
        let outside = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!outside.contains(word), "the page speaks of {word}");
    }
}

#[test]
fn the_reference_is_whole() {
    let (walk, url) = changed();
    let folder = walk.path("pages");
    let output = folder.display().to_string();
    let docs = ["docs", "--project", "app", "--output", &output];
    walk.run(&docs).ends(0).says("as the KDL files say");
    let pages = read_all(&folder);
    let people = &pages["table.app.people.html"];
    assert_harmless(people);
    for words in [
        "never null",
        "pii",
        "Referred to by",
        "app.orders",
        "In KDL",
        ">PRIMARY<",
    ] {
        assert!(people.contains(words), "no `{words}`");
    }
    // Every link leads to a page and a place in it.
    let mut links = 0;
    for (name, text) in pages.iter().filter(|(name, _)| name.ends_with(".html")) {
        for link in text.split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap();
            let (file, place) = link
                .split_once('#')
                .map_or((link, None), |(file, place)| (file, Some(place)));
            let file = if file.is_empty() { name.as_str() } else { file };
            let target = pages
                .get(file)
                .unwrap_or_else(|| panic!("{name} links to {link}"));
            if let Some(place) = place {
                assert!(
                    target.contains(&format!("id=\"{place}\"")),
                    "{name} links to {link}"
                );
            }
            links += 1;
        }
    }
    assert!(links > 40, "{links} links");
    assert!(pages["search.js"].contains("app.people.called"));
    if let Some(told) = in_browser(
        &pages["index.html"].replace(
            "<script src=\"search.js\"></script>",
            &format!("<script>{}</script>", pages["search.js"]),
        ),
        "var box = document.getElementById('search'); box.value = 'pii'; box.dispatchEvent(new Event('input'));
         told = [document.querySelectorAll('#found a').length, document.querySelector('#found a').getAttribute('href')];",
    ) {
        assert_eq!(told, "[1,\"table.app.people.html#c-called\"]");
    }
    // The live database is another one; its pages replace the others, and what a person put there stays.
    std::fs::write(folder.join("mine.txt"), "mine").unwrap();
    walk.on(&url, &["docs", "--output", &output]).ends(0);
    let live = read_all(&folder);
    assert!(
        !live.contains_key("table.app.bills.html"),
        "the page of what is not there is gone"
    );
    assert!(live["table.app.people.html"].contains(">old<"));
    assert_eq!(live["mine.txt"], "mine");
    let own = walk.path("own");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("index.html"), "mine").unwrap();
    walk.run(&[
        "docs",
        "--project",
        "app",
        "--output",
        &own.display().to_string(),
    ])
    .ends(3)
    .says("was not written by");
    assert_eq!(read_all(&own).len(), 1);
}

fn read_all(folder: &Path) -> BTreeMap<String, String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect()
}

/// Opens a page in headless Chromium, runs a script in it, gives what that leaves in `told`; none where there is no browser,
/// which `SCHEMACTL_TEST_BROWSER=required` forbids. Whatever the page says to the console as an error fails.
fn in_browser(page: &str, script: &str) -> Option<String> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let Some(browser) = names.iter().find_map(|name| which::which(name).ok()) else {
        let required =
            std::env::var("SCHEMACTL_TEST_BROWSER").is_ok_and(|value| value == "required");
        assert!(!required, "no browser was found");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    let probe = format!(
        "<script>var told; {script}\ndocument.documentElement.setAttribute('data-told', JSON.stringify(told));</script></body>"
    );
    std::fs::write(&path, page.replace("</body>", &probe)).unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--enable-logging=stderr",
            "--dump-dom",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .arg(format!("file://{}", path.display()))
        .output()
        .unwrap();
    let (dom, words) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(!words.contains("CONSOLE"), "{words}");
    let told = dom
        .split("data-told=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_else(|| panic!("the page told nothing: {words}"));
    Some(told.replace("&quot;", "\""))
}
