create schema s;
create table s.i (a int, b int generated always as (a+1) stored); create table s.i2 (b int generated always as (a+3) stored, f int) inherits (s.i); insert into s.i2 (a) values (1);
