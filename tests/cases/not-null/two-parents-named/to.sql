create table p(a int constraint pp not null);
create table q(a int constraint qq not null);
create table k() inherits (p,q);
