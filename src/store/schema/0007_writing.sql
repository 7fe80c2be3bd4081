-- 0007_writing.sql -- writing at the desk: what is not saved yet, who is at a story, who saved which text, the
-- secret link to a story that readers do not see yet.

-- One a story, person and open page: two pages of one person, on two machines, do not write over each other. It is apart
-- from the story: readers, search and versions know nothing of it.
CREATE TABLE working_copy (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    person BIGINT NOT NULL,                 -- no reference: what was written outlives its writer's login
    name TEXT NOT NULL,                     -- theirs, at the time
    tab TEXT NOT NULL,                      -- which page of theirs wrote it; '' where it does not say
    version BIGINT NOT NULL,                -- of the story, when the writing began
    kept_at BIGINT NOT NULL,
    title TEXT NOT NULL,                    -- for lists
    fields TEXT NOT NULL,                   -- the form's, as JSON (desk/story_form.h)
    PRIMARY KEY (story, person, tab)
);
CREATE INDEX working_copy_newest ON working_copy (story, person, kept_at);

-- Who is writing at a story: good while its heartbeat is (news/story_lock.h).
CREATE TABLE story_lock (
    story INTEGER PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE,
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    since BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX story_lock_person ON story_lock (person);

-- Who saved the text that stands there, and when: updated_at is also that of publishing. A version that a save
-- replaced takes both with it (story_version.saved_at is this saved_at). No reference: history outlives logins.
ALTER TABLE story ADD COLUMN saved_by BIGINT;
ALTER TABLE story ADD COLUMN saved_at BIGINT; -- NULL: updated_at
ALTER TABLE story_version ADD COLUMN saved_by BIGINT;

-- What a link to an unpublished story must carry; NULL: no link was made. A new one ends the old.
ALTER TABLE story ADD COLUMN preview_key TEXT;
