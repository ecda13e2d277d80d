-- schemactl:description add schema auth, add table auth.users
-- schemactl:author Platform team
-- schemactl:depends-on 0001
-- schemactl:hazard authorization grant grant auth.users.platform_app: platform_app gets INSERT on TABLE auth.users
-- schemactl:hazard authorization grant grant auth.users.platform_app: platform_app gets SELECT on TABLE auth.users
-- schemactl:hazard authorization grant grant auth.users.platform_app: platform_app gets UPDATE on TABLE auth.users
-- schemactl:hazard authorization grant grant auth.platform_app: platform_app gets USAGE on SCHEMA auth
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:parent none
-- schemactl:sha256 30ca6e91a88be2f3b83162115c5957f650666a384322b0bf577afc64cd8d4b8b

-- schema auth
CREATE SCHEMA auth;

-- table auth.users
CREATE TABLE auth.users (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME auth.users_id_seq),
    email text NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email)
);

GRANT INSERT, SELECT, UPDATE ON TABLE auth.users TO platform_app;

-- schema auth
COMMENT ON SCHEMA auth IS 'Who somebody is';

GRANT USAGE ON SCHEMA auth TO platform_app;
