CREATE TABLE p (a text); CREATE TABLE q (b text); CREATE TABLE c (z int) INHERITS (p, q); INSERT INTO c VALUES ('a',NULL,3);
