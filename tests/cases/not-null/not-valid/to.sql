create table p(a int);
alter table p add constraint nv not null a not valid;
create table k(x int) inherits (p);
