-- schemactl:description alter enum auth.notification_preference, alter column billing.invoices.amount, alter column billing.invoices.status, alter check auth.users.chk_user_status
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:hazard data-loss narrow-type column billing.invoices.amount: values of numeric(15,2) that do not fit numeric(12,2) are refused or cut
-- schemactl:proven up and down on PostgreSQL 15.18, 6 of 6 tables seeded
-- schemactl:group 668e8a2d 1/2
-- schemactl:sha256 771291df38634e07a5f6626b2b78af86a07f55f947383f76141afcf48675ca86

-- enum auth.notification_preference
CREATE TYPE auth.notification_preference AS ENUM ('email', 'sms', 'none');

COMMENT ON TYPE auth.notification_preference IS 'How a person wants to hear from us';

-- table auth.users
ALTER TABLE auth.users
    ALTER COLUMN notification_preference TYPE auth.notification_preference USING notification_preference::text::auth.notification_preference,
    ALTER COLUMN notification_preference SET DEFAULT 'email'::auth.notification_preference,
    ADD CONSTRAINT chk_user_status CHECK (((status)::text = ANY (ARRAY['active'::character varying, 'inactive'::character varying, 'suspended'::character varying])));

-- table billing.invoices
ALTER TABLE billing.invoices
    ALTER COLUMN amount TYPE numeric(12,2),
    ALTER COLUMN status DROP NOT NULL;

-- enum auth.notification_preference
DROP TYPE auth.notification_preference_old;
