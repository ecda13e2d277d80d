create table t (a int, d date not null); create table c () inherits (t);
