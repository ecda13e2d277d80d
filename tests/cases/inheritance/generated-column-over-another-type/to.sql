create table pi (a bigint, g int generated always as (a) stored);
create table lab (b text) inherits (pi);
