create table p1 (x int); create table p2 (x int); create table c () inherits (p1, p2);
