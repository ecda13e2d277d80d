create table base (n varchar(80));
create table leaf (l int, n varchar(80) not null) inherits (base);
