create table t (i int, p smallint[] not null default '{1,2,3}'); insert into t values (1);
