create type ty as (a int, b text); create table t of ty (primary key(a)); insert into t values (1,'x'); create view v as select a from t;
