//! A wire between schemactl and a server that a test can cut.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Takes connections at a socket of its own and passes on what is said.
pub(super) struct Proxy {
    folder: tempfile::TempDir,
    wires: Arc<Mutex<Vec<UnixStream>>>,
}

impl Proxy {
    /// In front of the server whose socket is in this folder.
    pub(super) fn new(server: &Path) -> Proxy {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let wires: Arc<Mutex<Vec<UnixStream>>> = Arc::default();
        let (kept, behind) = (wires.clone(), server.join(".s.PGSQL.5432"));
        std::thread::spawn(move || {
            for near in listener.incoming() {
                let (Ok(near), Ok(far)) = (near, UnixStream::connect(&behind)) else {
                    continue;
                };
                let mut kept = kept.lock().unwrap();
                for end in [&near, &far] {
                    kept.push(end.try_clone().unwrap());
                }
                pass(near.try_clone().unwrap(), far.try_clone().unwrap());
                pass(far, near);
            }
        });
        Proxy { folder, wires }
    }

    /// The folder of its socket.
    pub(super) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Cuts everything that goes through it.
    pub(super) fn cut(&self) {
        for wire in self.wires.lock().unwrap().drain(..) {
            let _ = wire.shutdown(Shutdown::Both);
        }
    }
}

fn pass(mut from: UnixStream, mut to: UnixStream) {
    std::thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    });
}
