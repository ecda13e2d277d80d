create table a (id bigserial primary key);
create view v as select last_value from a_id_seq;
create view w as select id from a;
