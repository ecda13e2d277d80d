create table t (e int not null, ts bigint not null) partition by hash (e);
create table t0 partition of t for values with (modulus 2, remainder 0) partition by range (ts);
create table ti partition of t0 default;
