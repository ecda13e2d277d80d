create table t (a int, b int) partition by range (a); alter table t add constraint w unique (a, b); create table p partition of t default; insert into t values (1, 2);
