create function f(a bigint) returns int language sql immutable as 'select 1';
create table t (i int, check (f(i) > 0));
create index t_i on t (f(i));
create table u (i int, g int generated always as (f(i)) stored);
create statistics st on (f(i)), (i + 1) from t;
insert into t values (1); insert into u values (1);
