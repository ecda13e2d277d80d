CREATE TABLE item (id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME item_numbers START 10 INCREMENT 5), name text, body text COMPRESSION pglz) WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE item ALTER COLUMN name SET STORAGE EXTERNAL;
ALTER TABLE item ALTER COLUMN name SET STATISTICS 50;
ALTER TABLE item ALTER COLUMN name SET (n_distinct = -0.5);
ALTER TABLE item REPLICA IDENTITY FULL;
CREATE UNLOGGED TABLE quick (id integer);
