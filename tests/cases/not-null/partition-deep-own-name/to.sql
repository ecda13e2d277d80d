create table m(a int not null, b int) partition by list (a);
create table m1 partition of m for values in (1) partition by list (b);
create table m11 (a int constraint leaf not null, b int);
alter table m1 attach partition m11 for values in (1);
