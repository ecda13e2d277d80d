create type ty as (a int, b text);
create table t2 of ty;
