/* reader/quotes.h -- quotation marks that do not match.
 *
 *     count = quotes_unmatched(text, faults, QUOTES_FAULTS_MAX);
 *     "He said: “It was a matter of time.\n\nNobody else spoke."   ->   one, at the “
 *
 * Marks of all the usual kinds are read by what they do where they stand: “ opens in English and closes „ in German;
 * » opens „»so«“ and closes « in French; ” opens in Swedish; a straight " opens where a word begins and closes
 * where one ends. Apostrophes and single marks say too little to be read, and so does an inch (5").
 *
 * A quotation ends in its paragraph, or the next paragraph begins with its mark again: the custom for one of several
 * paragraphs. Paragraphs are parted by line ends.
 *
 * Cost: linear. Limits: quotations within quotations to QUOTES_DEEP_MAX. Threads: pure. */
#pragma once
#include "base/str.h"

enum { QUOTES_DEEP_MAX = 8, QUOTES_FAULTS_MAX = 20 };

struct quote_fault {
    size_t at;   /* of the mark, in bytes */
    bool opened; /* and never closed; else closed and never opened */
};

/* How many, at most `max` of them told, in order. `text` is valid UTF-8. */
size_t quotes_unmatched(str text, struct quote_fault *ret_faults, size_t max);
