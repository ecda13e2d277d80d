CREATE TABLE base (id integer, body text DEFAULT 'none');
CREATE TABLE special () INHERITS (base);
-- Carried down to the child.
ALTER TABLE base ALTER COLUMN body SET STORAGE EXTERNAL;
COMMENT ON TABLE base IS 'BASE';
