create function f(a int) returns int language sql immutable as 'select 1';
create table t (i int, n varchar(10), check (f(i) > 0));
create view v as select f(i) as x, n from t;
create domain dm as int check (f(value) > 0);
create table q (d dm);
insert into t values (1, 'a');
