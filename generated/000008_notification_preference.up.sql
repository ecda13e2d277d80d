-- schemactl:description add enum auth.notification_preference, add column auth.users.notification_preference
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 5 of 5 tables seeded
-- schemactl:parent 97948cdab404896871723089592550f57881833c8dda9e1610b81208c6326e3f
-- schemactl:sha256 f405a30713647c979d3c0478e2b05d3b3f3fac0e550f75f00aec3e3e58aaaf5d

-- enum auth.notification_preference
CREATE TYPE auth.notification_preference AS ENUM ('email', 'sms', 'none');

COMMENT ON TYPE auth.notification_preference IS 'How a person wants to hear from us';

-- table auth.users
ALTER TABLE auth.users ADD COLUMN notification_preference auth.notification_preference NOT NULL DEFAULT 'email';
