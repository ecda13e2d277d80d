create function f(a bigint, b int default 3) returns int language sql immutable as 'select 2';
create table t (i int, n text, check (f(i) > 0));
create view v as select f(i) as x, n from t;
create domain dm as int check (f(value) > 0);
create table q (d dm);
