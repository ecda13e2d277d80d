create table m(a int not null, b int) partition by list (b);
create table m1 partition of m for values in (1);create table m2(a int constraint ff not null, b int);
alter table m attach partition m2 for values in (2);
