CREATE TABLE a (id int, v text NOT NULL); CREATE TABLE p () INHERITS (a);
