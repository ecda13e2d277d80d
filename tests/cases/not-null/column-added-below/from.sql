create table p(x int);
create table k(y int) inherits (p);
