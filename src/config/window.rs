//! `window`: the times at which migrations may run, `Sun 02:00-04:00 UTC`. Several are separated by `;`. A window that ends
//! before it begins goes over midnight and belongs to the day on which it begins.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

/// The times at which migrations may run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// As it is written.
    pub text: String,
    openings: Vec<Opening>,
}

/// One stretch of time, on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Opening {
    /// From Monday to Sunday.
    days: [bool; 7],
    /// Minutes after midnight.
    from: i64,
    /// Minutes after the same midnight; more than a day where it goes over the next.
    to: i64,
    zone: TimeZone,
}

/// The days; they are written so, or by their first three letters.
const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const DAY: i64 = 24 * 60;

impl Window {
    /// Reads `[DAYS] HH:MM-HH:MM [ZONE]`, several separated by `;`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(super) fn parse(text: &str) -> Result<Window, String> {
        let openings = text
            .split(';')
            .map(Opening::parse)
            .collect::<Result<_, _>>()?;
        Ok(Window {
            text: text.to_owned(),
            openings,
        })
    }

    /// When the next window begins; none where one is open.
    pub fn next(&self, now: Timestamp) -> Option<Zoned> {
        let mut next: Option<Zoned> = None;
        for opening in &self.openings {
            let today = now.to_zoned(opening.zone.clone()).date();
            // The one of yesterday may still be open; the next is at most a week away.
            for ahead in -1..=8 {
                let Some((from, to)) = opening.on(today, ahead) else {
                    continue;
                };
                if from.timestamp() <= now && now < to.timestamp() {
                    return None;
                }
                if from.timestamp() > now && next.as_ref().is_none_or(|next| from < *next) {
                    next = Some(from);
                }
            }
        }
        next
    }
}

impl Opening {
    fn parse(text: &str) -> Result<Opening, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let Some(at) = words.iter().position(|word| word.contains(':')) else {
            return Err("it has no times".to_owned());
        };
        let days = match &words[..at] {
            [] => [true; 7],
            [days] => days_of(days)?,
            more => return Err(format!("`{}` are no days", more.join(" "))),
        };
        let zone = match &words[at + 1..] {
            [] | ["UTC"] => TimeZone::UTC,
            [name] => {
                TimeZone::get(name).map_err(|_| format!("`{name}` is no time zone known here"))?
            }
            more => return Err(format!("`{}` is no time zone", more.join(" "))),
        };
        let times = words[at];
        let Some((from, to)) = times.split_once('-') else {
            return Err(format!("`{times}` has no end"));
        };
        let (from, mut to) = (minutes(from)?, minutes(to)?);
        if from == to || from == DAY {
            return Err(format!("`{times}` is no stretch of time"));
        }
        if to < from {
            to += DAY;
        }
        Ok(Opening {
            days,
            from,
            to,
            zone,
        })
    }

    /// The window of a day that is `ahead` days after another one, where it has one.
    fn on(&self, today: Date, ahead: i64) -> Option<(Zoned, Zoned)> {
        let date = today.checked_add(Span::new().days(ahead)).ok()?;
        if !self.days[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())] {
            return None;
        }
        let at = |minutes: i64| {
            let date = date.checked_add(Span::new().days(minutes / DAY)).ok()?;
            let (hour, minute) = (minutes % DAY / 60, minutes % 60);
            let time = date.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0);
            time.to_zoned(self.zone.clone()).ok()
        };
        Some((at(self.from)?, at(self.to)?))
    }
}

/// `Sun`, `Mon-Fri`, `Sat,Sun`.
fn days_of(text: &str) -> Result<[bool; 7], String> {
    let day = |name: &str| {
        let lower = name.to_ascii_lowercase();
        DAYS.iter()
            .position(|day| *day == lower || day[..3] == lower)
            .ok_or_else(|| format!("`{name}` is no day of the week"))
    };
    let mut days = [false; 7];
    for part in text.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (mut at, to) = (day(from)?, day(to)?);
        days[at] = true;
        while at != to {
            at = (at + 1) % 7;
            days[at] = true;
        }
    }
    Ok(days)
}

fn minutes(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}` is no time");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let number = |digits: &str| match digits.len() {
        1 | 2 => digits.parse::<u8>().ok().map(i64::from),
        _ => None,
    };
    match (number(hour), number(minute)) {
        (Some(24), Some(0)) => Ok(DAY),
        (Some(hour @ 0..=23), Some(minute @ 0..=59)) => Ok(hour * 60 + minute),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(window: &str, now: &str) -> Option<String> {
        let next = Window::parse(window).unwrap().next(now.parse().unwrap());
        next.map(|next| next.strftime("%a %Y-%m-%d %H:%M %Z").to_string())
    }

    #[test]
    fn a_window_is_open_from_its_beginning_to_before_its_end() {
        let sunday = "Sun 02:00-04:00 UTC";
        // 2026-11-29 is a Sunday.
        assert_eq!(next(sunday, "2026-11-29T02:00:00Z"), None);
        assert_eq!(next(sunday, "2026-11-29T03:59:59Z"), None);
        let again = Some("Sun 2026-12-06 02:00 UTC".to_owned());
        assert_eq!(next(sunday, "2026-11-29T04:00:00Z"), again);
        let first = Some("Sun 2026-11-29 02:00 UTC".to_owned());
        assert_eq!(next(sunday, "2026-11-29T01:59:59Z"), first);
        assert_eq!(next(sunday, "2026-11-23T12:00:00Z"), first);
    }

    #[test]
    fn over_midnight_it_belongs_to_the_day_on_which_it_begins() {
        let nights = "Mon-Fri 22:00-06:00";
        assert_eq!(next(nights, "2026-11-28T05:00:00Z"), None, "Friday's night");
        assert_eq!(
            next(nights, "2026-11-28T22:30:00Z").as_deref(),
            Some("Mon 2026-11-30 22:00 UTC"),
            "Saturday has none"
        );
        assert_eq!(next("00:00-24:00", "2026-11-28T23:59:59Z"), None);
        let weekend = "Sat,sunday 10:00-11:00; fri-sun 20:00-21:00";
        assert_eq!(
            next(weekend, "2026-11-27T11:00:00Z").as_deref(),
            Some("Fri 2026-11-27 20:00 UTC")
        );
        assert_eq!(next(weekend, "2026-11-28T10:30:00Z"), None);
    }

    #[test]
    fn zones_have_their_own_day() {
        let vienna = "Sun 02:00-04:00 Europe/Vienna";
        assert_eq!(next(vienna, "2026-11-29T01:30:00Z"), None);
        assert!(next(vienna, "2026-11-29T03:30:00Z").is_some());
    }

    #[test]
    fn what_is_no_window_is_told() {
        for (wrong, told) in [
            ("", "it has no times"),
            ("Sunday", "it has no times"),
            ("Son 02:00-04:00", "`Son` is no day of the week"),
            ("02:00", "`02:00` has no end"),
            ("25:00-26:00", "`25:00` is no time"),
            ("02:60-03:00", "`02:60` is no time"),
            ("02:00-02:00", "`02:00-02:00` is no stretch of time"),
            (
                "02:00-04:00 Mars/Base",
                "`Mars/Base` is no time zone known here",
            ),
            ("Sun Mon 02:00-04:00", "`Sun Mon` are no days"),
            ("02:00-04:00;", "it has no times"),
        ] {
            assert_eq!(Window::parse(wrong).unwrap_err(), told, "{wrong}");
        }
    }
}
