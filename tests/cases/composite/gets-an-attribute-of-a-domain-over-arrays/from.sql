create domain d1 as text check (value <> '');
create domain d3 as d1[];
create type comp as (x d1, y int);
create table t (id int, zz comp[]);
insert into t values (1,  null);
