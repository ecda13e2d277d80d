create table p(a int not null);
create table k(constraint kk not null a) inherits (p);
create table g() inherits (k);
