create type d as enum ('a','b'); create table t (a d not null); insert into t values ('a');
