-- schemactl:description rename column sales.customers.name to full_name, add column sales.customers.country, add check sales.customers.customers_country_is_a_code, add view sales.revenue
-- schemactl:author Shop team
-- schemactl:date 2026-11-29
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:group 3cde4664 1/2
-- schemactl:parent 5e101aa9c0e4876302d9b16fb554571e827558f4608c760387a1bb31e8dc1fab
-- schemactl:sha256 9788d0568fc7de7325ee8aebd74d4ed355d8ac099e20ac9778ba48c7c07a9820

-- table sales.customers
ALTER TABLE sales.customers RENAME COLUMN name TO full_name;

ALTER TABLE sales.customers
    ADD COLUMN country text NOT NULL DEFAULT 'PT',
    ADD CONSTRAINT customers_country_is_a_code CHECK (country ~ '^[A-Z]{2}$') NOT VALID;

-- view sales.revenue
CREATE VIEW sales.revenue AS
SELECT p.id, p.sku, sum(l.quantity * p.price) AS total
  FROM catalog.products p
  JOIN sales.order_lines l ON l.product_id = p.id
 GROUP BY p.id, p.sku;

COMMENT ON VIEW sales.revenue IS 'What each product brought in';
