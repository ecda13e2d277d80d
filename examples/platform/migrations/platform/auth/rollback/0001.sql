-- schemactl:description add schema auth, add table auth.users
-- schemactl:author Platform team
-- schemactl:hazard data-loss drop-table table auth.users: the table and its rows are dropped
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:sha256 70a4a0a406c486035ac76bebe69001d784e57373e84c355f1239abbcdec76fd2

-- table auth.users
DROP TABLE auth.users;

-- schema auth
DROP SCHEMA auth;
