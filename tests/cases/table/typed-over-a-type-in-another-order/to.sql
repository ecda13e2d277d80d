create type ty as (b text, a int); create table t of ty (primary key(a)); create view v as select a from t;
