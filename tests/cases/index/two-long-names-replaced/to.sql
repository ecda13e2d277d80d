create table t (id bigint primary key, a int, b int);
create index ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt_i1 on t (a, b);
create index ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttti12 on t (b, a);
