create table p(a int not null);
create table q(a int not null);
create table k() inherits (p,q);
