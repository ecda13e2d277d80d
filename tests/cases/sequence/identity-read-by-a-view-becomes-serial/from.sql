create table a (id bigint generated always as identity primary key);
create view v as select last_value from a_id_seq;
create view w as select id from a;
insert into a default values;
