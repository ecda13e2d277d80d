//! Columns of tables and foreign tables: everything that ALTER COLUMN knows, the default apart.

mod convert;
mod filling;
mod generated;
mod handed_down;
pub(super) mod kdl;
mod over_rows;
mod published;
pub(super) mod serial;
mod stand_in;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::language::Writing;
use super::not_null;
use super::online;
use super::preflight::Rows;
use super::secrets::{self, Held, Secrets};
use super::sequence::Sequence;
use super::{
    Alteration, Catalog, Context, Definition, Element, HazardClass, NameSlot, Preflight, Reaction,
    Statement, options, reference, row_type,
};
use crate::kdl::NodeWriter;
use crate::model::{Kind, ObjectId, Options, QualifiedName};
use crate::sql::quote::{ident, qualified};

use stand_in::Fill;

pub(in crate::kind) use generated::lines_of_partition;
pub(crate) use handed_down::hand_down;

pub use convert::{
    does_not_fit, has_cast, is_automatic, is_narrowing, is_whole_number, using, usual_storage,
};
pub(in crate::kind) use filling::{Filling, filling};
pub use generated::Generated;
pub(in crate::kind) use over_rows::in_quiet;
pub(in crate::kind) use published::{identified, is_published};
pub(in crate::kind) use stand_in::{made_up, may_sleep};

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize, Default)]
pub struct Column {
    /// The type as `format_type` prints it.
    pub data_type: String,
    /// Whether it refuses null.
    pub not_null: bool,
    /// The collation, where it is not the type's own.
    pub collation: Option<QualifiedName>,
    /// The expression of a generated column.
    pub generated: Option<Generated>,
    /// The sequence of an identity column.
    pub identity: Option<Identity>,
    /// `plain`, `external`, `main` or `extended`, where it is not the type's own.
    pub storage: Option<String>,
    /// `pglz` or `lz4`, where it is said.
    pub compression: Option<String>,
    /// How fine ANALYZE looks, where it is said.
    pub statistics_target: Option<i32>,
    /// `n_distinct` and the like.
    pub options: Options,
    /// Options of a foreign table's column.
    pub foreign_options: Options,
    /// Those of them that are secrets, with the variables that hold them.
    #[serde(default, skip_serializing_if = "Secrets::is_empty")]
    pub foreign_secrets: Secrets,
    /// Whether it is the parent's column: altered there, not here.
    pub inherited: bool,
    /// The USING expression of a change of type: a word of transition, never compared.
    #[serde(skip)]
    pub convert: Transition,
}

/// Words that say how to get to a definition; they are equal to anything.
#[derive(Debug, Clone, Default)]
pub struct Transition {
    /// USING of the way up.
    pub convert: Option<String>,
    /// USING of the way down.
    pub convert_back: Option<String>,
    /// The value for existing rows before NOT NULL.
    pub backfill: Option<String>,
}

impl Transition {
    /// Whether there is a word.
    fn says(&self) -> bool {
        self.convert.is_some() || self.convert_back.is_some() || self.backfill.is_some()
    }
}

impl PartialEq for Transition {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Transition {}

/// GENERATED AS IDENTITY.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Identity {
    /// ALWAYS rather than BY DEFAULT.
    pub always: bool,
    /// The sequence's name; empty in a desired column that leaves it to PostgreSQL.
    pub name: String,
    /// The sequence's schema; always the table's.
    pub schema: String,
    /// What the sequence counts.
    pub sequence: Sequence,
}

/// What has to be taken down while a column changes its type: PostgreSQL refuses, or would keep the old meaning.
const BOUND_TO_TYPE: &[Kind] = &[
    Kind::View,
    Kind::MaterializedView,
    Kind::Rule,
    Kind::Policy,
    Kind::Trigger,
    Kind::Default,
    Kind::Column,
    Kind::Function,
    Kind::Procedure,
    // Both sides of a key change before it is checked again.
    Kind::ForeignKey,
    Kind::PublicationTable,
    Kind::Statistics,
];

/// The array type that a domain is made over, itself for any other type: what is made of one value and what of many is told
/// by it.
fn array_of<'a>(data_type: &'a str, catalog: &'a Catalog) -> &'a str {
    if !data_type.contains('.') || data_type.ends_with(']') {
        return data_type;
    }
    let mut domains = catalog.of_kind(Kind::Domain);
    let found = domains.find_map(|(id, object)| match object {
        super::Object::Domain(domain) if reference::name(id) == data_type => {
            Some(domain.data_type.as_str())
        }
        _ => None,
    });
    found.filter(|it| it.ends_with(']')).unwrap_or(data_type)
}

