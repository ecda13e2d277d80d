create table p(a int not null, b int not null);
create table k(x int) inherits (p);
