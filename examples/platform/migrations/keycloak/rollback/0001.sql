-- schemactl:description add role platform_keycloak, add role platform_reporting, add schema keycloak, add extension pgcrypto, add extension uuid-ossp, add table keycloak.realms
-- schemactl:author Platform team
-- schemactl:hazard data-loss drop-table table keycloak.realms: the table and its rows are dropped
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:sha256 ae72614b1863b98fdc78359e2ad075afba67a6082933ee8673478ea88aa7d161

-- table keycloak.realms
DROP TABLE keycloak.realms;

-- extension uuid-ossp
DROP EXTENSION "uuid-ossp";

-- extension pgcrypto
DROP EXTENSION pgcrypto;

-- schema keycloak
DROP SCHEMA keycloak;
