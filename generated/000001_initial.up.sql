-- schemactl:description add role saas_user, add schema auth, add schema billing, add schema core, add schema registry, add sequence billing.contracts_id_seq and 28 more
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:hazard authorization grant grant billing.contracts_id_seq.saas_user: saas_user gets SELECT on SEQUENCE billing.contracts_id_seq
-- schemactl:hazard authorization grant grant billing.contracts_id_seq.saas_user: saas_user gets USAGE on SEQUENCE billing.contracts_id_seq
-- schemactl:hazard authorization grant grant auth.users.saas_user: saas_user gets DELETE on TABLE auth.users
-- schemactl:hazard authorization grant grant auth.users.saas_user: saas_user gets INSERT on TABLE auth.users
-- schemactl:hazard authorization grant grant auth.users.saas_user: saas_user gets SELECT on TABLE auth.users
-- schemactl:hazard authorization grant grant auth.users.saas_user: saas_user gets UPDATE on TABLE auth.users
-- schemactl:hazard authorization grant grant billing.contracts.saas_user: saas_user gets DELETE on TABLE billing.contracts
-- schemactl:hazard authorization grant grant billing.contracts.saas_user: saas_user gets INSERT on TABLE billing.contracts
-- schemactl:hazard authorization grant grant billing.contracts.saas_user: saas_user gets SELECT on TABLE billing.contracts
-- schemactl:hazard authorization grant grant billing.contracts.saas_user: saas_user gets UPDATE on TABLE billing.contracts
-- schemactl:hazard authorization grant grant core.tenants.saas_user: saas_user gets DELETE on TABLE core.tenants
-- schemactl:hazard authorization grant grant core.tenants.saas_user: saas_user gets INSERT on TABLE core.tenants
-- schemactl:hazard authorization grant grant core.tenants.saas_user: saas_user gets SELECT on TABLE core.tenants
-- schemactl:hazard authorization grant grant core.tenants.saas_user: saas_user gets UPDATE on TABLE core.tenants
-- schemactl:hazard authorization grant grant registry.roles.saas_user: saas_user gets DELETE on TABLE registry.roles
-- schemactl:hazard authorization grant grant registry.roles.saas_user: saas_user gets INSERT on TABLE registry.roles
-- schemactl:hazard authorization grant grant registry.roles.saas_user: saas_user gets SELECT on TABLE registry.roles
-- schemactl:hazard authorization grant grant registry.roles.saas_user: saas_user gets UPDATE on TABLE registry.roles
-- schemactl:hazard authorization grant grant auth.saas_user: saas_user gets USAGE on SCHEMA auth
-- schemactl:hazard authorization grant grant billing.saas_user: saas_user gets USAGE on SCHEMA billing
-- schemactl:hazard authorization grant grant core.saas_user: saas_user gets USAGE on SCHEMA core
-- schemactl:hazard authorization grant grant registry.saas_user: saas_user gets USAGE on SCHEMA registry
-- schemactl:hazard authorization default-privileges default-privileges auth.postgres: what objects made later are born with changes
-- schemactl:hazard authorization default-privileges default-privileges billing.postgres: what objects made later are born with changes
-- schemactl:hazard authorization default-privileges default-privileges core.postgres: what objects made later are born with changes
-- schemactl:hazard authorization default-privileges default-privileges registry.postgres: what objects made later are born with changes
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:parent none
-- schemactl:sha256 a6f223dee338bccba5b9f8e59006426f3756d2e76549a5e5086c6a4ea4adbef6

-- role saas_user
DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'saas_user') THEN CREATE ROLE saas_user; END IF; END$$;

-- schema auth
CREATE SCHEMA auth;

-- schema billing
CREATE SCHEMA billing;

-- schema core
CREATE SCHEMA core;

-- schema registry
CREATE SCHEMA registry;

-- sequence billing.contracts_id_seq
CREATE SEQUENCE billing.contracts_id_seq AS integer;

GRANT SELECT, USAGE ON SEQUENCE billing.contracts_id_seq TO saas_user;

