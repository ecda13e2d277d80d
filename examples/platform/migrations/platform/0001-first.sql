-- schemactl:description add role platform_app, add role platform_reporting, add schema auth, add schema billing, add schema crm, add table auth.users and 2 more
-- schemactl:author Platform team
-- schemactl:hazard authorization role-attributes role platform_app: the role platform_app gets LOGIN
-- schemactl:hazard authorization role-attributes role platform_reporting: the role platform_reporting gets LOGIN
-- schemactl:hazard authorization grant grant auth.users.platform_app: platform_app gets INSERT on TABLE auth.users
-- schemactl:hazard authorization grant grant auth.users.platform_app: platform_app gets SELECT on TABLE auth.users
-- schemactl:hazard authorization grant grant auth.users.platform_app: platform_app gets UPDATE on TABLE auth.users
-- schemactl:hazard authorization grant grant billing.invoices.platform_app: platform_app gets INSERT on TABLE billing.invoices
-- schemactl:hazard authorization grant grant billing.invoices.platform_app: platform_app gets SELECT on TABLE billing.invoices
-- schemactl:hazard authorization grant grant billing.invoices.platform_reporting: platform_reporting gets SELECT on TABLE billing.invoices
-- schemactl:hazard authorization grant grant crm.customers.platform_app: platform_app gets INSERT on TABLE crm.customers
-- schemactl:hazard authorization grant grant crm.customers.platform_app: platform_app gets SELECT on TABLE crm.customers
-- schemactl:hazard authorization grant grant crm.customers.platform_app: platform_app gets UPDATE on TABLE crm.customers
-- schemactl:hazard authorization grant grant crm.customers.platform_reporting: platform_reporting gets SELECT on TABLE crm.customers
-- schemactl:hazard authorization grant grant auth.platform_app: platform_app gets USAGE on SCHEMA auth
-- schemactl:hazard authorization grant grant billing.platform_app: platform_app gets USAGE on SCHEMA billing
-- schemactl:hazard authorization grant grant billing.platform_reporting: platform_reporting gets USAGE on SCHEMA billing
-- schemactl:hazard authorization grant grant crm.platform_app: platform_app gets USAGE on SCHEMA crm
-- schemactl:hazard authorization grant grant crm.platform_reporting: platform_reporting gets USAGE on SCHEMA crm
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:parent none
-- schemactl:sha256 b80a07d7c243f2c925a0b36fc48e6268f06d725479caefa65b9ad9d975f910ea

-- role platform_app
DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'platform_app') THEN CREATE ROLE platform_app; END IF; END$$;

ALTER ROLE platform_app WITH LOGIN;

-- role platform_reporting
DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'platform_reporting') THEN CREATE ROLE platform_reporting; END IF; END$$;

ALTER ROLE platform_reporting WITH LOGIN;

-- schema auth
CREATE SCHEMA auth;

-- schema billing
CREATE SCHEMA billing;

-- schema crm
CREATE SCHEMA crm;

-- table auth.users
CREATE TABLE auth.users (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME auth.users_id_seq),
    email text NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email)
);

GRANT INSERT, SELECT, UPDATE ON TABLE auth.users TO platform_app;

-- table crm.customers
CREATE TABLE crm.customers (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME crm.customers_id_seq),
    user_id bigint,
    name text NOT NULL,
    CONSTRAINT customers_pkey PRIMARY KEY (id),
    CONSTRAINT customers_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE SET NULL
);

-- table billing.invoices
CREATE TABLE billing.invoices (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME billing.invoices_id_seq),
    customer_id bigint NOT NULL,
    total numeric(12,2) NOT NULL,
    CONSTRAINT invoices_pkey PRIMARY KEY (id),
    CONSTRAINT invoices_total_check CHECK (total >= 0),
    CONSTRAINT invoices_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES crm.customers (id)
);

CREATE INDEX invoices_customer_id_idx ON billing.invoices (customer_id);

GRANT INSERT, SELECT ON TABLE billing.invoices TO platform_app;

GRANT SELECT ON TABLE billing.invoices TO platform_reporting;

-- table crm.customers
CREATE INDEX customers_user_id_idx ON crm.customers (user_id);

GRANT INSERT, SELECT, UPDATE ON TABLE crm.customers TO platform_app;

GRANT SELECT ON TABLE crm.customers TO platform_reporting;

-- schema auth
COMMENT ON SCHEMA auth IS 'Who somebody is';

-- schema billing
COMMENT ON SCHEMA billing IS 'What they owe';

-- schema crm
COMMENT ON SCHEMA crm IS 'Whom we know';

-- schema auth
GRANT USAGE ON SCHEMA auth TO platform_app;

-- schema billing
GRANT USAGE ON SCHEMA billing TO platform_app;

GRANT USAGE ON SCHEMA billing TO platform_reporting;

-- schema crm
GRANT USAGE ON SCHEMA crm TO platform_app;

GRANT USAGE ON SCHEMA crm TO platform_reporting;
