-- schemactl:description add role platform_app, add role platform_reporting
-- schemactl:author Platform team
-- schemactl:hazard authorization role-attributes role platform_app: the role platform_app gets LOGIN
-- schemactl:hazard authorization role-attributes role platform_reporting: the role platform_reporting gets LOGIN
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:parent none
-- schemactl:sha256 199b96e96dd858322dd46a8d2cc4bcf3e5a853f0f8dcede9af353b86b4d74b67

-- role platform_app
DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'platform_app') THEN CREATE ROLE platform_app; END IF; END$$;

ALTER ROLE platform_app WITH LOGIN;

-- role platform_reporting
DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'platform_reporting') THEN CREATE ROLE platform_reporting; END IF; END$$;

ALTER ROLE platform_reporting WITH LOGIN;
