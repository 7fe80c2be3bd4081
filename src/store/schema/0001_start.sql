-- 0001_start.sql -- every record of DESIGN.md, and what makes each list one walk of one index.
--
-- The portable subset (SQLite >= 3.40, PostgreSQL >= 15): BIGINT and TEXT only; booleans are 0 or 1;
-- times are microseconds since 1970 UTC; text is ordered by byte. `id INTEGER PRIMARY KEY` is a row's
-- number (store.h), given by the database when an INSERT leaves it out. What only one database can
-- say (full text) stands in 0002_search.DRIVER.sql. The tables `change` and `schema_version` are the
-- store's own.
--
-- Conventions: a column named for a table holds that table's id. NULL means "none"; text that is
-- always there but may be empty is NOT NULL DEFAULT ''. Columns marked (kept) are worked out from
-- others when a row is saved, so that reading stays flat; `broadsheet check` compares them.

-- ---- people and bylines ----------------------------------------------------------------------

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    ghost_id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,             -- lower case; signs in with it
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'author', 'contributor')),
    password_hash TEXT,                     -- argon2id, in libsodium's form; NULL: cannot sign in
    created_at BIGINT NOT NULL,
    seen_at BIGINT
);

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,        -- hash of what the cookie holds
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (expires_at);

-- Who a story is by: with or without a login.
CREATE TABLE byline (
    id INTEGER PRIMARY KEY,
    ghost_id TEXT NOT NULL UNIQUE,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    person BIGINT REFERENCES person (id) ON DELETE SET NULL,
    email TEXT,                             -- matches imports; printed nowhere
    bio TEXT,
    location TEXT,
    website TEXT,
    profile_image TEXT,
    cover_image TEXT,
    facebook TEXT,
    twitter TEXT,
    meta_title TEXT,
    meta_description TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    story_count BIGINT NOT NULL DEFAULT 0   -- (kept) published stories
);
CREATE INDEX byline_person ON byline (person);
CREATE INDEX byline_email ON byline (email);
CREATE INDEX byline_name ON byline (name, id);
CREATE INDEX byline_busiest ON byline (story_count, id);

-- ---- stories -----------------------------------------------------------------------------------

-- What a list prints. Text that only the story's own page prints is in story_body.
CREATE TABLE story (
    id INTEGER PRIMARY KEY,
    ghost_id TEXT NOT NULL UNIQUE,
    uuid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('story', 'page')),
    state TEXT NOT NULL CHECK (state IN ('draft', 'scheduled', 'published', 'trashed')),
    slug TEXT NOT NULL UNIQUE,              -- never changes by itself once published
    title TEXT NOT NULL,
    dateline TEXT,                          -- a place; printed only if set
    source TEXT,                            -- agency or paper it came from
    standfirst TEXT,                        -- the editor's own summary
    excerpt TEXT NOT NULL DEFAULT '',       -- (kept) standfirst, else the start of the plain text
    image TEXT,
    image_alt TEXT,
    image_caption TEXT,                     -- sanitized HTML
    featured BIGINT NOT NULL DEFAULT 0,
    visibility TEXT NOT NULL DEFAULT 'public'
        CHECK (visibility IN ('public', 'members', 'paid', 'tiers')),
    language TEXT,                          -- BCP 47; NULL: the site's
    template TEXT,                          -- a theme's custom-NAME
    canonical_url TEXT,
    show_title_and_image BIGINT NOT NULL DEFAULT 1,
    replies_open BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    published_at BIGINT,                    -- first publication, or when scheduled to be
    revised_at BIGINT,                      -- a change marked as one for readers
    was_published BIGINT NOT NULL DEFAULT 0,-- once public: its address answers 410, not 404
    primary_tag BIGINT,                     -- (kept) first tag, if public
    primary_byline BIGINT,                  -- (kept) first byline
    word_count BIGINT NOT NULL DEFAULT 0,   -- (kept)
    image_count BIGINT NOT NULL DEFAULT 0,  -- (kept)
    comment_count BIGINT NOT NULL DEFAULT 0,-- (kept) approved ones
    correction_count BIGINT NOT NULL DEFAULT 0, -- (kept)
    fingerprint BIGINT NOT NULL DEFAULT 0,  -- (kept) simhash of the text: near-duplicates are close
    version BIGINT NOT NULL DEFAULT 1       -- counts saves; an edit names the one it began from
);
-- The lists. Partial, so that drafts cost them nothing; a query must repeat the WHERE to the letter.
CREATE INDEX story_latest ON story (published_at, id) WHERE kind = 'story' AND state = 'published';
CREATE INDEX story_featured ON story (published_at, id)
    WHERE kind = 'story' AND state = 'published' AND featured = 1;
