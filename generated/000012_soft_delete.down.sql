-- schemactl:description add column auth.users.deleted_at, add index auth.users.idx_users_live
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:hazard data-loss drop-column column auth.users.deleted_at: the column and its values are dropped
-- schemactl:proven up and down on PostgreSQL 15.18, 6 of 6 tables seeded
-- schemactl:group b785198a 1/2
-- schemactl:sha256 8e349464b15d36605584f94211b79337b3fd8522baf3e35d3dcc7d4e80528737

-- table auth.users
ALTER TABLE auth.users DROP COLUMN deleted_at;
