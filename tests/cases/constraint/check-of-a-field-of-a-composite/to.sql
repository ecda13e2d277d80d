create type ct as (x int, y text);create table t(id int, c ct, check ((c).x > 0));
