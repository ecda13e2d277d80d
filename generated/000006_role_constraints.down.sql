-- schemactl:description rename unique registry.roles.roles_role_code_key to unique_role_code, drop unique registry.roles.roles_role_name_key, add unique registry.roles.unique_role_name_status
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:sha256 480e2d491bd2501c0106cf3e2e97239c2c002e062be0ed2334cf9cf511ae8ab7

-- table registry.roles
ALTER TABLE registry.roles
    DROP CONSTRAINT unique_role_name_status,
    ADD CONSTRAINT roles_role_name_key UNIQUE (role_name);

ALTER TABLE registry.roles RENAME CONSTRAINT unique_role_code TO roles_role_code_key;
