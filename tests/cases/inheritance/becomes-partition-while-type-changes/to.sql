create table t (a bigint not null, d date not null) partition by range (d); create table c partition of t for values from ('2026-01-01') to ('2026-02-01');
