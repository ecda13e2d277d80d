create table a (id bigserial primary key);
create table b (id bigint default nextval('a_id_seq'));
