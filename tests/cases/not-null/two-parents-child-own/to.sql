create table p(a int not null);
create table q(a int not null);
create table k(constraint own not null a) inherits (p,q);
