-- schemactl:description add column auth.users.keycloak_id, add index auth.users.idx_users_keycloak_id
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:group 7fa997d5 2/2
-- schemactl:no-transaction
-- schemactl:parent dd1406cec59d08e0a541c4ab9a04bfb1ccde5d41d03b9fc261628aa0fa9eff3e
-- schemactl:sha256 968f892aa5288d06661d3b341cc8280527cd75a2588bc1bf60818903dead9ad5

-- table auth.users
CREATE INDEX CONCURRENTLY idx_users_keycloak_id ON auth.users (keycloak_id);
