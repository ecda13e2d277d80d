create table t (i int, p text[]); insert into t values (1, '{a}');
