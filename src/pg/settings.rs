//! One pinned list of settings for every session, so that the same object prints the same text everywhere: DateStyle,
//! IntervalStyle and TimeZone alone change printed constants. It is sent in one message at the start of a session.

use crate::sql::quote;

/// A setting, its value, and the first major version that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The name as `SHOW` knows it.
    pub name: &'static str,
    /// The value as `set_config` takes it.
    pub value: &'static str,
    /// The first major version.
    pub since: u32,
}

const fn of(name: &'static str, value: &'static str) -> Setting {
    Setting {
        name,
        value,
        since: 13,
    }
}

const fn since(major: u32, name: &'static str, value: &'static str) -> Setting {
    Setting {
        name,
        value,
        since: major,
    }
}

/// The settings of every session (inspect, scratch, apply). Row security stays as the role has it: a session that may
/// not see rows must not act as if it did.
pub const PINNED_SETTINGS: &[Setting] = &[
    // What names mean and how they print.
    of("search_path", ""),
    of("quote_all_identifiers", "off"),
    // How constants print and parse.
    of("DateStyle", "ISO, YMD"),
    of("IntervalStyle", "postgres"),
    of("TimeZone", "UTC"),
    of("extra_float_digits", "3"),
    of("bytea_output", "hex"),
    of("lc_monetary", "C"),
    of("standard_conforming_strings", "on"),
    of("array_nulls", "on"),
    of("transform_null_equals", "off"),
    of("xmloption", "content"),
    of("xmlbinary", "base64"),
    // What a CREATE means where it is silent.
    of("default_tablespace", ""),
    of("default_table_access_method", "heap"),
    since(14, "default_toast_compression", "pglz"),
    of("check_function_bodies", "on"),
    of("row_security", "on"),
    // Our queries over the catalogs are many and short: compiling them takes longer than they do.
    of("jit", "off"),
    // How transactions run.
    of("default_transaction_isolation", "read committed"),
    of("default_transaction_read_only", "off"),
    of("default_transaction_deferrable", "off"),
    of("client_min_messages", "notice"),
    of("statement_timeout", "0"),
    of("lock_timeout", "0"),
    of("idle_in_transaction_session_timeout", "0"),
    since(14, "idle_session_timeout", "0"),
    since(17, "transaction_timeout", "0"),
];

/// In a database that nobody will miss, nobody waits for the disk.
const FLEETING: Setting = of("synchronous_commit", "off");

/// The statements that pin a session of a server of `major` and answer with `server_version_num` and the backend's pid.
pub(super) fn opening(major: u32, is_fleeting: bool) -> String {
    let mut sql = String::from("SELECT ");
    for (index, setting) in PINNED_SETTINGS
        .iter()
        .chain(is_fleeting.then_some(&FLEETING))
        .filter(|s| s.since <= major)
        .enumerate()
    {
        if index > 0 {
            sql.push_str(", ");
        }
        sql.push_str("pg_catalog.set_config(");
        sql.push_str(&quote::literal(setting.name));
        sql.push_str(", ");
        sql.push_str(&quote::literal(setting.value));
        sql.push_str(", false)");
    }
    sql.push_str("; SELECT pg_catalog.current_setting(");
    sql.push_str(&quote::literal("server_version_num"));
    sql.push_str("), pg_catalog.pg_backend_pid()");
    sql
}
