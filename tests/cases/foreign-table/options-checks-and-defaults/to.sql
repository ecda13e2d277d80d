CREATE EXTENSION postgres_fdw;
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h2', port '5433');
CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'u2');
CREATE USER MAPPING FOR case_reader SERVER far OPTIONS (user 'reader');
CREATE FOREIGN TABLE away (id bigint OPTIONS (column_name 'number') NOT NULL, name varchar(10), extra text COLLATE "C", CONSTRAINT named CHECK (name <> 'y') NOT VALID) SERVER far OPTIONS (table_name 'away2');
COMMENT ON COLUMN away.id IS 'its number';
CREATE TABLE base (id integer, at date, more text);
CREATE FOREIGN TABLE away_child () INHERITS (base) SERVER far;
GRANT SELECT (id) ON away TO case_reader;
