-- schemactl:description add column auth.users.deleted_at, add index auth.users.idx_users_live
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 6 of 6 tables seeded
-- schemactl:group b785198a 2/2
-- schemactl:no-transaction
-- schemactl:sha256 fee74f0c015e1d5090336e00ddac6132834c39b5934c57f93156375846866fb9

-- table auth.users
DROP INDEX CONCURRENTLY auth.idx_users_live;
