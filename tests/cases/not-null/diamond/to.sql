create table p(a int constraint pn not null);
create table k(constraint kn not null a) inherits (p);
create table l() inherits (p);
create table g() inherits (k,l);
