create function f(v text, w text default 'x') returns bigint language sql immutable as 'select 1::bigint';
create table t (a text, g bigint generated always as (f(a)) stored);
