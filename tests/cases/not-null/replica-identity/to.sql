create table p(a int constraint pn not null, b int);
create table k(constraint kn not null a, not null b) inherits (p);
create unique index i on k(a);
alter table k replica identity using index i;
