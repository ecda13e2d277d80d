-- schemactl:description rename column sales.customers.name to full_name, add column sales.customers.country, add check sales.customers.customers_country_is_a_code, add view sales.revenue
-- schemactl:author Shop team
-- schemactl:date 2026-11-29
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:group 3cde4664 2/2
-- schemactl:parent e56dd6bd374cc4df46e86e53319e95a1952ddc492171492683f3e9b3371ef35e
-- schemactl:sha256 03e26bbdb9afdf2bfa2a1078a78998db1f233f24eef8e5d25c9df58f6bf2b435

-- table sales.customers
ALTER TABLE sales.customers VALIDATE CONSTRAINT customers_country_is_a_code;
