create table t (a int); create table k (i int);
