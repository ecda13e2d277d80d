CREATE TABLE q (b int); CREATE TABLE p (a int, n bigint); CREATE TABLE c (z int) INHERITS (q, p);
