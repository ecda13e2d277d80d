-- schemactl:description add schema crm, add table crm.customers
-- schemactl:author Platform team
-- schemactl:hazard data-loss drop-table table crm.customers: the table and its rows are dropped
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:sha256 658be45db90b0e89d17502825cebf84d54662b0b86c8fdebb65aa8c8bf917961

-- table crm.customers
DROP TABLE crm.customers;

-- schema crm
DROP SCHEMA crm;
