create table base (n text not null default 'x');
create table mid (m int not null) inherits (base);
create table leaf (l int, n text not null default 'leaf') inherits (mid);
