-- schemactl:description add schema billing, add table billing.invoices
-- schemactl:author Platform team
-- schemactl:hazard data-loss drop-table table billing.invoices: the table and its rows are dropped
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:sha256 55898abe8472263acba87df6a7d6dee5fa97daba17dc19e70e5f25aadf041003

-- table billing.invoices
DROP TABLE billing.invoices;

-- schema billing
DROP SCHEMA billing;
