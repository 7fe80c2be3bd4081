-- 0002_search.sqlite.sql -- full text over headline, standfirst, body, tags and bylines (FTS5).
--
-- External content: the text is kept once, in story_text. store/fulltext.h keeps the index in step:
-- triggers could not, as connections distrust the schema (a restored file may be anyone's). Each column begins with its language between two marks (STORE_LANGUAGE_MARK of store.h), which the
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
