CREATE TABLE t (id integer, b point, p circle, c integer, n "char", bits integer);
