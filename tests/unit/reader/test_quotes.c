/* SPDX-License-Identifier: MIT */
#include "reader/quotes.h"

#include "tests/check.h"

/* `at` in characters of what stands before the mark would move with each letter: the mark's own bytes are looked
 * for, and the how-manieth of the text it is. */
static const struct {
    const char *text;
    size_t count;
    const char *before; /* what stands before the first fault */
    bool opened;
} cases[] = {
    {"", 0, "", false},
    {"No quotation at all.", 0, "", false},
    {"He said: “It rained.” Then he left.", 0, "", false},
    {"He said: “It was a matter of time.", 1, "He said: ", true},
    {"He said: it was a matter of time.” Then.", 1, "He said: it was a matter of time.", false},
    {"She said \"yes\" and \"no\".", 0, "", false},
    {"She said \"yes\" and \"no.", 1, "She said \"yes\" and ", true},
    {"A 5\" nail and a 6'2\" man.", 0, "", false},
    {"Sie sagte: „Es regnet.“ Dann ging sie.", 0, "", false},
    {"Sie sagte: „Es regnet.\" Dann ging sie.", 0, "", false},
    {"Sie sagte: „Es regnet. Dann ging sie.", 1, "Sie sagte: ", true},
    {"Powiedział: „Pada deszcz”.", 0, "", false},
    {"»Es regnet«, sagte sie.", 0, "", false},
    {"Il a dit : « Il pleut. » Puis rien.", 0, "", false},
    {"Il a dit : « Il pleut. Puis rien.", 1, "Il a dit : ", true},
    {"Hon sade: ”Det regnar.” Sedan gick hon.", 0, "", false},
    {"Hän sanoi: »Sataa.» Sitten hän lähti.", 0, "", false},
    {"“He told me ‘go’, and I went,” she said.", 0, "", false},
    {"“He told me: “go”,” she said.", 0, "", false},
    {"Don't; it's the dogs' dinner, isn’t it?", 0, "", false},
    {"(“So,” he said.)", 0, "", false},
    {"It was—“as they say”—late.", 0, "", false},
    /* Several paragraphs of one quotation: each begins with the mark, the last ends it. */
    {"“One.\n“Two.\n“Three.”\nNobody spoke.", 0, "", false},
    {"“One.\n\n“Two.\n\nNobody spoke.", 1, "“One.\n\n", true},
    {"“One.\nTwo.”", 2, "", true},
    {"« Un.\n» Deux. »", 0, "", false},
    {"\"One.\n\"Two.\"", 0, "", false},
    {"„Eins.\n„Zwei.“", 0, "", false},
    {"“a “b “c “d “e “f “g “h “i “j", 8, "", true},
    {"\"\"\"\"", 0, "", false},
};

int main(void)
{
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct quote_fault faults[QUOTES_FAULTS_MAX];
        str text = str_from_c(cases[i].text);
        size_t count = quotes_unmatched(text, faults, QUOTES_FAULTS_MAX);
        if (count != cases[i].count)
            printf("in \"%s\":\n", cases[i].text);
        EXPECT_INT(count, cases[i].count);
        if (count == 0 || cases[i].count == 0)
            continue;
        EXPECT_STR(str_sub(text, 0, faults[0].at), str_from_c(cases[i].before));
        EXPECT(faults[0].opened == cases[i].opened);
    }
    EXPECT_INT(quotes_unmatched(S("“ “ “"), NULL, 0), 3);
    return test_done();
}
