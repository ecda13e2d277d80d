create function f(v text) returns int language sql immutable as 'select 1';
create table t (a text, g int generated always as (f(a)) stored);
