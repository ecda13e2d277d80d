create table p(id int, s text) partition by list(s); create table pn partition of p for values in (null,'a'); create table pd partition of p default;
