create function f(a bigint) returns int language sql immutable as 'select 1';
create function f(a numeric) returns int language sql immutable as 'select 2';
create table p (k int, i bigint, check (f(i) > 0)) partition by range (k);
create table p1 partition of p for values from (0) to (10);
create index p_i on p (f(i)) where f(i) > 0;
create table h (k int, i bigint, g int generated always as (f(i) + 1) stored);
create table hc (z int) inherits (h);
