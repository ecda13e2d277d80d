create type r as (a text);
create table t (id int, r r);
