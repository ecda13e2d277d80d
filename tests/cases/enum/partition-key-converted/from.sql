create type s as enum ('a','b','c'); create table t (a s not null) partition by list (a); create table t1 partition of t for values in ('a','b'); insert into t values ('b');
