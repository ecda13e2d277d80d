create table m(a int, b int) partition by list (b);
create table m1 partition of m for values in (1);
alter table m add constraint nv not null a not valid;
