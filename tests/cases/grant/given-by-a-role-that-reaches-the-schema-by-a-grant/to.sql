CREATE TABLE public.t (a integer);
CREATE SCHEMA zoo;
CREATE TABLE zoo.animal (id integer, name text);
GRANT USAGE ON SCHEMA zoo TO case_writer;
GRANT INSERT, UPDATE (name) ON zoo.animal TO case_writer WITH GRANT OPTION;
SET ROLE case_writer;
GRANT INSERT, UPDATE (name) ON zoo.animal TO case_reader;
RESET ROLE;
