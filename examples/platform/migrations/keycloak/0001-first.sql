-- schemactl:description add role platform_keycloak, add role platform_reporting, add schema keycloak, add extension pgcrypto, add extension uuid-ossp, add table keycloak.realms
-- schemactl:author Platform team
-- schemactl:hazard authorization role-attributes role platform_keycloak: the role platform_keycloak gets LOGIN
-- schemactl:hazard authorization role-attributes role platform_reporting: the role platform_reporting gets LOGIN
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:parent none
-- schemactl:sha256 ae21140712290b8595671bd9a42b8e83c15a63d54ed2ac0d34725395b7d9ef79

-- role platform_keycloak
DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'platform_keycloak') THEN CREATE ROLE platform_keycloak; END IF; END$$;

ALTER ROLE platform_keycloak WITH LOGIN;

-- role platform_reporting
DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'platform_reporting') THEN CREATE ROLE platform_reporting; END IF; END$$;

ALTER ROLE platform_reporting WITH LOGIN;

-- schema keycloak
CREATE SCHEMA keycloak;

-- extension pgcrypto
CREATE EXTENSION pgcrypto SCHEMA keycloak;

-- extension uuid-ossp
CREATE EXTENSION "uuid-ossp" SCHEMA keycloak;

-- table keycloak.realms
CREATE TABLE keycloak.realms (
    id uuid NOT NULL DEFAULT keycloak.uuid_generate_v4(),
    name text NOT NULL,
    CONSTRAINT realms_pkey PRIMARY KEY (id),
    CONSTRAINT realms_name_key UNIQUE (name)
);

ALTER TABLE keycloak.realms OWNER TO platform_keycloak;

-- schema keycloak
ALTER SCHEMA keycloak OWNER TO platform_keycloak;
