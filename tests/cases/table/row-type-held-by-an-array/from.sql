create table k (a int, b int);
create table h (rs k[]);
insert into k values (1,2); insert into h values (array[row(1,2)::k]);
