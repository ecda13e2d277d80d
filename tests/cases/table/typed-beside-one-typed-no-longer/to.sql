create type ty as (a bigint, b text, c date);
create table t1 of ty (primary key (a), c default now());
create table t2 (a bigint, b text);
create function f(t1) returns text language sql as 'select $1.b';
create view v as select f(t1), c from t1;
