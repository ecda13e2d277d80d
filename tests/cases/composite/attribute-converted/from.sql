create type s as (a int, b int); create table t (id int, a s); insert into t values (1, row(1,2));
