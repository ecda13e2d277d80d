create table p(a int constraint pp not null);
create table k(x int, constraint own not null a) inherits (p);
