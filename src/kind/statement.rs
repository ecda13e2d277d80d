//! Statements as the kinds give them, before the plan folds neighbours into what a careful person writes.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::ObjectId;

/// One step of SQL, with what a reviewer has to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The SQL, in a form that the plan can merge.
    pub form: Form,
    /// PostgreSQL refuses it inside a transaction block.
    pub outside_transaction: bool,
    /// Which transaction of the plan it belongs to.
    pub stage: Stage,
    /// The key column by whose ranges it changes rows, each in a transaction of its own.
    pub batch_key: Option<String>,
    /// What it may cost.
    pub hazards: Vec<Hazard>,
}

/// The transaction of a plan that a statement belongs to, in their order: what takes its time keeps no lock of another
/// statement waiting for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Stage {
    /// Before all others: what is built beside what it replaces.
    Beside,
    /// What needs but a moment.
    #[default]
    Main,
    /// What is built while its relation is used.
    Build,
    /// Rows get their values.
    Fill,
    /// What refuses others is made: before, it would have stood in the way of whoever writes a row that has no value yet.
    Close,
    /// Rows that came without a value meanwhile get theirs.
    Refill,
    /// Rows are looked at while they are read and written.
    Validate,
    /// What was built or validated is taken for true.
    Finish,
    /// What proved something for that goes, in the same transaction.
    Clear,
    /// What is taken away while its relation is used.
    Away,
}

/// The shape of a statement, as far as merging needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A whole statement, without its semicolon.
    Sql(String),
    /// `HEAD ACTION`: neighbours with the same head become one statement with several actions.
    Alter {
        /// `ALTER TABLE auth.users`
        head: String,
        /// `ADD COLUMN email text`
        action: String,
    },
    /// `HEAD (ELEMENTS) TAIL`: takes the elements of the parts that follow it.
    Create {
        /// `CREATE TABLE auth.users`
        head: String,
        /// Columns and constraints.
        elements: Vec<String>,
        /// `PARTITION BY RANGE (at)`; empty, or without a leading blank.
        tail: String,
    },
    /// `GRANT privileges ON OBJECT TO ROLE`: neighbours that differ in the privilege only become one.
    Grant {
        /// `GRANT` or `REVOKE`, or `ALTER DEFAULT PRIVILEGES FOR ROLE saas_owner GRANT`.
        verb: String,
        /// `SELECT`, or `SELECT (email)`.
        privileges: Vec<String>,
        /// `ON TABLE auth.users TO reporting WITH GRANT OPTION`
        tail: String,
    },
    /// `HEAD ITEMS TAIL`: neighbours with the same head and tail become one statement with several items.
    List {
        /// `INSERT INTO registry.roles (code, name) VALUES`
        head: String,
        /// `('ADMIN', 'Administrator')`
        items: Vec<String>,
        /// `)`, or nothing.
        tail: String,
    },
}

impl Statement {
    /// A whole statement.
    pub fn sql(sql: impl Into<String>) -> Self {
        Self::form(Form::Sql(sql.into()))
    }

    /// One action of an ALTER that may be merged with its neighbours.
    pub fn alter(head: impl Into<String>, action: impl Into<String>) -> Self {
        Self::form(Form::Alter {
            head: head.into(),
            action: action.into(),
        })
    }

    /// The same, never merged with its neighbours.
    pub fn apart(mut self) -> Self {
        if let Form::Alter { head, action } = &self.form {
            self.form = Form::Sql(format!("{head} {action}"));
        }
        self
    }

    /// A statement of any form, transactional and without hazards.
    pub fn form(form: Form) -> Self {
        Statement {
            form,
            outside_transaction: false,
            stage: Stage::Main,
            batch_key: None,
            hazards: Vec::new(),
        }
    }

    /// The same statement, of which nothing is to be told.
    pub fn without_hazards(mut self) -> Self {
        self.hazards.clear();
        self
    }

    /// The same statement with a hazard.
    pub fn hazard(
        mut self,
        code: &'static str,
        class: HazardClass,
        object: &ObjectId,
        detail: impl Into<String>,
    ) -> Self {
        self.hazards.push(Hazard {
            code,
            class,
            object: object.clone(),
            detail: detail.into(),
        });
        self
    }

    /// The same statement, to be run outside a transaction block.
    pub fn outside(mut self) -> Self {
        self.outside_transaction = true;
        self
    }

    /// The same statement in another transaction of the plan.
    pub fn in_stage(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// The same change of rows, by ranges of a key column of their table.
    pub fn by_ranges_of(mut self, key: &str) -> Self {
        self.batch_key = Some(key.to_owned());
        self.outside()
    }

    /// The SQL text, without a semicolon.
    pub fn text(&self) -> String {
        match &self.form {
            Form::Sql(sql) => sql.clone(),
            Form::Alter { head, action } if action.starts_with('\n') => format!("{head}{action}"),
            Form::Alter { head, action } => format!("{head} {action}"),
            Form::Create {
                head,
                elements,
                tail,
            } => {
                let mut sql = head.clone();
                if elements.is_empty() {
                    sql.push_str(" ()");
                } else {
                    sql.push_str(" (\n    ");
                    sql.push_str(&elements.join(",\n    "));
                    sql.push_str("\n)");
                }
                if !tail.is_empty() {
                    sql.push(' ');
                    sql.push_str(tail);
                }
                sql
            }
            Form::Grant {
                verb,
                privileges,
                tail,
            } => format!("{verb} {} {tail}", privileges.join(", ")),
            Form::List { head, items, tail } => match items.as_slice() {
                [one] if !tail.is_empty() => format!("{head}{one}{tail}"),
                several if tail.is_empty() => format!("{head}\n    {}", several.join(",\n    ")),
                several => format!("{head}\n    {}\n{tail}", several.join(",\n    ")),
            },
        }
    }
}

/// An object in a form that needs less than the whole one: what waits for itself is made in this form first and whole
/// after, and brought into this form before it is taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stub {
    /// Makes it in this form.
    pub make: Vec<Statement>,
    /// Brings one that is there into this form.
    pub hollow: Vec<Statement>,
    /// Makes it whole.
    pub complete: Vec<Statement>,
}

/// What a statement may cost, with the code under which it is allowed, explained and looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hazard {
    /// The stable code, `drop-column`.
    pub code: &'static str,
    /// What kind of word it needs.
    pub class: HazardClass,
    /// The object that suffers.
    pub object: ObjectId,
    /// What happens, for people.
    pub detail: String,
}

/// What a hazard puts at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HazardClass {
    /// Rows or values are gone afterwards.
    DataLoss,
    /// Who may do what changes.
    Authorization,
    /// Others wait for longer than a moment.
    Availability,
    /// The way back is not exact.
    Irreversible,
    /// The role that applies may not do this.
    Rights,
    /// Programs that run meet what they do not know.
    Compatibility,
    /// It fails, or something is no longer guaranteed.
    Correctness,
    /// It costs later.
    Design,
}

impl HazardClass {
    /// Its word, `data-loss`.
    pub fn word(self) -> &'static str {
        match self {
            HazardClass::DataLoss => "data-loss",
            HazardClass::Authorization => "authorization",
            HazardClass::Availability => "availability",
            HazardClass::Irreversible => "irreversible",
            HazardClass::Rights => "rights",
            HazardClass::Compatibility => "compatibility",
            HazardClass::Correctness => "correctness",
            HazardClass::Design => "design",
        }
    }
}
