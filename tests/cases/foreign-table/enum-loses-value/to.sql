create extension postgres_fdw; create server s foreign data wrapper postgres_fdw;
create type v as enum ('a');
create foreign table f (id int, v v) server s options (table_name 'x');