impl Column {
    /// The definition, with the name of its not-null constraint where PostgreSQL would give another.
    fn definition(&self, id: &ObjectId, context: &Context<'_>) -> String {
        let mut sql = format!("{} {}", ident(&id.name), self.data_type);
        let clause = secrets::clause(&self.foreign_options, &self.foreign_secrets);
        if !clause.is_empty() {
            sql.push_str(&format!(" {clause}"));
        }
        if let Some(collation) = &self.collation {
            sql.push_str(&format!(" COLLATE {}", reference::of(collation)));
        }
        if let Some(words) = not_null::words(self, id, context) {
            sql.push_str(&words);
        }
        if let Some(generated) = &self.generated {
            sql.push_str(&format!(" {}", generated.clause()));
        }
        if let Some(identity) = &self.identity {
            sql.push_str(&format!(" {}", identity.clause()));
        }
        sql
    }

    /// The options of a foreign table's column, the secret ones beside them.
    fn foreign(&self) -> (&Options, &Secrets) {
        (&self.foreign_options, &self.foreign_secrets)
    }

    /// The settings that no column definition takes before PostgreSQL 16, each an action of ALTER TABLE.
    fn settings(&self, id: &ObjectId) -> Vec<String> {
        let usual = Column {
            data_type: self.data_type.clone(),
            ..Column::default()
        };
        usual.setting_changes(self, id)
    }

    fn setting_changes(&self, to: &Column, id: &ObjectId) -> Vec<String> {
        let column = format!("ALTER COLUMN {}", ident(&id.name));
        let mut actions = Vec::new();
        if self.storage != to.storage {
            let storage = match &to.storage {
                Some(storage) => storage.to_uppercase(),
                None => convert::usual_storage(&to.data_type).to_owned(),
            };
            actions.push(format!("{column} SET STORAGE {storage}"));
        }
        if self.compression != to.compression {
            actions.push(format!(
                "{column} SET COMPRESSION {}",
                to.compression.as_deref().unwrap_or("default")
            ));
        }
        if self.statistics_target != to.statistics_target {
            actions.push(format!(
                "{column} SET STATISTICS {}",
                to.statistics_target.unwrap_or(-1)
            ));
        }
        let (set, reset) = self.options.changes(&to.options);
        if !reset.is_empty() {
            actions.push(format!("{column} RESET ({})", options::keys(&reset)));
        }
        if !set.is_empty() {
            actions.push(format!("{column} SET ({})", options::pairs(set)));
        }
        actions
    }

    fn change_type(&self, to: &Column, id: &ObjectId, context: &Context<'_>) -> Statement {
        let statement = self.change_type_by(to, id, || {
            let column = ident(&id.name);
            match has_cast(&self.data_type, &to.data_type, context) {
                true => Some(format!("{column}::{}", to.data_type)),
                false => {
                    let (from, to) = (
                        array_of(&self.data_type, context.before),
                        array_of(&to.data_type, context.after),
                    );
                    using(&column, from, to, context.stand_in)
                }
            }
        });
        // A foreign table holds nothing of its own; what a check of a domain refuses is no loss.
        let is_foreign = matches!(id.parent.as_deref(), Some(it) if it.kind == Kind::ForeignTable);
        let below = (
            super::domain::base(&self.data_type, context.before),
            super::domain::base(&to.data_type, context.after),
        );
        if !is_foreign && is_narrowing(below.0, below.1) {
            let detail = format!(
                "values of {} that do not fit {} are refused or cut",
                self.data_type, to.data_type
            );
            return statement.hazard("narrow-type", HazardClass::DataLoss, id, detail);
        }
        statement
    }

    /// Whether the author says how the values of one become those of the other.
    pub(super) fn is_converted_to(&self, to: &Column) -> bool {
        to.convert.convert.is_some() || self.convert.convert_back.is_some()
    }

    /// What it is, and nothing of how it became that.
    fn without_words(&self) -> Column {
        Column {
            convert: Transition::default(),
            ..self.clone()
        }
    }

    /// The change of type with the author's USING, or else this one.
    fn change_type_by(
        &self,
        to: &Column,
        id: &ObjectId,
        using: impl FnOnce() -> Option<String>,
    ) -> Statement {
        let mut action = format!("ALTER COLUMN {} TYPE {}", ident(&id.name), to.data_type);
        if let Some(collation) = &to.collation {
            action.push_str(&format!(" COLLATE {}", reference::of(collation)));
        }
        let said = to.convert.convert.as_ref();
        let said = said.or(self.convert.convert_back.as_ref()).cloned();
        // Nothing is here to be converted.
        let is_foreign = id
            .parent
            .as_deref()
            .is_some_and(|table| table.kind == Kind::ForeignTable);
        let using = || using().filter(|_| !is_foreign);
        if let Some(using) = said.or_else(using) {
            action.push_str(&format!(" USING {using}"));
        }
        Statement::alter(head(id), action)
    }

