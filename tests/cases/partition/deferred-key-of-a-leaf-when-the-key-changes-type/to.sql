create table m (n bigint not null, s bigint not null, primary key (n, s)) partition by list (n);
create table m1 partition of m for values in (1);
create table b (n bigint not null, s bigint not null, foreign key (n, s) references m (n, s) on delete cascade) partition by list (n);
create table b1 (n bigint not null, s bigint not null, constraint b1_fk foreign key (n, s) references m (n, s) on delete cascade deferrable initially deferred);
alter table b attach partition b1 for values in (1);
