create table c (a int, b int) partition by list (a); create table t (id int, x c); insert into t values (1, row(1,2));
