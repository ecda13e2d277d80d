//! What commands share in a project of services: whose part is meant, and how a change is divided among them.

use std::sync::Arc;

use super::context::Context;
use super::failure::Failure;
use super::report::escaped;
use crate::author::{Authored, Heading, Piece, drafts, drafts_of};
use crate::kind::Catalog;
use crate::kind::language::Rename;
use crate::migrate::{Folder, NewMigration, SHARED, Version};
use crate::model::ObjectId;
use crate::plan::{Arrangement, Parts};
use crate::project::{Declared, Owners, ProjectError, Workspace, needs};

/// The service that `--service` names; empty for what belongs to none.
pub(super) fn service(folder: &Folder, said: Option<&String>) -> Result<Option<String>, Failure> {
    Ok(said.map(|name| folder.service(name)).transpose()?)
}

/// What people call a service.
pub(super) fn called(service: &str) -> String {
    match service {
        "" => SHARED.to_owned(),
        name => name.to_owned(),
    }
}

/// How a change is divided among the services; where there are none, it is one part.
#[derive(Debug, Default)]
pub(super) struct Division {
    owners: Option<(Arc<Owners>, Parts)>,
    prefer: Vec<usize>,
    /// The one service that is meant.
    only: Option<usize>,
}

impl Division {
    /// By what the files say; `only` is the service that is meant alone.
    pub(super) fn of(
        workspace: &Workspace,
        declared: &Declared,
        folder: &Folder,
        only: Option<&String>,
    ) -> Result<Division, Failure> {
        let only = service(folder, only)?;
        let owners = workspace.owners(&declared.desired, &declared.sources, folder);
        let Some(owners) = owners.map(Arc::new) else {
            return Ok(Division::default());
        };
        let parts = owners.parts();
        let only = only.and_then(|name| owners.place(&name));
        let others = (0..parts.count()).filter(|it| Some(*it) != only);
        Ok(Division {
            prefer: only.into_iter().chain(others).collect(),
            owners: Some((owners, parts)),
            only,
        })
    }

    /// How the steps of a plan shall stand.
    pub(super) fn arrangement(&self) -> Option<Arrangement<'_>> {
        self.owners.as_ref().map(|(_, parts)| Arrangement {
            parts,
            prefer: &self.prefer,
        })
    }

    /// Refuses a state in which a service stands on another one and does not say so.
    pub(super) fn refuse_undeclared(
        &self,
        workspace: &Workspace,
        state: &Catalog,
    ) -> Result<(), Failure> {
        match &self.owners {
            Some((owners, _)) => Ok(workspace.refuse_undeclared(owners, state)?),
            None => Ok(()),
        }
    }

    fn name(&self, part: usize) -> String {
        let owners = self.owners.as_ref();
        owners.map_or_else(String::new, |(owners, _)| owners.names()[part].clone())
    }

    /// Keeps what the service that is meant gets; gives the services that get something too.
    pub(super) fn cut(&self, authored: &mut Authored) -> Result<Vec<String>, Failure> {
        let (Some(only), Some((owners, _))) = (self.only, &self.owners) else {
            return Ok(Vec::new());
        };
        let mut others: Vec<String> = Vec::new();
        let mut add = |part: usize| {
            let name = called(&owners.names()[part]);
            if part != only && !others.contains(&name) {
                others.push(name);
            }
        };
        let pieces = &authored.pieces;
        let own: Vec<usize> = (0..pieces.len())
            .filter(|at| pieces[*at].part == only)
            .collect();
        let Some(last) = own.last() else {
            pieces.iter().for_each(|piece| add(piece.part));
            keep(authored, owners, only, Piece::default());
            return Ok(others);
        };
        let with_others = pieces
            .iter()
            .filter(|it| it.part != only && it.batch == pieces[*last].batch);
        if *last > 0 || with_others.clone().next().is_some() {
            pieces[..*last].iter().for_each(|piece| add(piece.part));
            with_others.for_each(|piece| add(piece.part));
            return Err(ProjectError::NotAlone {
                service: called(&owners.names()[only]),
                others,
            }
            .into());
        }
        pieces.iter().for_each(|piece| add(piece.part));
        let piece = pieces[*last].clone();
        keep(authored, owners, only, piece);
        Ok(others)
    }

    /// The migrations of a change; `name` and `heading` say how those are called and headed that hold some of its objects.
    pub(super) fn migrations(
        &self,
        authored: &Authored,
        name: &dyn Fn(&Whose<'_>) -> String,
        heading: &dyn Fn(&Whose<'_>) -> Heading,
    ) -> Vec<NewMigration> {
        let all = |_: &ObjectId| true;
        let Some((owners, _)) = &self.owners else {
            return drafts(&authored.up, &authored.down, &name(&all), &heading(&all));
        };
        let of = |part: usize| {
            let owners = owners.clone();
            move |id: &ObjectId| owners.of(id) == part
        };
        self.of_pieces(
            &authored.pieces,
            (&authored.before, &authored.after, &authored.renames),
            &|part| (name(&of(part)), heading(&of(part))),
        )
    }

    /// The migrations of pieces between two states.
    pub(super) fn of_pieces(
        &self,
        pieces: &[Piece],
        (before, after, renames): (&Catalog, &Catalog, &[Rename]),
        said: &dyn Fn(usize) -> (String, Heading),
    ) -> Vec<NewMigration> {
        let Some((owners, _)) = &self.owners else {
            return Vec::new();
        };
        let needs = needs(owners, before, after, renames, pieces);
        drafts_of(
            pieces,
            &|at| {
                let part = pieces[at].part;
                let (name, mut heading) = said(part);
                let files = needs[at].files.iter();
                heading.depends_on = files.map(Version::said).collect();
                (self.name(part), name, heading)
            },
            &|at| needs[at].pieces.clone(),
        )
    }

    /// Says what was left to others.
    pub(super) fn tell_left(&self, context: &Context, others: &[String]) {
        if let (Some(only), false) = (self.only, others.is_empty()) {
            context.screen.say(format!(
                "  left to others: {}   (this is the part of {} alone)",
                escaped(&others.join(", ")),
                escaped(&called(&self.name(only)))
            ));
        }
    }
}

/// Whether an object is one of those that are meant.
pub(super) type Whose<'w> = dyn Fn(&ObjectId) -> bool + 'w;

/// Cuts a change down to what one service gets.
fn keep(authored: &mut Authored, owners: &Owners, part: usize, piece: Piece) {
    authored.changes.retain(|id, _| owners.of(id) == part);
    authored
        .renames
        .retain(|rename| owners.of(&rename.to) == part);
    authored.up = piece.up.clone();
    authored.down = piece.down.clone();
    authored.pieces = match piece.up.is_empty() && piece.down.is_empty() {
        true => Vec::new(),
        false => vec![piece],
    };
}
