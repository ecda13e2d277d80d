create table p(a int not null);
create table k() inherits (p);
create table g(constraint gg not null a) inherits (k);
