create type ct as (n text, i int);
create table t (c ct, id int);
