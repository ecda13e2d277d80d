create table p1 (x int); create table p2 (y int); create table c (z int) inherits (p1); create table d () inherits (p1, p2);
