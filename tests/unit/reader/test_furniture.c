/* SPDX-License-Identifier: MIT */
#include "reader/furniture.h"

#include "tests/check.h"

/* What of `text` stays, and how many lines go. */
static const struct {
    const char *text, *kept;
    size_t lines;
} cases[] = {
    {"Body.\n\nTags :\n\nRelated Post\n\nLeave a Reply\n\nYour email address will not be published. "
     "Required fields are marked *\n\nLatest Stories\n\nPopular Stories\n\nYou may also like\n\n"
     "Copyright © 2024 ghweb.\n",
     "Body.\n\n", 8},
    {"Body.\n\nLast words.", "Body.\n\nLast words.", 0},
    {"Body.\n\nTags", "Body.\n\nTags", 0}, /* one heading alone may be the story's */
    {"Body.\n\nTags\n\n* * *", "Body.\n\nTags\n\n* * *", 0},
    {"Body.\n\nTags\nShare this", "Body.\n\n", 2},
    {"Body.\n© 2021 The Paper. All rights reserved.", "Body.\n", 1},
    {"Body.\n2021 The Paper. All rights reserved.", "Body.\n", 1},
    {"Tags\n\nBody about the Latest News from here.",
     "Tags\n\nBody about the Latest News from here.", 0},
    {"Body.\r\n\r\nRelated Posts (4)\r\n\r\nLEAVE A REPLY\r\n", "Body.\r\n\r\n", 2},
    {"Text.\nSchlagwörter:\nSchreibe einen Kommentar\nDeine E-Mail-Adresse wird nicht "
     "veröffentlicht.",
     "Text.\n", 3},
    {"Texte.\nÉTIQUETTES\nLaisser un commentaire", "Texte.\n", 2},
    {"Текст.\nМЕТКИ:\nЧитайте также", "Текст.\n", 2},
    {"Body.\nName *\nEmail *\nWebsite\nPost Comment", "Body.\n", 4},
    {"Share\nTags", "Share\nTags", 0}, /* nothing else: then it is the story */
    {"", "", 0},
    {"\n\n", "\n\n", 0},
    {"Body.\n\xff\xfe", "Body.\n\xff\xfe", 0},
    {"He said: share\nPrint money, they said.", "He said: share\nPrint money, they said.", 0},
};

int main(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        str text = str_from_c(cases[i].text);
        struct furniture f = furniture_find(text);
        EXPECT_STR(str_sub(text, 0, f.begin), str_from_c(cases[i].kept));
        EXPECT_INT(f.count, cases[i].lines);
    }
    struct furniture f = furniture_find(S("Body.\nTags :\nLeave a Reply"));
    EXPECT_STR(f.lines[0], S("Tags :"));
    EXPECT_STR(f.lines[1], S("Leave a Reply"));
    return test_done();
}
