create table base (n text not null);
create table mid (m int) inherits (base);
create table leaf (l int, n text not null) inherits (mid);
insert into leaf (n) values ('a');
