CREATE TABLE a (id int, v int); CREATE TABLE p () INHERITS (a);
