/* SPDX-License-Identifier: MIT
 *
 * Lines are compared without case, marks at their ends, and numbers in brackets, so that "Tags :" and
 * "Related Posts (4)" are the table's "tags" and "related posts". */
#include "reader/furniture.h"

#include "text/utf8.h"

enum strength { HEADING, STRONG };

struct fitting {
    str text;
    enum strength strength; /* STRONG: no story ends so by itself */
};
#define HEAD(s)                                                                                    \
    {                                                                                              \
        STR_INIT(s), HEADING                                                                       \
    }
#define SURE(s)                                                                                    \
    {                                                                                              \
        STR_INIT(s), STRONG                                                                        \
    }

/* Whole lines, by language. */
static const struct fitting whole_lines[] = {
    HEAD("tags"),
    HEAD("tag"),
    HEAD("tagged"),
    HEAD("filed under"),
    HEAD("categories"),
    HEAD("share"),
    HEAD("share this"),
    SURE("share this article"),
    SURE("share this story"),
    SURE("share this post"),
    HEAD("related"),
    HEAD("related post"),
    HEAD("related posts"),
    HEAD("related stories"),
    HEAD("related articles"),
    HEAD("related news"),
    HEAD("more stories"),
    HEAD("more news"),
    HEAD("read more"),
    HEAD("read next"),
    HEAD("read also"),
    HEAD("also read"),
    HEAD("trending"),
    HEAD("trending now"),
    HEAD("latest"),
    HEAD("latest stories"),
    HEAD("latest news"),
    HEAD("latest posts"),
    HEAD("recent posts"),
    HEAD("recent stories"),
    HEAD("recent comments"),
    HEAD("popular"),
    HEAD("popular stories"),
    HEAD("popular posts"),
    HEAD("most popular"),
    HEAD("most read"),
    HEAD("editor's picks"),
    HEAD("you may also like"),
    HEAD("you might also like"),
    HEAD("you may like"),
    HEAD("recommended"),
    HEAD("recommended for you"),
    HEAD("comments"),
    HEAD("no comments"),
    HEAD("0 comments"),
    HEAD("comment"),
    SURE("leave a reply"),
    SURE("leave a comment"),
    SURE("leave a reply cancel reply"),
    SURE("cancel reply"),
    SURE("post comment"),
    SURE("post a comment"),
    SURE("add a comment"),
    SURE("submit comment"),
    HEAD("submit"),
    HEAD("name"),
    HEAD("email"),
    HEAD("e-mail"),
    HEAD("website"),
    HEAD("url"),
    HEAD("your name"),
    HEAD("your email"),
    HEAD("your comment"),
    HEAD("message"),
    HEAD("reply"),
    HEAD("previous"),
    HEAD("next"),
    HEAD("previous post"),
    HEAD("next post"),
    HEAD("previous article"),
    HEAD("next article"),
    HEAD("newsletter"),
    SURE("subscribe to our newsletter"),
    SURE("sign up for our newsletter"),
    HEAD("subscribe"),
    HEAD("follow us"),
    HEAD("contact us"),
    HEAD("about us"),
    HEAD("privacy policy"),
    HEAD("terms of use"),
    HEAD("terms and conditions"),
    HEAD("cookie policy"),
    HEAD("advertise"),
    HEAD("advertisement"),
    HEAD("back to top"),
    SURE("all rights reserved"),
    SURE("powered by wordpress"),
    HEAD("log in"),
    HEAD("sign in"),
    HEAD("facebook"),
    HEAD("twitter"),
    HEAD("instagram"),
    HEAD("whatsapp"),
    HEAD("linkedin"),
    HEAD("pinterest"),
    HEAD("telegram"),
    HEAD("youtube"),
    HEAD("print"),
    HEAD("about the author"),
    /* German */
    HEAD("schlagwörter"),
    HEAD("schlagworte"),
    HEAD("teilen"),
    HEAD("ähnliche beiträge"),
    HEAD("verwandte beiträge"),
    HEAD("verwandte artikel"),
    HEAD("mehr zum thema"),
    HEAD("neueste beiträge"),
    HEAD("letzte beiträge"),
    HEAD("neueste kommentare"),
    HEAD("beliebte beiträge"),
    HEAD("meistgelesen"),
    HEAD("das könnte sie auch interessieren"),
    HEAD("das könnte dich auch interessieren"),
    SURE("schreibe einen kommentar"),
    SURE("kommentar abschicken"),
    SURE("antwort hinterlassen"),
    HEAD("kommentare"),
    SURE("alle rechte vorbehalten"),
    HEAD("impressum"),
    HEAD("datenschutz"),
    /* French */
    HEAD("étiquettes"),
    HEAD("mots-clés"),
    HEAD("partager"),
    HEAD("articles similaires"),
    HEAD("articles liés"),
    HEAD("à lire aussi"),
    HEAD("articles récents"),
    HEAD("derniers articles"),
    HEAD("les plus lus"),
    HEAD("vous aimerez aussi"),
    SURE("laisser un commentaire"),
    SURE("laissez un commentaire"),
    SURE("annuler la réponse"),
    HEAD("commentaires"),
    SURE("tous droits réservés"),
    HEAD("mentions légales"),
    /* Spanish */
    HEAD("etiquetas"),
    HEAD("compartir"),
    HEAD("entradas relacionadas"),
    HEAD("artículos relacionados"),
    HEAD("noticias relacionadas"),
    HEAD("últimas noticias"),
    HEAD("entradas recientes"),
    HEAD("lo más leído"),
    HEAD("más leídas"),
    HEAD("también te puede interesar"),
    HEAD("te puede interesar"),
    SURE("deja una respuesta"),
    SURE("deja un comentario"),
    SURE("cancelar la respuesta"),
    HEAD("comentarios"),
    SURE("todos los derechos reservados"),
    /* Italian, Portuguese, Dutch */
    HEAD("tag correlati"),
    HEAD("condividi"),
    HEAD("articoli correlati"),
    HEAD("ultime notizie"),
    HEAD("potrebbe interessarti"),
    SURE("lascia un commento"),
    SURE("annulla risposta"),
    SURE("tutti i diritti riservati"),
    HEAD("compartilhar"),
    HEAD("artigos relacionados"),
    HEAD("últimas notícias"),
    HEAD("mais lidas"),
    HEAD("você também pode gostar"),
    SURE("deixe um comentário"),
    SURE("deixe uma resposta"),
    SURE("todos os direitos reservados"),
    HEAD("delen"),
    HEAD("gerelateerde berichten"),
    HEAD("laatste nieuws"),
    HEAD("meest gelezen"),
    SURE("geef een reactie"),
    SURE("reactie annuleren"),
    SURE("alle rechten voorbehouden"),
    /* Arabic, Russian, Ukrainian */
    HEAD("الوسوم"),
    HEAD("مقالات ذات صلة"),
    HEAD("أحدث الأخبار"),
    HEAD("الأكثر قراءة"),
    SURE("اترك تعليقاً"),
    SURE("اترك رداً"),
    SURE("جميع الحقوق محفوظة"),
    HEAD("метки"),
    HEAD("теги"),
    HEAD("похожие записи"),
    HEAD("похожие статьи"),
    HEAD("читайте также"),
    HEAD("последние новости"),
    HEAD("популярное"),
    SURE("добавить комментарий"),
    SURE("оставить комментарий"),
    SURE("все права защищены"),
    HEAD("теґи"),
    HEAD("читайте також"),
    HEAD("останні новини"),
    SURE("залишити коментар"),
    SURE("усі права захищено"),
};

