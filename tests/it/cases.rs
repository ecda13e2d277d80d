//! The acceptance cases: every `tests/cases/KIND/BEHAVIOUR` goes database → KDL → migration → database and back, with
//! pg_dump as the judge. `SCHEMACTL_CASES=view/` runs those whose name holds the text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use schemactl::author::{Authored, DatabaseError, Databases, Managed, Request, author};
use schemactl::kdl::{Diagnostics, Sources};
use schemactl::kind::language::{
    Desired, DesiredObject, Rename, WriteOptions, dangling, read, write,
};
use schemactl::kind::{Catalog, HazardClass, Object};
use schemactl::model::{Kind, ObjectId};
use schemactl::pg::connect::Session;
use schemactl::pg::introspect::introspect;
use schemactl::pg::target::Target;
use schemactl::plan::Verb;
use schemactl::scratch::build::texts;
use schemactl::scratch::elaborate::Doubts;
use schemactl::scratch::kept::Kept;

use crate::reviewed::is_as_kept;
use crate::support::{TestDatabase, TestServer, normalise_dump};

/// What `expect.toml` says.
#[derive(Default, Clone)]
pub(crate) struct Expect {
    values: BTreeMap<String, Vec<String>>,
}

impl Expect {
    pub(crate) fn load(folder: &Path) -> Expect {
        let text = std::fs::read_to_string(folder.join("expect.toml")).unwrap_or_default();
        let mut values = BTreeMap::new();
        for line in text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
        {
            let Some((key, value)) = line.split_once('=') else {
                continue;
            };
            let value = value.trim();
            let items = match value
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                Some(inner) => strings(inner),
                None if value.starts_with('"') => strings(value),
                None => vec![value.to_owned()],
            };
            values.insert(key.trim().to_owned(), items);
        }
        Expect { values }
    }

    fn list(&self, key: &str) -> &[String] {
        self.values.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the case is for servers of this major version.
    fn fits(&self, major: u32) -> bool {
        let bound = |key: &str| self.list(key).first()?.parse::<u32>().ok();
        bound("min_version").is_none_or(|least| least <= major)
            && bound("max_version").is_none_or(|most| major <= most)
    }

    fn is(&self, key: &str, value: &str) -> bool {
        self.list(key) == [value]
    }
}

/// The basic strings of a TOML value.
fn strings(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '"' {
            continue;
        }
        let mut item = String::new();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => break,
                '\\' => item.extend(letters.next()),
                other => item.push(other),
            }
        }
        found.push(item);
    }
    found
}

/// Scratch databases on the test server.
pub(crate) struct OnServer<'a> {
    pub(crate) server: &'a TestServer,
    made: Mutex<Vec<TestDatabase<'a>>>,
    kept: Option<Kept>,
}

impl<'a> OnServer<'a> {
    pub(crate) fn new(server: &'a TestServer) -> Self {
        OnServer {
            server,
            made: Mutex::new(Vec::new()),
            kept: None,
        }
    }

    /// The same, where what the same files come to is kept in a folder, as it is for people.
    pub(crate) fn keeping(server: &'a TestServer, folder: &Path) -> Self {
        OnServer {
            kept: Kept::at(folder.to_owned()),
            ..OnServer::new(server)
        }
    }
}

impl Databases for OnServer<'_> {
    async fn database(&self, _: &str) -> Result<Session, DatabaseError> {
        let database = self.server.pooled_database();
        let mut session = connect(&database.url()).await;
        session.stay_home();
        self.made.lock().unwrap().push(database);
        Ok(session)
    }

    fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }
}

pub(crate) async fn connect(url: &str) -> Session {
    let target = Target::parse(url).expect("the address of a test database");
    Session::connect(&target, "schemactl test")
        .await
        .expect("a connection to a test database")
}

pub(crate) async fn catalog(url: &str) -> Catalog {
    introspect(connect(url).await.client())
        .await
        .expect("the catalog of a test database")
}

/// The catalog of a case's database. The cluster's roles are not the case's, but for those that all cases have: other tests make
/// and change theirs meanwhile.
async fn catalog_of_case(url: &str) -> Catalog {
    catalog(url).await.filtered(|id, _| {
        let is_others = |it: &ObjectId| it.kind == Kind::Role && !it.name.starts_with("case_");
        !id.ancestors().any(is_others)
    })
}

