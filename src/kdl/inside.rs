//! Whether a path stays within the project's folder, as the file system sees it: links are followed, so that neither `..` nor
//! a link leads to files that are not the project's; and paths as people see them.

use std::path::{Component, Path, PathBuf};

/// Whether `path` (a relative one from the current folder) is `folder` or lies below it; it need not exist.
pub fn lies_within(folder: &Path, path: &Path) -> bool {
    real(path).starts_with(real(folder))
}

/// The path without links and `..`; what does not exist yet stands as it is written.
fn real(path: &Path) -> PathBuf {
    let mut found = match path.is_absolute() {
        true => PathBuf::new(),
        false => std::env::current_dir().unwrap_or_default(),
    };
    for component in path.components() {
        match component {
            Component::ParentDir => {
                found.pop();
            }
            Component::CurDir => {}
            other => {
                found.push(other);
                if let Ok(there) = std::fs::canonicalize(&found) {
                    found = there;
                }
            }
        }
    }
    found
}

/// A path as seen from the current folder, where it lies below it.
pub fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    match here
        .as_deref()
        .and_then(|here| path.strip_prefix(here).ok())
    {
        Some(relative) if relative.as_os_str().is_empty() => PathBuf::from("."),
        Some(relative) => relative.to_owned(),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_dots_nor_links_lead_out() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("project");
        std::fs::create_dir_all(folder.join("schema")).unwrap();
        std::fs::create_dir_all(home.path().join("project_2")).unwrap();
        for inside in ["schema", ".", "schema/../generated/x.sql", "schema/.."] {
            assert!(lies_within(&folder, &folder.join(inside)), "{inside}");
        }
        for outside in ["..", "../project_2", "schema/../../x", "/etc/passwd"] {
            assert!(!lies_within(&folder, &folder.join(outside)), "{outside}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc", folder.join("out")).unwrap();
            std::os::unix::fs::symlink("schema", folder.join("in")).unwrap();
            assert!(!lies_within(&folder, &folder.join("out/passwd")));
            assert!(lies_within(&folder, &folder.join("in/a.kdl")));
            // The project itself may be reached by a link.
            std::os::unix::fs::symlink(&folder, home.path().join("link")).unwrap();
            assert!(lies_within(
                &home.path().join("link"),
                &folder.join("schema")
            ));
        }
    }
}
