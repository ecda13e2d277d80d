create table p(a int not null, b int not null);
create table k() inherits (p);
create unique index i on k(a);
alter table k replica identity using index i;
