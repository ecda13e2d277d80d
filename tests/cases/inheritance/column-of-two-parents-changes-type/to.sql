create table p1 (x bigint); create table p2 (x bigint); create table c () inherits (p1, p2);
