create table t (a int, b int, constraint y check (b > 0));
create table u (a int, b int, constraint y check (b > 0));
insert into t values (1, 1);
