create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table f (a integer, b text, e integer) server s;
create table plain (c integer) inherits (f);
create foreign table g (d integer, d2 text) inherits (f) server s;
create foreign table h () inherits (f) server s;
