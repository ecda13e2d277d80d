//! The pieces of a pattern: text, and slots that a file fills. Matching takes the longest piece that leads to the end.

/// What a part of a pattern stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// A count.
    Number,
    /// `YYYYMMDDHHMMSS`, UTC.
    Timestamp,
    /// `YYYYMMDD`, UTC.
    Date,
    /// What the migration is called.
    Name,
    /// `up` or `down`.
    Direction,
    /// The service that owns the file.
    Service,
}

impl Slot {
    /// The slot of a word in braces.
    pub(super) fn of(word: &str) -> Option<Slot> {
        Some(match word {
            "number" => Slot::Number,
            "timestamp" => Slot::Timestamp,
            "date" => Slot::Date,
            "name" => Slot::Name,
            "direction" => Slot::Direction,
            "service" => Slot::Service,
            _ => return None,
        })
    }

    /// Whether it is a part of the version.
    pub(super) fn is_version(self) -> bool {
        matches!(self, Slot::Number | Slot::Timestamp | Slot::Date)
    }

    fn takes(self, c: char) -> bool {
        match self {
            Slot::Number | Slot::Timestamp | Slot::Date => c.is_ascii_digit(),
            Slot::Name => c != '/',
            Slot::Service => c.is_alphanumeric() || c == '_' || c == '-',
            Slot::Direction => c.is_ascii_lowercase(),
        }
    }
}

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// Text that stands as it is.
    Text(String),
    /// What differs from file to file.
    Slot(Slot),
}

/// Matches segments against text, longest digits and longest words first, taking back what does not lead to the end. A
/// service is one of `services`; where none are known, the shortest word that fits, because a name may hold its separator.
pub(super) fn matches<'t>(
    segments: &[Segment],
    services: &[String],
    text: &'t str,
    values: &mut Vec<(Slot, &'t str)>,
) -> bool {
    let Some((first, rest)) = segments.split_first() else {
        return text.is_empty();
    };
    let slot = match first {
        Segment::Text(literal) => {
            return text
                .strip_prefix(literal.as_str())
                .is_some_and(|text| matches(rest, services, text, values));
        }
        Segment::Slot(slot) => *slot,
    };
    let longest = text.find(|c| !slot.takes(c)).unwrap_or(text.len());
    let mut ends: Vec<usize> = (1..=longest)
        .filter(|end| text.is_char_boundary(*end))
        .collect();
    if slot != Slot::Service || !services.is_empty() {
        ends.reverse();
    }
    for end in ends {
        let value = &text[..end];
        let wanted = match slot {
            Slot::Timestamp => end == 14,
            Slot::Date => end == 8,
            Slot::Service => services.is_empty() || services.iter().any(|it| it == value),
            _ => true,
        };
        values.push((slot, value));
        if wanted && matches(rest, services, &text[end..], values) {
            return true;
        }
        values.pop();
    }
    false
}