-- table core.tenants
CREATE TABLE core.tenants (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT tenants_pkey PRIMARY KEY (id)
);

-- table auth.users
CREATE TABLE auth.users (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    email character varying(255) NOT NULL,
    password_hash character varying(255) NOT NULL,
    first_name character varying(255),
    last_name character varying(255),
    date_of_birth date,
    country character varying(255),
    phone character varying(255),
    role character varying(255) NOT NULL,
    tenant_id uuid,
    status character varying(255) NOT NULL DEFAULT 'active',
    last_login timestamp with time zone,
    created_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants (id) ON DELETE CASCADE
);

CREATE INDEX idx_users_email ON auth.users (email);

CREATE INDEX idx_users_role ON auth.users (role);

CREATE INDEX idx_users_status ON auth.users (status);

CREATE INDEX idx_users_tenant_id ON auth.users (tenant_id);

COMMENT ON TABLE auth.users IS 'People who may sign in';

COMMENT ON COLUMN auth.users.password_hash IS 'argon2id';

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE auth.users TO saas_user;

-- table billing.contracts
CREATE TABLE billing.contracts (
    id integer NOT NULL DEFAULT nextval('billing.contracts_id_seq'::regclass),
    tenant_id uuid NOT NULL,
    title text NOT NULL,
    signed_on date,
    CONSTRAINT contracts_pkey PRIMARY KEY (id),
    CONSTRAINT contracts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants (id) ON DELETE CASCADE
);

-- sequence billing.contracts_id_seq
ALTER SEQUENCE billing.contracts_id_seq OWNED BY billing.contracts.id;

-- table billing.contracts
CREATE INDEX contracts_tenant_id_idx ON billing.contracts (tenant_id);

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE billing.contracts TO saas_user;

-- table core.tenants
COMMENT ON TABLE core.tenants IS 'The companies that use the platform';

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE core.tenants TO saas_user;

-- table registry.roles
CREATE TABLE registry.roles (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    role_name text NOT NULL,
    role_code text NOT NULL,
    status text NOT NULL DEFAULT 'active',
    CONSTRAINT roles_pkey PRIMARY KEY (id),
    CONSTRAINT roles_role_code_key UNIQUE (role_code),
    CONSTRAINT roles_role_name_key UNIQUE (role_name)
);

GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE registry.roles TO saas_user;

-- schema auth
COMMENT ON SCHEMA auth IS 'Identity and access';

-- schema billing
COMMENT ON SCHEMA billing IS 'Contracts and what they cost';

-- schema core
COMMENT ON SCHEMA core IS 'What all parts share';

-- schema registry
COMMENT ON SCHEMA registry IS 'Lists that change rarely';

-- schema auth
GRANT USAGE ON SCHEMA auth TO saas_user;

-- schema billing
GRANT USAGE ON SCHEMA billing TO saas_user;

-- schema core
GRANT USAGE ON SCHEMA core TO saas_user;

-- schema registry
GRANT USAGE ON SCHEMA registry TO saas_user;

-- default-privileges auth.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA auth GRANT SELECT, USAGE ON SEQUENCES TO saas_user;

-- default-privileges auth.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA auth GRANT DELETE, INSERT, SELECT, UPDATE ON TABLES TO saas_user;

-- default-privileges billing.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA billing GRANT SELECT, USAGE ON SEQUENCES TO saas_user;

-- default-privileges billing.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA billing GRANT DELETE, INSERT, SELECT, UPDATE ON TABLES TO saas_user;

-- default-privileges core.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA core GRANT SELECT, USAGE ON SEQUENCES TO saas_user;

-- default-privileges core.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA core GRANT DELETE, INSERT, SELECT, UPDATE ON TABLES TO saas_user;

-- default-privileges registry.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA registry GRANT SELECT, USAGE ON SEQUENCES TO saas_user;

-- default-privileges registry.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA registry GRANT DELETE, INSERT, SELECT, UPDATE ON TABLES TO saas_user;
