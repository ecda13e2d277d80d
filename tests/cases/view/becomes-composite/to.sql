create type c as (a int, b text); create table t (id int, x c, check (id <> 1 or x is not null));
