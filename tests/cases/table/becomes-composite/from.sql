create table c (a int, b text); create table t (id int, x c); insert into t values (1, row(1,'a'));
