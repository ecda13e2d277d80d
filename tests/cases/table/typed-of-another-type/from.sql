create type ty as (a int, b text); create type tz as (a bigint, b text, c date); create table t of ty (primary key (a)); insert into t values (1,'x');
