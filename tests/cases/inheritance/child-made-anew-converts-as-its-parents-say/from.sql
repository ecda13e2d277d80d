CREATE TABLE p (a text, n int); CREATE TABLE q (b text); CREATE TABLE c (z text) INHERITS (p, q); INSERT INTO c VALUES ('one',2,'three','four');
