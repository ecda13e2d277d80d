create domain d1 as int check (value > 1);
create type comp as (x d1, y int, w int);
create table t (id int, zz comp[]);