    /// The values move to the type that was made anew under the same name: those of composites by the names of their
    /// attributes where these stand in other places, all else by its text.
    fn follow_type(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if let Some(super::Object::Column(to)) = context.after.get(id)
            && to.data_type == self.data_type
            && self.is_converted_to(to)
        {
            return vec![self.change_type_by(to, id, || None)];
        }
        let Some(moved) = super::composite::moved::moved(&id.name, &self.data_type, context) else {
            let name = ident(&id.name);
            let cast = || match super::domain::bases(&self.data_type, context) {
                // An explicit cast would cut what does not fit.
                Some((from, to)) => using(&name, from, to, context.stand_in),
                None => Some(format!("{name}::text::{}", self.data_type)),
            };
            return vec![self.change_type_by(&self.without_words(), id, cast)];
        };
        let mut statements = moved.before;
        statements.push(self.change_type_by(&self.without_words(), id, || Some(moved.using)));
        statements.extend(moved.after);
        statements
    }
}

/// Whether a column's change of type says how its values are converted.
pub(super) fn is_converted(id: &ObjectId, context: &Context<'_>) -> bool {
    match (context.before.get(id), context.after.get(id)) {
        (Some(super::Object::Column(from)), Some(super::Object::Column(to))) => {
            from.data_type != to.data_type
                && from.change_type(to, id, context).text().contains(" USING ")
        }
        _ => false,
    }
}

/// Whether a column is there and refuses null.
pub(super) fn refuses_null(column: &ObjectId, catalog: &Catalog) -> bool {
    matches!(catalog.get(column), Some(super::Object::Column(it)) if it.not_null)
}

/// Whether the column of a parent refuses null afterwards.
fn refuses_null_above(id: &ObjectId, context: &Context<'_>) -> bool {
    let parents = context.after.inherited_from(id);
    parents
        .iter()
        .any(|column| refuses_null(column, context.after))
}

/// The kinds of which others speak of the sequence of an identity: with it goes what they read.
fn lent_to(identity: &Identity, id: &ObjectId, context: &Context<'_>) -> &'static [Kind] {
    const READERS: &[Kind] = &[
        Kind::Default,
        Kind::View,
        Kind::MaterializedView,
        Kind::Function,
        Kind::Procedure,
        Kind::Rule,
        Kind::Policy,
        Kind::Trigger,
    ];
    let speaks = |other: &ObjectId| {
        let text = context.before.get(other).map(|it| it.to_json().to_string());
        text.is_some_and(|text| text.contains(&identity.name))
    };
    let is_lent = context.before.dependencies.iter().any(|(other, needed)| {
        needed.contains(id)
            && READERS.contains(&other.kind)
            && !other.is_within(id)
            // What a default depends on of a column is its sequence.
            && (other.kind == Kind::Default || speaks(other))
    });
    if is_lent { READERS } else { &[] }
}

/// The statements by which a column stops to refuse null. Before PostgreSQL 18 a parent that does takes it from all below it by
/// inheritance: where some of them go on to refuse null, each table that stops says so alone.
fn stop_to_refuse_null(id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    let action = format!("ALTER COLUMN {} DROP NOT NULL", ident(&id.name));
    let mut stops = vec![id.clone()];
    let mut goes_on = false;
    let table = id.parent.clone();
    let mut waiting: Vec<ObjectId> = match table.filter(|_| context.server_version < 180_000) {
        Some(table) => vec![(*table).clone()],
        None => Vec::new(),
    };
    while let Some(table) = waiting.pop() {
        let children = context.before.of_kind(Kind::Inherits);
        let children: Vec<&ObjectId> = children
            .filter_map(|(tie, _)| tie.parent.as_deref())
            .filter(|child| super::parts::kept_parents(child, context).contains(&table))
            .filter(
                |child| match (context.before.get(child), context.after.get(child)) {
                    (Some(from), Some(to)) => !from.is_made_anew(to, child, context),
                    _ => false,
                },
            )
            .collect();
        for child in children {
            let column = child.child(Kind::Column, &id.name);
            if refuses_null(&column, context.before) {
                match refuses_null(&column, context.after) {
                    true => goes_on = true,
                    false => stops.push(column),
                }
            }
            waiting.push(child.clone());
        }
    }
    if !goes_on {
        return vec![Statement::alter(head(id), action)];
    }
    stops.dedup();
    let only = |id: &ObjectId| head(id).replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1);
    let stops = stops.iter();
    stops
        .map(|id| Statement::alter(only(id), action.clone()))
        .collect()
}

/// What takes the defaults off that a new table has from its parents and that its columns are to have not. `DEFAULT NULL` is no
/// way to say so: of a type with a modifier, or of a domain, PostgreSQL keeps that as a default.
pub(super) fn declined_defaults(table: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
    let columns = context.after.children(table, Kind::Column);
    let declining = columns.into_iter().filter(|(id, object)| {
        matches!(object, super::Object::Column(it)
            if it.element(id, context).is_some() && it.declines_default(id, context.after))
    });
    declining
        .map(|(id, _)| {
            let action = format!("ALTER COLUMN {} DROP DEFAULT", ident(&id.name));
            Statement::alter(only(id, context), action)
        })
        .collect()
}