/// The KDL of a catalog, read back.
pub(crate) fn through_kdl(catalog: &Catalog) -> Result<(Desired, String), String> {
    let whole = WriteOptions {
        whole: true,
        ..WriteOptions::default()
    };
    let files = write(catalog, &whole);
    let text: String = files
        .iter()
        .map(|(path, text)| format!("// {path}\n{text}\n"))
        .collect();
    let diagnostics = Diagnostics::new();
    let sources = std::sync::Arc::new(Sources::from_texts(files, &diagnostics));
    let names = BTreeMap::new();
    let desired = read(sources.nodes(), &names, &diagnostics);
    // What a database holds refers to nothing that is not there.
    dangling(&desired, &|_, _| true, &diagnostics);
    match diagnostics.into_result(&sources) {
        Ok(()) => Ok((desired, text)),
        Err(mistakes) => Err(format!(
            "KDL does not read back: {}\n{text}",
            mistakes.render()
        )),
    }
}

pub(crate) fn everything<'a>() -> Managed<'a> {
    Managed {
        history_schema: "schemactl",
        scope: &|_, _| None,
        everything: true,
        recorded: Default::default(),
        left_alone: Default::default(),
        left: schemactl::author::left_by_default(),
        settings: false,
    }
}

/// The form that a plan takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PlanForm {
    /// What the binary writes by default: readers and writers go on, indexes are built concurrently.
    Online,
    /// Transactions alone.
    Plain,
}

/// The way from one catalog to desired objects.
pub(crate) async fn way(
    server: &TestServer,
    base: &Catalog,
    desired: &Desired,
    form: PlanForm,
) -> Result<Option<Authored>, String> {
    way_on(&OnServer::new(server), base, desired, form).await
}

async fn way_on(
    databases: &OnServer<'_>,
    base: &Catalog,
    desired: &Desired,
    form: PlanForm,
) -> Result<Option<Authored>, String> {
    let managed = everything();
    let request = Request {
        base,
        desired,
        managed: &managed,
        role: &base.origin.role,
        online: form == PlanForm::Online,
        arrangement: None,
    };
    author(databases, &request, &mut Doubts::default())
        .await
        .map_err(|error| format!("{error}"))
}

pub(crate) fn script(plan: &schemactl::plan::Plan) -> String {
    let mut script = String::from(
        "SET search_path = '';\nSET check_function_bodies = off;\nSET client_min_messages = error;\n",
    );
    for (outside, statements) in texts(plan) {
        if !outside {
            script.push_str("BEGIN;\n");
        }
        for statement in statements {
            script.push_str(&statement);
            script.push_str(";\n");
        }
        if !outside {
            script.push_str("COMMIT;\n");
        }
    }
    script
}

