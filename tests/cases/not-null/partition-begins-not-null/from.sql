create table m(a int, b int) partition by list (a);
create table m1 partition of m for values in (1) partition by list (b);
create table m11 partition of m1 for values in (1);
create table m2(a int, b int constraint own not null);
alter table m attach partition m2 for values in (2);
