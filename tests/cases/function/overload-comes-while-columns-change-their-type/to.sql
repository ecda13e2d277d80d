create function f(a bigint) returns int language sql immutable as 'select 1';
create function f(a numeric) returns int language sql immutable as 'select 2';
create table t (i bigint, check (f(i) > 0));
create index t_i on t (f(i));
create table u (i bigint, g int generated always as (f(i)) stored);
create statistics st on (f(i)), (i + 1) from t;
