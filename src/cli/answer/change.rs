//! What commands say that compare the KDL files, the migrations and a database.

use schemars::JsonSchema;
use serde::Serialize;

use crate::author::{Authored, Likely};
use crate::cli::services::called;
use crate::diff::Change;
use crate::kind::HazardClass;
use crate::migrate::{Version, Written};
use crate::model::Kind;

/// What happens to an object.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::cli) enum Verb {
    /// It is made.
    Create,
    /// It becomes another one.
    Alter,
    /// It is taken away.
    Drop,
}

impl From<Change> for Verb {
    fn from(change: Change) -> Verb {
        match change {
            Change::Create => Verb::Create,
            Change::Alter => Verb::Alter,
            Change::Drop => Verb::Drop,
        }
    }
}

/// A change of one object.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct ObjectChange {
    /// What the object is.
    pub(in crate::cli) kind: Kind,
    /// Where it is, `auth.users.email`.
    pub(in crate::cli) path: String,
    /// What happens to it.
    pub(in crate::cli) change: Verb,
}

/// A hazard of a change.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct ChangeHazard {
    /// Its code, for `schemactl explain`.
    pub(in crate::cli) code: String,
    /// What is at stake.
    pub(in crate::cli) class: HazardClass,
    /// The object.
    pub(in crate::cli) object: String,
    /// What happens.
    pub(in crate::cli) detail: String,
}

/// An object with another name.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Renamed {
    /// Where it was.
    pub(in crate::cli) from: String,
    /// Where it is then.
    pub(in crate::cli) to: String,
}

/// A rename that nobody said and that the change may be.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct LikelyRename {
    /// What the object is.
    pub(in crate::cli) kind: Kind,
    /// What is dropped.
    pub(in crate::cli) from: String,
    /// What is made.
    pub(in crate::cli) to: String,
}

/// The two files of a migration.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct MigrationFiles {
    /// Its version.
    pub(in crate::cli) version: Version,
    /// The path of the way up.
    pub(in crate::cli) up: std::path::PathBuf,
    /// The path of the way down.
    pub(in crate::cli) down: std::path::PathBuf,
    /// The text of the way up.
    pub(in crate::cli) up_sql: String,
    /// The text of the way down.
    pub(in crate::cli) down_sql: String,
    /// Its service, where the change is cut into services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) service: Option<String>,
}

/// A change from what a database is to what the KDL files say.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(in crate::cli) struct Changed {
    /// Whether it could be worked out.
    pub(in crate::cli) ok: bool,
    /// What changes; empty where there is nothing to do.
    pub(in crate::cli) changes: Vec<ObjectChange>,
    /// What has another name.
    pub(in crate::cli) renames: Vec<Renamed>,
    /// What is hazardous in it.
    pub(in crate::cli) hazards: Vec<ChangeHazard>,
    /// How it was proven; none where there is nothing to prove.
    pub(in crate::cli) proven: Option<String>,
    /// Whether the files were written.
    pub(in crate::cli) written: bool,
    /// The migrations, in their order.
    pub(in crate::cli) files: Vec<MigrationFiles>,
    /// `--rebase`: the files that they take the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) removed: Option<Vec<String>>,
    /// `--service`: the changes of other services, which were left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) left: Option<Vec<String>>,
    /// Pairs of what is dropped and made that may be the same object: `renamed-from` says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) likely_renames: Option<Vec<LikelyRename>>,
}

impl Changed {
    /// There is nothing to do.
    pub(in crate::cli) fn nothing() -> Changed {
        Changed {
            ok: true,
            ..Changed::default()
        }
    }

