create table p1 (x int); create table p2 (y int); create table c (x int, y int, z int) inherits (p2); create table d (x int) inherits (p2);
