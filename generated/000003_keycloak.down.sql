-- schemactl:description add column auth.users.keycloak_id, add index auth.users.idx_users_keycloak_id
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:hazard data-loss drop-column column auth.users.keycloak_id: the column and its values are dropped
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:group 7fa997d5 1/2
-- schemactl:sha256 cd4776669cbbc05fe335622b0ad01808f99513c0a1709cf25731f26981ed4899

-- table auth.users
ALTER TABLE auth.users DROP COLUMN keycloak_id;
