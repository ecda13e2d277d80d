create table base (id integer default 1, kind text default 'b');
create table late (id integer, kind text default 'b', own integer default 7);
alter table late inherit base;
create table gains (id integer, kind text default 'b');
alter table gains inherit base;
insert into late values (1, 'x', 2);
