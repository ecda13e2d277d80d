create domain d1 as text check (value <> '');
create domain d3 as d1[] check (cardinality(value) < 10);
create type comp as (x d1, y int, w d3);
create table t (id int, zz comp[]);
