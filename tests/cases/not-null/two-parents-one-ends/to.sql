create table p(a int);
create table q(a int not null);
create table k() inherits (p,q);
