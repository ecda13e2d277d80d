SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA sqitch;
COMMENT ON SCHEMA sqitch IS 'Sqitch database deployment metadata v1.1.';
CREATE TABLE public.orders (
    id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.users (
    id bigint NOT NULL,
    email text NOT NULL,
    name text
);
ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE sqitch.changes (
    change_id text NOT NULL,
    script_hash text,
    change text NOT NULL,
    project text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    committer_name text NOT NULL,
    committer_email text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    planner_name text NOT NULL,
    planner_email text NOT NULL
);
COMMENT ON TABLE sqitch.changes IS 'Tracks the changes currently deployed to the database.';
COMMENT ON COLUMN sqitch.changes.change_id IS 'Change primary key.';
COMMENT ON COLUMN sqitch.changes.script_hash IS 'Deploy script SHA-1 hash.';
COMMENT ON COLUMN sqitch.changes.change IS 'Name of a deployed change.';
COMMENT ON COLUMN sqitch.changes.project IS 'Name of the Sqitch project to which the change belongs.';
COMMENT ON COLUMN sqitch.changes.note IS 'Description of the change.';
COMMENT ON COLUMN sqitch.changes.committed_at IS 'Date the change was deployed.';
COMMENT ON COLUMN sqitch.changes.committer_name IS 'Name of the user who deployed the change.';
COMMENT ON COLUMN sqitch.changes.committer_email IS 'Email address of the user who deployed the change.';
COMMENT ON COLUMN sqitch.changes.planned_at IS 'Date the change was added to the plan.';
COMMENT ON COLUMN sqitch.changes.planner_name IS 'Name of the user who planed the change.';
COMMENT ON COLUMN sqitch.changes.planner_email IS 'Email address of the user who planned the change.';
CREATE TABLE sqitch.dependencies (
    change_id text NOT NULL,
    type text NOT NULL,
    dependency text NOT NULL,
    dependency_id text,
    CONSTRAINT dependencies_check CHECK ((((type = 'require'::text) AND (dependency_id IS NOT NULL)) OR ((type = 'conflict'::text) AND (dependency_id IS NULL))))
);
COMMENT ON TABLE sqitch.dependencies IS 'Tracks the currently satisfied dependencies.';
COMMENT ON COLUMN sqitch.dependencies.change_id IS 'ID of the depending change.';
COMMENT ON COLUMN sqitch.dependencies.type IS 'Type of dependency.';
COMMENT ON COLUMN sqitch.dependencies.dependency IS 'Dependency name.';
COMMENT ON COLUMN sqitch.dependencies.dependency_id IS 'Change ID the dependency resolves to.';
CREATE TABLE sqitch.events (
    event text NOT NULL,
    change_id text NOT NULL,
    change text NOT NULL,
    project text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    requires text[] DEFAULT '{}'::text[] NOT NULL,
    conflicts text[] DEFAULT '{}'::text[] NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    committer_name text NOT NULL,
    committer_email text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    planner_name text NOT NULL,
    planner_email text NOT NULL,
    CONSTRAINT events_event_check CHECK ((event = ANY (ARRAY['deploy'::text, 'revert'::text, 'fail'::text, 'merge'::text])))
);
COMMENT ON TABLE sqitch.events IS 'Contains full history of all deployment events.';
COMMENT ON COLUMN sqitch.events.event IS 'Type of event.';
COMMENT ON COLUMN sqitch.events.change_id IS 'Change ID.';
COMMENT ON COLUMN sqitch.events.change IS 'Change name.';
COMMENT ON COLUMN sqitch.events.project IS 'Name of the Sqitch project to which the change belongs.';
COMMENT ON COLUMN sqitch.events.note IS 'Description of the change.';
COMMENT ON COLUMN sqitch.events.requires IS 'Array of the names of required changes.';
COMMENT ON COLUMN sqitch.events.conflicts IS 'Array of the names of conflicting changes.';
COMMENT ON COLUMN sqitch.events.tags IS 'Tags associated with the change.';
COMMENT ON COLUMN sqitch.events.committed_at IS 'Date the event was committed.';
COMMENT ON COLUMN sqitch.events.committer_name IS 'Name of the user who committed the event.';
COMMENT ON COLUMN sqitch.events.committer_email IS 'Email address of the user who committed the event.';
COMMENT ON COLUMN sqitch.events.planned_at IS 'Date the event was added to the plan.';
COMMENT ON COLUMN sqitch.events.planner_name IS 'Name of the user who planed the change.';
COMMENT ON COLUMN sqitch.events.planner_email IS 'Email address of the user who plan planned the change.';
CREATE TABLE sqitch.projects (
    project text NOT NULL,
    uri text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    creator_name text NOT NULL,
    creator_email text NOT NULL
);
COMMENT ON TABLE sqitch.projects IS 'Sqitch projects deployed to this database.';
COMMENT ON COLUMN sqitch.projects.project IS 'Unique Name of a project.';
COMMENT ON COLUMN sqitch.projects.uri IS 'Optional project URI';
COMMENT ON COLUMN sqitch.projects.created_at IS 'Date the project was added to the database.';
COMMENT ON COLUMN sqitch.projects.creator_name IS 'Name of the user who added the project.';
COMMENT ON COLUMN sqitch.projects.creator_email IS 'Email address of the user who added the project.';
CREATE TABLE sqitch.releases (
    version real NOT NULL,
    installed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    installer_name text NOT NULL,
    installer_email text NOT NULL
);
COMMENT ON TABLE sqitch.releases IS 'Sqitch registry releases.';
COMMENT ON COLUMN sqitch.releases.version IS 'Version of the Sqitch registry.';
COMMENT ON COLUMN sqitch.releases.installed_at IS 'Date the registry release was installed.';
COMMENT ON COLUMN sqitch.releases.installer_name IS 'Name of the user who installed the registry release.';
COMMENT ON COLUMN sqitch.releases.installer_email IS 'Email address of the user who installed the registry release.';
CREATE TABLE sqitch.tags (
    tag_id text NOT NULL,
    tag text NOT NULL,
    project text NOT NULL,
    change_id text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    committer_name text NOT NULL,
    committer_email text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    planner_name text NOT NULL,
    planner_email text NOT NULL
);
COMMENT ON TABLE sqitch.tags IS 'Tracks the tags currently applied to the database.';
COMMENT ON COLUMN sqitch.tags.tag_id IS 'Tag primary key.';
COMMENT ON COLUMN sqitch.tags.tag IS 'Project-unique tag name.';
COMMENT ON COLUMN sqitch.tags.project IS 'Name of the Sqitch project to which the tag belongs.';
COMMENT ON COLUMN sqitch.tags.change_id IS 'ID of last change deployed before the tag was applied.';
COMMENT ON COLUMN sqitch.tags.note IS 'Description of the tag.';
COMMENT ON COLUMN sqitch.tags.committed_at IS 'Date the tag was applied to the database.';
COMMENT ON COLUMN sqitch.tags.committer_name IS 'Name of the user who applied the tag.';
COMMENT ON COLUMN sqitch.tags.committer_email IS 'Email address of the user who applied the tag.';
COMMENT ON COLUMN sqitch.tags.planned_at IS 'Date the tag was added to the plan.';
COMMENT ON COLUMN sqitch.tags.planner_name IS 'Name of the user who planed the tag.';
COMMENT ON COLUMN sqitch.tags.planner_email IS 'Email address of the user who planned the tag.';
INSERT INTO sqitch.changes (change_id, script_hash, change, project, note, committed_at, committer_name, committer_email, planned_at, planner_name, planner_email) VALUES ('854810a497d7eb0fef6de1ec886f54ba019c3ba6', 'eab1fe9e0f8f1f63cba0049b6969d6ec4f98a2e7', 'users', 'shop', 'Users of the shop.', '2026-11-29 00:12:09.261179+00', 'Ana', 'ana@example.com', '2026-11-29 00:12:04+00', 'Ana', 'ana@example.com');
INSERT INTO sqitch.changes (change_id, script_hash, change, project, note, committed_at, committer_name, committer_email, planned_at, planner_name, planner_email) VALUES ('0cbc4bc62d2fb716eb0bf2a840dc01a9caffc3ea', '68d495bae27830141cb919c66771955a3681754e', 'orders', 'shop', 'Orders, each of a user.', '2026-11-29 00:12:09.358811+00', 'Ana', 'ana@example.com', '2026-11-29 00:12:05+00', 'Ana', 'ana@example.com');
INSERT INTO sqitch.changes (change_id, script_hash, change, project, note, committed_at, committer_name, committer_email, planned_at, planner_name, planner_email) VALUES ('2bc807bf061f4b059aabf6ccdd240416e3e73ea0', 'a00d0ed2a4fc5d3e8c1f679abdab1e3e690c83f5', 'users', 'shop', 'Users have a name.', '2026-11-29 00:12:09.452212+00', 'Ana', 'ana@example.com', '2026-11-29 00:12:07+00', 'Ana', 'ana@example.com');
INSERT INTO sqitch.dependencies (change_id, type, dependency, dependency_id) VALUES ('0cbc4bc62d2fb716eb0bf2a840dc01a9caffc3ea', 'require', 'users', '854810a497d7eb0fef6de1ec886f54ba019c3ba6');
INSERT INTO sqitch.dependencies (change_id, type, dependency, dependency_id) VALUES ('2bc807bf061f4b059aabf6ccdd240416e3e73ea0', 'require', 'users@v1.0', '854810a497d7eb0fef6de1ec886f54ba019c3ba6');
INSERT INTO sqitch.events (event, change_id, change, project, note, requires, conflicts, tags, committed_at, committer_name, committer_email, planned_at, planner_name, planner_email) VALUES ('deploy', '854810a497d7eb0fef6de1ec886f54ba019c3ba6', 'users', 'shop', 'Users of the shop.', '{}', '{}', '{}', '2026-11-29 00:12:09.263257+00', 'Ana', 'ana@example.com', '2026-11-29 00:12:04+00', 'Ana', 'ana@example.com');
INSERT INTO sqitch.events (event, change_id, change, project, note, requires, conflicts, tags, committed_at, committer_name, committer_email, planned_at, planner_name, planner_email) VALUES ('deploy', '0cbc4bc62d2fb716eb0bf2a840dc01a9caffc3ea', 'orders', 'shop', 'Orders, each of a user.', '{users}', '{}', '{@v1.0}', '2026-11-29 00:12:09.36353+00', 'Ana', 'ana@example.com', '2026-11-29 00:12:05+00', 'Ana', 'ana@example.com');
INSERT INTO sqitch.events (event, change_id, change, project, note, requires, conflicts, tags, committed_at, committer_name, committer_email, planned_at, planner_name, planner_email) VALUES ('deploy', '2bc807bf061f4b059aabf6ccdd240416e3e73ea0', 'users', 'shop', 'Users have a name.', '{users@v1.0}', '{}', '{}', '2026-11-29 00:12:09.454474+00', 'Ana', 'ana@example.com', '2026-11-29 00:12:07+00', 'Ana', 'ana@example.com');
INSERT INTO sqitch.projects (project, uri, created_at, creator_name, creator_email) VALUES ('shop', 'https://example.com/shop/', '2026-11-29 00:12:09.157343+00', 'Ana', 'ana@example.com');
INSERT INTO sqitch.releases (version, installed_at, installer_name, installer_email) VALUES (1.1, '2026-11-29 00:12:09.153895+00', 'Ana', 'ana@example.com');
INSERT INTO sqitch.tags (tag_id, tag, project, change_id, note, committed_at, committer_name, committer_email, planned_at, planner_name, planner_email) VALUES ('eddf515af57bd7b627f6c1003ad3c934dfa204a5', '@v1.0', 'shop', '0cbc4bc62d2fb716eb0bf2a840dc01a9caffc3ea', 'First release.', '2026-11-29 00:12:09.361771+00', 'Ana', 'ana@example.com', '2026-11-29 00:12:06+00', 'Ana', 'ana@example.com');
SELECT pg_catalog.setval('public.orders_id_seq', 1, false);
SELECT pg_catalog.setval('public.users_id_seq', 1, false);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sqitch.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (change_id);
ALTER TABLE ONLY sqitch.changes
    ADD CONSTRAINT changes_project_script_hash_key UNIQUE (project, script_hash);
ALTER TABLE ONLY sqitch.dependencies
    ADD CONSTRAINT dependencies_pkey PRIMARY KEY (change_id, dependency);
ALTER TABLE ONLY sqitch.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (change_id, committed_at);
ALTER TABLE ONLY sqitch.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (project);
ALTER TABLE ONLY sqitch.projects
    ADD CONSTRAINT projects_uri_key UNIQUE (uri);
ALTER TABLE ONLY sqitch.releases
    ADD CONSTRAINT releases_pkey PRIMARY KEY (version);
ALTER TABLE ONLY sqitch.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (tag_id);
ALTER TABLE ONLY sqitch.tags
    ADD CONSTRAINT tags_project_tag_key UNIQUE (project, tag);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY sqitch.changes
    ADD CONSTRAINT changes_project_fkey FOREIGN KEY (project) REFERENCES sqitch.projects(project) ON UPDATE CASCADE;
ALTER TABLE ONLY sqitch.dependencies
    ADD CONSTRAINT dependencies_change_id_fkey FOREIGN KEY (change_id) REFERENCES sqitch.changes(change_id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY sqitch.dependencies
    ADD CONSTRAINT dependencies_dependency_id_fkey FOREIGN KEY (dependency_id) REFERENCES sqitch.changes(change_id) ON UPDATE CASCADE;
ALTER TABLE ONLY sqitch.events
    ADD CONSTRAINT events_project_fkey FOREIGN KEY (project) REFERENCES sqitch.projects(project) ON UPDATE CASCADE;
ALTER TABLE ONLY sqitch.tags
    ADD CONSTRAINT tags_change_id_fkey FOREIGN KEY (change_id) REFERENCES sqitch.changes(change_id) ON UPDATE CASCADE;
ALTER TABLE ONLY sqitch.tags
    ADD CONSTRAINT tags_project_fkey FOREIGN KEY (project) REFERENCES sqitch.projects(project) ON UPDATE CASCADE;
