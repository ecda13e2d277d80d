create foreign data wrapper w;
create server s foreign data wrapper w;
create table p(a int not null);
create foreign table f() inherits (p) server s;
