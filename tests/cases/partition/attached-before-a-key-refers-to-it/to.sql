create table p(id int primary key) partition by range(id); create table n partition of p for values from (1) to (9); create table r(id int references p);
