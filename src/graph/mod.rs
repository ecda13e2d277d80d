//! Pictures: entity-relation diagrams of a schema and of a change, and the order of a plan, as SVG that needs no other
//! program, as Mermaid and as DOT. The rule: a picture is a pure function of catalogs, the same for the same input, and
//! nothing in it lies on anything else ([`layout`]).

mod diagram;
mod dot;
pub mod layout;
mod mermaid;
mod order;
mod scene;
mod svg;
mod told;

use schemars::JsonSchema;
use serde::Serialize;

pub use diagram::{Choice, Columns, Diagram, Entity, Field, Relation, Tie, columns_of, type_in};
pub use order::{Order, Task};
pub use scene::Scene;
pub use svg::STYLE;
pub use told::{Drawn, DrawnOrder, PlacedBox, PlacedFrame, PlacedLine, Places};

/// What happens to something between two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Nothing.
    Same,
    /// It is new.
    Added,
    /// It goes.
    Dropped,
    /// It is there before and after, and another one.
    Changed,
}

impl Mark {
    /// The word that classes of pictures have.
    pub fn word(self) -> &'static str {
        match self {
            Mark::Same => "same",
            Mark::Added => "added",
            Mark::Dropped => "dropped",
            Mark::Changed => "changed",
        }
    }

    /// The sign of a plan.
    pub fn sign(self) -> &'static str {
        match self {
            Mark::Same => "",
            Mark::Added => "+",
            Mark::Dropped => "-",
            Mark::Changed => "~",
        }
    }
}
