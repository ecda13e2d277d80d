CREATE VIEW v AS SELECT 'a'::text AS a, 'b'::text AS b, 'c'::text AS c;
CREATE TABLE k (id integer, x v, y v[], z v);
INSERT INTO k VALUES (1, ROW('A', 'B', 'C'), ARRAY[ROW('A', 'B', 'C')::v, NULL], NULL), (2, NULL, '{}', ROW(NULL, NULL, NULL));
