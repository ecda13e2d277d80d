create type ty as (a bigint, b text);
create table t2 (a bigint, b text);
