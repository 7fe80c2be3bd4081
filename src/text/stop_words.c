/* SPDX-License-Identifier: MIT */
#include "text/stop_words.h"

static const str words_en[] = {
    STR_INIT("a"),          STR_INIT("about"),   STR_INIT("above"),     STR_INIT("after"),
    STR_INIT("again"),      STR_INIT("against"), STR_INIT("ain"),       STR_INIT("all"),
    STR_INIT("am"),         STR_INIT("an"),      STR_INIT("and"),       STR_INIT("any"),
    STR_INIT("are"),        STR_INIT("aren"),    STR_INIT("as"),        STR_INIT("at"),
    STR_INIT("be"),         STR_INIT("because"), STR_INIT("been"),      STR_INIT("before"),
    STR_INIT("being"),      STR_INIT("below"),   STR_INIT("between"),   STR_INIT("both"),
    STR_INIT("but"),        STR_INIT("by"),      STR_INIT("can"),       STR_INIT("could"),
    STR_INIT("couldn"),     STR_INIT("did"),     STR_INIT("didn"),      STR_INIT("do"),
    STR_INIT("does"),       STR_INIT("doesn"),   STR_INIT("doing"),     STR_INIT("don"),
    STR_INIT("down"),       STR_INIT("during"),  STR_INIT("each"),      STR_INIT("few"),
    STR_INIT("for"),        STR_INIT("from"),    STR_INIT("further"),   STR_INIT("had"),
    STR_INIT("hadn"),       STR_INIT("has"),     STR_INIT("hasn"),      STR_INIT("have"),
    STR_INIT("haven"),      STR_INIT("having"),  STR_INIT("he"),        STR_INIT("her"),
    STR_INIT("here"),       STR_INIT("hers"),    STR_INIT("herself"),   STR_INIT("him"),
    STR_INIT("himself"),    STR_INIT("his"),     STR_INIT("how"),       STR_INIT("i"),
    STR_INIT("if"),         STR_INIT("in"),      STR_INIT("into"),      STR_INIT("is"),
    STR_INIT("isn"),        STR_INIT("it"),      STR_INIT("its"),       STR_INIT("itself"),
    STR_INIT("just"),       STR_INIT("me"),      STR_INIT("mightn"),    STR_INIT("more"),
    STR_INIT("most"),       STR_INIT("mustn"),   STR_INIT("my"),        STR_INIT("myself"),
    STR_INIT("needn"),      STR_INIT("no"),      STR_INIT("nor"),       STR_INIT("not"),
    STR_INIT("now"),        STR_INIT("of"),      STR_INIT("off"),       STR_INIT("on"),
    STR_INIT("once"),       STR_INIT("only"),    STR_INIT("or"),        STR_INIT("other"),
    STR_INIT("our"),        STR_INIT("ours"),    STR_INIT("ourselves"), STR_INIT("out"),
    STR_INIT("over"),       STR_INIT("own"),     STR_INIT("same"),      STR_INIT("shan"),
    STR_INIT("she"),        STR_INIT("should"),  STR_INIT("shouldn"),   STR_INIT("so"),
    STR_INIT("some"),       STR_INIT("such"),    STR_INIT("than"),      STR_INIT("that"),
    STR_INIT("the"),        STR_INIT("their"),   STR_INIT("theirs"),    STR_INIT("them"),
    STR_INIT("themselves"), STR_INIT("then"),    STR_INIT("there"),     STR_INIT("these"),
    STR_INIT("they"),       STR_INIT("this"),    STR_INIT("those"),     STR_INIT("through"),
    STR_INIT("to"),         STR_INIT("too"),     STR_INIT("under"),     STR_INIT("until"),
    STR_INIT("up"),         STR_INIT("very"),    STR_INIT("was"),       STR_INIT("wasn"),
    STR_INIT("we"),         STR_INIT("were"),    STR_INIT("weren"),     STR_INIT("what"),
    STR_INIT("when"),       STR_INIT("where"),   STR_INIT("which"),     STR_INIT("while"),
    STR_INIT("who"),        STR_INIT("whom"),    STR_INIT("why"),       STR_INIT("will"),
    STR_INIT("with"),       STR_INIT("would"),   STR_INIT("wouldn"),    STR_INIT("you"),
    STR_INIT("your"),       STR_INIT("yours"),   STR_INIT("yourself"),  STR_INIT("yourselves")};

