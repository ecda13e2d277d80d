create domain d as text[] check (cardinality(value) < 5); create table t (i int, p d);
