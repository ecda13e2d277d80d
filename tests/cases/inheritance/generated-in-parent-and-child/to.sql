create schema s;
create table s.i (a int, b int ); create table s.i2 (b int , f int) inherits (s.i); insert into s.i2 (a) values (1);
