create domain d1 as int check (value > 0);
create type comp as (x d1, y int);
create table t (id int, zz comp[]);
insert into t values (1,  null);