/// Whether a type has a default of its own, as a domain and a base type may: a column that is added takes it.
fn has_default_of_type(data_type: &str, context: &Context<'_>) -> bool {
    let has = |object: &super::Object| match object {
        super::Object::Domain(domain) => domain.default.is_some(),
        super::Object::BaseType(it) => it.default.is_some(),
        _ => false,
    };
    [Kind::Domain, Kind::BaseType]
        .into_iter()
        .flat_map(|kind| context.after.of_kind(kind))
        .any(|(id, object)| has(object) && row_type::is_plainly_of(data_type, &reference::name(id)))
}

/// A column as it comes without its own table saying it.
pub struct GivenColumn {
    /// The column with what comes with it.
    pub column: Column,
    /// Whether it comes with a default.
    pub has_default: bool,
}

impl Column {
    /// What comes by itself of a child table's inherited column, of a typed table's column, and of a desired column
    /// without a type: only what differs is said. A new partition is made as a table of its own and attached.
    pub fn given(&self, id: &ObjectId, context: &Context<'_>) -> Option<GivenColumn> {
        let table = id.parent.as_deref()?;
        let alone = |column: Column| GivenColumn {
            column,
            has_default: false,
        };
        let plain = Column {
            data_type: self.data_type.clone(),
            collation: self.collation.clone(),
            ..Column::default()
        };
        if self.data_type.is_empty() {
            return Some(alone(plain));
        }
        if let Some(super::Object::Table(definition)) = context.after.get(table)
            && definition.of_type.is_some()
            && (!context.keeps(table) || stays_typed(id, context))
        {
            return Some(alone(plain));
        }
        let comes = super::parts::comes_with_parents(table, context)
            || (!context.before.contains(id) && super::parts::stays_partition(table, context));
        if !self.inherited || !comes {
            return None;
        }
        let parent = super::parts::parent_tables(table, context.after)
            .into_iter()
            .map(|table| table.child(Kind::Column, &id.name))
            .find(|column| context.after.contains(column));
        let Some((parent, super::Object::Column(column))) =
            parent.and_then(|id| context.after.get(&id).map(|object| (id.clone(), object)))
        else {
            return Some(alone(plain));
        };
        let mut given = Column {
            statistics_target: None,
            options: Options::default(),
            foreign_options: Options::default(),
            foreign_secrets: Secrets::default(),
            ..(**column).clone()
        };
        // One that comes to a table that is there gets these from no definition: they are set where they are said.
        if context.keeps(table) && !context.before.contains(id) {
            given.storage = None;
            given.compression = None;
        }
        Some(GivenColumn {
            column: given,
            has_default: context.after.contains(&parent.child(Kind::Default, "")),
        })
    }

    /// Whether the column has no default although that of a parent by inheritance has: a table that is made with that parent
    /// gets it.
    fn declines_default(&self, id: &ObjectId, catalog: &super::Catalog) -> bool {
        let Some(table) = id.parent.as_deref() else {
            return false;
        };
        self.generated.is_none()
            && self.identity.is_none()
            && !catalog.contains(&id.child(Kind::Default, ""))
            && !catalog.children(table, Kind::Inherits).is_empty()
            && super::parts::parent_tables(table, catalog)
                .into_iter()
                .map(|parent| parent.child(Kind::Column, &id.name))
                .any(|column| catalog.contains(&column.child(Kind::Default, "")))
    }

    /// Whether a row of the wanted state needs a value: the column itself refuses null, or its type does and gives none.
    fn refuses_null(&self, context: &Context<'_>) -> bool {
        self.not_null
            || super::domain::refuses_null(&self.data_type, context.after)
                && !has_default_of_type(&self.data_type, context)
    }

    /// The value that rows get which have none: the author's, or on a way back a neutral one.
    pub fn filling(&self, id: &ObjectId, context: &Context<'_>) -> Option<String> {
        match &self.convert.backfill {
            Some(value) => Some(value.clone()),
            None if context.stand_in => match stand_in::fill(self, id, context)? {
                Fill::Constant(value) => Some(value),
                Fill::Rows(_) | Fill::Numbered { .. } => None,
            },
            None => None,
        }
    }

