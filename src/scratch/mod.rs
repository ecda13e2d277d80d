//! Throwaway databases, and what they are for: the desired state is elaborated there, texts are settled there, and every
//! plan is proven there before a person sees it.

mod blame;
pub mod born;
pub mod build;
mod by_hand;
pub mod cluster;
pub mod elaborate;
pub mod execute;
pub mod install;
pub mod kept;
mod lookup;
pub mod prove;
pub mod refusal;
pub mod rights;
pub mod seed;
pub mod server;