    pub(in crate::cli) fn of(authored: &Authored, files: &[Written], written: bool) -> Changed {
        let changes = authored.changes.iter().map(|(id, change)| ObjectChange {
            kind: id.kind,
            path: id.path(),
            change: (*change).into(),
        });
        let hazards = authored.up.hazards().map(|hazard| ChangeHazard {
            code: hazard.code.to_owned(),
            class: hazard.class,
            object: hazard.object.to_string(),
            detail: hazard.detail.clone(),
        });
        let renames = authored.renames.iter().map(|rename| Renamed {
            from: rename.from.path(),
            to: rename.to.path(),
        });
        let in_services = !authored.pieces.is_empty();
        let files = files.iter().map(|file| MigrationFiles {
            version: file.version.clone(),
            up: file.up.0.clone(),
            down: file.down.0.clone(),
            up_sql: file.up.1.clone(),
            down_sql: file.down.1.clone(),
            service: in_services.then(|| called(file.version.service())),
        });
        Changed {
            ok: true,
            changes: changes.collect(),
            renames: renames.collect(),
            hazards: hazards.collect(),
            proven: Some(crate::author::proven(&authored.proof)),
            written,
            files: files.collect(),
            ..Changed::default()
        }
    }

    /// The same with the likely renames.
    pub(in crate::cli) fn with_likely(mut self, likely: &[Likely]) -> Changed {
        let likely = likely.iter().map(|rename| LikelyRename {
            kind: rename.to.kind,
            from: rename.from.path(),
            to: rename.to.path(),
        });
        self.likely_renames = Some(likely.collect());
        self
    }
}

/// A change that `sync` ran, or would run.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Synced {
    #[serde(flatten)]
    pub(in crate::cli) change: Changed,
    /// Whether it ran.
    pub(in crate::cli) ran: bool,
}

/// What the database has become by hand, taken into the KDL files.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Accepted {
    #[serde(flatten)]
    pub(in crate::cli) change: Changed,
    /// The objects that were taken over.
    pub(in crate::cli) accepted: Vec<String>,
    /// The KDL files as they are then.
    pub(in crate::cli) kdl_files: Vec<KdlFile>,
}

/// A KDL file.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct KdlFile {
    /// Its path.
    pub(in crate::cli) path: std::path::PathBuf,
    /// Its text.
    pub(in crate::cli) text: String,
}

/// What `drift` says.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "it only has a schema")]
pub(in crate::cli) enum DriftAnswer {
    /// What was changed by hand.
    Found(Drifted),
    /// `--accept`: what was taken into the KDL files.
    Accepted(Accepted),
    /// `--fix`: the way back.
    Fixed(Changed),
}

/// How a database differs from what the last run recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct Drifted {
    /// Whether it could be found out.
    pub(in crate::cli) ok: bool,
    /// The database.
    pub(in crate::cli) database: String,
    /// Whether anything differs.
    pub(in crate::cli) drifted: bool,
    /// The run that recorded the state.
    pub(in crate::cli) since: SinceRun,
    /// What differs.
    pub(in crate::cli) changes: Vec<DriftedObject>,
}

/// A run that recorded what a database is.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct SinceRun {
    /// Where the database was.
    pub(in crate::cli) version: String,
    /// When (UTC).
    pub(in crate::cli) at: Option<jiff::Timestamp>,
    /// Who ran it.
    pub(in crate::cli) by: Option<String>,
}

/// What happened to an object by hand.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::cli) enum DriftVerb {
    /// Somebody made it.
    Added,
    /// Somebody took it away.
    Gone,
    /// Somebody altered it.
    Altered,
}

impl From<Change> for DriftVerb {
    fn from(change: Change) -> DriftVerb {
        match change {
            Change::Create => DriftVerb::Added,
            Change::Drop => DriftVerb::Gone,
            Change::Alter => DriftVerb::Altered,
        }
    }
}

/// An object that differs.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct DriftedObject {
    /// What it is.
    pub(in crate::cli) kind: Kind,
    /// Where it is.
    pub(in crate::cli) object: String,
    /// What happened to it.
    pub(in crate::cli) change: DriftVerb,
    /// Who owns it now.
    pub(in crate::cli) owner: Option<String>,
    /// The run that left it as it should be, where others have come after that.
    pub(in crate::cli) since: Option<String>,
    /// What of an altered object is another than it was recorded.
    pub(in crate::cli) attributes: Vec<DriftedAttribute>,
}

/// An attribute that differs.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::cli) struct DriftedAttribute {
    /// Its name.
    pub(in crate::cli) name: String,
    /// What was recorded.
    pub(in crate::cli) before: String,
    /// What is there.
    pub(in crate::cli) after: String,
}