    /// Whether the column of a parent is made anew, and this one with it.
    fn anew_with_parent(&self, id: &ObjectId, context: &Context<'_>) -> Option<ObjectId> {
        let table = id.parent.as_deref()?;
        let (before, after) = (context.before, context.after);
        let is_inherited =
            |catalog: &super::Catalog| catalog.get(id).is_some_and(super::Object::is_inherited);
        if !is_inherited(before) || !is_inherited(after) {
            return None;
        }
        // A table that is made anew has all its columns by that.
        if context.makes(table) {
            return None;
        }
        let old = super::parts::parent_tables(table, before);
        super::parts::parent_tables(table, after)
            .into_iter()
            .filter(|parent| old.contains(parent) && !context.makes(parent))
            .map(|parent| parent.child(Kind::Column, &id.name))
            .find(|column| {
                before.contains(column) && after.contains(column) && context.makes(column)
            })
    }
}

impl Identity {
    fn clause(&self) -> String {
        let mut options = Vec::new();
        if !self.name.is_empty() {
            options.push(format!(
                "SEQUENCE NAME {}",
                qualified(&self.schema, &self.name)
            ));
        }
        options.extend(self.sequence.options());
        let when = if self.always { "ALWAYS" } else { "BY DEFAULT" };
        if options.is_empty() {
            format!("GENERATED {when} AS IDENTITY")
        } else {
            format!("GENERATED {when} AS IDENTITY ({})", options.join(" "))
        }
    }
}

/// `ALTER TABLE auth.users` for a column of it.
fn head(id: &ObjectId) -> String {
    id.parent
        .as_deref()
        .map(reference::alter_relation)
        .unwrap_or_default()
}

/// Whether the table is and stays of the same composite type, which brings and takes its columns.
fn stays_typed(id: &ObjectId, context: &Context<'_>) -> bool {
    let of_type =
        |catalog: &super::Catalog| match id.parent.as_deref().and_then(|it| catalog.get(it)) {
            Some(super::Object::Table(table)) => table.of_type.clone(),
            _ => None,
        };
    let before = of_type(context.before);
    before.is_some() && before == of_type(context.after)
}

/// Whether the column of a parent becomes not null, or stops to be, in the same way: PostgreSQL carries it down.
fn follows_not_null(from: &Column, to: &Column, id: &ObjectId, context: &Context<'_>) -> bool {
    let Some(table) = id.parent.as_deref() else {
        return false;
    };
    let is = |catalog: &super::Catalog, column: &ObjectId| match catalog.get(column) {
        Some(super::Object::Column(column)) => Some(column.not_null),
        _ => None,
    };
    super::parts::parent_tables(table, context.after)
        .into_iter()
        .map(|parent| parent.child(Kind::Column, &id.name))
        .any(|column| {
            is(context.before, &column) == Some(from.not_null)
                && is(context.after, &column) == Some(to.not_null)
        })
}

/// The same for what PostgreSQL would carry down to children that say their own.
fn only(id: &ObjectId, context: &Context<'_>) -> String {
    let Some(relation) = id.parent.as_deref() else {
        return String::new();
    };
    // In the state that the files ask for, a table names its parents itself.
    let is_child = |object: &super::Object| match object {
        super::Object::Table(table) => table
            .inherits
            .iter()
            .any(|parent| *parent.name == *relation.name),
        _ => false,
    };
    let named = context
        .after
        .of_kind(Kind::Table)
        .any(|(_, it)| is_child(it));
    if named && relation.kind == Kind::Table {
        return format!("ALTER TABLE ONLY {}", reference::name(relation));
    }
    super::constraint::alter_only(relation, context)
}

impl Definition for Column {
    const KIND: Kind = Kind::Column;
    const CLASS: &'static str = "pg_class";
    const CATALOG: &'static str = include_str!("catalog.sql");

