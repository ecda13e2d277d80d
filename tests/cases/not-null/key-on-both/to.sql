create table p(a int primary key, b int);
create table k(x int, primary key (a)) inherits (p);
