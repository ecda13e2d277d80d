create table m(a int not null, b int not null) partition by list (a);
create table m1 (a int not null, b int not null) partition by list (b);
create table m11 partition of m1 for values in (1);
create table m12 (a int constraint own not null, b int not null);
alter table m1 attach partition m12 for values in (2);
