//! What a plan does, in lines that people read: those of the review page.

use crate::author::Authored;
use crate::report::headline as lines;

pub(super) use crate::report::Line;

/// The changes that people speak of.
pub(super) fn headline(authored: &Authored) -> Vec<Line<'_>> {
    lines(&authored.before, &authored.after, &authored.changes)
}