fn differ(what: &str, got: &str, wanted: &str) -> Result<(), String> {
    let (got, wanted) = (normalise_dump(got), normalise_dump(wanted));
    if got == wanted {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(&wanted, &got);
    Err(format!(
        "{what}:\n{}",
        diff.unified_diff().context_radius(2)
    ))
}

/// `table auth.old -> auth.new` in a catalog: the identities of that kind with these paths.
fn rename(line: &str, before: &Catalog, desired: &Desired) -> Option<(ObjectId, ObjectId)> {
    let (kind, rest) = line.split_once(' ')?;
    let (from, to) = rest.split_once(" -> ")?;
    let is = |(id, object): (&ObjectId, &Object), path: &str| {
        let kinds = match kind {
            "constraint" => [
                Kind::PrimaryKey,
                Kind::Unique,
                Kind::Check,
                Kind::ForeignKey,
                Kind::Exclude,
                Kind::DomainConstraint,
            ]
            .contains(&id.kind),
            "type" => [
                Kind::Enum,
                Kind::Domain,
                Kind::Composite,
                Kind::Range,
                Kind::BaseType,
            ]
            .contains(&id.kind),
            other => Kind::from_name(other) == Some(id.kind),
        };
        let own = id.path();
        // An index and statistics are parts of their table here, and objects of a schema there.
        let schema = match object {
            Object::Statistics(statistics) => statistics.schema_name.as_deref(),
            _ => None,
        };
        let schema = schema.or(id.schema()).unwrap_or_default();
        let in_schema = matches!(id.kind, Kind::Index | Kind::Statistics)
            .then(|| format!("{schema}.{}", id.name));
        kinds
            && (own == path
                || own.split('(').next() == Some(path)
                || in_schema.as_deref() == Some(path))
    };
    let from = before
        .objects
        .iter()
        .find(|(id, object)| is((id, object), from))?
        .0;
    let mut wanted = desired.objects.iter().map(|(id, it)| (id, &it.object));
    let to = wanted.find(|(id, object)| is((id, object), to))?.0;
    Some((from.clone(), to.clone()))
}

/// `enum-value public.state.b -> public.state.x` and `attribute …`: renames within the definition of a type.
fn rename_within(line: &str, desired: &mut Desired) -> bool {
    let Some((kind, rest)) = line.split_once(' ') else {
        return false;
    };
    let Some((from, to)) = rest.split_once(" -> ") else {
        return false;
    };
    let (Some((path, new)), Some((_, old))) = (to.rsplit_once('.'), from.rsplit_once('.')) else {
        return false;
    };
    for (id, object) in &mut desired.objects {
        let renamed = match (&mut object.object, kind) {
            (Object::Enum(definition), "enum-value") => &mut definition.renamed,
            (Object::Composite(definition), "attribute") => &mut definition.renamed,
            _ => continue,
        };
        if id.path() == path {
            renamed.push((old.to_owned(), new.to_owned()));
            return true;
        }
    }
    false
}

fn apply_expectations(
    desired: &mut Desired,
    before: &Catalog,
    expect: &Expect,
) -> Result<(), String> {
    // `hstore = 1.8`: the version that the files state.
    for line in expect.list("versions") {
        let Some((name, version)) = line.split_once(" = ") else {
            continue;
        };
        let id = ObjectId::top(Kind::Extension, name);
        if let Some(object) = desired.objects.get_mut(&id)
            && let Object::Extension(extension) = &mut object.object
        {
            extension.stated = Some(version.to_owned());
        }
    }
    for line in expect.list("renames") {
        if rename_within(line, desired) {
            continue;
        }
        let Some((from, to)) = rename(line, before, desired) else {
            return Err(format!("the rename `{line}` names nothing"));
        };
        // The old identity as `renamed-from` would say it: under the new parent.
        let from = match (&from.parent, &to.parent) {
            (Some(old), Some(new)) if old != new && old.kind != Kind::Schema => {
                from.renamed(old, new)
            }
            _ => from,
        };
        let from = from.with_signature(&to.signature);
        // Statistics are known by their table: another schema is no other identity.
        if from == to {
            continue;
        }
        let span = desired.objects[&to].span;
        desired.renames.push(Rename { from, to, span });
    }
    for (key, value) in [("convert", 0), ("backfill", 1)] {
        for line in expect.list(key) {
            let Some((path, sql)) = line.split_once(" = ") else {
                continue;
            };
            for (id, object) in &mut desired.objects {
                if id.kind == Kind::Column
                    && id.path() == path
                    && let Object::Column(column) = &mut object.object
                {
                    let slot = if value == 0 {
                        &mut column.convert.convert
                    } else {
                        &mut column.convert.backfill
                    };
                    *slot = Some(sql.to_owned());
                }
            }
        }
    }
    Ok(())
}

/// How many rows the tables hold.
struct Counts {
    /// Each table by itself, partitions too.
    tables: BTreeMap<String, String>,
    /// Of each partition the topmost table, with the rows of all its partitions: within it they may move.
    roots: BTreeMap<String, (String, u64)>,
}

impl Counts {
    fn of(database: &TestDatabase<'_>) -> Counts {
        let counted = database.psql(
            "with tables as (
                 select c.oid, c.relkind, format('%I.%I', n.nspname, c.relname) as name
                 from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema')
             select format('select %L, %L, count(*) from only %s', t.name, root.name, t.name)
             from tables t join tables root on root.oid = coalesce(pg_partition_root(t.oid), t.oid)
             where t.relkind = 'r' order by 1
             \\gexec",
        );
        let mut counts = Counts {
            tables: BTreeMap::new(),
            roots: BTreeMap::new(),
        };
        let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
        let mut roots = Vec::new();
        for line in counted.lines() {
            let [table, root, own] = line.split('|').collect::<Vec<_>>()[..] else {
                continue;
            };
            counts.tables.insert(table.to_owned(), own.to_owned());
            *totals.entry(root).or_default() += own.parse::<u64>().unwrap_or_default();
            if table != root {
                roots.push((table, root));
            }
        }
        for (table, root) in roots {
            let total = totals.get(root).copied().unwrap_or_default();
            counts
                .roots
                .insert(table.to_owned(), (root.to_owned(), total));
        }
        counts
    }

    /// The first table that is still there and has not the rows that it had; `name` gives its name now. Of a partitioned table
    /// all rows count, unless the plan announces that some go.
    fn lost(
        &self,
        now: &Counts,
        plan: &schemactl::plan::Plan,
        name: impl Fn(&str) -> Option<String>,
    ) -> Option<String> {
        let announced: BTreeSet<String> = plan
            .hazards()
            .filter(|it| it.class == HazardClass::DataLoss)
            .map(|it| it.object.root().path().replace('"', ""))
            .collect();
        let is_announced = |root: &str| {
            let parts = self.roots.iter().filter(|(_, (of, _))| of == root);
            let mut all = parts.map(|(part, _)| part.as_str()).chain([root]);
            all.any(|it| announced.contains(&it.replace('"', "")))
        };
        let totals: BTreeMap<&String, u64> = now.roots.values().map(|(it, n)| (it, *n)).collect();
        let gone = self.roots.values().find_map(|(root, count)| {
            let now_called = |it: &str| name(it).unwrap_or_else(|| it.to_owned());
            let name = now_called(root);
            // A partition that was detached has its rows still.
            let parts = self.roots.iter().filter(|(_, (of, _))| of == root);
            let apart = parts
                .map(|(part, _)| now_called(part))
                .filter(|part| now.roots.get(part).is_none_or(|(of, _)| *of != name));
            let apart = apart.filter_map(|part| now.tables.get(&part)?.parse::<u64>().ok());
            let apart: u64 = apart.sum();
            let after = totals.get(&name).filter(|after| *after + apart < *count)?;
            (!is_announced(root))
                .then(|| format!("{root} had {count} rows in all partitions and has {after}"))
        });
        if gone.is_some() {
            return gone;
        }
        self.tables.iter().find_map(|(table, count)| {
            let name = &name(table).unwrap_or_else(|| table.clone());
            let after = now.tables.get(name).filter(|after| *after != count)?;
            let root = self.roots.get(table);
            let moved = root.is_some() && root == now.roots.get(name);
            (!moved).then(|| format!("{table} had {count} rows and has {after}"))
        })
    }
}

/// Runs one case in the online form, and in the plain form where that is another one; `Err` says what is wrong.
async fn run_case(server: &TestServer, folder: &Path) -> Result<(), String> {
    let expect = Expect::load(folder);
    if !expect.fits(server.major()) {
        return Ok(());
    }
    let database = |name: &str| {
        let script = std::fs::read_to_string(folder.join(name)).expect("the script of a case");
        let database = server.pooled_database();
        match database.try_psql(&script) {
            Ok(_) => Ok(database),
            Err(error) => Err(format!("{name}: {error}")),
        }
    };
    let (from, to) = (database("from.sql")?, database("to.sql")?);
    let (first, second) = (End::of(&from).await, End::of(&to).await);
    let mut ends = Ends::of(&first, &second, &expect)?;
    ends.case = folder
        .iter()
        .rev()
        .take(2)
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    // Beside collections that are kept elsewhere nothing is written.
    ends.kept = std::env::var_os("SCHEMACTL_CASES_FOLDER")
        .is_none()
        .then(|| folder.to_owned());
    if judge_form(server, &from, &ends, &expect, PlanForm::Online, false).await? == Differs::Yes {
        let from = database("from.sql")?;
        judge_form(server, &from, &ends, &expect, PlanForm::Plain, true)
            .await
            .map_err(|error| format!("in the plain form: {error}"))?;
    }
    Ok(())
}

/// Says the owner of what goes back to the role that runs the script: silence leaves an owner alone.
fn say_owners(desired: &mut Desired, before: &Catalog, wanted: &Catalog) {
    let role = &wanted.origin.role;
    for (id, object) in wanted.of_kind(Kind::Owner) {
        let (Object::Owner(new), Some(Object::Owner(old))) = (object, before.get(id)) else {
            continue;
        };
        let said = id.parent.as_deref().and_then(|it| desired.objects.get(it));
        if &new.role == role
            && &old.role != role
            && let Some(said) = said.cloned()
        {
            let owner = DesiredObject {
                object: object.clone(),
                ..said
            };
            desired.objects.entry(id.clone()).or_insert(owner);
        }
    }
}

/// A database as a way begins or ends with it.
struct End {
    dump: String,
    catalog: Catalog,
}

impl End {
    async fn of(database: &TestDatabase<'_>) -> End {
        End {
            catalog: catalog_of_case(&database.url()).await,
            dump: database.pg_dump_schema(),
        }
    }
}

/// Both ends of a way, whatever its form.
struct Ends<'e> {
    from: &'e End,
    to: &'e End,
    desired: Desired,
    /// Where what is elaborated is kept.
    folder: tempfile::TempDir,
    /// The case's folder and the one around it, where it is one.
    case: Vec<String>,
    /// The folder where the case's plan is kept.
    kept: Option<PathBuf>,
}

