create type st as enum ('a','b');
create type ty as (id int, s st);
create table t of ty;
