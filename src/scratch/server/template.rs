//! initdb once, unpack ever after: a fresh data folder is kept as a compressed template in the user's cache, keyed by
//! the binaries and by what initdb was told. Templates come into being by a rename, so processes may race.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use sha2::{Digest, Sha256};

use super::account::{Account, cache_folder, random_hex};
use super::binaries::Binaries;
use super::error::ScratchError;

/// Changes when the way of making templates does.
const FORMAT: u32 = 1;

/// The superuser of every cluster that schemactl makes.
pub(super) const SUPERUSER: &str = "postgres";

/// Makes the data folder `data`, from the template where there is one. True where it was.
pub(super) fn provide(
    binaries: &Binaries,
    account: &Account,
    data: &Path,
) -> Result<bool, ScratchError> {
    let Some(template) = path_of(binaries) else {
        initdb(binaries, account, data)?;
        return Ok(false);
    };
    if let Ok(file) = File::open(&template) {
        match unpack(file, data) {
            Ok(()) => {
                account.own_all(data)?;
                return Ok(true);
            }
            // A damaged template is thrown away and made again.
            Err(_) => {
                let _ = std::fs::remove_file(&template);
                let _ = std::fs::remove_dir_all(data);
            }
        }
    }
    initdb(binaries, account, data)?;
    // A cache that cannot be written only costs time.
    let _ = keep(data, &template);
    Ok(false)
}

fn path_of(binaries: &Binaries) -> Option<PathBuf> {
    let key = format!(
        "{FORMAT}\n{}\n{}",
        binaries.banner,
        binaries.folder.display()
    );
    let hash: String = Sha256::digest(key)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = format!("{}-{hash}.tar.zst", binaries.version);
    Some(cache_folder()?.join("templates").join(name))
}

/// Makes a cluster: UTF8, and the locale C.UTF-8 (bytewise order, letters of all scripts) where the system has it, else C.
pub(super) fn initdb(
    binaries: &Binaries,
    account: &Account,
    data: &Path,
) -> Result<(), ScratchError> {
    let program = binaries.program("initdb");
    let mut reason = String::new();
    for locale in ["C.UTF-8", "C"] {
        let mut command = account.command(&program, Some(binaries));
        command
            .arg("--pgdata")
            .arg(data)
            .args([
                "--username",
                SUPERUSER,
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
            ])
            .args(["--locale", locale, "--no-sync"])
            .stdin(Stdio::null());
        if binaries.major >= 14 {
            command.arg("--no-instructions");
        }
        if binaries.major >= 15 {
            command.args(["--locale-provider", "libc"]);
        }
        let output = command
            .output()
            .map_err(ScratchError::file("cannot run", &program))?;
        if output.status.success() {
            return Ok(());
        }
        reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let _ = std::fs::remove_dir_all(data);
    }
    Err(ScratchError::Program {
        program: program.display().to_string(),
        reason,
    })
}

fn unpack(file: File, data: &Path) -> io::Result<()> {
    let mut archive = tar::Archive::new(zstd::Decoder::new(file)?);
    archive.set_preserve_permissions(true);
    archive.set_preserve_mtime(false);
    // The archive holds what is in the folder, not the folder: PostgreSQL wants that for itself.
    std::fs::create_dir(data)?;
    std::fs::set_permissions(data, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    archive.unpack(data)?;
    match data.join("PG_VERSION").is_file() && data.join("global/pg_control").is_file() {
        true => Ok(()),
        false => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
    }
}

fn keep(data: &Path, template: &Path) -> Result<(), ScratchError> {
    let folder = template.parent().unwrap_or(template);
    std::fs::create_dir_all(folder).map_err(ScratchError::file("cannot make", folder))?;
    let new = folder.join(format!(".new-{}", random_hex(8)?));
    let written = write(data, &new).and_then(|()| std::fs::rename(&new, template));
    if written.is_err() {
        let _ = std::fs::remove_file(&new);
    }
    written.map_err(ScratchError::file("cannot write", template))
}

fn write(data: &Path, new: &Path) -> io::Result<()> {
    let encoder = zstd::Encoder::new(BufWriter::new(File::create_new(new)?), 3)?;
    let mut builder = tar::Builder::new(encoder);
    builder.follow_symlinks(false);
    builder.append_dir_all("", data)?;
    let buffer = builder.into_inner()?.finish()?;
    buffer
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()
}
