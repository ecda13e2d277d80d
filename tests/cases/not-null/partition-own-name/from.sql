create table m(a int not null) partition by list (a);
create table m1 partition of m for values in (1);