impl<'e> Ends<'e> {
    fn of(from: &'e End, to: &'e End, expect: &Expect) -> Result<Self, String> {
        let (mut desired, _) = through_kdl(&to.catalog)?;
        say_owners(&mut desired, &from.catalog, &to.catalog);
        apply_expectations(&mut desired, &from.catalog, expect)?;
        Ok(Ends {
            from,
            to,
            desired,
            folder: tempfile::tempdir().expect("a folder for what is elaborated"),
            case: Vec::new(),
            kept: None,
        })
    }
}

/// What a plan asks of the rows, and is not as it has to be.
fn forbidden(database: &TestDatabase<'_>, plan: &schemactl::plan::Plan) -> Option<String> {
    if plan.preflights.is_empty() {
        return None;
    }
    let asked: Vec<String> = plan.preflights.iter().map(|it| it.sql.clone()).collect();
    // A count that cannot be made stops nothing.
    let script = format!(
        "\\set ON_ERROR_STOP 0\nSET search_path = '';\n{};",
        asked.join(";\n")
    );
    let counted = database.psql(&script);
    let found = counted.lines().find(|line| !line.starts_with("0|"));
    found.map(str::to_owned)
}

/// Whether the online form of a way is another one than the plain form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Differs {
    Yes,
    No,
}

