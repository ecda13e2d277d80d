CREATE TABLE item (a money, b money, r int4multirange);
