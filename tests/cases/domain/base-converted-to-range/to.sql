create domain d as daterange; create table t (a d not null);