/// Leads `from` to `to` and back, and then `to` to `from` and back, by way of KDL.
pub(crate) async fn judge_both_ways(
    server: &TestServer,
    from: &TestDatabase<'_>,
    to: &TestDatabase<'_>,
) -> Result<(), String> {
    let (first, second) = (End::of(from).await, End::of(to).await);
    let expect = Expect::default();
    let ends = Ends::of(&first, &second, &expect)?;
    judge_form(server, from, &ends, &expect, PlanForm::Plain, false).await?;
    let backward = async {
        let ends = Ends::of(&second, &first, &expect)?;
        judge_form(server, to, &ends, &expect, PlanForm::Plain, false).await
    };
    match backward.await {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("backward: {error}")),
    }
}

/// Leads `from` to `to` and back, by way of KDL.
async fn judge_form(
    server: &TestServer,
    from: &TestDatabase<'_>,
    ends: &Ends<'_>,
    expect: &Expect,
    form: PlanForm,
    second_form: bool,
) -> Result<Differs, String> {
    let Ends {
        from: End {
            dump: dump_from,
            catalog: before,
        },
        to: End { dump: dump_to, .. },
        desired,
        folder,
        ..
    } = ends;
    let refused = !expect.list("refused").is_empty();
    let databases = OnServer::keeping(server, folder.path());
    let authored = match way_on(&databases, before, desired, form).await {
        Ok(Some(authored)) => authored,
        Ok(None) if expect.is("changes", "none") || expect.is("settles", "true") => {
            return Ok(Differs::No);
        }
        Ok(None) => {
            return match differ("the diff is empty", dump_from, dump_to) {
                Ok(()) if !expect.is("invisible", "true") => Ok(Differs::No),
                Ok(()) => Err("an invisible difference was not seen".into()),
                Err(error) => Err(error),
            };
        }
        Err(_) if refused => return Ok(Differs::No),
        Err(error) => return Err(error),
    };
    if expect.is("changes", "none") || expect.is("settles", "true") {
        return Err(format!(
            "a difference where there is none:\n{}",
            script(&authored.up)
        ));
    }
    // Those mend what was planned wrong, or what an event trigger did; a case says where that is so.
    if !authored.proof.further.is_empty() && !expect.is("further", "true") {
        return Err(format!(
            "the plan needs mending: {:?}",
            authored.proof.further
        ));
    }
    note_cells(&ends.case, &authored);
    if let (PlanForm::Online, Some(folder)) = (form, &ends.kept) {
        is_as_kept(folder, &authored, server.major())?;
    }
    let differs = match form {
        PlanForm::Online if authored.up.parts().len() + authored.down.parts().len() > 2 => {
            Differs::Yes
        }
        _ => Differs::No,
    };
    let rows = Counts::of(from);
    let up = script(&authored.up);
    if let Some(forbidden) = forbidden(from, &authored.up) {
        return match refused {
            true => Ok(differs),
            false => Err(format!("a preflight stops it: {forbidden}\n{up}")),
        };
    }
    if let Err(error) = from.try_psql(&up) {
        return if refused {
            Ok(differs)
        } else {
            Err(format!("up fails: {error}\n{up}"))
        };
    }
    if refused {
        return Err(format!("what must be refused went through:\n{up}"));
    }
    differ(
        &format!("up:\n{up}\nis not as wanted"),
        &from.pg_dump_schema(),
        dump_to,
    )?;
    let judges_rows = !expect.is("rows", "kept") && expect.list("rows").is_empty();
    let between = Counts::of(from);
    let tables: Vec<(&str, &str)> = expect
        .list("renames")
        .iter()
        .filter_map(|line| line.strip_prefix("table ")?.split_once(" -> "))
        .collect();
    // What has its name from then on may be another table: then it is lost by right.
    let named =
        |found: Option<&(&str, &str)>, is_taken: bool, name: fn(&(&str, &str)) -> String| {
            found.map(name).or_else(|| is_taken.then(String::new))
        };
    let renamed = |table: &str| {
        let found = tables.iter().find(|(old, _)| *old == table);
        let is_taken = tables.iter().any(|(_, new)| *new == table);
        named(found, is_taken, |(_, new)| (*new).to_owned())
    };
    if judges_rows && let Some(lost) = rows.lost(&between, &authored.up, renamed) {
        return Err(format!("{lost}\n{up}"));
    }
    // Whatever form led there: the database is the same.
    if !(form == PlanForm::Plain && second_form)
        && let Some(again) = way_on(
            &databases,
            &catalog_of_case(&from.url()).await,
            desired,
            form,
        )
        .await
        .map_err(|error| format!("second diff: {error}"))?
    {
        return Err(format!(
            "the second diff is not empty:\n{}\nafter\n{up}",
            script(&again.up)
        ));
    }
    if expect.is("irreversible", "true") {
        return Ok(differs);
    }
    let down = script(&authored.down);
    if let Some(forbidden) = forbidden(from, &authored.down) {
        return Err(format!(
            "a preflight stops the way back: {forbidden}\n{down}"
        ));
    }
    from.try_psql(&down)
        .map_err(|error| format!("down fails: {error}\n{down}"))?;
    differ(
        &format!("down:\n{down}\nis not as before"),
        &from.pg_dump_schema(),
        dump_from,
    )?;
    // What stayed all the while has its rows after the way back as well.
    let renamed_back = |table: &str| {
        let found = tables.iter().find(|(_, new)| *new == table);
        let is_taken = tables.iter().any(|(old, _)| *old == table);
        named(found, is_taken, |(old, _)| (*old).to_owned())
    };
    if judges_rows && let Some(lost) = between.lost(&Counts::of(from), &authored.down, renamed_back)
    {
        return Err(format!("after the way back {lost}\n{down}"));
    }
    Ok(differs)
}

