-- The history of schemactl, format 1, in the history schema.

CREATE TABLE {schema}.meta (
    single      boolean PRIMARY KEY DEFAULT true CHECK (single),
    format      integer NOT NULL,
    environment text,
    protected   boolean NOT NULL DEFAULT false
);

CREATE TABLE {schema}.migrations (
    service           text NOT NULL DEFAULT '',
    version           text NOT NULL,
    name              text NOT NULL DEFAULT '',
    description       text,
    group_id          text,
    part              integer,
    parent_sha        text,
    up_sha            text NOT NULL,
    down_sha          text,
    status            text NOT NULL
                      CHECK (status IN ('running', 'applied', 'baseline', 'failed', 'rolled_back', 'skipped')),
    direction         text NOT NULL DEFAULT 'up' CHECK (direction IN ('up', 'down')),
    statements_done   integer NOT NULL DEFAULT 0,
    statements_total  integer NOT NULL DEFAULT 0,
    backend_pid       integer,
    backend_start     timestamp with time zone,
    applied_at        timestamp with time zone,
    applied_by        text,
    actor             text,
    execution_time_ms bigint,
    error_message     text,
    sqlstate          text,
    up_sql            text NOT NULL,
    down_sql          text,
    tool_version      text NOT NULL,
    -- The tool that ran it, where schemactl did not; `service` is its table then, unless the file is the project's.
    adopted_from      text,
    PRIMARY KEY (service, version)
);

CREATE TABLE {schema}.events (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at                timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    action            text NOT NULL,
    outcome           text NOT NULL,
    service           text,
    version           text,
    name              text,
    by_role           text NOT NULL DEFAULT session_user,
    actor             text,
    client_address    inet DEFAULT pg_catalog.inet_client_addr(),
    application       text DEFAULT pg_catalog.current_setting('application_name'),
    backend_pid       integer DEFAULT pg_catalog.pg_backend_pid(),
    execution_time_ms bigint,
    message           text,
    sqlstate          text,
    detail            jsonb,
    tool_version      text NOT NULL
);

CREATE TABLE {schema}.snapshots (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at                 timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    version            text,
    fingerprint        text NOT NULL,
    format             integer NOT NULL,
    server_version_num integer NOT NULL,
    catalog            bytea NOT NULL
);

-- How far a statement came that runs by ranges of a key.
CREATE TABLE {schema}.batches (
    service   text NOT NULL,
    version   text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('up', 'down')),
    last_key  text NOT NULL,
    visited   bigint NOT NULL,
    PRIMARY KEY (service, version, direction)
);

INSERT INTO {schema}.meta (format) VALUES (1);
