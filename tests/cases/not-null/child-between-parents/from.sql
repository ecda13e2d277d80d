create table p(a int not null);
create table q(a int constraint qq not null);
create table k(a int, x int) inherits (p);
