create table p(x int, a int not null);
create table k(y int, constraint kk not null a) inherits (p);
