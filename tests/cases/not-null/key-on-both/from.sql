create table p(a int, b int);
create table k(x int) inherits (p);
