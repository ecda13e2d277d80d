CREATE SCHEMA s_a;
CREATE TYPE s_a.t_a AS (x integer);
CREATE FUNCTION s_a.fa(s_a.t_a) RETURNS integer LANGUAGE sql AS 'select 1';
CREATE PROCEDURE s_a.pa(integer, s_a.t_a[]) LANGUAGE sql AS 'select 1';
