create table pi (a int, g int generated always as (a) stored);
create table lab (b text) inherits (pi);
