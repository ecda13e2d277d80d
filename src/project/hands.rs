//! What is in the project's hands, as data that outlives a single comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::base::{is_initial, is_whole};
use super::carried::now_called;
use super::{Carried, Host, Own, catalog_of};
use crate::author::{Managed, is_said, left_by_default};
use crate::config::Scope;
use crate::kind::language::Desired;
use crate::kind::{Catalog, Object, grant};
use crate::migrate::{HistoryError, SnapshotHead};
use crate::model::{Kind, ObjectId};

/// The project's hands: history schema, scope, and what is left alone.
#[derive(Debug, Clone)]
pub struct Hands {
    history_schema: String,
    scope: Scope,
    everything: bool,
    recorded: BTreeSet<ObjectId>,
    /// What a record knows of secrets: what was one is one still, whatever the files say now.
    holders: Vec<(ObjectId, Arc<Object>)>,
    /// Objects that nobody declared and that no migration left.
    pub left_alone: BTreeSet<ObjectId>,
    /// What differed from the record before a run, and is no business of it.
    pub carried: Carried,
    left: BTreeSet<Kind>,
    /// Whether all settings of the database are the project's, said or not.
    settings: bool,
}

impl Hands {
    /// Those that a scope gives.
    pub fn new(history_schema: &str, scope: Scope) -> Hands {
        Hands {
            history_schema: history_schema.to_owned(),
            everything: scope.owns_everything(),
            scope,
            recorded: BTreeSet::new(),
            holders: Vec::new(),
            left_alone: BTreeSet::new(),
            carried: Carried::default(),
            left: left_by_default(),
            settings: false,
        }
    }

    /// The same, with all settings of the database where `exact`: what the project file does not say goes.
    #[must_use]
    pub fn with_settings(mut self, exact: bool) -> Hands {
        self.settings = exact;
        self
    }

    /// The same, with the kinds of facets of which silence leaves what is there.
    #[must_use]
    pub fn leaving(mut self, left: BTreeSet<Kind>) -> Hands {
        self.left = left;
        self
    }

    /// The same, with the schemas and the database's own objects that a record has in them: whoever takes their nodes out
    /// of the files wants them gone, as with a table.
    #[must_use]
    pub fn remembering(mut self, recorded: &Catalog) -> Hands {
        let whole = recorded.objects.keys().filter(|id| {
            id.parent.is_none() && !id.is_of_cluster() && id.kind != Kind::DatabaseSetting
        });
        self.recorded.extend(whole.cloned());
        let left_over = recorded.objects.iter().filter(|(_, it)| it.is_left_over());
        self.recorded.extend(left_over.map(|(id, _)| id.clone()));
        self.holders.extend(recorded.holders());
        self
    }

    /// The same, remembering what a database's record has, with what is in them of the database; the record is read only
    /// where the database holds something that could have been in these hands and is not.
    ///
    /// # Errors
    /// A record that can't be read.
    pub fn of_history(
        self,
        live: &Catalog,
        desired: &Desired,
        history_schema: &str,
        record: Option<&(SnapshotHead, Vec<u8>)>,
    ) -> Result<(Hands, Catalog), HistoryError> {
        let managed = self.of(live, desired);
        let Some(record) = record else {
            return Ok((self, managed));
        };
        let is_outside = |id: &ObjectId| {
            is_whole(id)
                && !is_initial(id)
                && !id.is_of_cluster()
                && id.schema() != Some(history_schema)
                && !managed.contains(id)
                && self.says_of(id, live.owned.get(id)) != Some(false)
        };
        let is_left_over = managed.objects.values().any(|it| it.is_left_over());
        if !is_left_over && !live.objects.keys().any(is_outside) {
            return Ok((self, managed));
        }
        let hands = self.remembering(&catalog_of(history_schema, record)?);
        let managed = hands.of(live, desired);
        Ok((hands, managed))
    }

    /// Whether silence leaves a facet as it is in the live database.
    pub fn leaves(&self, id: &ObjectId, desired: &Desired) -> bool {
        self.left.contains(&id.kind) && !is_said(id, desired)
    }

