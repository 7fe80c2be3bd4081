-- 0003_import_attachment.sql -- what an old site's attachments are, so that a later file of the same
-- export, or the same file with the pictures at hand, finds them by number, path and post.

CREATE TABLE import_attachment (
    source TEXT NOT NULL,                   -- the old site's address
    foreign_id TEXT NOT NULL,               -- its number there
    parent TEXT NOT NULL,                   -- the post it was attached to
    position BIGINT NOT NULL,               -- among that post's, as the old site's galleries order them
    path TEXT NOT NULL,                     -- below uploads/
    url TEXT NOT NULL,                      -- where it was
    alt TEXT NOT NULL,
    caption TEXT NOT NULL,                  -- HTML of the old site
    credit TEXT NOT NULL,
    media BIGINT REFERENCES media (id) ON DELETE SET NULL, -- NULL: the file did not come
    PRIMARY KEY (source, foreign_id)
);
CREATE INDEX import_attachment_media ON import_attachment (media);
