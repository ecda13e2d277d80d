-- schemactl:description add column auth.users.deleted_at, add index auth.users.idx_users_live
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 6 of 6 tables seeded
-- schemactl:group b785198a 2/2
-- schemactl:no-transaction
-- schemactl:parent 2367bd5b476cd54292d033d6c13c178ec85dded272281e563f1fe33c5e9c3d88
-- schemactl:sha256 5f8921c773e0c3ce7d19f0259886021c6d98362e0ce3f5b49e8896e7367677b4

-- table auth.users
CREATE INDEX CONCURRENTLY idx_users_live ON auth.users (tenant_id, last_login) WHERE deleted_at IS NULL;
