-- schemactl:description add schema catalog, add schema sales, add enum catalog.availability, add function catalog.touch(), add table catalog.products, add table sales.customers and 2 more
-- schemactl:author Shop team
-- schemactl:date 2026-11-27
-- schemactl:hazard data-loss drop-table table sales.order_lines: the table and its rows are dropped
-- schemactl:hazard data-loss drop-table table sales.orders: the table and its rows are dropped
-- schemactl:hazard data-loss drop-table table sales.customers: the table and its rows are dropped
-- schemactl:hazard data-loss drop-table table catalog.products: the table and its rows are dropped
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:sha256 eeadaaedb0adb19a5491c82fe9e7c371be6850decab307b6d454bc01a898eeff

-- table sales.order_lines
DROP TABLE sales.order_lines;

-- table sales.orders
DROP TABLE sales.orders;

-- table sales.customers
DROP TABLE sales.customers;

-- table catalog.products
DROP TABLE catalog.products;

-- function catalog.touch()
DROP FUNCTION catalog.touch();

-- enum catalog.availability
DROP TYPE catalog.availability;

-- schema sales
DROP SCHEMA sales;

-- schema catalog
DROP SCHEMA catalog;
