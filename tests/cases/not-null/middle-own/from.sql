create table p(a int not null);
create table k() inherits (p);
create table g() inherits (k);
