-- schemactl:description add role saas_user, add schema auth, add schema billing, add schema core, add schema registry, add sequence billing.contracts_id_seq and 28 more
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:hazard data-loss drop-table table registry.roles: the table and its rows are dropped
-- schemactl:hazard authorization revoke grant billing.contracts.saas_user: saas_user loses UPDATE on TABLE billing.contracts
-- schemactl:hazard authorization revoke grant billing.contracts.saas_user: saas_user loses SELECT on TABLE billing.contracts
-- schemactl:hazard authorization revoke grant billing.contracts.saas_user: saas_user loses INSERT on TABLE billing.contracts
-- schemactl:hazard authorization revoke grant billing.contracts.saas_user: saas_user loses DELETE on TABLE billing.contracts
-- schemactl:hazard data-loss drop-table table auth.users: the table and its rows are dropped
-- schemactl:hazard data-loss drop-table table billing.contracts: the table and its rows are dropped
-- schemactl:hazard data-loss drop-table table core.tenants: the table and its rows are dropped
-- schemactl:hazard data-loss drop-sequence sequence billing.contracts_id_seq: the sequence's position is lost
-- schemactl:hazard authorization default-privileges default-privileges registry.postgres: what objects made later are born with changes
-- schemactl:hazard authorization default-privileges default-privileges core.postgres: what objects made later are born with changes
-- schemactl:hazard authorization default-privileges default-privileges billing.postgres: what objects made later are born with changes
-- schemactl:hazard authorization default-privileges default-privileges auth.postgres: what objects made later are born with changes
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:sha256 5158463d39f00ae54de3f7bf70d43f33f00314328baac509d7719c62c18cd694

-- table registry.roles
DROP TABLE registry.roles;

-- table billing.contracts
REVOKE UPDATE, SELECT, INSERT, DELETE ON TABLE billing.contracts FROM saas_user;

-- table auth.users
DROP TABLE auth.users;

-- sequence billing.contracts_id_seq
ALTER SEQUENCE billing.contracts_id_seq OWNED BY NONE;

-- table billing.contracts
DROP TABLE billing.contracts;

-- table core.tenants
DROP TABLE core.tenants;

-- sequence billing.contracts_id_seq
DROP SEQUENCE billing.contracts_id_seq;

-- default-privileges registry.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA registry REVOKE UPDATE, SELECT, INSERT, DELETE ON TABLES FROM saas_user;

-- default-privileges registry.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA registry REVOKE USAGE, SELECT ON SEQUENCES FROM saas_user;

-- schema registry
DROP SCHEMA registry;

-- default-privileges core.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA core REVOKE UPDATE, SELECT, INSERT, DELETE ON TABLES FROM saas_user;

-- default-privileges core.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA core REVOKE USAGE, SELECT ON SEQUENCES FROM saas_user;

-- schema core
DROP SCHEMA core;

-- default-privileges billing.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA billing REVOKE UPDATE, SELECT, INSERT, DELETE ON TABLES FROM saas_user;

-- default-privileges billing.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA billing REVOKE USAGE, SELECT ON SEQUENCES FROM saas_user;

-- schema billing
DROP SCHEMA billing;

-- default-privileges auth.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA auth REVOKE UPDATE, SELECT, INSERT, DELETE ON TABLES FROM saas_user;

-- default-privileges auth.postgres
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA auth REVOKE USAGE, SELECT ON SEQUENCES FROM saas_user;

-- schema auth
DROP SCHEMA auth;
