-- schemactl:description add schema billing, add table billing.invoices
-- schemactl:author Platform team
-- schemactl:depends-on 0001
-- schemactl:depends-on crm/0001
-- schemactl:hazard authorization grant grant billing.invoices.platform_app: platform_app gets INSERT on TABLE billing.invoices
-- schemactl:hazard authorization grant grant billing.invoices.platform_app: platform_app gets SELECT on TABLE billing.invoices
-- schemactl:hazard authorization grant grant billing.invoices.platform_reporting: platform_reporting gets SELECT on TABLE billing.invoices
-- schemactl:hazard authorization grant grant billing.platform_app: platform_app gets USAGE on SCHEMA billing
-- schemactl:hazard authorization grant grant billing.platform_reporting: platform_reporting gets USAGE on SCHEMA billing
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:parent none
-- schemactl:sha256 ea223d2dcde8ce8f37d7ac9d77a9a35b3609f32dc4997a1e7db352bc9c4d378f

-- schema billing
CREATE SCHEMA billing;

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

-- schema billing
COMMENT ON SCHEMA billing IS 'What they owe';

GRANT USAGE ON SCHEMA billing TO platform_app;

GRANT USAGE ON SCHEMA billing TO platform_reporting;
