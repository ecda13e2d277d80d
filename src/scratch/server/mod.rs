//! The server behind the scratch database, whichever of four it is: a throwaway cluster, a container, a server that was
//! named, or the target's own. All give databases by name and take them away when dropped.

mod account;
mod binaries;
mod container;
mod databases;
mod dump;
mod embedded;
mod error;
mod open;
mod postmaster;
mod template;
mod throwaway;

pub use account::{Account, cache_folder};
pub use binaries::{Binaries, Search, search};
pub use databases::PREFIX;
pub use dump::{Dump, dumps};
pub use embedded::EmbeddedCluster;
pub use error::ScratchError;
pub use open::{ScratchPolicy, ScratchServer, open};
pub use throwaway::ThrowawayCluster;
