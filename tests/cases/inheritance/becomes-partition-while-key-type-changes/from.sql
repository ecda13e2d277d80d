create table t (a int not null, d timestamp not null); create table c () inherits (t);
