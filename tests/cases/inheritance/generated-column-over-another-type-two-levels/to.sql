create table pi(a bigint, g bigint generated always as (a*2) stored); create table lab(b text) inherits (pi); create table lab2(c text) inherits (lab);
