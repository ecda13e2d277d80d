create table t (id int generated always as identity, d date) partition by range (d);
create table t1 partition of t for values from ('2024-01-01') to ('2025-01-01');
