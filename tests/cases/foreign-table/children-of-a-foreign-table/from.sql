create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table f (a integer, b text) server s;
create table plain (c integer) inherits (f);
insert into plain values (1, 'x', 2);
create foreign table g (d integer) inherits (f) server s;
