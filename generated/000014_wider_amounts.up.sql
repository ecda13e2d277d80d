-- schemactl:description alter enum auth.notification_preference, alter column billing.invoices.amount, alter column billing.invoices.status, alter check auth.users.chk_user_status
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 6 of 6 tables seeded
-- schemactl:group 668e8a2d 1/2
-- schemactl:parent 1a94872bfc2c62626b4dd890f8bc697782552b95fe57e34a1c770c86644a3afe
-- schemactl:sha256 9975b1911a42dc40d76096ac9e9fc0a3ca5dfff826c6b47f8af6ae3706c42e2e

-- table auth.users
ALTER TABLE auth.users DROP CONSTRAINT chk_user_status;

-- enum auth.notification_preference
ALTER TYPE auth.notification_preference ADD VALUE 'push' AFTER 'sms';
