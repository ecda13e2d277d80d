create table p(a int);
create table k() inherits (p);
