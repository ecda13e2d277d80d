-- schemactl:description add table auth.user_roles
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:hazard data-loss drop-table table auth.user_roles: the table and its rows are dropped
-- schemactl:proven up and down on PostgreSQL 15.18, 5 of 5 tables seeded
-- schemactl:sha256 2b707cd41e2f3313c35fd5fc079b090e91b848d6dcbb7fcbc002cd977fb5ddb9

-- table auth.user_roles
DROP TABLE auth.user_roles;
