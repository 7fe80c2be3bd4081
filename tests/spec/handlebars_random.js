// SPDX-License-Identifier: MIT
//
// Random templates, and what handlebars.js makes of them, in the form that hbs_spec reads. Not part
// of the ordinary tests: it wants the npm package `handlebars` (4.7) where node finds it.
//
//     node tests/spec/handlebars_random.js SEED COUNT FOLDER     writes FOLDER/handlebars/random.json
//     build/tests/spec/hbs_spec FOLDER
//
// What may differ: `this` in the else branch of a block whose context is null (handlebars.js makes
// it an empty object), and inline partials in bodies with block parameters (docs/decisions).
'use strict';
const Handlebars = require('handlebars');
const fs = require('fs');

let state = Number(process.argv[2]) * 7919;
function below(n) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
}
const pick = (list) => list[below(list.length)];

const data = {
    x: 'X<', t: true, f: false, z: 0, n: null, e: '', name: 'p', html: '<b>',
    list: [1, 2], els: [], objs: [{ x: 'a', list: ['p'] }, { y: 2 }],
    o: { x: 'in', o: { x: 'deep', t: false } }, num: { a: 1, b: 'two' },
};
const partials = {
    p: '[{{x}}]',
    q: 'q\n{{> p}}\n{{../x}}',
    r: '{{#each list}}{{@index}}{{this}}{{/each}}\n',
    b: '<{{> @partial-block}}>',
    c: '{{#> b}}c{{> @partial-block}}{{/b}}',
};
const paths = ['x', 'this', '.', 'o.x', 'o/x', '../x', '../../x', 'this.x', './x', 'list', 'list.[0]',
    'list.length', 'objs.[1].y', '@index', '@key', '@first', '@last', '@root.x', '@../index', 'n', 'f', 'z',
    'e', 'o', 'nope', 'a.b.c', 't', 'html', '[x]', 'num', '../o.x', 'num.a', 'null', 'true', '"x"',
    'undefined', '12', 'this/x', '../this', 'x.length', '@root', 'o.o.x'];
const conditions = ['t', 'f', 'z', 'n', 'e', 'x', 'list', 'els', 'o', 'objs', 'nope', 'this', '../t', '@first',
    'true', 'false', '0', '""', 'null', '(lookup o "x")', '(lookup list 5)'];

const text = () => pick(['', '', '', '', ' ', '\n', '  ', '\n  ', '\n\n', ' \n ', '\t', 'a', 'b\n', '\r\n', '\\',
    '\\\\', 'a b']);
const s = () => pick(['', '', '', '', '~']);
const open = (inside) => `{{${s()}${inside}${s()}}}`;

function body(depth) {
    let out = text();
    for (let n = below(4); n > 0; n--) out += tag(depth) + text();
    return out;
}

function otherwise(depth) {
    switch (below(6)) {
    case 3: return open('else') + body(depth - 1);
    case 4: return open('^') + body(depth - 1);
    case 5: return open(`else ${pick(['if', 'unless'])} ${pick(conditions)}`) + body(depth - 1) +
        otherwise(depth - 1);
    default: return '';
    }
}

function block(head, name, depth) {
    return open(head) + body(depth - 1) + otherwise(depth - 1) + open('/' + name);
}

function helperBlock(depth) {
    const name = pick(['if', 'unless', 'with', 'each']);
    const params = name === 'each' || name === 'with' ? pick(['', ' as |v|', ' as |x k|']) : '';
    return block(`#${name} ${pick(conditions)}${params}`, name, depth);
}

function inverseBlock(depth) {
    const name = pick(['t', 'f', 'list', 'els', 'nope', 'if t', 'each els']);
    const more = pick(['', open('else') + body(depth - 1)]);
    return open('^' + name) + body(depth - 1) + more + open('/' + name.split(' ')[0]);
}

function partialBlock(depth) {
    const name = pick(['b', 'c', 'nope', 'p']);
    return open(`#> ${name}${pick(['', ' o'])}`) + body(depth - 1) + open('/' + name);
}

function section(depth) {
    const name = pick(['t', 'f', 'z', 'n', 'e', 'x', 'list', 'els', 'o', 'objs', 'nope', 'o.o', '../o']);
    return block('#' + name, name, depth);
}

function tag(depth) {
    switch (below(depth > 0 ? 16 : 7)) {
    case 0: case 1: case 2: return open(pick(paths));
    case 3: return open(`{${pick(paths)}}`);
    case 4: return pick([open('! c '), `{{${s()}!-- c }} --${s()}}}`]);
    case 5: return open('> ' + pick(['p', 'q', 'r', 'p o', 'p o x=1', 'p x=x', '(lookup . "name")', '"p"',
        'r objs.[0]']));
    case 6: return open(`lookup ${pick(['o', 'list', 'num'])} ${pick(['"x"', '0', '1', '"a"', 'z'])}`);
    case 7: case 8: return helperBlock(depth);
    case 9: return block(`#each ${pick(['list', 'objs', 'num', 'o', 'els', '../list'])}${pick([' as |v k|', ''])}`,
        'each', depth);
    case 10: case 11: return section(depth);
    case 12: return inverseBlock(depth);
    case 13: return partialBlock(depth);
    case 14: return open(`#*inline "${pick(['p', 'i'])}"`) + body(depth - 1) + open('/inline') +
        pick(['{{> p}}', '']);
    default: return pick(['\\{{x}} ', '\\\\{{x}}', '{{{{t}}}} {{x}} {{{{/t}}}}']);
    }
}

function expectation(template, compileOptions) {
    const handlebars = Handlebars.create();
    for (const name in partials) handlebars.registerPartial(name, partials[name]);
    try {
        return { expected: handlebars.compile(template, compileOptions)(data) };
    } catch (error) {
        return { exception: true, message: String(error.message) };
    }
}

const cases = [];
for (let i = 0; i < Number(process.argv[3]); i++) {
    const template = body(3);
    const compileOptions = { preventIndent: below(3) === 0 };
    cases.push({ it: `random ${i}`, template, data, partials, compileOptions,
        ...expectation(template, compileOptions) });
}
const folder = process.argv[4] + '/handlebars';
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(folder + '/random.json', JSON.stringify(cases));
console.log(`${cases.length} templates, ${cases.filter((c) => c.exception).length} of them faulty`);
