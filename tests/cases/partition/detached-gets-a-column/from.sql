create schema s; create table s.p (id int, v text) partition by list (id); 
create table s.p2 partition of s.p for values in (2); insert into s.p2 (id,v) values (2,'x');
