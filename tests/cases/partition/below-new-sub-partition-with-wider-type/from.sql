create table t (e int not null, ts int not null) partition by range (ts);
create table ti partition of t default;
insert into t values (1, 2);
