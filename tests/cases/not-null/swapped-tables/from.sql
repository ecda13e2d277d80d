create table t(a int not null);
create table u(a int not null, b int);
