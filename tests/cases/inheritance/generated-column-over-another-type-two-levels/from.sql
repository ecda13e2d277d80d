create table pi(a int, g int generated always as (a) stored); create table lab(b text) inherits (pi); create table lab2(c text) inherits (lab); insert into lab2(a) values (1);
