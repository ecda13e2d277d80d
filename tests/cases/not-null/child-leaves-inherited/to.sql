create table p(a int not null);
create table k(a int not null, x int);
