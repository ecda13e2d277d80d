create table p(a int, constraint ni not null a no inherit);
create table k() inherits (p);
