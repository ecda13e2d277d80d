create table base (id integer default 1, kind text default 'b');
create table late (id integer, kind text, own integer);
alter table late inherit base;
create table gains (id integer default 1, kind text default 'b');
alter table gains inherit base;
create table newer (id integer, kind text default 'n', own integer);
alter table newer inherit base;
create table born () inherits (base);
alter table born alter id drop default;
