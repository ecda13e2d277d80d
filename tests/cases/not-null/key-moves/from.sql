create table p(a int primary key, b int);
create table k(x int) inherits (p);
create table g(primary key(a)) inherits (k);
