//! The connection service file: <https://www.postgresql.org/docs/current/libpq-pgservice.html>.

use std::path::{Path, PathBuf};

use super::connect::ConnectError;
use super::parameters::{Parameters, check_name};

/// The parameters of `[service]` in the first of `files` that has it.
///
/// # Errors
/// [`ConnectError::UnknownService`] where none has it, and those of the parameters in it.
pub fn look_up(service: &str, files: &[PathBuf]) -> Result<Parameters, ConnectError> {
    for file in files {
        if let Ok(text) = std::fs::read_to_string(file)
            && let Some(parameters) = section(&text, service, file)?
        {
            return Ok(parameters);
        }
    }
    Err(ConnectError::UnknownService {
        service: service.into(),
        files: files
            .iter()
            .map(|file| format!("`{}`", file.display()))
            .collect::<Vec<_>>()
            .join(", "),
    })
}

fn section(text: &str, service: &str, file: &Path) -> Result<Option<Parameters>, ConnectError> {
    let mut found: Option<Parameters> = None;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            if found.is_some() {
                break;
            }
            if name == service {
                found = Some(Parameters::new());
            }
            continue;
        }
        let Some(parameters) = &mut found else {
            continue;
        };
        let Some((name, value)) = line.split_once('=') else {
            return Err(ConnectError::Malformed {
                reason: format!(
                    "a line of service `{service}` in `{}` has no `=`",
                    file.display()
                ),
            });
        };
        if name.starts_with("service") {
            return Err(ConnectError::Malformed {
                reason: format!(
                    "service `{service}` in `{}` names a service",
                    file.display()
                ),
            });
        }
        if let Some(name) = check_name(name)? {
            // The first of two lines counts.
            parameters
                .entry(name.into())
                .or_insert_with(|| value.into());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_ends_at_the_next() {
        let text = "# x\n[a]\nhost=one\n[b]\nhost=two\nport=5433\n[c]\nhost=three";
        let b = section(text, "b", Path::new("f")).unwrap().unwrap();
        assert_eq!(b.get("host").unwrap(), "two");
        assert_eq!(b.len(), 2);
        assert!(section(text, "d", Path::new("f")).unwrap().is_none());
    }
}
