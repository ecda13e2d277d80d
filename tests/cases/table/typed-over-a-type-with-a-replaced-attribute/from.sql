create type st as enum ('a','b','c');
create type ty as (id int, s st);
create table t of ty;
