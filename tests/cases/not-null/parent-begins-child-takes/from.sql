create table p(a int);
create table k(x int, not null a) inherits (p);
