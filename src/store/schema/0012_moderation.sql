-- 0012_moderation.sql -- whom moderators keep out, how often the site is read, and where its readers come from.

-- A reply that one of these fits is held, taken for spam, or refused (news/ban.h).
CREATE TABLE ban (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('email', 'name', 'word', 'network', 'site')),
    value TEXT NOT NULL,                    -- in the one form that its kind has
    act TEXT NOT NULL CHECK (act IN ('hold', 'spam', 'refuse')),
    note TEXT,
    person BIGINT,                          -- who made it; no reference: lists outlive logins
    person_name TEXT,                       -- theirs, at the time
    created_at BIGINT NOT NULL,
    UNIQUE (kind, value)
);

-- Reads of all stories together, hour by hour: what the desk's plots of the site are drawn from.
CREATE TABLE site_read (
    hour_at INTEGER PRIMARY KEY,            -- start of the hour
    reads BIGINT NOT NULL
);
INSERT INTO site_read (hour_at, reads)
    SELECT hour_at, SUM(reads) FROM read_count GROUP BY hour_at;

-- Reads of a story on a day of the site's zone, for the last weeks: what is most read, of a day by one walk of
-- the index. `day` counts days since 1970. Of reads from before this file, days are UTC's.
CREATE TABLE read_day (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    day BIGINT NOT NULL,
    reads BIGINT NOT NULL,
    PRIMARY KEY (story, day)
);
INSERT INTO read_day (story, day, reads)
    SELECT story, hour_at / 86400000000, SUM(reads) FROM read_count
    WHERE hour_at >= (SELECT MAX(hour_at) FROM read_count) - 31 * 86400000000
    GROUP BY story, hour_at / 86400000000;
CREATE INDEX read_day_most ON read_day (day, reads, story);
CREATE INDEX story_heat_most ON story_heat (reads, story); -- most read of all time

-- Which other sites readers came from: a host, or the name that a search engine or network goes by; '' is all
-- others together. Nothing of the address but its host is ever kept. `day` as above; after 90 days its month's first.
CREATE TABLE referrer (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    day BIGINT NOT NULL,
    source TEXT NOT NULL,
    reads BIGINT NOT NULL,
    PRIMARY KEY (story, day, source)
);
CREATE INDEX referrer_day ON referrer (day, story);
-- The same of all stories together.
CREATE TABLE site_referrer (
    day BIGINT NOT NULL,
    source TEXT NOT NULL,
    reads BIGINT NOT NULL,
    PRIMARY KEY (day, source)
);