/* Beginnings of lines. */
static const struct fitting beginnings[] = {
    SURE("your email address will not be published"),
    SURE("your e-mail address will not be published"),
    SURE("required fields are marked"),
    SURE("save my name, email"),
    SURE("notify me of follow"),
    SURE("notify me of new"),
    SURE("this site uses akismet"),
    SURE("copyright ©"),
    SURE("copyright (c)"),
    SURE("©"),
    SURE("(c) 19"),
    SURE("(c) 20"),
    SURE("copyright 19"),
    SURE("copyright 20"),
    SURE("deine e-mail-adresse wird nicht"),
    SURE("ihre e-mail-adresse wird nicht"),
    SURE("erforderliche felder sind"),
    SURE("votre adresse e-mail ne sera pas"),
    SURE("votre adresse courriel ne sera pas"),
    SURE("les champs obligatoires sont"),
    SURE("tu dirección de correo electrónico no será"),
    SURE("los campos obligatorios están"),
    SURE("il tuo indirizzo email non sarà"),
    SURE("o seu endereço de e-mail não será"),
    SURE("o seu endereço de email não será"),
    SURE("je e-mailadres wordt niet"),
    SURE("ваш адрес email не будет"),
    SURE("ваша e-mail адреса не"),
    SURE("لن يتم نشر عنوان بريدك"),
};

