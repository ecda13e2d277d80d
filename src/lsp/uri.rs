//! `file:` addresses and paths.

use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use lsp_types::Uri;

/// The path of a `file:` address of this machine.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let path = &rest[rest.find('/')?..];
    let mut bytes = Vec::with_capacity(path.len());
    let mut left = path.as_bytes();
    while let Some((first, rest)) = left.split_first() {
        left = rest;
        match (first, rest) {
            (b'%', [high, low, ..]) => {
                let digits = [*high, *low];
                let hex = std::str::from_utf8(&digits).ok()?;
                bytes.push(u8::from_str_radix(hex, 16).ok()?);
                left = &rest[2..];
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

/// The address of an absolute path.
pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    let mut text = "file://".to_owned();
    for component in path.components() {
        let std::path::Component::Normal(name) = component else {
            continue;
        };
        text.push('/');
        for byte in name.as_bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
                text.push(char::from(*byte));
            } else {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    Uri::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_go_to_addresses_and_back() {
        for path in ["/a/b.kdl", "/a b/é%/[x]#?.kdl", "/tmp/x:y/z@1.kdl"] {
            let path = Path::new(path);
            assert_eq!(path_of(&uri_of(path).unwrap()).unwrap(), path);
        }
        assert_eq!(
            path_of(&Uri::from_str("untitled:Untitled-1").unwrap()),
            None
        );
        let encoded = Uri::from_str("file:///c%3A/a%20b.kdl").unwrap();
        assert_eq!(path_of(&encoded).unwrap(), Path::new("/c:/a b.kdl"));
    }
}
