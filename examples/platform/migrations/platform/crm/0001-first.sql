-- schemactl:description add schema crm, add table crm.customers
-- schemactl:author Platform team
-- schemactl:depends-on 0001
-- schemactl:depends-on auth/0001
-- schemactl:hazard authorization grant grant crm.customers.platform_app: platform_app gets INSERT on TABLE crm.customers
-- schemactl:hazard authorization grant grant crm.customers.platform_app: platform_app gets SELECT on TABLE crm.customers
-- schemactl:hazard authorization grant grant crm.customers.platform_app: platform_app gets UPDATE on TABLE crm.customers
-- schemactl:hazard authorization grant grant crm.customers.platform_reporting: platform_reporting gets SELECT on TABLE crm.customers
-- schemactl:hazard authorization grant grant crm.platform_app: platform_app gets USAGE on SCHEMA crm
-- schemactl:hazard authorization grant grant crm.platform_reporting: platform_reporting gets USAGE on SCHEMA crm
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:parent none
-- schemactl:sha256 6d8a969cbb8a41bc846576d43deeeec9af66b046767626f534083098f1e94ae3

-- schema crm
CREATE SCHEMA crm;

-- table crm.customers
CREATE TABLE crm.customers (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME crm.customers_id_seq),
    user_id bigint,
    name text NOT NULL,
    CONSTRAINT customers_pkey PRIMARY KEY (id),
    CONSTRAINT customers_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE SET NULL
);

CREATE INDEX customers_user_id_idx ON crm.customers (user_id);

GRANT INSERT, SELECT, UPDATE ON TABLE crm.customers TO platform_app;

GRANT SELECT ON TABLE crm.customers TO platform_reporting;

-- schema crm
COMMENT ON SCHEMA crm IS 'Whom we know';

GRANT USAGE ON SCHEMA crm TO platform_app;

GRANT USAGE ON SCHEMA crm TO platform_reporting;
