create table p(a int constraint ni not null no inherit);
create table k(x int, constraint own not null a) inherits (p);
