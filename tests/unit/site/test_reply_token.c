/* SPDX-License-Identifier: MIT */
#include "site/reply.h"

#include "base/arena.h"
#include "news/comment.h"
#include "tests/check.h"

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    static const unsigned char secret[32] = {1}, other_secret[32] = {2};
    const struct comment_draft draft = {
        .story = {7}, .name = S("Ann"), .email = S("a@b.example"), .text = S("Hello")};
    struct comment_draft other = draft;
    str token = reply_token(arena, secret, &draft);

    EXPECT_INT(token.len, REPLY_TOKEN_HEX);
    EXPECT_STR(reply_token(arena, secret, &draft), token); /* sent twice it is one */
    EXPECT(!str_eq(reply_token(arena, other_secret, &draft), token));
    other.story.v = 8;
    EXPECT(!str_eq(reply_token(arena, secret, &other), token));
    other = draft;
    other.parent.v = 3;
    EXPECT(!str_eq(reply_token(arena, secret, &other), token));
    other = draft;
    other.name = S("An"); /* the border between two fields counts */
    other.email = S("na@b.example");
    EXPECT(!str_eq(reply_token(arena, secret, &other), token));
    return test_done();
}
