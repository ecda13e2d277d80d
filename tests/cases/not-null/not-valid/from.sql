create table p(a int);
create table k(x int) inherits (p);
