/* SPDX-License-Identifier: MIT */
#include "transfer/text_file.h"

#include "base/arena.h"
#include "reader/furniture.h"
#include "tests/check.h"

int main(void)
{
    const struct {
        str text;
        bool keep_all;
        enum status st;
        str headline, html;
        size_t left_out;
    } cases[] = {
        {S("Rain stops play\n\nThe third test was\ncalled off.\n\nNo more."), false, ST_OK,
         S("Rain stops play"), S("<p>The third test was<br>called off.</p>\n<p>No more.</p>\n"), 0},
        {S("\r\n\r\n  Rain \r\nOne.\r\n \r\nTwo.\r\n"), false, ST_OK, S("Rain"),
         S("<p>One.</p>\n<p>Two.</p>\n"), 0},
        {S("A <b> & c\n\n<i>not markup</i>"), false, ST_OK, S("A <b> & c"),
         S("<p>&lt;i&gt;not markup&lt;/i&gt;</p>\n"), 0},
        {S("Rain\n\nText.\n\nTags :\n\nLeave a Reply\n"), false, ST_OK, S("Rain"),
         S("<p>Text.</p>\n"), 2},
        {S("Rain\n\nText.\n\nTags :\n\nLeave a Reply\n"), true, ST_OK, S("Rain"),
         S("<p>Text.</p>\n<p>Tags :</p>\n<p>Leave a Reply</p>\n"), 0},
        {S("Only a headline"), false, ST_OK, S("Only a headline"), S(""), 0},
        {S(" \n\t\n"), false, ST_INVALID, S(""), S(""), 0},
        {S(""), false, ST_INVALID, S(""), S(""), 0},
        {S("<!DOCTYPE html><html><head><title>The Pier</title></head><body><h1>Salt &amp; <em>tide"
           "</em></h1><p>Text.</p></body></html>"),
         false, ST_OK, S("Salt & tide"), S("</h1><p>Text.</p>"), 0},
        {S("<html><head><title>Salt &amp; tide</title></head><body><p>Text.</p></body></html>"),
         false, ST_OK, S("Salt & tide"), S("<p>Text.</p>"), 0},
        {S("<h1>Bare</h1><p>Text.</p>"), false, ST_OK, S("Bare"), S("</h1><p>Text.</p>"), 0},
        {S("<p>No headline at all.</p>"), false, ST_INVALID, S(""), S(""), 0},
        {S("<h1>Never closed"), false, ST_INVALID, S(""), S(""), 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
        struct error err = ERROR_INIT;
        struct text_story story = {0};
        struct furniture left_out = {0};
        EXPECT_ST(text_story_read(arena, cases[i].text, cases[i].keep_all, &story, &left_out, &err),
                  cases[i].st, &err);
        EXPECT_STR(story.headline, cases[i].headline);
        EXPECT_STR(story.html, cases[i].html);
        EXPECT_INT(left_out.count, cases[i].left_out);
    }
    return test_done();
}
