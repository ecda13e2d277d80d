create type ty as (a int, b text); create type tz as (a bigint, b text, c date); create table t of tz (primary key (a));
