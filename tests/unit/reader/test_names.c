/* SPDX-License-Identifier: MIT */
#include "reader/names.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "tests/check.h"

#include <stdlib.h>

/* Names in order of weight, each "name:mentions" and '!' when the headline has it, joined by "; ". */
static const struct {
    const char *language, *headline, *text, *names;
} cases[] = {
    {"en", "", "Marco Rubio came. Then Rubio left.", "Marco Rubio:2"},
    {"en", "", "UK Defence Minister John Healey spoke in Berlin on Thursday. Healey left.",
     "John Healey:2; UK:1; Berlin:1"},
    {"en", "", "The Ukrainian side met the Russian President on Friday in May.", ""},
    {"en", "", "We met Turkish President Recep Tayyip Erdogan; Erdogan and Tayyip Erdogan smiled.",
     "Recep Tayyip Erdogan:3"},
    {"en", "", "Meanwhile nothing happened. However, it rained. Nothing more. Rain fell.", ""},
    {"en", "", "Putin spoke. In Moscow, Putin spoke again.", "Putin:2; Moscow:1"},
    {"en", "", "Talks failed. Those talks and the Talks of old failed. Talks ended.", ""},
    {"en", "", "The Secretary of State Marco Rubio and the Minister of Defence Anna Lind met.",
     "Marco Rubio:1; Anna Lind:1"},
    {"en", "", "A novel by Stephen King. He wrote much.", "Stephen King:1"},
    {"en", "", "They met at the Bank of England and at Cutler’s Bridge. The Bank was shut.",
     "Bank of England:2; Cutler’s Bridge:1"},
    {"en", "", "In South Korea, as in Korea of old, and again Korea.", "Korea:2; South Korea:1"},
    {"en", "", "The Kremlin’s team met Ukraine's President Zelensky.",
     "Kremlin:1; Ukraine:1; Zelensky:1"},
    {"en", "", "I saw Mr. Smith and John F. Kennedy near St. Albans.",
     "Smith:1; John F. Kennedy:1; St. Albans:1"},
    {"en", "", "The U.S. and AT&T spoke to O’Brien and Jean-Luc Godard.",
     "U.S.:1; AT&T:1; O’Brien:1; Jean-Luc Godard:1"},
    {"en", "Rubio: Direct Talks Between Trump and Putin Essential",
     "We asked Marco Rubio. He named Trump twice: he said Trump would meet Vladimir Putin.",
     "Trump:2!; Marco Rubio:1!; Vladimir Putin:1!"},
    {"en", "Fire at the old mill in Hesk", "It burned all night.", "Hesk:0!"},
    {"en", "", "THIS IS A WARNING TO ALL\nWe saw Anna there.", "Anna:1"},
    {"en", "", "He said: “Look, Ankara is far.” “Look,” said she of Ankara.", "Ankara:2"},
    {"de", "", "Der Minister traf Olaf Scholz in der Stadt. Die Stadt gefiel Scholz.",
     "Olaf Scholz:2"},
    {"fr", "", "La ville a vu Emmanuel Macron et Jean de La Fontaine. Puis, Macron est parti.",
     "Emmanuel Macron:2; Jean de La Fontaine:1"},
    {"ru", "", "Здесь была Анна Петрова, и Петрова сказала это.", "Анна Петрова:2"},
    {"zh", "", "昨天下雨。", ""},
    {"", "", "We saw Anna Lind.", "Anna Lind:1"},
    {"en", "", "", ""},
    {"en", "", "of of of The The Of . , “ ” 's ’s", ""},
};

static str list(struct arena *arena, const struct names *names)
{
    struct buf b;
    buf_init(&b, arena, 64 * 1024);
    for (size_t i = 0; i < names->count; i++) {
        if (i > 0)
            buf_add(&b, S("; "));
        buf_add(&b, names->list[i].text);
        buf_add_char(&b, ':');
        buf_add_int(&b, (int64_t)names->list[i].mentions);
        if (names->list[i].in_headline)
            buf_add_char(&b, '!');
    }
    return buf_view(&b);
}

static void test_sample(struct arena *arena)
{
    static const str wanted[] = {STR_INIT("Trump"),   STR_INIT("Putin"),  STR_INIT("Zelensky"),
                                 STR_INIT("Ukraine"), STR_INIT("Russia"), STR_INIT("Turkey"),
                                 STR_INIT("Istanbul")};
    const char *shared = getenv("BROADSHEET_SHARED");
    str path =
        file_join(arena, str_from_c(shared == NULL ? "../shared" : shared), S("samples/story.txt"));
    str text;
    if (file_read(arena, path, 1024 * 1024, &text, NULL) != ST_OK) {
        printf("sample story: skipped, it is not here\n");
        return;
    }
    str headline = str_cut(&text, '\n');
    struct names names;
    names_find(arena, headline, text, S("en"), &names);
    names.count = names.count < 8 ? names.count : 8;
    str first = list(arena, &names);
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        if (!str_contains(first, wanted[i]))
            printf("no %.*s in: %.*s\n", STR_ARG(wanted[i]), STR_ARG(first));
        EXPECT(str_contains(first, wanted[i]));
    }
    EXPECT(!str_contains(first, S("day")));
}

/* Offsets are of the text, whatever the bytes. */
static void test_bytes(struct arena *arena)
{
    static const str texts[] = {STR_INIT("\xff\xfe"
                                         "Anna \xc3\x28 Lind Anna"),
                                STR_INIT("Anna\0Lind"), STR_INIT("’s Anna’s"),
                                STR_INIT("Ann\xe2\x80")};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct names names;
        names_find(arena, texts[i], texts[i], S("en"), &names);
        for (size_t n = 0; n < names.count; n++) {
            EXPECT(names.list[n].begin <= names.list[n].end);
            EXPECT(names.list[n].end <= texts[i].len);
        }
    }
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct names names;
        names_find(arena, str_from_c(cases[i].headline), str_from_c(cases[i].text),
                   str_from_c(cases[i].language), &names);
        EXPECT_STR(list(arena, &names), str_from_c(cases[i].names));
    }
    test_sample(arena);
    test_bytes(arena);
    return test_done();
}