CREATE INDEX story_pages ON story (title, id) WHERE kind = 'page' AND state = 'published';
CREATE INDEX story_due ON story (published_at, id) WHERE state = 'scheduled';
CREATE INDEX story_desk ON story (state, updated_at, id) WHERE state <> 'published';
CREATE INDEX story_changed ON story (updated_at, id) WHERE state = 'published'; -- sitemap, desk

-- One a story, saved with it.
CREATE TABLE story_body (
    story INTEGER PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE,
    html TEXT NOT NULL,                     -- sanitized
    source_format TEXT NOT NULL,            -- 'html' or 'markdown'
    source_text TEXT,                       -- as written; NULL: the html is all there is
    meta_title TEXT,
    meta_description TEXT,
    og_title TEXT,
    og_description TEXT,
    og_image TEXT,
    twitter_title TEXT,
    twitter_description TEXT,
    twitter_image TEXT,
    code_head TEXT,
    code_foot TEXT
);

-- What full text is made of; whoever changes a row tells the driver's index before and after, in
-- the same transaction (store/fulltext.h). `story` is the full-text row's number too.
CREATE TABLE story_text (
    story INTEGER PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE,
    language TEXT NOT NULL,                 -- the story's, else the site's when it was saved
    headline TEXT NOT NULL,
    standfirst TEXT NOT NULL,
    body TEXT NOT NULL,                     -- the plain text
    tags TEXT NOT NULL,
    bylines TEXT NOT NULL
);

-- What a save replaced; the newest text is the story itself.
CREATE TABLE story_version (
    id INTEGER PRIMARY KEY,
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,               -- when this text had been saved
    person BIGINT,                          -- who replaced it; no reference: history outlives logins
    title TEXT NOT NULL,
    standfirst TEXT,
    html TEXT NOT NULL,
    source_format TEXT NOT NULL,
    source_text TEXT,
    UNIQUE (story, version)
);

CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    corrected_at BIGINT NOT NULL,
    html TEXT NOT NULL
);
CREATE INDEX correction_story ON correction (story, corrected_at, id);

-- ---- tags --------------------------------------------------------------------------------------

CREATE TABLE tag (
    id INTEGER PRIMARY KEY,
    ghost_id TEXT NOT NULL UNIQUE,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    visibility TEXT NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal')),
    section BIGINT NOT NULL DEFAULT 0,      -- a section of the paper (a WordPress category)
    parent BIGINT REFERENCES tag (id) ON DELETE SET NULL,
    description TEXT,
    image TEXT,
    accent_color TEXT,
    canonical_url TEXT,
    meta_title TEXT,
    meta_description TEXT,
    og_title TEXT,
    og_description TEXT,
    og_image TEXT,
    twitter_title TEXT,
    twitter_description TEXT,
    twitter_image TEXT,
    code_head TEXT,
    code_foot TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    story_count BIGINT NOT NULL DEFAULT 0   -- (kept) published stories
);
CREATE INDEX tag_parent ON tag (parent);
CREATE INDEX tag_name ON tag (name, id);
CREATE INDEX tag_busiest ON tag (story_count, id);
CREATE INDEX tag_sections ON tag (story_count, id) WHERE section = 1; -- few among many tags

