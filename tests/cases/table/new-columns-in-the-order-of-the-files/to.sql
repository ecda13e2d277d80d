create table t (a int, z text, y int); create table k (i int, r t default row(1,'x',2));
