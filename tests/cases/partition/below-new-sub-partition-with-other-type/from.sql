create table t (e int not null, ts bigint not null) partition by range (ts);
create table ti partition of t default;
