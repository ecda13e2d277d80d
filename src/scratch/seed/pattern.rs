//! Texts that match a pattern of a check: LIKE patterns and the common part of PostgreSQL's regular expressions. What is
//! not understood gives a text that may not match; the server judges.

/// A text that a LIKE pattern matches.
pub(super) fn like(pattern: &str) -> String {
    let mut text = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '%' => {}
            '_' => text.push('a'),
            '\\' => text.extend(letters.next()),
            other => text.push(other),
        }
    }
    text
}

/// A text that a regular expression matches; `variant` picks among characters and repetitions.
pub(super) fn regular(pattern: &str, variant: usize) -> String {
    let letters: Vec<char> = pattern.chars().collect();
    let mut maker = Maker {
        letters: &letters,
        at: 0,
        variant,
        depth: 0,
    };
    maker.alternatives()
}

/// The longest text that is made.
const LONGEST: usize = 400;

struct Maker<'a> {
    letters: &'a [char],
    at: usize,
    variant: usize,
    depth: usize,
}

impl Maker<'_> {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek();
        self.at += 1;
        letter
    }

    /// Reads up to the closing bracket, or the end; one of the alternatives.
    fn alternatives(&mut self) -> String {
        let mut all = vec![self.sequence()];
        while self.peek() == Some('|') {
            self.at += 1;
            all.push(self.sequence());
        }
        let chosen = self.variant % all.len();
        all.swap_remove(chosen)
    }

    fn sequence(&mut self) -> String {
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            if letter == '|' || letter == ')' {
                break;
            }
            let atom = self.atom();
            let (least, most) = self.repetition();
            let count = match most {
                Some(most) => least.max(1).min(most),
                None => least.max(1),
            };
            // An optional piece is left out by every second variant.
            let count = if least == 0 && self.variant % 2 == 1 {
                0
            } else {
                count
            };
            for _ in 0..count {
                if text.len() < LONGEST {
                    text.push_str(&atom);
                }
            }
        }
        text
    }

    fn atom(&mut self) -> String {
        match self.next() {
            Some('(') => self.group(),
            Some('[') => self.class().to_string(),
            Some('.') => self.pick(&['a', 'b', 'c']).to_string(),
            Some('^' | '$') | None => String::new(),
            Some('\\') => match self.next() {
                Some('d') => self.pick(&['1', '2', '3']).to_string(),
                Some('w') => self.pick(&['a', 'b', 'c']).to_string(),
                Some('s') => " ".to_owned(),
                Some('D' | 'S') => "a".to_owned(),
                Some('W') => "-".to_owned(),
                Some('A' | 'Z' | 'm' | 'M' | 'y' | 'Y' | 'b') | None => String::new(),
                Some('t') => "\t".to_owned(),
                Some('n') => "\n".to_owned(),
                Some('r') => "\r".to_owned(),
                Some(other) => other.to_string(),
            },
            Some(other) => other.to_string(),
        }
    }

    fn group(&mut self) -> String {
        let mut silent = false;
        if self.peek() == Some('?') {
            self.at += 1;
            match self.next() {
                Some('=' | '!') => silent = true,
                Some('<') => {
                    self.at += 1;
                    silent = true;
                }
                _ => {}
            }
        }
        self.depth += 1;
        let text = if self.depth > 32 {
            self.at = self.letters.len();
            String::new()
        } else {
            self.alternatives()
        };
        self.depth -= 1;
        if self.peek() == Some(')') {
            self.at += 1;
        }
        if silent { String::new() } else { text }
    }

    /// A character of a bracket expression.
    fn class(&mut self) -> char {
        let negated = self.peek() == Some('^');
        if negated {
            self.at += 1;
        }
        let mut ranges: Vec<(char, char)> = Vec::new();
        let mut first = true;
        while let Some(letter) = self.next() {
            match letter {
                ']' if !first => break,
                '[' if self.peek() == Some(':') => {
                    let rest: String = self.letters[self.at..].iter().take(12).collect();
                    let name = rest
                        .trim_start_matches(':')
                        .split(':')
                        .next()
                        .unwrap_or_default();
                    ranges.extend(match name {
                        "digit" | "xdigit" => vec![('0', '9')],
                        "upper" => vec![('A', 'Z')],
                        "space" | "blank" => vec![(' ', ' ')],
                        "punct" => vec![('-', '-')],
                        "alnum" => vec![('a', 'z'), ('0', '9')],
                        _ => vec![('a', 'z')],
                    });
                    self.at += name.chars().count() + 3;
                }
                '\\' => ranges.extend(match self.next() {
                    Some('d') => vec![('1', '9')],
                    Some('w') => vec![('a', 'z'), ('0', '9')],
                    Some('s') => vec![(' ', ' ')],
                    Some(other) => vec![(other, other)],
                    None => Vec::new(),
                }),
                low => {
                    let next = self.letters.get(self.at + 1).copied();
                    match (self.peek(), next) {
                        (Some('-'), Some(high)) if high != ']' => {
                            self.at += 2;
                            ranges.push((low, high));
                        }
                        _ => ranges.push((low, low)),
                    }
                }
            }
            first = false;
        }
        if negated {
            let free = ['a', 'b', 'c', 'A', '1', '-', '_', ' ', 'é']
                .into_iter()
                .filter(|letter| {
                    !ranges
                        .iter()
                        .any(|(low, high)| (low..=high).contains(&letter))
                });
            let free: Vec<char> = free.collect();
            return self.pick(&free);
        }
        // A letter or a digit before anything else, and not zero: what is read as a number keeps its length.
        let best = ranges
            .iter()
            .find(|(low, _)| low.is_alphanumeric())
            .or(ranges.first());
        match best {
            Some((low, high)) => {
                let low = if *low == '0' && *high > '3' {
                    '1'
                } else {
                    *low
                };
                let steps = (self.variant % 3) as u32;
                char::from_u32(low as u32 + steps)
                    .filter(|letter| letter <= high)
                    .unwrap_or(low)
            }
            None => 'a',
        }
    }

    fn pick(&self, letters: &[char]) -> char {
        match letters {
            [] => 'a',
            letters => letters[self.variant % letters.len()],
        }
    }

    /// The quantifier that stands here: at least, at most.
    fn repetition(&mut self) -> (usize, Option<usize>) {
        let found = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let close = self.letters[self.at..]
                    .iter()
                    .position(|letter| *letter == '}');
                let Some(close) = close else {
                    return (1, Some(1));
                };
                let inner: String = self.letters[self.at + 1..self.at + close].iter().collect();
                self.at += close;
                let (low, high) = match inner.split_once(',') {
                    Some((low, high)) => (low, high.trim().parse().ok()),
                    None => (inner.as_str(), inner.trim().parse().ok()),
                };
                (low.trim().parse().unwrap_or(0), high)
            }
            _ => return (1, Some(1)),
        };
        self.at += 1;
        if self.peek() == Some('?') {
            self.at += 1;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::{like, regular};

    #[test]
    fn common_patterns_give_texts_that_they_match() {
        assert_eq!(like("http%:/_\\%"), "http:/a%");
        assert_eq!(regular("^[A-Z]{2}$", 0), "AA");
        assert_eq!(regular("^[A-Z]{2}$", 1), "BB");
        assert_eq!(regular(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", 0), "a@a.aa");
        assert_eq!(regular("^(on|off)$", 1), "off");
        assert_eq!(regular(r"^\+?\d{3}-\d+$", 0), "+111-1");
        assert_eq!(regular(r"^\+?\d{3}-\d+$", 1), "222-2");
        assert_eq!(regular("^[[:alpha:]_][[:alnum:]_]*$", 0), "aa");
        assert_eq!(regular("^(?!bad)(?:x|y)z", 0), "xz");
    }

    #[test]
    fn broken_patterns_do_no_harm() {
        for pattern in [
            "(",
            "[",
            "[^",
            "a{",
            "\\",
            "((((",
            "[[:",
            "{9999999}",
            "a{99999}",
            "*",
            "[z-a]",
        ] {
            assert!(regular(pattern, 0).len() < 500);
        }
    }
}
