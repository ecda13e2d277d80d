create type ty as (a int, b text);
create table t1 of ty (primary key (a));
create table t2 of ty;
create function f(t1) returns text language sql as 'select $1.b';
create view v as select f(t1) from t1;
