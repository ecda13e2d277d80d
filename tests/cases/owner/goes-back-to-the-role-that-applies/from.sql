CREATE SCHEMA s AUTHORIZATION case_owner;
CREATE TABLE s.t (id serial PRIMARY KEY, a int);
ALTER TABLE s.t OWNER TO case_writer;
CREATE VIEW s.v AS SELECT * FROM s.t;
ALTER VIEW s.v OWNER TO case_owner;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';
ALTER FUNCTION f() OWNER TO case_owner;
GRANT SELECT ON s.t TO case_reader;
INSERT INTO s.t (a) VALUES (1);
