create table mm(a int not null, b int) partition by list (b);
create table m1 partition of mm for values in (1);
create table m2(a int not null, b int);
alter table mm attach partition m2 for values in (2);
