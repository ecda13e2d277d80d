CREATE VIEW v AS SELECT 'b'::text AS b, 1 AS n, 'a'::text AS a;
CREATE TABLE k (id integer, x v, y v[], z v, CHECK ((x).a = 'A'), CHECK ((y[1]).b = 'B'), CHECK (z IS DISTINCT FROM NULL OR id = 1));
