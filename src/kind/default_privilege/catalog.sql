-- Only where pg_default_acl holds something.
WITH lists AS (
    SELECT d.defaclrole, d.defaclnamespace, d.defaclobjtype, d.defaclacl,
           CASE WHEN d.defaclnamespace = 0 THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)
                END AS usual,
           CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                                WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END AS "on"
    FROM pg_default_acl d
), differences AS (
    SELECT l.*, x.grantee AS g, x.privilege_type, x.is_grantable AS grantable, true AS granted
    FROM lists l CROSS JOIN aclexplode(l.defaclacl) x
    WHERE NOT EXISTS (SELECT FROM aclexplode(l.usual) u
                      WHERE (u.grantee, u.privilege_type, u.is_grantable) = (x.grantee, x.privilege_type, x.is_grantable))
    UNION ALL
    SELECT l.*, u.grantee, u.privilege_type, false, false
    FROM lists l CROSS JOIN aclexplode(l.usual) u
    WHERE NOT EXISTS (SELECT FROM aclexplode(l.defaclacl) x WHERE (u.grantee, u.privilege_type) = (x.grantee, x.privilege_type))
), named AS (
    SELECT d.*, CASE WHEN d.g = 0 THEN 'public' ELSE pg_get_userbyid(d.g) END AS grantee FROM differences d
)
SELECT nullif(defaclnamespace, 0) AS schema, 0::oid AS oid, pg_get_userbyid(defaclrole) AS name,
       "on" || '/' || grantee || '/' || privilege_type AS signature,
       "on", grantee, privilege_type AS privilege, granted, grantable
FROM named
