create table c (a int, b text) partition by list (a); create table t (id int, x c[], check (id <> 1 or x is not null)); create index on t (id); create view v as select x[1] y from t;
