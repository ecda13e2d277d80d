create type r as range (subtype = int4);
create table t (id int, r r not null);
