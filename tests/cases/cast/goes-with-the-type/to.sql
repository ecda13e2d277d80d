create table r (h integer);
