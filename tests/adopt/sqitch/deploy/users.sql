-- Deploy shop:users to pg

BEGIN;

ALTER TABLE users ADD COLUMN IF NOT EXISTS name text;

COMMIT;
