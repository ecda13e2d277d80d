-- schemactl:description rename column sales.customers.name to full_name, add column sales.customers.country, add check sales.customers.customers_country_is_a_code, add view sales.revenue
-- schemactl:author Shop team
-- schemactl:date 2026-11-29
-- schemactl:hazard data-loss drop-column column sales.customers.country: the column and its values are dropped
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:group 3cde4664 2/2
-- schemactl:sha256 59e97c21b0dd525266583c9f68a3a6185887e642585a268c87cf0a9597256ef6

-- view sales.revenue
DROP VIEW sales.revenue;

-- table sales.customers
ALTER TABLE sales.customers
    DROP CONSTRAINT customers_country_is_a_code,
    DROP COLUMN country;

ALTER TABLE sales.customers RENAME COLUMN full_name TO name;
