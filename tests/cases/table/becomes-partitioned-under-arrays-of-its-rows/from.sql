create table c (a int, b text); create table t (id int, x c[]); create index on t (id); create view v as select x[1] y from t; insert into t values (1, array[row(1,'a')::c]);
