create table p(aa int not null, b int primary key);
create table k(x int, not null aa) inherits (p);