static const str words_de[] = {
    STR_INIT("aber"),    STR_INIT("alle"),     STR_INIT("allem"),   STR_INIT("allen"),
    STR_INIT("aller"),   STR_INIT("alles"),    STR_INIT("als"),     STR_INIT("also"),
    STR_INIT("am"),      STR_INIT("an"),       STR_INIT("ander"),   STR_INIT("andere"),
    STR_INIT("anderem"), STR_INIT("anderen"),  STR_INIT("anderer"), STR_INIT("anderes"),
    STR_INIT("auch"),    STR_INIT("auf"),      STR_INIT("aus"),     STR_INIT("bei"),
    STR_INIT("bin"),     STR_INIT("bis"),      STR_INIT("bist"),    STR_INIT("da"),
    STR_INIT("damit"),   STR_INIT("dann"),     STR_INIT("das"),     STR_INIT("dass"),
    STR_INIT("dein"),    STR_INIT("deine"),    STR_INIT("dem"),     STR_INIT("den"),
    STR_INIT("denn"),    STR_INIT("der"),      STR_INIT("des"),     STR_INIT("dessen"),
    STR_INIT("die"),     STR_INIT("dies"),     STR_INIT("diese"),   STR_INIT("diesem"),
    STR_INIT("diesen"),  STR_INIT("dieser"),   STR_INIT("dieses"),  STR_INIT("dir"),
    STR_INIT("doch"),    STR_INIT("dort"),     STR_INIT("du"),      STR_INIT("durch"),
    STR_INIT("ein"),     STR_INIT("eine"),     STR_INIT("einem"),   STR_INIT("einen"),
    STR_INIT("einer"),   STR_INIT("eines"),    STR_INIT("er"),      STR_INIT("es"),
    STR_INIT("etwas"),   STR_INIT("euch"),     STR_INIT("euer"),    STR_INIT("für"),
    STR_INIT("gegen"),   STR_INIT("gewesen"),  STR_INIT("hab"),     STR_INIT("habe"),
    STR_INIT("haben"),   STR_INIT("hat"),      STR_INIT("hatte"),   STR_INIT("hatten"),
    STR_INIT("hier"),    STR_INIT("hin"),      STR_INIT("hinter"),  STR_INIT("ich"),
    STR_INIT("ihm"),     STR_INIT("ihn"),      STR_INIT("ihnen"),   STR_INIT("ihr"),
    STR_INIT("ihre"),    STR_INIT("ihrem"),    STR_INIT("ihren"),   STR_INIT("ihrer"),
    STR_INIT("im"),      STR_INIT("in"),       STR_INIT("indem"),   STR_INIT("ins"),
    STR_INIT("ist"),     STR_INIT("ja"),       STR_INIT("jede"),    STR_INIT("jedem"),
    STR_INIT("jeden"),   STR_INIT("jeder"),    STR_INIT("jedes"),   STR_INIT("jene"),
    STR_INIT("jetzt"),   STR_INIT("kann"),     STR_INIT("kein"),    STR_INIT("keine"),
    STR_INIT("keinem"),  STR_INIT("keinen"),   STR_INIT("keiner"),  STR_INIT("können"),
    STR_INIT("könnte"),  STR_INIT("man"),      STR_INIT("manche"),  STR_INIT("mein"),
    STR_INIT("meine"),   STR_INIT("mich"),     STR_INIT("mir"),     STR_INIT("mit"),
    STR_INIT("muss"),    STR_INIT("nach"),     STR_INIT("nicht"),   STR_INIT("nichts"),
    STR_INIT("noch"),    STR_INIT("nun"),      STR_INIT("nur"),     STR_INIT("ob"),
    STR_INIT("oder"),    STR_INIT("ohne"),     STR_INIT("sehr"),    STR_INIT("sein"),
    STR_INIT("seine"),   STR_INIT("seinem"),   STR_INIT("seinen"),  STR_INIT("seiner"),
    STR_INIT("selbst"),  STR_INIT("sich"),     STR_INIT("sie"),     STR_INIT("sind"),
    STR_INIT("so"),      STR_INIT("solche"),   STR_INIT("soll"),    STR_INIT("sollte"),
    STR_INIT("sondern"), STR_INIT("sonst"),    STR_INIT("um"),      STR_INIT("und"),
    STR_INIT("uns"),     STR_INIT("unser"),    STR_INIT("unter"),   STR_INIT("viel"),
    STR_INIT("vom"),     STR_INIT("von"),      STR_INIT("vor"),     STR_INIT("war"),
    STR_INIT("waren"),   STR_INIT("was"),      STR_INIT("weg"),     STR_INIT("weil"),
    STR_INIT("weiter"),  STR_INIT("welche"),   STR_INIT("welchem"), STR_INIT("welchen"),
    STR_INIT("welcher"), STR_INIT("wenn"),     STR_INIT("wer"),     STR_INIT("werde"),
    STR_INIT("werden"),  STR_INIT("wie"),      STR_INIT("wieder"),  STR_INIT("will"),
    STR_INIT("wir"),     STR_INIT("wird"),     STR_INIT("wirst"),   STR_INIT("wo"),
    STR_INIT("wollen"),  STR_INIT("wollte"),   STR_INIT("während"), STR_INIT("würde"),
    STR_INIT("würden"),  STR_INIT("zu"),       STR_INIT("zum"),     STR_INIT("zur"),
    STR_INIT("zwar"),    STR_INIT("zwischen"), STR_INIT("über")};

