create table m(a int not null, b int) partition by list (b);
create table m3 partition of m for values in (1);
create table m4(a int not null, b int);
alter table m attach partition m4 for values in (2);
