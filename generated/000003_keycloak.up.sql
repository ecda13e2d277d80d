-- schemactl:description add column auth.users.keycloak_id, add index auth.users.idx_users_keycloak_id
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:group 7fa997d5 1/2
-- schemactl:parent d7eb39e69071f782a3d0218921d56e46805c06c3e774a24e9639cfe6afbe3ed6
-- schemactl:sha256 9572bacce56f9d37e5b3cb8d35ef874827197235be55736d47f0abbef71fecdf

-- table auth.users
ALTER TABLE auth.users ADD COLUMN keycloak_id character varying(255);
