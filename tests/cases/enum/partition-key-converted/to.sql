create type s as enum ('a'); create table t (a s not null) partition by list (a); create table t1 partition of t for values in ('a');
