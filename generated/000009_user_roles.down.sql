-- schemactl:description add table auth.user_roles
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:hazard data-loss drop-table table auth.user_roles: the table and its rows are dropped
-- schemactl:proven up and down on PostgreSQL 15.18, 5 of 5 tables seeded
-- schemactl:sha256 ed99968ff9cfc5f3286393e2163a7b8bc3ed6885ef6f47648ccc9d39dfb1af97

-- table auth.user_roles
DROP TABLE auth.user_roles;