static const str words_fr[] = {
    STR_INIT("a"),       STR_INIT("afin"),    STR_INIT("ai"),      STR_INIT("ainsi"),
    STR_INIT("alors"),   STR_INIT("après"),   STR_INIT("as"),      STR_INIT("au"),
    STR_INIT("aucun"),   STR_INIT("aussi"),   STR_INIT("autre"),   STR_INIT("autres"),
    STR_INIT("aux"),     STR_INIT("avaient"), STR_INIT("avait"),   STR_INIT("avant"),
    STR_INIT("avec"),    STR_INIT("avoir"),   STR_INIT("ayant"),   STR_INIT("c"),
    STR_INIT("ce"),      STR_INIT("cela"),    STR_INIT("celle"),   STR_INIT("celui"),
    STR_INIT("ces"),     STR_INIT("cet"),     STR_INIT("cette"),   STR_INIT("ceux"),
    STR_INIT("chaque"),  STR_INIT("ci"),      STR_INIT("comme"),   STR_INIT("d"),
    STR_INIT("dans"),    STR_INIT("de"),      STR_INIT("depuis"),  STR_INIT("des"),
    STR_INIT("donc"),    STR_INIT("dont"),    STR_INIT("du"),      STR_INIT("elle"),
    STR_INIT("elles"),   STR_INIT("en"),      STR_INIT("encore"),  STR_INIT("entre"),
    STR_INIT("es"),      STR_INIT("est"),     STR_INIT("et"),      STR_INIT("eu"),
    STR_INIT("eux"),     STR_INIT("faire"),   STR_INIT("fait"),    STR_INIT("fois"),
    STR_INIT("font"),    STR_INIT("furent"),  STR_INIT("fut"),     STR_INIT("hors"),
    STR_INIT("il"),      STR_INIT("ils"),     STR_INIT("j"),       STR_INIT("je"),
    STR_INIT("l"),       STR_INIT("la"),      STR_INIT("le"),      STR_INIT("les"),
    STR_INIT("leur"),    STR_INIT("leurs"),   STR_INIT("lors"),    STR_INIT("lui"),
    STR_INIT("m"),       STR_INIT("ma"),      STR_INIT("mais"),    STR_INIT("me"),
    STR_INIT("mes"),     STR_INIT("moi"),     STR_INIT("mon"),     STR_INIT("même"),
    STR_INIT("n"),       STR_INIT("ne"),      STR_INIT("ni"),      STR_INIT("nos"),
    STR_INIT("notre"),   STR_INIT("nous"),    STR_INIT("on"),      STR_INIT("ont"),
    STR_INIT("or"),      STR_INIT("ou"),      STR_INIT("où"),      STR_INIT("par"),
    STR_INIT("parce"),   STR_INIT("pas"),     STR_INIT("pendant"), STR_INIT("peu"),
    STR_INIT("peut"),    STR_INIT("plus"),    STR_INIT("pour"),    STR_INIT("pourquoi"),
    STR_INIT("qu"),      STR_INIT("quand"),   STR_INIT("que"),     STR_INIT("quel"),
    STR_INIT("quelle"),  STR_INIT("quelles"), STR_INIT("quels"),   STR_INIT("qui"),
    STR_INIT("s"),       STR_INIT("sa"),      STR_INIT("sans"),    STR_INIT("se"),
    STR_INIT("selon"),   STR_INIT("sera"),    STR_INIT("seront"),  STR_INIT("ses"),
    STR_INIT("si"),      STR_INIT("soit"),    STR_INIT("son"),     STR_INIT("sont"),
    STR_INIT("sous"),    STR_INIT("sur"),     STR_INIT("t"),       STR_INIT("ta"),
    STR_INIT("te"),      STR_INIT("tes"),     STR_INIT("toi"),     STR_INIT("ton"),
    STR_INIT("tous"),    STR_INIT("tout"),    STR_INIT("toute"),   STR_INIT("toutes"),
    STR_INIT("très"),    STR_INIT("tu"),      STR_INIT("un"),      STR_INIT("une"),
    STR_INIT("vers"),    STR_INIT("voici"),   STR_INIT("voilà"),   STR_INIT("vos"),
    STR_INIT("votre"),   STR_INIT("vous"),    STR_INIT("y"),       STR_INIT("à"),
    STR_INIT("étaient"), STR_INIT("était"),   STR_INIT("étant"),   STR_INIT("été"),
    STR_INIT("être")};

