create table p(x int, a int not null);
create table k(y int, a int) inherits (p);
