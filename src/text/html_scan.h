/* text/html_scan.h -- one linear look at HTML before the parser gets it. Inside text/ only.
 *
 *     st = html_scan(arena, text, &cut, err);     // cut is what to parse
 *
 * The parser's cost grows with how many elements are open at each tag, and with the square of a
 * tag's attributes. So this reads the input as HTML's tokenizer would and keeps a stack of names, on which
 * an element stays until it is surely closed: by its end tag while it is on top, or by the next li, td,
 * p ... where HTML says that this closes it. What is closed in a way that only the whole tree
 * construction could follow stays on the stack. So the stack is at least as deep as the parser's, apart
 * from elements that come in fixed number with another (tbody and tr of a table, say) and those
 * counted by `passed`.
 *
 * That holds only while both read the same tags. Elements that switch a parser to other rules (foreign
 * content, select, template, frameset, plaintext, form) are therefore cut out of what the parser gets;
 * "<!>", an empty comment, is put in their place: it parts what stands on either side.
 *
 * Rules: WHATWG HTML §13.2.5 (tokenization), §13.2.6 (implied ends). */
#pragma once
#include "base/str.h"

struct arena;

enum {
    /* Sum over all tags of the elements open there, and of squares of attributes: what the parser
     * may have to look at. Honest pages need a few for each byte. */
    HTML_SCAN_WORK_MAX = 4 * 1024 * 1024,
};

/* ST_TOO_BIG: over HTML_UNCLOSED_MAX, HTML_ATTRS_MAX or HTML_SCAN_WORK_MAX. Returns `text` itself when
 * nothing had to be cut. */
MUST_USE enum status html_scan(struct arena *arena, str text, str *ret_text, struct error *err);
