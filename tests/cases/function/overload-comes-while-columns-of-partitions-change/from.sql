create function f(a bigint) returns int language sql immutable as 'select 1';
create table p (k int, i int, check (f(i) > 0)) partition by range (k);
create table p1 partition of p for values from (0) to (10);
create index p_i on p (f(i)) where f(i) > 0;
create table h (k int, i int, g int generated always as (f(i) + 1) stored);
create table hc (z int) inherits (h);
insert into p values (1, 1); insert into h values (1, 1); insert into hc values (1, 1, default, 1);