/* ASCII, Latin-1 and Cyrillic capitals suffice for the tables; nothing is taken from an arena. */
static uint32_t lower(uint32_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x410 && c <= 0x42f))
        return c + 32;
    if (c == 0x2019)
        return '\'';
    return c == 0xa0 ? ' ' : c;
}

/* Whether the line begins with the fitting, and what follows it. */
static bool begins(str line, str fitting, str *ret_rest)
{
    while (fitting.len > 0) {
        if (line.len == 0 || lower(utf8_next(&line)) != utf8_next(&fitting))
            return false;
    }
    *ret_rest = line;
    return true;
}

/* Marks and counts may follow a heading: " :", " *", "(12)", "...", an arrow. */
static bool only_marks(str rest)
{
    int brackets = 0;
    while (rest.len > 0) {
        uint32_t c = utf8_next(&rest);
        if (c == '(' || c == '[')
            brackets++;
        if (c == ')' || c == ']')
            brackets--;
        bool number = c >= '0' && c <= '9' && brackets > 0;
        if (utf8_is_word(c) && !number)
            return false;
    }
    return true;
}

static str without_marks_before(str line)
{
    while (line.len > 0) {
        str next = line;
        uint32_t c = utf8_next(&next);
        if (utf8_is_word(c) || c == 0xa9 || c == '(')
            break;
        line = next;
    }
    return line;
}

/* "2024 ghweb. All rights reserved." */
static bool says_rights(str line)
{
    static const str rights[] = {
        STR_INIT("all rights reserved"), STR_INIT("©"), STR_INIT("alle rechte vorbehalten"),
        STR_INIT("tous droits réservés"), STR_INIT("todos los derechos reservados")};
    for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
        if (line.len <= 160 && str_find_nocase(line, rights[i]) != STR_NPOS)
            return true;
    }
    return false;
}

static bool is_fitting(str line, enum strength *ret_strength)
{
    str rest;
    if (line.len > FURNITURE_LINE_BYTES_MAX)
        return false;
    str bare = without_marks_before(line);
    if (bare.len == 0) { /* a rule of dashes, an arrow */
        *ret_strength = HEADING;
        return true;
    }
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
        if (begins(bare, beginnings[i].text, &rest)) {
            *ret_strength = STRONG;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(whole_lines) / sizeof(whole_lines[0]); i++) {
        if (begins(bare, whole_lines[i].text, &rest) && only_marks(rest)) {
            *ret_strength = whole_lines[i].strength;
            return true;
        }
    }
    *ret_strength = STRONG;
    return says_rights(line);
}

struct furniture furniture_find(str text)
{
    struct furniture f = {.begin = text.len};
    size_t end = text.len, begin = text.len, strong = 0, marks = 0;
    str found[FURNITURE_LINES_MAX];

    while (end > 0 && f.count < FURNITURE_LINES_MAX) {
        size_t newline = str_rfind_char(str_sub(text, 0, end), '\n');
        size_t start = newline == STR_NPOS ? 0 : newline + 1;
        str line = str_trim(str_sub(text, start, end - start));
        enum strength strength;
        if (line.len > 0) {
            if (!is_fitting(line, &strength))
                break;
            strong += strength == STRONG;
            marks += without_marks_before(line).len == 0;
            found[f.count++] = line;
            begin = start;
        }
        end = newline == STR_NPOS ? 0 : newline;
    }
    if (begin == 0 || (strong == 0 && f.count - marks < 2))
        return (struct furniture){.begin = text.len}; /* all of it, or too little to be sure */
    f.begin = begin;
    for (size_t i = 0; i < f.count; i++)
        f.lines[i] = found[f.count - 1 - i];
    return f;
}
