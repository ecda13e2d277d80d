create table p(a int);
create table k(x int) inherits (p);
alter table k add constraint nv not null a not valid;
