create table base (n text not null);
create table leaf (l int, n text not null) inherits (base);
insert into leaf values ('a', 1);
