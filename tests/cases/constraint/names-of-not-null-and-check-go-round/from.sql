create table t (a int constraint x not null, b int constraint y not null, constraint z check (b > 0));
insert into t values (1, 1);
