create table p(a int not null);
create table k(x int, constraint own not null a) inherits (p);
