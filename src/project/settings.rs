//! The `settings` of a database node are declared like any object of the files: a migration sets them, `drift` sees to them.
//! What the node does not say is the administrator's, unless `manage { settings exact }` says otherwise.

use crate::config::Database;
use crate::kdl::{SourceId, Sources, Span};
use crate::kind::Object;
use crate::kind::database_setting::DatabaseSetting;
use crate::kind::language::{Desired, DesiredObject};
use crate::kind::setting::stored_name;
use crate::model::{Kind, ObjectId};

/// Adds the settings of a database; their places are in the project's file, which comes behind the files that were read.
pub(super) fn declare(
    database: &Database,
    project: &Sources,
    files: Sources,
    desired: &mut Desired,
) -> Sources {
    if database.settings.is_empty() {
        return files;
    }
    let behind = u32::try_from(files.files().count()).unwrap_or(u32::MAX);
    for (key, value) in &database.settings {
        let place = Span {
            source: SourceId(key.span.source.0.saturating_add(behind)),
            ..key.span
        };
        let id = ObjectId::top(Kind::DatabaseSetting, &stored_name(&key.value));
        let setting = DatabaseSetting {
            value: value.value.clone(),
        };
        let declared = DesiredObject {
            object: Object::DatabaseSetting(Box::new(setting)),
            span: place,
            unnamed: false,
        };
        desired.objects.insert(id, declared);
    }
    files.and(project)
}
