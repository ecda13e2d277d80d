create table a (id int primary key); create table e (d int not null, f int, x int, constraint acc foreign key (f) references a) partition by list (d);
create table e1 (d int not null, f int, x int, constraint bcc foreign key (f) references a);
