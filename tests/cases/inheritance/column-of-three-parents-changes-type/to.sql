create table p1 (x bigint, a int); create table p2 (x bigint, y int); create table p3 (x bigint); create table c (z int) inherits (p1, p2, p3); insert into c values (1,2,3,4);
