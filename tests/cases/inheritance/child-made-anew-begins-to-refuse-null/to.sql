CREATE TABLE p (a text); CREATE TABLE q (b text); CREATE TABLE c (z int, b text NOT NULL) INHERITS (q);
