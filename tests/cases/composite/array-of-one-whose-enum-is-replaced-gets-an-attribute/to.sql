create type e as enum ('z','a','b');
create type comp as (x e, y e[], w int);
create table t (id int, z comp, zz comp[]);
