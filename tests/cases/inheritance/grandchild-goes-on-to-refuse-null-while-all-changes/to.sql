create table base (n varchar(80) default 'y');
create table mid (m bigint) inherits (base);
create table leaf (l int, n varchar(80) not null default 'leaf') inherits (mid);
