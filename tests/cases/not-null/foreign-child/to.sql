create foreign data wrapper w;
create server s foreign data wrapper w;
create table p(a int constraint pp not null);
create foreign table f(constraint ff not null a) inherits (p) server s;
