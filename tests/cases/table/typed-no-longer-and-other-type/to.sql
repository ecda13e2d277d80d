create type ty as (a int, b text);
create table t2 (a bigint, b text);
