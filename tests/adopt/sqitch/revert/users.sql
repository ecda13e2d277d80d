-- Revert shop:users from pg

BEGIN;

ALTER TABLE users DROP COLUMN IF EXISTS name;

COMMIT;