static const str words_es[] = {
    STR_INIT("a"),        STR_INIT("al"),      STR_INIT("algo"),    STR_INIT("algunas"),
    STR_INIT("algunos"),  STR_INIT("ante"),    STR_INIT("antes"),   STR_INIT("aquel"),
    STR_INIT("así"),      STR_INIT("aunque"),  STR_INIT("aún"),     STR_INIT("bajo"),
    STR_INIT("cada"),     STR_INIT("como"),    STR_INIT("con"),     STR_INIT("contra"),
    STR_INIT("cual"),     STR_INIT("cuando"),  STR_INIT("de"),      STR_INIT("del"),
    STR_INIT("desde"),    STR_INIT("donde"),   STR_INIT("durante"), STR_INIT("e"),
    STR_INIT("el"),       STR_INIT("ella"),    STR_INIT("ellas"),   STR_INIT("ellos"),
    STR_INIT("en"),       STR_INIT("entre"),   STR_INIT("era"),     STR_INIT("eran"),
    STR_INIT("eres"),     STR_INIT("es"),      STR_INIT("esa"),     STR_INIT("esas"),
    STR_INIT("ese"),      STR_INIT("eso"),     STR_INIT("esos"),    STR_INIT("esta"),
    STR_INIT("estas"),    STR_INIT("este"),    STR_INIT("esto"),    STR_INIT("estos"),
    STR_INIT("está"),     STR_INIT("están"),   STR_INIT("fue"),     STR_INIT("fueron"),
    STR_INIT("ha"),       STR_INIT("había"),   STR_INIT("habían"),  STR_INIT("han"),
    STR_INIT("hasta"),    STR_INIT("hay"),     STR_INIT("he"),      STR_INIT("la"),
    STR_INIT("las"),      STR_INIT("le"),      STR_INIT("les"),     STR_INIT("lo"),
    STR_INIT("los"),      STR_INIT("me"),      STR_INIT("mi"),      STR_INIT("mientras"),
    STR_INIT("muchos"),   STR_INIT("muy"),     STR_INIT("más"),     STR_INIT("mí"),
    STR_INIT("nada"),     STR_INIT("ni"),      STR_INIT("no"),      STR_INIT("nos"),
    STR_INIT("nosotros"), STR_INIT("nuestra"), STR_INIT("nuestro"), STR_INIT("o"),
    STR_INIT("os"),       STR_INIT("otra"),    STR_INIT("otras"),   STR_INIT("otro"),
    STR_INIT("otros"),    STR_INIT("para"),    STR_INIT("pero"),    STR_INIT("poco"),
    STR_INIT("por"),      STR_INIT("porque"),  STR_INIT("que"),     STR_INIT("quien"),
    STR_INIT("quienes"),  STR_INIT("quién"),   STR_INIT("qué"),     STR_INIT("se"),
    STR_INIT("sea"),      STR_INIT("según"),   STR_INIT("ser"),     STR_INIT("si"),
    STR_INIT("sido"),     STR_INIT("sin"),     STR_INIT("sino"),    STR_INIT("sobre"),
    STR_INIT("son"),      STR_INIT("su"),      STR_INIT("sus"),     STR_INIT("sí"),
    STR_INIT("también"),  STR_INIT("tan"),     STR_INIT("tanto"),   STR_INIT("te"),
    STR_INIT("tenía"),    STR_INIT("ti"),      STR_INIT("tiene"),   STR_INIT("tienen"),
    STR_INIT("toda"),     STR_INIT("todas"),   STR_INIT("todo"),    STR_INIT("todos"),
    STR_INIT("tu"),       STR_INIT("tus"),     STR_INIT("tú"),      STR_INIT("un"),
    STR_INIT("una"),      STR_INIT("uno"),     STR_INIT("unos"),    STR_INIT("usted"),
    STR_INIT("ustedes"),  STR_INIT("y"),       STR_INIT("ya"),      STR_INIT("yo"),
    STR_INIT("él")};

