//! Version switches in catalog queries: `{14: new | old}` is `new` from PostgreSQL 14 on, else `old`. So the newest
//! server's names stand in the SQL and Rust never branches on a version.

/// The query for a server, its switches decided. `server_version` as `server_version_num` gives it.
pub(super) fn resolve(query: &str, server_version: u32) -> String {
    let mut out = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(start) = rest.find('{') {
        let inner = &rest[start + 1..];
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || inner.as_bytes().get(digits) != Some(&b':') {
            out.push_str(&rest[..=start]);
            rest = inner;
            continue;
        }
        let major: u32 = inner[..digits].parse().unwrap_or(0);
        let body = &inner[digits + 1..];
        let (switch, end) = split(body);
        out.push_str(&rest[..start]);
        let chosen = if server_version / 10_000 >= major {
            switch.0
        } else {
            switch.1
        };
        // A side may hold a switch itself.
        out.push_str(&resolve(chosen.trim(), server_version));
        rest = &body[end..];
    }
    out.push_str(rest);
    out
}

/// The two sides of a switch, and where it ends; `||` is SQL's own and divides nothing.
fn split(body: &str) -> ((&str, &str), usize) {
    let bytes = body.as_bytes();
    let (mut depth, mut bar, mut at) = (0, body.len(), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'{' => depth += 1,
            b'}' if depth == 0 => {
                let bar = bar.min(at);
                return (
                    (&body[..bar], body[..at].get(bar + 1..).unwrap_or_default()),
                    at + 1,
                );
            }
            b'}' => depth -= 1,
            b'|' if bytes.get(at + 1) == Some(&b'|') => at += 1,
            b'|' if depth == 0 && bar == body.len() => bar = at,
            _ => {}
        }
        at += 1;
    }
    ((body, ""), body.len())
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn the_switch_is_decided() {
        let query = "SELECT {15: a.x || 'b' | '{}'::name[]} AS y, '{}' AS z";
        assert_eq!(resolve(query, 150_004), "SELECT a.x || 'b' AS y, '{}' AS z");
        assert_eq!(
            resolve(query, 140_000),
            "SELECT '{}'::name[] AS y, '{}' AS z"
        );
        let nested = "{17: c | {15: b | a}}";
        assert_eq!(resolve(nested, 170_000), "c");
        assert_eq!(resolve(nested, 150_000), "b");
        assert_eq!(resolve(nested, 140_000), "a");
    }
}
