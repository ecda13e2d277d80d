//! The columns of a table, and the tools that are known by them.

use crate::kdl::Path;
use crate::kind::{Catalog, Object};
use crate::model::{Kind, ObjectId};

use super::Tool;

/// More columns than any history of migrations has.
const MOST_COLUMNS: usize = 24;

/// A table with its columns in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The table.
    pub id: ObjectId,
    /// The columns and their types, as PostgreSQL prints them.
    pub columns: Vec<(String, String)>,
}

/// The columns by which a tool is known, with what their types begin with.
struct Signature {
    tool: Tool,
    /// These columns are there.
    columns: &'static [(&'static str, &'static str)],
    /// So many columns besides may be there.
    more: usize,
    /// What the table's name must hold to be taken for the tool's where nobody named it: few columns say little.
    named: &'static str,
}

const SIGNATURES: &[Signature] = &[
    Signature {
        tool: Tool::GolangMigrate,
        columns: &[("version", "bigint"), ("dirty", "boolean")],
        more: 0,
        named: "",
    },
    Signature {
        tool: Tool::Flyway,
        columns: &[
            ("installed_rank", "integer"),
            ("version", "character varying"),
            ("description", "character varying"),
            ("type", "character varying"),
            ("script", "character varying"),
            ("checksum", "integer"),
            ("installed_by", "character varying"),
            ("installed_on", "timestamp"),
            ("execution_time", "integer"),
            ("success", "boolean"),
        ],
        more: 2,
        named: "",
    },
    Signature {
        tool: Tool::Prisma,
        columns: &[
            ("id", "character varying"),
            ("checksum", "character varying"),
            ("finished_at", "timestamp"),
            ("migration_name", "character varying"),
            ("logs", "text"),
            ("rolled_back_at", "timestamp"),
            ("started_at", "timestamp"),
            ("applied_steps_count", "integer"),
        ],
        more: 1,
        named: "",
    },
    Signature {
        tool: Tool::Drizzle,
        columns: &[
            ("id", "integer"),
            ("hash", "text"),
            ("created_at", "bigint"),
        ],
        more: 2,
        named: "drizzle",
    },
    Signature {
        tool: Tool::Sqitch,
        columns: &[
            ("change_id", "text"),
            ("script_hash", "text"),
            ("change", "text"),
            ("project", "text"),
            ("note", "text"),
            ("committed_at", "timestamp"),
            ("committer_name", "text"),
            ("planned_at", "timestamp"),
            ("planner_name", "text"),
        ],
        more: 4,
        named: "",
    },
    Signature {
        tool: Tool::Atlas,
        columns: &[
            ("version", "character varying"),
            ("description", "character varying"),
            ("type", "bigint"),
            ("applied", "bigint"),
            ("total", "bigint"),
            ("executed_at", "timestamp"),
            ("execution_time", "bigint"),
            ("error", "text"),
            ("hash", "character varying"),
            ("operator_version", "character varying"),
        ],
        more: 3,
        named: "",
    },
    Signature {
        tool: Tool::Dbmate,
        columns: &[("version", "character varying")],
        more: 0,
        named: "schema_migrations",
    },
];

/// The other tables of sqitch, which stand beside its changes.
const SQITCH: &[&str] = &["dependencies", "events", "projects", "releases", "tags"];

impl Shape {
    /// `public.schema_migrations`; odd names in double quotes, so that no two tables have the same.
    pub fn path(&self) -> String {
        Path(vec![self.schema().to_owned(), self.name().to_owned()]).to_string()
    }

    /// Its schema.
    pub fn schema(&self) -> &str {
        self.id.schema().unwrap_or_default()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.id.name
    }

    /// The type of a column.
    pub fn type_of(&self, column: &str) -> Option<&str> {
        let found = self.columns.iter().find(|(name, _)| name == column);
        found.map(|(_, data_type)| data_type.as_str())
    }

    /// The tool whose table this is by its columns; `ByHand` where no tool is known by them.
    pub fn tool(&self) -> Tool {
        self.known().map_or(Tool::ByHand, |it| it.tool)
    }

    /// The same for a table that nobody named: where the columns say little, its name has to say it too.
    pub fn sure_tool(&self) -> Option<Tool> {
        let known = self.known()?;
        let is_named = known.named.is_empty() || self.name().contains(known.named);
        is_named.then_some(known.tool)
    }

