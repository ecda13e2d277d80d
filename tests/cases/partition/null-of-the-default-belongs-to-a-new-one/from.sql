create table p(id int, s text) partition by list(s); create table pd partition of p default; insert into p values (1,null),(2,'a'),(3,'b');
