create table p(id int primary key) partition by range(id); create table n(id int primary key); insert into n values (5); create table r(id int); insert into r values (5);
