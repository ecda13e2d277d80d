create type s as enum ('a','b','c'); create table t (a s not null default 'a'); insert into t values ('c');
