create table p(id int not null, at date not null, v text) partition by range(at);create table pd partition of p default; insert into p values (1,'2024-01-02','a');
