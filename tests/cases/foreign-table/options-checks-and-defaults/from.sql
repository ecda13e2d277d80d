CREATE EXTENSION postgres_fdw;
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h', dbname 'd');
CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'u');
CREATE FOREIGN TABLE away (id integer OPTIONS (column_name 'ident'), name text DEFAULT 'x', CONSTRAINT named CHECK (name <> '')) SERVER far OPTIONS (table_name 'away', updatable 'false');
CREATE TABLE base (id integer, at date);
CREATE FOREIGN TABLE away_child () INHERITS (base) SERVER far;
GRANT SELECT ON away TO case_reader;