fn cases() -> Vec<(String, PathBuf)> {
    // `SCHEMACTL_CASES_FOLDER` names another collection: real schemas that are not kept here.
    let root = match std::env::var_os("SCHEMACTL_CASES_FOLDER") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"),
    };
    let mut found = Vec::new();
    for kind in std::fs::read_dir(&root)
        .expect("tests/cases")
        .flatten()
        .filter(|entry| entry.path().is_dir())
    {
        for case in std::fs::read_dir(kind.path())
            .expect("a kind's cases")
            .flatten()
        {
            if case.path().join("from.sql").exists() {
                let name = format!(
                    "{}/{}",
                    kind.file_name().display(),
                    case.file_name().display()
                );
                found.push((name, case.path()));
            }
        }
    }
    found.sort();
    let wanted = std::env::var("SCHEMACTL_CASES").unwrap_or_default();
    found.retain(|(name, _)| wanted.split(',').any(|part| name.contains(part)));
    found
}

/// The cases that are known to be wrong: those that `tests/cases/OPEN.md` lists, where a number behind the name says on
/// which major version alone.
fn open(major: u32) -> Vec<String> {
    include_str!("../cases/OPEN.md")
        .lines()
        .filter_map(|line| line.strip_prefix("- `")?.split_once('`'))
        .filter(|(_, rest)| {
            let version = rest
                .strip_prefix(" (")
                .and_then(|rest| rest.split_once(')'));
            version.is_none_or(|(version, _)| version.parse() == Ok(major))
        })
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Writes a failure down as it is found, where `SCHEMACTL_CASES_REPORT` names a file.
fn note(name: &str, error: &str) {
    use std::io::Write;
    let Ok(path) = std::env::var("SCHEMACTL_CASES_REPORT") else {
        return;
    };
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .expect("the report");
    writeln!(file, "=== {name}\n{error}").expect("the report");
}

/// Writes down which kinds of objects a case makes, alters, renames and drops, and which facets of them, where
/// `SCHEMACTL_CASES_CELLS` names a file.
fn note_cells(case: &[String], authored: &Authored) {
    use std::io::Write;
    let (Ok(path), [behaviour, kind, ..]) = (std::env::var("SCHEMACTL_CASES_CELLS"), case) else {
        return;
    };
    let mut cells = BTreeSet::new();
    for step in authored.up.steps.iter().chain(&authored.down.steps) {
        let renames = step.statement.text().contains(" RENAME ");
        for (verb, id) in &step.objects {
            let (holder, what) = match (id.kind.is_facet(), id.parent.as_deref()) {
                (true, Some(holder)) => (holder.kind, id.kind.name()),
                _ if renames => (id.kind, "rename"),
                _ => match verb {
                    Verb::Create => (id.kind, "create"),
                    Verb::Alter => (id.kind, "alter"),
                    Verb::Drop => (id.kind, "drop"),
                },
            };
            cells.insert((holder.name(), what));
        }
    }
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .expect("the cells");
    let lines: String = cells
        .iter()
        .map(|(holder, what)| format!("{holder} {what} {kind}/{behaviour}\n"))
        .collect();
    file.write_all(lines.as_bytes()).expect("the cells");
}

/// The roles that scripts may name.
pub(crate) fn make_roles(server: &TestServer) {
    for role in ["case_owner", "case_reader", "case_writer"] {
        server.admin(&format!(
            "do $$ begin if not exists (select from pg_roles where rolname = '{role}') then create role {role}; end if; end $$"
        ));
    }
}

#[test]
fn every_case_goes_up_and_down() {
    let server = TestServer::get();
    make_roles(server);
    let cases = cases();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                while let Some((name, folder)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let begun = std::time::Instant::now();
                    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        runtime.block_on(run_case(server, folder))
                    }));
                    let took = begun.elapsed().as_secs();
                    if took > 30 {
                        note(name, &format!("took {took} s"));
                    }
                    let error = match result {
                        Ok(Ok(())) => continue,
                        Ok(Err(error)) => error,
                        Err(panic) => match panic.downcast_ref::<String>() {
                            Some(text) => format!("panic: {text}"),
                            None => "panic".to_owned(),
                        },
                    };
                    note(name, &error);
                    failures.lock().unwrap().push((name.clone(), error));
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    let open = open(server.major());
    let failed = |name: &String| failures.iter().any(|(failure, _)| failure == name);
    // What is open in the ordinary run may be right on another version.
    let ordinary = std::env::var_os("SCHEMACTL_TEST_PG_MAJOR").is_none();
    let mended: Vec<&String> = cases
        .iter()
        .map(|(name, _)| name)
        .filter(|name| ordinary && open.contains(name) && !failed(name))
        .collect();
    let report: String = failures
        .iter()
        .filter(|(name, _)| !open.contains(name))
        .map(|(name, error)| format!("=== {name}\n{error}\n"))
        .collect();
    assert!(
        report.is_empty(),
        "cases fail that are not known to be open:\n{report}"
    );
    assert!(
        mended.is_empty(),
        "no longer open, to be taken out of OPEN.md: {mended:?}"
    );
}
