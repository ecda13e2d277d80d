create table m(a int not null, b int, c int, primary key (a,c)) partition by list (a);
create table m1 partition of m for values in (1);
create table m2(a int not null,b int,c int constraint cc not null);
alter table m attach partition m2 for values in (2);
