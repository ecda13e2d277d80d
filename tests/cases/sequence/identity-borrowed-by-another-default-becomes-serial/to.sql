create table a (id bigserial primary key);
create table b (id bigint not null default nextval('a_id_seq'::regclass), c bigint not null default nextval(pg_get_serial_sequence('public.a','id')), primary key (id));
