//! Places at which a test holds a run, to end it, its server or its connection just there.
//!
//! The rule: nothing of it is in what people run. It is compiled into builds with debug assertions or the feature
//! `failpoints`, and does nothing without `SCHEMACTL_FAILPOINT`.

use std::pin::Pin;

#[cfg(all(unix, any(debug_assertions, feature = "failpoints")))]
mod armed {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crate::migrate::history::{UPGRADES, Upgrade};

    /// `POINT HIT SOCKET`: where to stop, at which time that it is reached, and who is told.
    struct Plan {
        point: String,
        hit: usize,
        socket: String,
    }

    fn plan() -> Option<&'static Plan> {
        static PLAN: OnceLock<Option<Plan>> = OnceLock::new();
        let read = || {
            let text = std::env::var("SCHEMACTL_FAILPOINT").ok()?;
            let mut words = text.splitn(3, ' ');
            Some(Plan {
                point: words.next()?.to_owned(),
                hit: words.next()?.parse().ok()?,
                socket: words.next()?.to_owned(),
            })
        };
        PLAN.get_or_init(read).as_ref()
    }

    /// Whether a run shall be held at this point.
    pub(in crate::migrate) fn watches(point: &str) -> bool {
        plan().is_some_and(|plan| plan.point == point)
    }

    /// Tells the test that the point is reached, and waits until it lets go.
    pub(in crate::migrate) async fn at(point: &str) {
        static HITS: AtomicUsize = AtomicUsize::new(0);
        let Some(plan) = plan().filter(|plan| plan.point == point) else {
            return;
        };
        if HITS.fetch_add(1, Ordering::SeqCst) + 1 != plan.hit {
            return;
        }
        let hold = || {
            let mut test = UnixStream::connect(&plan.socket)?;
            test.write_all(b"reached")?;
            test.shutdown(std::net::Shutdown::Write)?;
            test.read_to_end(&mut Vec::new())
        };
        let _ = tokio::task::spawn_blocking(hold).await;
    }

    /// The upgrades of the history; a test has one from a format that never was.
    pub(in crate::migrate) fn upgrades() -> &'static [Upgrade] {
        const FROM_NOTHING: &[Upgrade] = &[Upgrade {
            from: 0,
            sql: "ALTER TABLE {schema}.migrations RENAME who TO actor",
        }];
        match std::env::var_os("SCHEMACTL_FAILPOINT_UPGRADE") {
            Some(_) => FROM_NOTHING,
            None => UPGRADES,
        }
    }
}

#[cfg(not(all(unix, any(debug_assertions, feature = "failpoints"))))]
mod armed {
    use crate::migrate::history::{UPGRADES, Upgrade};

    pub(in crate::migrate) fn watches(_: &str) -> bool {
        false
    }

    pub(in crate::migrate) async fn at(_: &str) {}

    pub(in crate::migrate) fn upgrades() -> &'static [Upgrade] {
        UPGRADES
    }
}

pub(super) use armed::{at, upgrades};

/// Holds a run at a point when a query has been sent; gives its answer where that came before.
pub(super) async fn sent<Q: Future>(point: &str, query: Pin<&mut Q>) -> Option<Q::Output> {
    if !armed::watches(point) {
        return None;
    }
    let early = tokio::select! {
        biased;
        answer = query => Some(answer),
        () = std::future::ready(()) => None,
    };
    at(point).await;
    early
}
