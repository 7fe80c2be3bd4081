/* reader/dates_words.h -- what weekdays and months are called, by language, in lower case.
 *
 * Inside reader/ only. Several words for one stand in a line, parted by spaces. A short form counts with its full stop
 * or without; those that are other words too ("mar." is Tuesday and March in French) are left out.
 *
 * Threads: constants. */
#pragma once
#include "base/str.h"

struct dates_language {
    str tag;
    str weekdays[7]; /* Sunday first */
    str months[12];
    str between; /* words that may stand between the parts: "the", "of" */
};

static const struct dates_language dates_languages[] = {
    {STR_INIT("en"),
     {STR_INIT("sunday sun"), STR_INIT("monday mon"), STR_INIT("tuesday tues tue"),
      STR_INIT("wednesday wed"), STR_INIT("thursday thurs thur thu"), STR_INIT("friday fri"),
      STR_INIT("saturday sat")},
     {STR_INIT("january jan"), STR_INIT("february feb"), STR_INIT("march mar"),
      STR_INIT("april apr"), STR_INIT("may"), STR_INIT("june jun"), STR_INIT("july jul"),
      STR_INIT("august aug"), STR_INIT("september sept sep"), STR_INIT("october oct"),
      STR_INIT("november nov"), STR_INIT("december dec")},
     STR_INIT("the of")},
    {STR_INIT("de"),
     {STR_INIT("sonntag so"), STR_INIT("montag mo"), STR_INIT("dienstag di"),
      STR_INIT("mittwoch mi"), STR_INIT("donnerstag do"), STR_INIT("freitag fr"),
      STR_INIT("samstag sonnabend sa")},
     {STR_INIT("januar jänner jan"), STR_INIT("februar feber feb"), STR_INIT("märz mär"),
      STR_INIT("april apr"), STR_INIT("mai"), STR_INIT("juni jun"), STR_INIT("juli jul"),
      STR_INIT("august aug"), STR_INIT("september sept sep"), STR_INIT("oktober okt"),
      STR_INIT("november nov"), STR_INIT("dezember dez")},
     STR_INIT("der den dem")},
    {STR_INIT("fr"),
     {STR_INIT("dimanche"), STR_INIT("lundi"), STR_INIT("mardi"), STR_INIT("mercredi"),
      STR_INIT("jeudi"), STR_INIT("vendredi"), STR_INIT("samedi")},
     {STR_INIT("janvier janv"), STR_INIT("février févr"), STR_INIT("mars"), STR_INIT("avril avr"),
      STR_INIT("mai"), STR_INIT("juin"), STR_INIT("juillet juil"), STR_INIT("août"),
      STR_INIT("septembre sept"), STR_INIT("octobre oct"), STR_INIT("novembre nov"),
      STR_INIT("décembre déc")},
     STR_INIT("le")},
    {STR_INIT("es"),
     {STR_INIT("domingo"), STR_INIT("lunes"), STR_INIT("martes"), STR_INIT("miércoles"),
      STR_INIT("jueves"), STR_INIT("viernes"), STR_INIT("sábado")},
     {STR_INIT("enero"), STR_INIT("febrero"), STR_INIT("marzo"), STR_INIT("abril"),
      STR_INIT("mayo"), STR_INIT("junio"), STR_INIT("julio"), STR_INIT("agosto"),
      STR_INIT("septiembre setiembre"), STR_INIT("octubre"), STR_INIT("noviembre"),
      STR_INIT("diciembre")},
     STR_INIT("de del día el")},
    {STR_INIT("it"),
     {STR_INIT("domenica"), STR_INIT("lunedì"), STR_INIT("martedì"), STR_INIT("mercoledì"),
      STR_INIT("giovedì"), STR_INIT("venerdì"), STR_INIT("sabato")},
     {STR_INIT("gennaio"), STR_INIT("febbraio"), STR_INIT("marzo"), STR_INIT("aprile"),
      STR_INIT("maggio"), STR_INIT("giugno"), STR_INIT("luglio"), STR_INIT("agosto"),
      STR_INIT("settembre"), STR_INIT("ottobre"), STR_INIT("novembre"), STR_INIT("dicembre")},
     STR_INIT("il")},
    {STR_INIT("nl"),
     {STR_INIT("zondag"), STR_INIT("maandag"), STR_INIT("dinsdag"), STR_INIT("woensdag"),
      STR_INIT("donderdag"), STR_INIT("vrijdag"), STR_INIT("zaterdag")},
     {STR_INIT("januari"), STR_INIT("februari"), STR_INIT("maart"), STR_INIT("april"),
      STR_INIT("mei"), STR_INIT("juni"), STR_INIT("juli"), STR_INIT("augustus"),
      STR_INIT("september"), STR_INIT("oktober"), STR_INIT("november"), STR_INIT("december")},
     STR_INIT("de")},
    {STR_INIT("pt"),
     {STR_INIT("domingo"), STR_INIT("segunda-feira segunda"), STR_INIT("terça-feira terça"),
      STR_INIT("quarta-feira quarta"), STR_INIT("quinta-feira quinta"),
      STR_INIT("sexta-feira sexta"), STR_INIT("sábado")},
     {STR_INIT("janeiro"), STR_INIT("fevereiro"), STR_INIT("março"), STR_INIT("abril"),
      STR_INIT("maio"), STR_INIT("junho"), STR_INIT("julho"), STR_INIT("agosto"),
      STR_INIT("setembro"), STR_INIT("outubro"), STR_INIT("novembro"), STR_INIT("dezembro")},
     STR_INIT("de dia")},
};
