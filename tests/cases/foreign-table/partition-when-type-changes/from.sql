create extension postgres_fdw; create server s foreign data wrapper postgres_fdw;
create table e (o int, k text) partition by list (o); create table e1 partition of e for values in (1); create foreign table e2 partition of e for values in (2) server s;
