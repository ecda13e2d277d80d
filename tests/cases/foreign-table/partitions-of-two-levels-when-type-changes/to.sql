create extension postgres_fdw; create server s foreign data wrapper postgres_fdw;
create table e (o int, k int, n int, m text) partition by list (o); create table e1 partition of e for values in (1) partition by list (n); create foreign table e11 partition of e1 for values in (1) server s; create table e12 partition of e1 default; create foreign table e2 partition of e for values in (2) server s; insert into e values (1, '3', 2);
create view v as select k from e;
