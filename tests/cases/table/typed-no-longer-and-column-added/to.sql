create type ty as (a int, b text);
create table t2 (a int, b text, c int);