    /// Rows without a value where it refuses null from now on, and values that another type refuses.
    fn preflight(
        &self,
        from: Option<&Self>,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<Preflight> {
        let said = self.convert.backfill.is_some() || self.convert.convert.is_some();
        let filled = said
            || context.stand_in
            || self.identity.is_some()
            || self.generated.is_some()
            || context.after.contains(&id.child(Kind::Default, ""))
            || has_default_of_type(&self.data_type, context);
        let name = ident(&id.name);
        let without = format!("that would be without {name}");
        let Some(rows) = Rows::of(id, context) else {
            // Of a table that is made anew its parents ask nothing.
            let missing = from.is_none() && self.refuses_null(context) && !filled;
            let rows = Rows::carried(id, context).filter(|_| missing);
            return rows
                .map(|rows| rows.all_own(&without))
                .into_iter()
                .collect();
        };
        // What a parent asks is asked there, of the children's rows too.
        if self.inherited && (from.is_none() || refuses_null_above(id, context)) {
            return Vec::new();
        }
        let Some(from) = from.filter(|_| context.keeps(id)) else {
            if !self.refuses_null(context) || filled || rows.is_below(&id.name) {
                return Vec::new();
            }
            // The declared rows of a lookup table have a value.
            let beside = match super::row::filling(id, context) {
                Some(_) => super::row::beside(id.parent.as_deref().unwrap_or(id), context),
                None => Some(String::new()),
            };
            return beside
                .map(|condition| rows.that(&without, &condition))
                .into_iter()
                .collect();
        };
        let mut found = Vec::new();
        if self.not_null
            && !from.not_null
            && !said
            && not_null::looks_at_rows(id, context.after)
            && (self.generated.is_none() && from.generated.is_none() || rows.has(&id.name))
        {
            // Of a composite type a value whose fields are all null is null as well, but no missing value.
            let condition = match self.data_type.contains('.') {
                true => format!("{name} IS NOT DISTINCT FROM NULL"),
                false => format!("{name} IS NULL"),
            };
            found.push(rows.that(&format!("without {name}"), &condition));
        }
        let by_type =
            |column: &Column, catalog| super::domain::refuses_null(&column.data_type, catalog);
        if found.is_empty()
            && !said
            && !self.inherited
            && from.data_type != self.data_type
            && !(from.not_null || by_type(from, context.before))
            && by_type(self, context.after)
            && rows.has(&id.name)
        {
            found.push(rows.that(&format!("without {name}"), &format!("{name} IS NULL")));
        }
        if from.data_type != self.data_type
            && !self.inherited
            && !said
            && from.convert.convert_back.is_none()
            && from.generated.is_none()
        {
            found.extend(rows.beyond(&id.name, &from.data_type, &self.data_type));
            let (from, to) = (&from.data_type, &self.data_type);
            found.extend(super::domain::rows::of_column(id, from, to, context));
        }
        if let (Some(old), Some(new)) = (&from.identity, &self.identity) {
            let sequence = ObjectId::in_schema(Kind::Sequence, &old.schema, &old.name);
            found.extend(old.sequence.beyond(&new.sequence, &sequence));
        }
        found
    }

    fn create(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if let Some(parent) = self.anew_with_parent(id, context)
            && let Some(super::Object::Column(parent)) = context.after.get(&parent)
        {
            let settings = parent.setting_changes(self, id);
            let settings = settings.into_iter();
            return settings
                .map(|action| Statement::alter(only(id, context), action))
                .chain(generated::set_own(id, parent, self, context))
                .collect();
        }
        if let Some(given) = self.given(id, context) {
            let column = format!("ALTER COLUMN {}", ident(&id.name));
            let mut actions = Vec::new();
            let mut statements = Vec::new();
            statements.extend(generated::set_own(id, &given.column, self, context));
            // What a parent refuses its children refuse too; all else is its own.
            if self.not_null
                && !given.column.not_null
                && self.identity.is_none()
                && not_null::object_of(id, context.after).is_none()
                && !not_null::is_of_parent(id, context.after)
            {
                let action = format!("{column} SET NOT NULL");
                statements.push(Statement::alter(head(id), action));
            }
            if given.has_default && !context.after.contains(&id.child(Kind::Default, "")) {
                actions.push(format!("{column} DROP DEFAULT"));
            }
            actions.extend(given.column.setting_changes(self, id));
            statements.extend(
                actions
                    .into_iter()
                    .map(|action| Statement::alter(only(id, context), action)),
            );
            let foreign = secrets::changes(given.column.foreign(), self.foreign());
            statements.extend(
                foreign.map(|change| Statement::alter(head(id), format!("{column} {change}"))),
            );
            return statements;
        }
        if let Some(statements) = self
            .create_filled(id, context)
            .or_else(|| self.create_identity(id, context))
        {
            return statements;
        }
        let definition = match online::fills_by_default(id, context) {
            // The default closes it, once the rows have their values.
            true => Column {
                not_null: false,
                ..self.clone()
            }
            .definition(id, context),
            false => self.definition(id, context),
        };
        let mut statements = vec![Statement::alter(
            head(id),
            format!("ADD COLUMN {definition}"),
        )];
        statements.extend(not_null::left_out(self, id, context));
        statements.extend(
            self.settings(id)
                .into_iter()
                .map(|action| Statement::alter(only(id, context), action)),
        );
        statements
    }

    fn element(&self, id: &ObjectId, context: &Context<'_>) -> Option<Element> {
        if self.given(id, context).is_some() || self.anew_with_parent(id, context).is_some() {
            return None;
        }
        Some(Element::Line(self.definition(id, context)))
    }

    fn drop(&self, id: &ObjectId, context: &Context<'_>) -> Vec<Statement> {
        if stays_typed(id, context) || self.anew_with_parent(id, context).is_some() {
            return Vec::new();
        }
        let head = match super::parts::is_left_to_children(id, context) {
            true => head(id).replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1),
            false => head(id),
        };
        let statement = Statement::alter(head, format!("DROP COLUMN {}", ident(&id.name)));
        if self.generated.is_some() {
            return vec![statement];
        }
        vec![statement.hazard(
            "drop-column",
            HazardClass::DataLoss,
            id,
            "the column and its values are dropped",
        )]
    }

