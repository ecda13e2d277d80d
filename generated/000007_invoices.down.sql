-- schemactl:description add sequence billing.invoices_id_seq, add function billing.update_invoices_updated_at(), add table billing.invoices
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:hazard authorization revoke grant billing.invoices.saas_user: saas_user loses UPDATE on TABLE billing.invoices
-- schemactl:hazard authorization revoke grant billing.invoices.saas_user: saas_user loses SELECT on TABLE billing.invoices
-- schemactl:hazard authorization revoke grant billing.invoices.saas_user: saas_user loses INSERT on TABLE billing.invoices
-- schemactl:hazard authorization revoke grant billing.invoices.saas_user: saas_user loses DELETE on TABLE billing.invoices
-- schemactl:hazard data-loss drop-table table billing.invoices: the table and its rows are dropped
-- schemactl:hazard data-loss drop-sequence sequence billing.invoices_id_seq: the sequence's position is lost
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:sha256 24237a4fa5ccd08617b895fd8a9097dfb2849d3ed13dfac3c5b8663573d2ee59

-- table billing.invoices
REVOKE UPDATE, SELECT, INSERT, DELETE ON TABLE billing.invoices FROM saas_user;

-- sequence billing.invoices_id_seq
ALTER SEQUENCE billing.invoices_id_seq OWNED BY NONE;

-- table billing.invoices
DROP TABLE billing.invoices;

-- function billing.update_invoices_updated_at()
DROP FUNCTION billing.update_invoices_updated_at();

-- sequence billing.invoices_id_seq
DROP SEQUENCE billing.invoices_id_seq;
