create type s as enum ('a','b'); create table t (a s[] not null default '{a}');
