CREATE SCHEMA app;
CREATE TABLE app.event (id int);
