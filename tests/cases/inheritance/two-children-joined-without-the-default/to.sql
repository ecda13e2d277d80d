create table kept (a integer);
create table base (id integer default 1);
create table late (id integer, own text);
alter table late inherit base;
create table later (own integer default 2, id integer not null);
alter table later inherit base;
