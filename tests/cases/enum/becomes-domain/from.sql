create type r as enum ('a','b');
create table t (id int, r r not null);
insert into t values (1,'a');