static const str words_ar[] = {
    STR_INIT("أن"),   STR_INIT("أو"),    STR_INIT("أي"),    STR_INIT("إلى"),   STR_INIT("إن"),
    STR_INIT("التي"), STR_INIT("الذي"),  STR_INIT("الذين"), STR_INIT("الى"),   STR_INIT("ان"),
    STR_INIT("بعد"),  STR_INIT("بن"),    STR_INIT("بين"),   STR_INIT("تم"),    STR_INIT("ثم"),
    STR_INIT("حتى"),  STR_INIT("حول"),   STR_INIT("حيث"),   STR_INIT("خلال"),  STR_INIT("ذلك"),
    STR_INIT("سوف"),  STR_INIT("على"),   STR_INIT("عليه"),  STR_INIT("عليها"), STR_INIT("عن"),
    STR_INIT("عند"),  STR_INIT("عندما"), STR_INIT("غير"),   STR_INIT("فقد"),   STR_INIT("في"),
    STR_INIT("فيه"),  STR_INIT("فيها"),  STR_INIT("قال"),   STR_INIT("قبل"),   STR_INIT("قد"),
    STR_INIT("كان"),  STR_INIT("كانت"),  STR_INIT("كل"),    STR_INIT("كما"),   STR_INIT("كن"),
    STR_INIT("لا"),   STR_INIT("لدى"),   STR_INIT("لقد"),   STR_INIT("لكن"),   STR_INIT("لم"),
    STR_INIT("لن"),   STR_INIT("له"),    STR_INIT("لها"),   STR_INIT("ليس"),   STR_INIT("ما"),
    STR_INIT("مع"),   STR_INIT("من"),    STR_INIT("منذ"),   STR_INIT("منه"),   STR_INIT("منها"),
    STR_INIT("نحن"),  STR_INIT("هذا"),   STR_INIT("هذه"),   STR_INIT("هم"),    STR_INIT("هناك"),
    STR_INIT("هو"),   STR_INIT("هي"),    STR_INIT("و"),     STR_INIT("وقد"),   STR_INIT("وكان"),
    STR_INIT("ولا"),  STR_INIT("يكون")};

#define LIST(language, words)                                                                      \
    {                                                                                              \
        STR_INIT(language), words, sizeof(words) / sizeof((words)[0])                              \
    }
static const struct {
    str language;
    const str *words;
    size_t count;
} lists[] = {
    LIST("en", words_en), LIST("de", words_de), LIST("fr", words_fr),
    LIST("es", words_es), LIST("ar", words_ar),
};

static bool has_word(const str *words, size_t count, str word)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int diff = str_cmp(word, words[middle]);
        if (diff == 0)
            return true;
        if (diff < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

bool stop_words_have(str primary_language, str word)
{
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (str_eq_nocase(lists[i].language, primary_language))
            return has_word(lists[i].words, lists[i].count, word);
    }
    return false;
}
