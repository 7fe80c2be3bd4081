-- 0002_search.sqlite.sql -- full text over headline, standfirst, body, tags and bylines (FTS5).
--
-- External content: the text is kept once, in story_text, and the triggers keep the index in step.
-- Each column begins with its language between two marks (STORE_LANGUAGE_MARK of store.h), which the
-- tokenizer reads and does not index. Every story and page is in it, whatever its state: search
-- leaves out what is not published, and the index can be checked against the table.

CREATE VIEW story_searched AS
SELECT story,
       char(31) || language || char(31) || headline AS headline,
       char(31) || language || char(31) || standfirst AS standfirst,
       char(31) || language || char(31) || body AS body,
       char(31) || language || char(31) || tags AS tags,
       char(31) || language || char(31) || bylines AS bylines
FROM story_text;

CREATE VIRTUAL TABLE story_fts USING fts5 (
    headline, standfirst, body, tags, bylines,
    content = 'story_searched', content_rowid = 'story', tokenize = 'broadsheet'
);

CREATE TRIGGER story_text_added AFTER INSERT ON story_text BEGIN
    INSERT INTO story_fts (rowid, headline, standfirst, body, tags, bylines)
    SELECT story, headline, standfirst, body, tags, bylines FROM story_searched
    WHERE story = new.story;
END;

CREATE TRIGGER story_text_gone AFTER DELETE ON story_text BEGIN
    INSERT INTO story_fts (story_fts, rowid, headline, standfirst, body, tags, bylines)
    VALUES ('delete', old.story,
            char(31) || old.language || char(31) || old.headline,
            char(31) || old.language || char(31) || old.standfirst,
            char(31) || old.language || char(31) || old.body,
            char(31) || old.language || char(31) || old.tags,
            char(31) || old.language || char(31) || old.bylines);
END;

CREATE TRIGGER story_text_changed AFTER UPDATE ON story_text
WHEN old.language <> new.language OR old.headline <> new.headline
    OR old.standfirst <> new.standfirst OR old.body <> new.body
    OR old.tags <> new.tags OR old.bylines <> new.bylines
BEGIN
    INSERT INTO story_fts (story_fts, rowid, headline, standfirst, body, tags, bylines)
    VALUES ('delete', old.story,
            char(31) || old.language || char(31) || old.headline,
            char(31) || old.language || char(31) || old.standfirst,
            char(31) || old.language || char(31) || old.body,
            char(31) || old.language || char(31) || old.tags,
            char(31) || old.language || char(31) || old.bylines);
    INSERT INTO story_fts (rowid, headline, standfirst, body, tags, bylines)
    SELECT story, headline, standfirst, body, tags, bylines FROM story_searched
    WHERE story = new.story;
END;
