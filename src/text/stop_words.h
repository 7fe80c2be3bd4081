/* text/stop_words.h -- words too common to find anything by. Inside text/ only.
 *
 * Sorted by byte in each language, case-folded, with their accents. */
#pragma once
#include "base/str.h"

bool stop_words_have(str primary_language, str word);
