-- schemactl:description add enum auth.notification_preference, add column auth.users.notification_preference
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:hazard data-loss drop-column column auth.users.notification_preference: the column and its values are dropped
-- schemactl:proven up and down on PostgreSQL 15.18, 5 of 5 tables seeded
-- schemactl:sha256 c6e6590b3359227417dd5e16e460f71ae0a454cac4c7054130923eec9073440d

-- table auth.users
ALTER TABLE auth.users DROP COLUMN notification_preference;

-- enum auth.notification_preference
DROP TYPE auth.notification_preference;
