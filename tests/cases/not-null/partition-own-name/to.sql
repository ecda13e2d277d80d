create table m(a int not null) partition by list (a);
create table m1(a int constraint own not null);
alter table m attach partition m1 for values in (1);
