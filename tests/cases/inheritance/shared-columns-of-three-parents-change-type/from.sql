create table p1 (x int, y int); create table p2 (x int, y int); create table p3 (y int); create table c (z int) inherits (p1, p2, p3); insert into c values (1,2,3); create view v as select x from c;