    fn alter(&self, to: &Self, id: &ObjectId, context: &Context<'_>) -> Alteration {
        let Column {
            data_type,
            not_null,
            collation,
            generated,
            identity,
            inherited,
            ..
        } = self;
        let column = format!("ALTER COLUMN {}", ident(&id.name));
        let act = |action: String| Statement::alter(head(id), action);
        let retyped = data_type != &to.data_type || collation != &to.collation;
        // One ALTER TABLE that changes the type as well would take the column for an identity all the same.
        let counts = |it: &str| convert::is_whole_number(it);
        let act_apart =
            |action: String| match retyped && !(counts(data_type) && counts(&to.data_type)) {
                true => Statement::sql(format!("{} {action}", head(id))),
                false => act(action),
            };
        let mut statements = Vec::new();
        match generated::change(generated.as_ref(), to.generated.as_ref(), id, context) {
            Some(statement) => statements.extend(statement),
            None => return Alteration::Rebuild,
        }
        if let (Some(identity), None) = (identity, &to.identity) {
            let drop = act_apart(format!("{column} DROP IDENTITY"));
            match serial::successor(id, context).filter(|_| !*inherited) {
                Some(sequence) => {
                    statements.extend(serial::to_sequence(identity, &sequence, drop, context));
                }
                None if *inherited => statements.push(drop),
                None => statements.push(drop.hazard(
                    "drop-sequence",
                    HazardClass::DataLoss,
                    id,
                    "the position of its sequence is lost",
                )),
            }
        }
        if retyped && !super::parts::changes_with_parent(id, context) && !stays_typed(id, context) {
            statements.push(self.change_type(to, id, context));
        }
        let with_parent = match context.server_version >= 180_000 {
            true => *not_null != to.not_null && not_null::goes_with_parent(id, context),
            false => {
                *inherited
                    && to.inherited
                    && super::parts::changes_with_parent(id, context)
                    && follows_not_null(self, to, id, context)
            }
        };
        if *not_null != to.not_null && (to.not_null || to.identity.is_none()) && !with_parent {
            if to.not_null {
                let update = |backfill: &String| {
                    Statement::sql(format!(
                        "UPDATE {} SET {column} = {backfill} WHERE {column} IS NULL",
                        reference::parent(id),
                        column = ident(&id.name),
                    ))
                };
                let fill: Vec<Statement> = to.convert.backfill.iter().map(update).collect();
                let fill = match id.parent.as_deref().filter(|_| !fill.is_empty()) {
                    Some(table) => identified(table, fill, context),
                    None => fill,
                };
                let plain = retyped
                    || *identity != to.identity
                    || *generated != to.generated
                    || !online::closes_apart(id, context);
                if plain {
                    statements.extend(fill);
                    statements.push(not_null::begin(id, context));
                } else {
                    statements.extend(online::refuse_null(id, fill, false, context));
                }
            } else {
                statements.extend(stop_to_refuse_null(id, context));
            }
        }
        match (identity, &to.identity) {
            (None, Some(identity)) => {
                let add = act_apart(format!("{column} ADD {}", identity.clause()));
                match serial::predecessor(id, context).filter(|_| !*inherited) {
                    Some(sequence) => {
                        statements.extend(serial::to_identity(identity, &sequence, add, context));
                    }
                    None => {
                        statements.push(add);
                        let is_counted = serial::serial_type(&to.data_type).is_some();
                        if is_counted && !*inherited && !identity.name.is_empty() {
                            let name = qualified(&identity.schema, &identity.name);
                            statements.push(identity.sequence.begin_behind_values(&name, id));
                        }
                    }
                }
            }
            (Some(from), Some(identity)) if from != identity => {
                let mut options = Vec::new();
                if from.always != identity.always {
                    let when = if identity.always {
                        "ALWAYS"
                    } else {
                        "BY DEFAULT"
                    };
                    options.push(format!("SET GENERATED {when}"));
                }
                // ALTER TABLE changes the sequence's type with the column's.
                let mut sequence = from.sequence.clone();
                sequence.data_type.clone_from(&identity.sequence.data_type);
                let retyped = from.sequence.data_type != identity.sequence.data_type;
                if retyped {
                    sequence.min = i64::MIN;
                    sequence.max = i64::MIN;
                }
                options.extend(
                    sequence
                        .changes(&identity.sequence)
                        .iter()
                        .map(|option| format!("SET {option}")),
                );
                if from.sequence.restarts(&identity.sequence) {
                    options.push("RESTART".to_owned());
                }
                statements.extend(from.sequence.reposition(
                    &identity.sequence,
                    &from.schema,
                    &from.name,
                ));
                if !options.is_empty() {
                    statements.push(act(format!("{column} {}", options.join(" "))));
                }
                if from.name != identity.name && !identity.name.is_empty() {
                    let sequence = qualified(&from.schema, &from.name);
                    let name = ident(&identity.name);
                    statements.push(Statement::sql(format!(
                        "ALTER SEQUENCE {sequence} RENAME TO {name}"
                    )));
                }
            }
            _ => {}
        }
        let usual = Column {
            storage: if retyped { None } else { self.storage.clone() },
            ..self.clone()
        };
        statements.extend(
            usual
                .setting_changes(to, id)
                .into_iter()
                .map(|action| Statement::alter(only(id, context), action)),
        );
        if let Some(change) = secrets::changes(self.foreign(), to.foreign()) {
            statements.push(act(format!("{column} {change}")));
        }
        if retyped {
            return Alteration::Disturbing(statements, BOUND_TO_TYPE);
        }
        match identity {
            Some(identity) if to.identity.is_none() => {
                Alteration::Disturbing(statements, lent_to(identity, id, context))
            }
            _ => Alteration::InPlace(statements),
        }
    }

