-- 0011_mail.sql -- mails that are to be sent, and what was asked of the program from the desk.

-- A row is removed when its mail is sent. While it waits there is a job 'mail' with its id (news/job.h); one
-- that was given up stays some weeks without its text, so that the desk can say so.
CREATE TABLE mail (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                     -- "reset", "invitation": what the desk calls it
    recipient TEXT NOT NULL,                -- the address
    message TEXT,                           -- whole, sealed by the site's key; NULL once given up
    created_at BIGINT NOT NULL,
    good_until BIGINT NOT NULL,             -- worth nothing afterwards
    tries BIGINT NOT NULL DEFAULT 0,
    answer TEXT,                            -- what the last try came to
    given_up_at BIGINT                      -- NULL: it waits
);
CREATE INDEX mail_given_up ON mail (given_up_at, id);
CREATE INDEX mail_recipient ON mail (recipient, id);

-- The last test that the server took: one row.
CREATE TABLE mail_test (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    server TEXT NOT NULL,                   -- by which, and as whom
    at BIGINT NOT NULL
);

-- Long work begun at the desk: this very program, run as a process of its own. At most one row is 'running'; one that
-- still is when the server starts was interrupted.
CREATE TABLE task (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('import', 'export', 'backup')),
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
    person BIGINT,                          -- no reference
    name TEXT NOT NULL,                     -- theirs, at the time
    what TEXT,                              -- the file that came in, or what was asked for: "private"
    dry_run BIGINT NOT NULL DEFAULT 0,
    began_at BIGINT NOT NULL,
    ended_at BIGINT,
    step TEXT,                              -- what it was at: "stories"
    done BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,        -- 0: not known
    report TEXT,                            -- what the program printed: JSON
    failure TEXT                            -- its one sentence
);
CREATE INDEX task_kind ON task (kind, id);
CREATE INDEX task_state ON task (state);
