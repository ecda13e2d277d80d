create table p(a int not null);
create table k(x int, constraint mine not null a) inherits (p);
