CREATE SCHEMA s_b;
CREATE TYPE s_b.t_b AS (x integer);
CREATE FUNCTION s_b.fb(s_b.t_b) RETURNS integer LANGUAGE sql AS 'select 1';
CREATE PROCEDURE s_b.pb(integer, s_b.t_b[]) LANGUAGE sql AS 'select 1';
