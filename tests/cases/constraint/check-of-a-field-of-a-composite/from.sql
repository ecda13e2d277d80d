create type ct as (x int, y text);create table t(id int, c ct); insert into t values (1,row(1,'a'));
