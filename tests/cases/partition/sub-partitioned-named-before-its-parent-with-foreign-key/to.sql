CREATE SCHEMA z;
create schema a;
create table a.r (id int primary key);
create table a.t (id int, v int, w text default 'q') partition by list (id);
create table a.b partition of a.t for values in (2) partition by list (id);
create table a.aa partition of a.b default;
alter table a.t add constraint fk foreign key (v) references a.r;
