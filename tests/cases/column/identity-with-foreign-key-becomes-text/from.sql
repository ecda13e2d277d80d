create table t (id int primary key generated always as identity);
create table c (t int references t);
