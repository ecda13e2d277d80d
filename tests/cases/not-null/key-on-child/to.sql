create table p(a int not null);
create table k(x int, primary key (a)) inherits (p);
