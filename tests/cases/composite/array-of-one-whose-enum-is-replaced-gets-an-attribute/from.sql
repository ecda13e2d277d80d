create type e as enum ('a','b','c');
create type comp as (x e, y e[]);
create table t (id int, z comp, zz comp[]);
insert into t values (1, row('a','{a}'), array[row('b','{b,a}')]::comp[]);