    /// [`Hands::leaves`] of a difference between two catalogs: with an owner that is left alone goes what the one had and the
    /// other has as the owner.
    pub fn leaves_between(&self, id: &ObjectId, desired: &Desired, both: [&Catalog; 2]) -> bool {
        let of_owner = || {
            let holder = id.parent.as_deref()?;
            let of_holder = holder.whole().child(Kind::Owner, "");
            let owners = both.map(|it| grant::owner(holder, it));
            Some(
                owners[0] != owners[1]
                    && owners.contains(&Some(&*id.name))
                    && self.leaves(&of_holder, desired),
            )
        };
        self.leaves(id, desired) || id.kind == Kind::Grant && of_owner().unwrap_or(false)
    }

    /// The scope.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The same without what hosts of the database have in it.
    #[must_use]
    pub fn without(mut self, own: &[(&Host, Own)]) -> Hands {
        let lines = own.iter().map(|(_, own)| (own.kind, own.pattern));
        self.scope = self.scope.without(lines);
        self
    }

    /// The same without what these lines of `scope` (kind and pattern) name.
    #[must_use]
    pub fn beside<'l>(
        mut self,
        lines: impl IntoIterator<Item = &'l (&'static str, String)>,
    ) -> Hands {
        let lines = lines
            .into_iter()
            .map(|(kind, pattern)| (*kind, pattern.as_str()));
        self.scope = self.scope.without(lines);
        self
    }

    /// The same with the whole database in the project's hands, but for what the scope ignores.
    #[must_use]
    pub fn all(mut self) -> Hands {
        self.everything = true;
        self
    }

    /// Whether the whole database is in the project's hands.
    pub fn everything(&self) -> bool {
        self.everything
    }

    /// Whether the scope says something of an object.
    pub fn says(&self, kind: Kind, path: &str) -> Option<bool> {
        self.scope.says(kind.name(), path)
    }

    /// [`Hands::says`] of an object, and of what owns it.
    pub fn says_of(&self, id: &ObjectId, owner: Option<&ObjectId>) -> Option<bool> {
        self.scope.says_of(id, owner)
    }

    /// The filter over catalogs; `says` is [`Hands::says_of`] of the same hands.
    pub fn managed<'a>(
        &'a self,
        says: &'a (dyn Fn(&ObjectId, Option<&ObjectId>) -> Option<bool> + Sync),
    ) -> Managed<'a> {
        Managed {
            history_schema: &self.history_schema,
            scope: says,
            everything: self.everything,
            recorded: self.recorded.clone(),
            left_alone: self.left_alone.clone(),
            left: self.left.clone(),
            settings: self.settings,
        }
    }

    /// The same after something that is left alone got another name.
    #[must_use]
    pub fn following(&self, renamed: &BTreeMap<ObjectId, ObjectId>) -> Hands {
        let left_alone = self.left_alone.iter();
        Hands {
            left_alone: left_alone.map(|id| now_called(id, renamed)).collect(),
            ..self.clone()
        }
    }

    /// The catalog, of which those options are secrets that are ones in the record or in the files.
    pub fn keeping_secrets(&self, catalog: Catalog, desired: &Desired) -> Catalog {
        let recorded = self.holders.iter().map(|(id, it)| (id, it.as_ref()));
        catalog.with_secrets_of(recorded.chain(desired.known()))
    }

    /// The managed part of a catalog.
    pub fn of(&self, catalog: &Catalog, desired: &Desired) -> Catalog {
        self.of_own(catalog.clone(), desired)
    }

    /// The same of a catalog that nobody needs as it is.
    pub fn of_own(&self, catalog: Catalog, desired: &Desired) -> Catalog {
        let says = |id: &ObjectId, owner: Option<&ObjectId>| self.says_of(id, owner);
        let catalog = self.keeping_secrets(catalog, desired);
        let mut managed = self.managed(&says).of_own(catalog, desired);
        managed.unmodelled.retain(|(kind, name)| {
            let schema = name.split_once('.').map(|(schema, _)| schema);
            let ours = schema.is_none_or(|schema| desired.speaks_of(schema));
            (self.everything || ours) && self.scope.includes(kind, name)
        });
        managed
    }
}
