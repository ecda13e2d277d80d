create domain d as smallint[]; create table t (i int, p d not null default '{1,2,3}');
