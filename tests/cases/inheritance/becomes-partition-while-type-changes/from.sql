create table t (a int not null, d date not null); create table c () inherits (t);
