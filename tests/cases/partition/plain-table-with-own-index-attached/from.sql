create table t (a int not null, d date not null); create table c (a int not null, d date not null); create index ci on c (a, d);
