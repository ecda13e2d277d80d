create table m(a int not null, b text constraint bt not null) partition by list (a);
create table m1 partition of m for values in (1);
create table m2 (a int not null, b text not null);
alter table m attach partition m2 for values in (2);
insert into m values (1,1),(2,2);
