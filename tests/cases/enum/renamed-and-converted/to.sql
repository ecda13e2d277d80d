create type s2 as enum ('a','b'); create table t (a s2 not null default 'a');
