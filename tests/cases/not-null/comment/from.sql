create table t(a int not null);
create table p(a int not null);
create table k() inherits (p);
