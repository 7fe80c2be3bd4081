-- 0010_home.sql -- whom the desk speaks to, and in which language; what is to be done first.

ALTER TABLE person ADD COLUMN language TEXT;     -- BCP 47; NULL: the site's

-- The first steps of a new desk (desk/step.h). One that was done once stays done.
CREATE TABLE first_step (
    step TEXT PRIMARY KEY,                  -- "name", "stories", ...; "all": the list itself, put away
    done_at BIGINT NOT NULL
);

-- What home tells of, each the beginning of an index.
CREATE INDEX working_copy_kept ON working_copy (kept_at, story, person);
CREATE INDEX audit_late ON audit (at) WHERE what = 'story.appeared-late';
