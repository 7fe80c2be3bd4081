-- 0004_media.sql -- what is known of each picture and file, and which stories show it.
--
-- media.path is below media/ ("2024/05/bridge.jpg"); its addresses are /content/images/PATH (pictures),
-- /content/media/PATH and /content/files/PATH. A path is never used again for other bytes.

ALTER TABLE media ADD COLUMN kind TEXT NOT NULL DEFAULT 'picture'
    CHECK (kind IN ('picture', 'audio', 'video', 'document'));
ALTER TABLE media ADD COLUMN original TEXT;     -- SHA-256 of the bytes as they came; hash: as served
ALTER TABLE media ADD COLUMN original_type TEXT; -- what they were; NULL: as served, and no copy kept
ALTER TABLE media ADD COLUMN title TEXT;
ALTER TABLE media ADD COLUMN licence TEXT;
ALTER TABLE media ADD COLUMN focal_x BIGINT NOT NULL DEFAULT 500; -- thousandths of the width
ALTER TABLE media ADD COLUMN focal_y BIGINT NOT NULL DEFAULT 500; -- and of the height
ALTER TABLE media ADD COLUMN crop_left BIGINT NOT NULL DEFAULT 0; -- thousandths, as the rest: what may
ALTER TABLE media ADD COLUMN crop_top BIGINT NOT NULL DEFAULT 0;  -- be shown where a size cuts
ALTER TABLE media ADD COLUMN crop_right BIGINT NOT NULL DEFAULT 1000;
ALTER TABLE media ADD COLUMN crop_bottom BIGINT NOT NULL DEFAULT 1000;
ALTER TABLE media ADD COLUMN color TEXT;        -- "#aabbcc": the one that covers most of it
ALTER TABLE media ADD COLUMN placeholder TEXT;  -- data: URI of a tiny picture
ALTER TABLE media ADD COLUMN frames BIGINT;     -- over 1: it moves
ALTER TABLE media ADD COLUMN duration_ms BIGINT;
ALTER TABLE media ADD COLUMN person BIGINT;     -- who took it in; no reference: it outlives logins
ALTER TABLE media ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
UPDATE media SET kind = 'audio'
    WHERE content_type IN ('audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/wav');
UPDATE media SET kind = 'video' WHERE content_type IN ('video/mp4', 'video/webm', 'video/ogg');
UPDATE media SET kind = 'document' WHERE content_type = 'application/pdf';
UPDATE media SET updated_at = created_at;
CREATE INDEX media_original ON media (original);
CREATE INDEX media_kind ON media (kind, created_at, id);

-- The words of name, title, alt, caption, credit and licence, for the search among pictures: the
-- newest with a word is one walk of one index.
CREATE TABLE media_word (
    media BIGINT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    word TEXT NOT NULL,
    created_at BIGINT NOT NULL,                 -- (kept) the record's
    PRIMARY KEY (word, created_at, media)
);
CREATE INDEX media_word_media ON media_word (media);

-- Paths that were in use: a replaced picture's address leads to the new one, a removed one's is gone.
CREATE TABLE media_old (
    path TEXT PRIMARY KEY,
    media BIGINT REFERENCES media (id) ON DELETE SET NULL, -- NULL: removed
    created_at BIGINT NOT NULL
);
CREATE INDEX media_old_media ON media_old (media);

-- Every file of ours that a story names, in its body, as its picture or for its link cards; there may
-- be no record of it, nor a file. Kept by story_save.
CREATE TABLE story_picture (
    story BIGINT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    path TEXT NOT NULL,                         -- as media.path
    own BIGINT NOT NULL DEFAULT 0,              -- 1: it is the story's own picture (story.image)
    PRIMARY KEY (story, path)
);
CREATE INDEX story_picture_path ON story_picture (path, story);

-- Stories saved before are looked through once, behind (media/refresh.h), and the words of records.
INSERT INTO job (kind, subject, due_at, created_at)
    SELECT 'pictures', 0, 0, 0
    WHERE EXISTS (SELECT 1 FROM story) OR EXISTS (SELECT 1 FROM media);
