CREATE TABLE t (id integer, b box, p polygon, c "char", n integer, bits bit(8));
INSERT INTO t VALUES (1, '(1,1),(0,0)', '((0,0),(1,1),(1,0))', 'A', 66, B'00000101');
