//! Elaborated catalogs, kept in the user's cache by the hash of all that went into them: the same files on the same server
//! mean the same again. A cache that cannot be read or written only costs time.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::fs::{File, Metadata};
use std::io::{self, BufReader, BufWriter};
use std::path::PathBuf;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::server::cache_folder;
use crate::kind::{Catalog, Member};
use crate::model::ObjectId;

/// How many catalogs are kept: the states of a few branches of a few projects.
const MOST: usize = 24;

/// The catalogs that were elaborated on servers of our own.
#[derive(Debug)]
pub struct Kept {
    folder: PathBuf,
    /// The build of this program: another may read catalogs in another way.
    program: String,
}

/// The name under which a catalog is kept: the hash of all that it comes of.
pub struct Naming(Sha256);

impl Naming {
    /// Adds a text.
    pub fn add(&mut self, text: &str) {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text);
    }

    /// Adds an identity.
    pub fn add_id(&mut self, id: &ObjectId) {
        for id in id.ancestors() {
            self.add(id.kind.name());
            self.add(&id.name);
            self.add(&id.signature);
        }
        self.0.update([0]);
    }

    /// Adds a value, all of its fields.
    pub fn add_value(&mut self, value: &dyn fmt::Debug) {
        // Nothing fails: it only goes into the hash.
        let _ = write!(self, "{value:?}");
        self.0.update([0]);
    }

    /// The name of all that was added.
    pub fn finish(self) -> String {
        let digest = self.0.finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Write for Naming {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

/// All of a catalog, what its own JSON leaves out as well.
#[derive(Serialize, Deserialize)]
struct Record<C> {
    catalog: C,
    partitioned: BTreeSet<ObjectId>,
    owned: Vec<(ObjectId, ObjectId)>,
    members: Vec<(ObjectId, Vec<Member>)>,
    born: Vec<(ObjectId, String)>,
    asked: Vec<(ObjectId, usize)>,
    exact: BTreeSet<ObjectId>,
    unmodelled: Vec<(String, String)>,
    roles: Vec<String>,
}

impl Kept {
    /// The user's cache; nothing where there is no folder for it.
    pub fn open() -> Option<Kept> {
        Kept::at(cache_folder()?.join("elaborated"))
    }

    /// A cache in this folder.
    pub fn at(folder: PathBuf) -> Option<Kept> {
        let program = std::env::current_exe().and_then(std::fs::metadata).ok()?;
        let program = format!("{:?} {}", program.modified().ok()?, program.len());
        Some(Kept { folder, program })
    }

    /// The start of a name.
    pub fn naming(&self) -> Naming {
        let mut naming = Naming(Sha256::new());
        naming.add(&self.program);
        naming
    }

    /// The catalog of a name.
    pub fn read(&self, name: &str) -> Option<Catalog> {
        let path = self.path(name);
        let file = File::open(&path).ok()?;
        let record: Record<Catalog> = decode(&file).ok()?;
        // What is used stays.
        let _ = file.set_modified(SystemTime::now());
        let mut catalog = record.catalog;
        catalog.partitioned = record.partitioned;
        catalog.owned = record.owned.into_iter().collect();
        catalog.members = record.members.into_iter().collect();
        catalog.born = record.born.into_iter().collect();
        catalog.asked = record.asked.into_iter().collect();
        catalog.exact = record.exact;
        catalog.unmodelled = record.unmodelled;
        catalog.origin.roles = record.roles;
        Some(catalog)
    }

    /// Keeps a catalog under a name, and forgets those that were not used for the longest time.
    pub fn write(&self, name: &str, catalog: &Catalog) {
        if let Err(error) = self.try_write(name, catalog) {
            tracing::debug!(%error, "the elaborated catalog is not kept");
        }
        let _ = self.forget();
    }

    fn try_write(&self, name: &str, catalog: &Catalog) -> io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        // Of its user alone; by a rename, so processes may race.
        let new = tempfile::NamedTempFile::new_in(&self.folder)?;
        encode(new.as_file(), catalog)?;
        new.persist(self.path(name))?;
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.zst"))
    }

    fn forget(&self) -> io::Result<()> {
        let mut files: Vec<(SystemTime, PathBuf)> = std::fs::read_dir(&self.folder)?
            .flatten()
            .filter_map(|entry| {
                let used = entry
                    .metadata()
                    .and_then(|it: Metadata| it.modified())
                    .ok()?;
                Some((used, entry.path()))
            })
            .collect();
        files.sort();
        let many = files.len().saturating_sub(MOST);
        for (_, path) in files.drain(..many) {
            std::fs::remove_file(path)?;
        }
        Ok(())
    }
}

fn encode(file: &File, catalog: &Catalog) -> io::Result<()> {
    let record = Record {
        catalog,
        partitioned: catalog.partitioned.clone(),
        owned: catalog.owned.clone().into_iter().collect(),
        members: catalog.members.clone().into_iter().collect(),
        born: catalog.born.clone().into_iter().collect(),
        asked: catalog.asked.clone().into_iter().collect(),
        exact: catalog.exact.clone(),
        unmodelled: catalog.unmodelled.clone(),
        roles: catalog.origin.roles.clone(),
    };
    let mut writer = BufWriter::new(zstd::Encoder::new(file, 1)?);
    rmp_serde::encode::write_named(&mut writer, &record).map_err(io::Error::other)?;
    let encoder = writer
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    encoder.finish()?;
    Ok(())
}

fn decode(file: &File) -> io::Result<Record<Catalog>> {
    let decoder = BufReader::new(zstd::Decoder::new(file)?);
    rmp_serde::decode::from_read(decoder).map_err(io::Error::other)
}