-- listed_at is the story's published_at while it is a published story, else NULL: a tag's list is
-- one walk of one index, whatever else the story is or has.
CREATE TABLE story_tag (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    tag BIGINT NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,               -- 0 is the primary tag
    listed_at BIGINT,                       -- (kept)
    PRIMARY KEY (story, position, tag)      -- a story's tags, in order, without leaving the index
);
CREATE INDEX story_tag_listed ON story_tag (tag, listed_at, story);

CREATE TABLE story_byline (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    byline BIGINT NOT NULL REFERENCES byline (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    listed_at BIGINT,                       -- (kept)
    PRIMARY KEY (story, position, byline)
);
CREATE INDEX story_byline_listed ON story_byline (byline, listed_at, story);

-- Names found in a story that came without tags, waiting for an editor or for a second story.
CREATE TABLE tag_proposal (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    weight BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (story, slug)
);
CREATE INDEX tag_proposal_slug ON tag_proposal (slug, story);

-- How many stories of a list lie in a stretch of time, so that page N of any list is found, and a
-- month counted, without walking what lies before it (news/list.h). list: 0 all stories, 1 a tag's,
-- 2 a byline's; of: the tag's or byline's id, else 0; level and slot: which stretch of time.
CREATE TABLE list_count (
    list BIGINT NOT NULL,
    of BIGINT NOT NULL,
    level BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    stories BIGINT NOT NULL,
    PRIMARY KEY (list, of, level, slot)
);

-- ---- replies -----------------------------------------------------------------------------------

CREATE TABLE comment (
    id INTEGER PRIMARY KEY,
    ghost_id TEXT NOT NULL UNIQUE,
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    parent BIGINT REFERENCES comment (id) ON DELETE SET NULL,
    thread BIGINT,                          -- the reply that began the thread; its own id at the top
    thread_at BIGINT NOT NULL,              -- when that one was made: threads are listed by it
    name TEXT NOT NULL,
    email TEXT,                             -- never leaves the desk
    email_key TEXT,                         -- lower case, for "has this writer been approved"
    site TEXT,
    html TEXT NOT NULL,                     -- sanitized
    source_text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'spam', 'trash')),
    why TEXT,                               -- why it is held, or who said so
    person BIGINT,                          -- a signed-in writer
    address TEXT,                           -- shortened network address, for the moderator's rules
    token TEXT UNIQUE,                      -- one form sent twice makes one reply
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    decided_at BIGINT
);
CREATE INDEX comment_shown ON comment (story, thread_at, thread, created_at, id)
    WHERE state = 'approved';
CREATE INDEX comment_state ON comment (state, created_at, id);
CREATE INDEX comment_story ON comment (story, created_at, id);
CREATE INDEX comment_parent ON comment (parent);
CREATE INDEX comment_newest ON comment (created_at, id) WHERE state = 'approved';
CREATE INDEX comment_writer ON comment (email_key, state);

-- ---- pictures ----------------------------------------------------------------------------------

CREATE TABLE media (
    id INTEGER PRIMARY KEY,
    ghost_id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL UNIQUE,              -- below media/, as served: 2024/05/a.jpg
    name TEXT NOT NULL,                     -- as it came
    content_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    width BIGINT,
    height BIGINT,
    alt TEXT,
    caption TEXT,
    credit TEXT,
    hash TEXT,                              -- of the bytes; the same picture twice is one file
    created_at BIGINT NOT NULL
);
CREATE INDEX media_hash ON media (hash);
CREATE INDEX media_newest ON media (created_at, id);

