-- schemactl:description give the roles names that people read
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:parent 077d68decac2ea684082381af82c2f6d8e4ecfb75779d872d00eeea637515a0d
-- schemactl:sha256 53437239db4714c9415a537b74404966b44a59a0be5f252f54caf378092215ce
-- schemactl:proven up and down on PostgreSQL 15.18

-- schemactl:verify SELECT count(*) = 3 FROM registry.roles WHERE role_code IN ('ADMIN', 'CLERK', 'USER')

-- People read these names: no more abbreviations.
UPDATE registry.roles
   SET role_name = CASE role_code
                       WHEN 'ADMIN' THEN 'Platform administrator'
                       WHEN 'CLERK' THEN 'Compliance officer'
                       WHEN 'USER' THEN 'Customer'
                   END
 WHERE role_code IN ('ADMIN', 'CLERK', 'USER');

-- schemactl:verify SELECT NOT EXISTS (
-- schemactl:+   SELECT FROM registry.roles WHERE role_name IN ('admin', 'clerk', 'user'))
-- schemactl:report SELECT role_code, role_name FROM registry.roles ORDER BY role_code
