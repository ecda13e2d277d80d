-- schemactl:description rename unique registry.roles.roles_role_code_key to unique_role_code, drop unique registry.roles.roles_role_name_key, add unique registry.roles.unique_role_name_status
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:parent c5e1ff9efcc3ef95f3f4c23bd2cfe3348927c93784b3674c18d8fe06a025cf95
-- schemactl:sha256 e75a5d3c2f40ea0afc060f172fe4b5e9a3004074bd45bbc0b052b18336e9f717

-- table registry.roles
ALTER TABLE registry.roles RENAME CONSTRAINT roles_role_code_key TO unique_role_code;

ALTER TABLE registry.roles
    DROP CONSTRAINT roles_role_name_key,
    ADD CONSTRAINT unique_role_name_status UNIQUE (role_name, status);
