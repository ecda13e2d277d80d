create schema s; create table s.p (id int, v text, w int) partition by list (id); 
create table s.p2 (id int, v text, w int); insert into s.p2 (id,v) values (2,'x');