    /// The cast of a user's that leads from type to type.
    fn changes_by(&self, to: &Self) -> Option<ObjectId> {
        convert::cast_between(&self.data_type, &to.data_type)
            .map(|name| ObjectId::top(Kind::Cast, &name))
    }

    /// Values of a row type become something else before that type changes, and are made of it after.
    fn changes_after(
        &self,
        to: &Self,
        id: &ObjectId,
        context: &Context<'_>,
    ) -> Vec<(ObjectId, ObjectId)> {
        if self.data_type == to.data_type {
            return Vec::new();
        }
        let changes = |other: &ObjectId| {
            let types = [context.before, context.after].map(|catalog| match catalog.get(other) {
                Some(super::Object::Column(column)) => Some(&column.data_type),
                _ => None,
            });
            other != id && types[0].is_some() && types[1].is_some() && types[0] != types[1]
        };
        let table = id.parent.as_deref();
        let held = table.map(|table| row_type::holders(table, context));
        let mut first: Vec<ObjectId> = held.into_iter().flatten().filter(changes).collect();
        for (other, _) in row_type::columns_of(&to.data_type, context.after) {
            if changes(other) {
                first.push(other.clone());
            }
        }
        first.into_iter().map(|it| (it.clone(), it)).collect()
    }

    fn occupies(&self, id: &ObjectId) -> Vec<NameSlot> {
        let sequence = self
            .identity
            .iter()
            .filter(|identity| !identity.name.is_empty());
        sequence
            .map(|identity| NameSlot {
                space: "relation",
                scope: id.schema().unwrap_or_default().to_owned(),
                name: identity.name.clone(),
            })
            .collect()
    }

    fn when_replaced(
        &self,
        id: &ObjectId,
        dependency: &ObjectId,
        context: &Context<'_>,
    ) -> Reaction {
        match dependency.kind {
            // What is computed takes no USING, and is computed anew.
            _ if self.generated.is_some() => Reaction::Rebuild,
            // The type was made anew under its old name: the values follow by their text.
            Kind::Enum
            | Kind::Domain
            | Kind::Composite
            | Kind::Range
            | Kind::BaseType
            | Kind::Collation => Reaction::Follow(self.follow_type(id, context), BOUND_TO_TYPE),
            _ => Reaction::Rebuild,
        }
    }

    fn is_inherited(&self) -> bool {
        self.inherited
    }

    fn says_more_than_parent(&self, id: &ObjectId, context: &Context<'_>) -> bool {
        self.given(id, context).is_some() && !self.create(id, context).is_empty()
    }

    fn carried_by(&self, id: &ObjectId, context: &Context<'_>) -> Vec<ObjectId> {
        self.anew_with_parent(id, context).into_iter().collect()
    }

    fn adopt_words(&mut self, desired: &Self) {
        self.convert.clone_from(&desired.convert);
    }

    fn adopt_spelling(&mut self, desired: &Self) {
        if let (Some(generated), Some(desired)) = (&mut self.generated, &desired.generated) {
            generated
                .expression
                .source
                .clone_from(&desired.expression.source);
        }
        let own = (&mut self.foreign_options, &mut self.foreign_secrets);
        secrets::adopt(own, &desired.foreign_secrets);
    }

    fn held(&mut self) -> Held<'_> {
        Held::Options(&mut self.foreign_options, &mut self.foreign_secrets)
    }

    fn write<'a>(&'a self, id: &'a ObjectId, writing: &mut Writing<'a>) -> Option<NodeWriter> {
        kdl::write(self, id, writing)
    }

    fn rename(&self, from: &ObjectId, to: &ObjectId) -> Vec<Statement> {
        reference::rename_part("COLUMN", from, to)
    }
}
