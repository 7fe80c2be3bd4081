-- 0006_desk.sql -- who may come to the desk, by which door, and what they did there.

-- A CHECK cannot be altered: a column with the wider one takes the old one's place.
ALTER TABLE person RENAME COLUMN role TO role_before;
ALTER TABLE person ADD COLUMN role TEXT NOT NULL DEFAULT 'contributor'
    CHECK (role IN ('owner', 'administrator', 'editor', 'author', 'contributor'));
UPDATE person SET role = role_before;
ALTER TABLE person DROP COLUMN role_before;

-- The second factor (RFC 6238). The secret is what the codes are worked out from, so it is kept as it is.
ALTER TABLE person ADD COLUMN totp_secret TEXT;  -- base32; NULL: a password is enough
ALTER TABLE person ADD COLUMN totp_offered TEXT; -- shown, and not yet proved by a code
ALTER TABLE person ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0; -- of the last code taken: none is taken twice

CREATE TABLE recovery_code (
    id INTEGER PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL UNIQUE          -- a row is removed when its code is used
);
CREATE INDEX recovery_code_person ON recovery_code (person);

ALTER TABLE session ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0; -- within a few minutes
ALTER TABLE session ADD COLUMN network TEXT;     -- where it began, shortened
ALTER TABLE session ADD COLUMN agent TEXT;       -- what the browser says of itself
ALTER TABLE session ADD COLUMN half BIGINT NOT NULL DEFAULT 0; -- 1: the password was right, the code is owed

-- Links that let somebody in once: a row is removed when its link is used.
CREATE TABLE door (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('set-up', 'invitation', 'reset')),
    token_hash TEXT NOT NULL UNIQUE,        -- hash of what the link holds
    person BIGINT REFERENCES person (id) ON DELETE CASCADE, -- reset: whose password
    email TEXT,                             -- invitation: for whom,
    role TEXT,                              -- as what,
    made_by BIGINT REFERENCES person (id) ON DELETE CASCADE, -- and by whom; also of a reset
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX door_kind ON door (kind, id);
CREATE INDEX door_person ON door (person);
CREATE INDEX door_made_by ON door (made_by);

-- Who did what. It outlives the people in it.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    person BIGINT,                          -- no reference; NULL: nobody was signed in
    name TEXT NOT NULL,                     -- theirs, at the time
    what TEXT NOT NULL,                     -- "reply.approved"
    subject TEXT,                           -- "reply:12", "person:3"
    detail TEXT,                            -- for a reply: the state it was in before
    network TEXT,                           -- shortened
    batch BIGINT                            -- id of the first row of those done at once
);
CREATE INDEX audit_batch ON audit (batch);

-- Wrong passwords and codes, by account and by network. Rows older than the window are nothing.
CREATE TABLE sign_in_failure (
    subject TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL,
    failures BIGINT NOT NULL
);
CREATE INDEX sign_in_failure_since ON sign_in_failure (since);