    fn known(&self) -> Option<&'static Signature> {
        SIGNATURES.iter().find(|signature| {
            let has = |(column, begins): &(&str, &str)| {
                self.type_of(column)
                    .is_some_and(|data_type| data_type.starts_with(begins))
            };
            signature.columns.iter().all(has)
                && self.columns.len() <= signature.columns.len() + signature.more
        })
    }

    /// The tables that belong to it, itself first: sqitch has several.
    pub fn with_companions(&self, catalog: &Catalog) -> Vec<ObjectId> {
        let mut tables = vec![self.id.clone()];
        if self.tool() == Tool::Sqitch {
            let beside = SQITCH
                .iter()
                .map(|name| ObjectId::in_schema(Kind::Table, self.schema(), name));
            tables.extend(beside.filter(|id| catalog.contains(id)));
        }
        tables
    }
}

/// The columns of a table; none for what is no table, or has more columns than a history has.
pub fn shape_of(catalog: &Catalog, id: &ObjectId) -> Option<Shape> {
    let mut columns: Vec<(i32, String, String)> = catalog
        .children(id, Kind::Column)
        .into_iter()
        .filter_map(|(column, object)| match object {
            Object::Column(it) => Some((
                catalog.positions.get(column).copied().unwrap_or(i32::MAX),
                column.name.to_string(),
                it.data_type.clone(),
            )),
            _ => None,
        })
        .collect();
    if id.kind != Kind::Table || columns.is_empty() || columns.len() > MOST_COLUMNS {
        return None;
    }
    columns.sort();
    Some(Shape {
        id: id.clone(),
        columns: columns
            .into_iter()
            .map(|(_, name, data_type)| (name, data_type))
            .collect(),
    })
}

/// The shapes of the tables that are known tools' by their columns, whatever they are called. Of all other tables only the
/// names of the columns are looked at.
pub fn known_shapes(catalog: &Catalog) -> impl Iterator<Item = Shape> {
    let mut tables: Vec<(&ObjectId, Vec<&str>)> = Vec::new();
    for id in catalog.objects.keys() {
        let (Kind::Column, Some(table)) = (id.kind, id.parent.as_deref()) else {
            continue;
        };
        // Columns of one table stand together.
        match tables.last_mut() {
            Some((last, names)) if *last == table => names.push(&id.name),
            _ => tables.push((table, vec![&id.name])),
        }
    }
    let may_be = |(table, names): &(&ObjectId, Vec<&str>)| {
        table.kind == Kind::Table
            && SIGNATURES.iter().any(|signature| {
                let mut columns = signature.columns.iter();
                names.len() <= signature.columns.len() + signature.more
                    && columns.all(|(column, _)| names.contains(column))
            })
    };
    let tables = tables.into_iter().filter(may_be);
    tables
        .filter_map(|(table, _)| shape_of(catalog, table))
        .filter(|shape| shape.sure_tool().is_some())
}

/// The shapes of all tables that may be histories.
pub fn shapes(catalog: &Catalog) -> impl Iterator<Item = Shape> {
    catalog
        .objects
        .keys()
        .filter(|id| id.kind == Kind::Table)
        .filter_map(|id| shape_of(catalog, id))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A table of `public` with these columns, each `name type`.
    pub(crate) fn shape(name: &str, columns: &[&str]) -> Shape {
        Shape {
            id: ObjectId::in_schema(Kind::Table, "public", name),
            columns: columns
                .iter()
                .filter_map(|column| column.split_once(' '))
                .map(|(name, data_type)| (name.to_owned(), data_type.to_owned()))
                .collect(),
        }
    }

    #[test]
    fn a_tool_is_known_by_its_columns_whatever_the_table_is_called() {
        let golang = shape("anything", &["version bigint", "dirty boolean"]);
        assert_eq!(golang.sure_tool(), Some(Tool::GolangMigrate));
        // The name alone makes no history.
        let other = shape("schema_migrations", &["id bigint", "note text"]);
        assert_eq!(other.sure_tool(), None);
        let more = ["version bigint", "dirty boolean", "price numeric"];
        assert_eq!(shape("schema_migrations", &more).tool(), Tool::ByHand);
    }

    #[test]
    fn few_columns_need_the_name_too() {
        let columns = ["id integer", "hash text", "created_at bigint"];
        assert_eq!(shape("files", &columns).sure_tool(), None);
        assert_eq!(shape("files", &columns).tool(), Tool::Drizzle);
        let named = shape("__drizzle_migrations", &columns);
        assert_eq!(named.sure_tool(), Some(Tool::Drizzle));
        let one = ["version character varying(128)"];
        assert_eq!(shape("app_version", &one).sure_tool(), None);
        let named = shape("schema_migrations", &one);
        assert_eq!(named.sure_tool(), Some(Tool::Dbmate));
    }
}
