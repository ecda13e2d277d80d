create type r as enum ('a','b');
create table t (id int, r r);