-- ---- the site ----------------------------------------------------------------------------------

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- One of story, tag, byline or location is set. The address is made when it is asked for, so a
-- redirect follows a later change of slug or permalink pattern without a chain.
CREATE TABLE redirect (
    path TEXT PRIMARY KEY,                  -- "/2024/05/old/", "/?p=12"; lower case, one slash at the end
    story BIGINT REFERENCES story (id) ON DELETE CASCADE,
    tag BIGINT REFERENCES tag (id) ON DELETE CASCADE,
    byline BIGINT REFERENCES byline (id) ON DELETE CASCADE,
    location TEXT,
    code BIGINT NOT NULL DEFAULT 301,
    created_at BIGINT NOT NULL
);
CREATE INDEX redirect_story ON redirect (story);
CREATE INDEX redirect_tag ON redirect (tag);
CREATE INDEX redirect_byline ON redirect (byline);

-- What an import made of what, so that a second run adds nothing twice.
CREATE TABLE import_map (
    source TEXT NOT NULL,                   -- the old site's address
    kind TEXT NOT NULL,                     -- 'story', 'tag', 'byline', 'comment', 'media', ...
    foreign_id TEXT NOT NULL,
    ours BIGINT NOT NULL,
    PRIMARY KEY (source, kind, foreign_id)
);
CREATE INDEX import_map_ours ON import_map (kind, ours);

-- Work for later. due_at is when anyone may take it: claiming moves it ahead by the lease.
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject BIGINT NOT NULL DEFAULT 0,      -- of what: a story's id; one job a kind and subject
    payload TEXT NOT NULL DEFAULT '',
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    claim TEXT,                             -- who holds it; NULL: nobody, or asked for anew meanwhile
    failure TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (kind, subject)
);
CREATE INDEX job_due ON job (kind, due_at, id);

-- ---- reads and discovery -----------------------------------------------------------------------

CREATE TABLE read_count (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    hour_at BIGINT NOT NULL,                -- start of the hour; of the day once over 30 days old
    reads BIGINT NOT NULL,
    PRIMARY KEY (story, hour_at)
);
CREATE INDEX read_count_hour ON read_count (hour_at, story);

-- heat: log2 of the reads, each weighed 2^(age/half-life), in millionths, from a fixed day
-- (news/read_count.h). It needs no decaying: the order stays right as time passes.
CREATE TABLE story_heat (
    story INTEGER PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE,
    heat BIGINT NOT NULL,
    reads BIGINT NOT NULL                   -- in all
);
CREATE INDEX story_heat_hottest ON story_heat (heat, story);

-- The popular list as it stands, worked out behind from story_heat and read_count.
CREATE TABLE popular (
    place INTEGER PRIMARY KEY,               -- 0 is first
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    heat BIGINT NOT NULL,
    reads BIGINT NOT NULL,                  -- within the window
    window_us BIGINT NOT NULL
);
CREATE INDEX popular_story ON popular (story);

-- Readers of `story` who went on to `next`.
CREATE TABLE read_on (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    next BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    reads BIGINT NOT NULL,
    PRIMARY KEY (story, next)
);
CREATE INDEX read_on_best ON read_on (story, reads, next);
CREATE INDEX read_on_next ON read_on (next);

CREATE TABLE related (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    other BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    score BIGINT NOT NULL,                  -- likeness in millionths; above RELATED_PICKED: a pick
    PRIMARY KEY (story, other)
);
CREATE INDEX related_best ON related (story, score, other);
CREATE INDEX related_other ON related (other);

-- Words and names, and in how many published stories each stands.
CREATE TABLE term (
    id INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE,
    stories BIGINT NOT NULL
);

-- A story's telling terms: what related stories are found by.
CREATE TABLE story_term (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    term BIGINT NOT NULL,
    weight BIGINT NOT NULL,                 -- millionths; the squares of a story's add up to one
    listed_at BIGINT NOT NULL,
    PRIMARY KEY (story, term)
);
CREATE INDEX story_term_newest ON story_term (term, listed_at, story, weight);
