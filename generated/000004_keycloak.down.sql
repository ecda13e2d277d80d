-- schemactl:description add column auth.users.keycloak_id, add index auth.users.idx_users_keycloak_id
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:group 7fa997d5 2/2
-- schemactl:no-transaction
-- schemactl:sha256 5f09f9e438c771bd9f9fa92c839961b532b9d9b2cf03964cea7b4153a753fd43

-- table auth.users
DROP INDEX CONCURRENTLY auth.idx_users_keycloak_id;
