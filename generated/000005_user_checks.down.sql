-- schemactl:description add check auth.users.chk_email_format, add check auth.users.chk_user_status
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:sha256 d16d182c790581d82606bafa9e323a79a65422ad298f44876d09b9ee7cadb803

-- table auth.users
ALTER TABLE auth.users
    DROP CONSTRAINT chk_user_status,
    DROP CONSTRAINT chk_email_format;
