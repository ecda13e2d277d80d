create table t(a int constraint u_a_not_null not null);
create table u(a int not null);
