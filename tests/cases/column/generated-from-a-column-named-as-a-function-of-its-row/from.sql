CREATE TABLE j (total integer);
