create table a (id bigint generated always as identity primary key);
create table b (id bigint not null default nextval(pg_get_serial_sequence('public.a','id')), primary key (id));
insert into a default values; insert into b default values;
