-- schemactl:description add role platform_app, add role platform_reporting, add schema auth, add schema billing, add schema crm, add table auth.users and 2 more
-- schemactl:author Platform team
-- schemactl:hazard data-loss drop-table table billing.invoices: the table and its rows are dropped
-- schemactl:hazard data-loss drop-table table crm.customers: the table and its rows are dropped
-- schemactl:hazard data-loss drop-table table auth.users: the table and its rows are dropped
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:sha256 62795d5b098984849235a51e011500d32e9479b130e67bda153a3f16e0757e5c

-- table billing.invoices
DROP TABLE billing.invoices;

-- table crm.customers
DROP TABLE crm.customers;

-- table auth.users
DROP TABLE auth.users;

-- schema crm
DROP SCHEMA crm;

-- schema billing
DROP SCHEMA billing;

-- schema auth
DROP SCHEMA auth;
