create table a (id bigint generated always as identity primary key);
create table b (id bigint default nextval(pg_get_serial_sequence('public.a','id')));
