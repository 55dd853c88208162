// The redline of any two versions, made in the reader's browser from the one file that holds them all (texts.json).
//
// The first part does what the modules of the same names do when the site is built, step by step and to the letter,
// so that both show the same; the reasons stand there. The second part is the page.
"use strict";

// align: lining up two sequences

const LIMIT = 30000000;
const MOST_KNOWN = 0x8000; // distinct words that are remembered from one comparison to the next
const SLOTS = new Uint16Array(0x10000);
const COUNTS = new Uint32Array(0x10000);

/** The pairs of letters of codes, numbered as they are met; of a code too short for that, what is there. */
class Grams {
  constructor() {
    this.numbers = new Map();
    this.known = new Map();
    this.turn = 0;
    this.turns = new Uint32Array(0x10000);
    this.counts = new Uint32Array(0x10000);
    this.heads = new Int32Array(0x10000);
  }

  of(code) {
    let found = this.known.get(code);
    if (!found) this.known.set(code, (found = this.found(code)));
    return found;
  }

  found(code) {
    const out = new Set();
    for (let k = 0; k < code.length - 1; k++) out.add(this.number(code.charCodeAt(k) * 0x10000 + code.charCodeAt(k + 1)));
    if (!out.size) out.add(this.number(code ? code.charCodeAt(0) : -1));
    return Int32Array.from(out);
  }

  number(gram) {
    let number = this.numbers.get(gram);
    if (number === undefined) this.numbers.set(gram, (number = this.numbers.size));
    return number;
  }

  /** Where each pair of letters stands; one index at a time. */
  index(places, codeOf) {
    const all = places.map((place) => this.of(codeOf(place))), turn = ++this.turn;
    const size = sum(all.map((grams) => grams.length)), at = new Int32Array(size), next = new Int32Array(size);
    if (this.numbers.size > this.turns.length)
      for (const name of ["turns", "counts", "heads"]) {
        const wider = new this[name].constructor(2 * this.numbers.size);
        wider.set(this[name]);
        this[name] = wider;
      }
    const {turns, counts, heads} = this;
    let here = 0;
    for (let k = 0; k < all.length; k++)
      for (const gram of all[k]) {
        if (turns[gram] !== turn) {
          turns[gram] = turn;
          counts[gram] = 0;
          heads[gram] = -1;
        }
        counts[gram]++;
        next[here] = heads[gram];
        at[here] = places[k];
        heads[gram] = here++;
      }
    const known = (gram) => turns[gram] === turn;
    const told = (values, none) => (gram) => (known(gram) ? values[gram] : none);
    return {places: at, next, count: told(counts, 0), first: told(heads, -1)};
  }
}

/** A letter for each distinct item; items beyond what there are letters for equal nothing. */
class Codes extends Map {
  nothing = "\x01";

  /** What one comparison works out for the next. */
  get memory() {
    return (this.kept ??= {scores: new Map(), grams: new Grams(), capped: new Set()});
  }

  spell(items) {
    let out = "";
    for (const item of items) {
      let code = this.get(item);
      if (code === undefined) {
        code = this.size < 0xff00 ? String.fromCharCode(0x100 + this.size) : this.nothing;
        if (code !== this.nothing) this.set(item, code);
      }
      out += code;
    }
    return out;
  }
}

/** Hyyrö's bit-parallel longest common subsequence: how long it is; `matrix` takes the state after each letter. */
function lcs(first, second, matrix) {
  const width = (first.length + 31) >>> 5;
  let rows = 0;
  for (let k = 0; k < second.length; k++) SLOTS[second.charCodeAt(k)] ||= ++rows;
  const bits = new Uint32Array((rows + 1) * width);
  for (let k = 0; k < first.length; k++) {
    const slot = SLOTS[first.charCodeAt(k)];
    if (slot) bits[slot * width + (k >>> 5)] |= 1 << (k & 31);
  }
  const state = new Uint32Array(width).fill(0xffffffff);
  for (let row = 0; row < second.length; row++) {
    const at = SLOTS[second.charCodeAt(row)] * width;
    if (at) {
      let carry = 0;
      for (let k = 0; k < width; k++) {
        const now = state[k], both = (now & bits[at + k]) >>> 0, sum = now + both + carry;
        carry = sum > 0xffffffff ? 1 : 0;
        state[k] = sum | (now & ~both);
      }
    }
    if (matrix) matrix.set(state, row * width);
  }
  for (let k = 0; k < second.length; k++) SLOTS[second.charCodeAt(k)] = 0;
  let size = 0;
  for (let k = 0; k < first.length; k++) if (!(state[k >>> 5] & (1 << (k & 31)))) size++;
  return size;
}

function matches(first, second) {
  const [low, high] = ends(first, second);
  const one = first.slice(low, first.length - high), two = second.slice(low, second.length - high);
  if (tooMuch(one, two)) return null;
  const found = low ? [{first: 0, second: 0, size: low}] : [];
  if (one && two) {
    const width = (one.length + 31) >>> 5, matrix = new Uint32Array(width * two.length);
    lcs(one, two, matrix);
    const kept = (row, column) => !(matrix[(row - 1) * width + ((column - 1) >>> 5)] & (1 << ((column - 1) & 31)));
    const back = [];
    let column = one.length, row = two.length;
    while (row && column) {
      if (!kept(row, column)) column--;
      else {
        row--;
        if (row && kept(row, column)) continue;
        column--;
        const last = back.at(-1);
        if (last && last.first === column + low + 1 && last.second === row + low + 1) {
          last.first--;
          last.second--;
          last.size++;
        } else back.push({first: column + low, second: row + low, size: 1});
      }
    }
    for (const match of back.reverse()) found.push(match);
  }
  if (high) found.push({first: first.length - high, second: second.length - high, size: high});
  return found;
}

function tooMuch(first, second) {
  return first.length * second.length > LIMIT;
}

function ends(first, second) {
  const most = Math.min(first.length, second.length);
  let low = 0, high = 0;
  while (low < most && first[low] === second[low]) low++;
  while (high < most - low && first[first.length - 1 - high] === second[second.length - 1 - high]) high++;
  return [low, high];
}

function shared(first, second) {
  const [low, high] = ends(first, second), codes = new Codes();
  const found = low ? [{first: 0, second: 0, size: low}] : [];
  if (low + high < Math.min(first.length, second.length)) {
    const one = codes.spell(first.slice(low, first.length - high));
    const two = codes.spell(second.slice(low, second.length - high));
    for (const match of matches(one, two) ?? [])
      found.push({first: match.first + low, second: match.second + low, size: match.size});
  }
  if (high) found.push({first: first.length - high, second: second.length - high, size: high});
  return found;
}

function joined(found) {
  const out = [];
  for (const match of found) {
    const last = out.at(-1);
    if (last && last.first + last.size === match.first && last.second + last.size === match.second)
      out[out.length - 1] = {...last, size: last.size + match.size};
    else out.push(match);
  }
  return out;
}

function common(first, second) {
  const [low, high] = ends(first, second);
  if (tooMuch(first, second)) return low + high;
  return low + high + lcs(first.slice(low, first.length - high), second.slice(low, second.length - high));
}

function similarity(first, second, least = 0) {
  const both = first.length + second.length;
  if (!both) return 1;
  if (least && !tooMuch(first, second) && (2 * overlap(first, second)) / both < least) return 0;
  const alike_ = (2 * common(first, second)) / both;
  return alike_ >= least ? alike_ : 0;
}

/** How many items two strings have in common, wherever they stand: no common subsequence is longer. */
function overlap(first, second) {
  let out = 0;
  for (let k = 0; k < first.length; k++) COUNTS[first.charCodeAt(k)]++;
  for (let k = 0; k < second.length; k++) {
    if (!COUNTS[second.charCodeAt(k)]) continue;
    COUNTS[second.charCodeAt(k)]--;
    out++;
  }
  for (let k = 0; k < first.length; k++) COUNTS[first.charCodeAt(k)] = 0;
  return out;
}

function heaviest(pairs) {
  const columns = [...new Set(pairs.map((pair) => pair[1]))].sort((a, b) => a - b);
  const places = new Map(columns.map((column, k) => [column, k]));
  const ordered = pairs.map(([first, second, weight]) => [first, places.get(second), weight]);
  ordered.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const weights = new Float64Array(columns.length + 1), lasts = new Int32Array(columns.length + 1).fill(-1);
  const before = [];
  let best = 0, last = -1;
  ordered.forEach(([, at, weight], number) => {
    let top = 0, from = -1;
    for (let k = at; k > 0; k -= k & -k) if (weights[k] > top) [top, from] = [weights[k], lasts[k]];
    before.push(from);
    const here = top + weight;
    if (here > best) [best, last] = [here, number];
    for (let k = at + 1; k <= columns.length; k += k & -k) if (here > weights[k]) [weights[k], lasts[k]] = [here, number];
  });
  const out = [];
  for (let number = last; number >= 0; number = before[number])
    out.push([ordered[number][0], columns[ordered[number][1]]]);
  return out.reverse();
}

function equalPairs(first, second, most = 16) {
  const there = grouped(second.keys(), (k) => second[k]);
  const here = grouped(first.keys(), (k) => (there.has(first[k]) ? first[k] : undefined));
  const out = [];
  for (const [item, ones] of here) {
    const twos = there.get(item);
    if (ones.length * twos.length <= most) for (const a of ones) for (const b of twos) out.push([a, b]);
    else zip(ones, twos).forEach((pair) => out.push(pair));
  }
  return out;
}

function zip(first, second) {
  return first.slice(0, second.length).map((one, k) => [one, second[k]]);
}

/** Things by what they have, in the order in which it is first met; without those that have nothing. */
function grouped(things, has) {
  const out = new Map();
  for (const thing of things) {
    const what = has(thing);
    if (what === undefined) continue;
    if (!out.has(what)) out.set(what, []);
    out.get(what).push(thing);
  }
  return out;
}

// text: blocks of words

const IMAGE = "\ufffc";
const SPACE = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const BLANKS = new RegExp(`[${SPACE}]+`);
const BEGINS_BLANK = new RegExp(`^[${SPACE}]*`);
const NO_WIDTH = /[\xad\u200b\u2060\ufeff]/g;
const BARE = look(null, [], null);

/** What the characters of a policy are in words, as its file says. */
class Letters {
  constructor({word, digit, wide, tail}) {
    const listed = (letters) => [...letters].map((c) => `\\u{${c.codePointAt(0).toString(16)}}`).join("");
    const narrow = (letters) => listed([...letters].filter((c) => !wide.includes(c)));
    const letter = `[A-Za-z0-9_${narrow(word + tail)}]`, digits = `[0-9${narrow(digit)}]${letter}*`;
    const number = `${digits}(?:[.,:/'\\u2019\\u2013\\u2011\\-]${digits})*` +
      `(?:\\([A-Za-z0-9_${listed(word)}]{1,4}\\)(?!${letter}))*`;
    const alone = wide && `|[${listed(wide)}][${listed(tail)}]*`;
    this.pattern = new RegExp(`${number}${alone}|${letter}+|[^${SPACE}]`, "gu");
    this.ends = new RegExp(`^[A-Za-z0-9${listed(word)}]|[A-Za-z0-9${listed(word)}]$`, "u");
    this.known = new Map();
  }

  /** Whether a word is more than a sign, and how much it says. */
  says(key) {
    let said = this.known.get(key);
    if (!said) {
      const speaks = this.ends.test(key);
      this.known.set(key, (said = {speaks, weight: SMALL.has(key) ? 0.5 : speaks ? 1 : 0.2}));
    }
    return said;
  }
}

function split(letters) {
  return letters.split(BLANKS).filter(Boolean);
}

/** What a word wears; equal looks are one value. */
function look(link, formats, image) {
  const key = JSON.stringify([link, formats = [...new Set(formats)].sort(), image]);
  look.known ??= new Map();
  if (!look.known.has(key)) look.known.set(key, {link, formats, image});
  return look.known.get(key);
}

function runLook(run) {
  const link = run.dress.find((wrap) => wrap.tag === "a");
  const formats = run.dress.filter((wrap) => wrap.tag !== "a").map((wrap) => wrap.tag);
  return look(link ? [link.target, link.title] : null, formats, run.kind === "image" ? run.image : null);
}

class Content {
  constructor(told, slug, letters, targets) {
    this.text = "";
    this.runs = [];
    this.given = slug;
    this.letters = letters;
    if (told) this.read(typeof told === "string" ? [told] : told, [], targets);
  }

  read(parts, dress, targets) {
    for (const part of parts) {
      const [tag, number, alt, title] = Array.isArray(part) ? part : [], target = targets[number];
      if (part === 0) this.add("\n", dress, "break");
      else if (!tag) this.add(part, dress, "text");
      else if (tag === "img") this.add(IMAGE, dress, "image", [target, alt, title]);
      else if (tag === "a") this.read(part.slice(3), [...dress, {tag, target, title: alt}], targets);
      else this.read(part.slice(1), [...dress, {tag}], targets);
    }
  }

  add(text, dress, kind, image) {
    this.runs.push({start: this.text.length, text, dress, kind, image});
    this.text += text;
  }

  get spelt() {
    return this.runs.map((run) => (run.kind === "image" ? run.image[1] : run.text)).join("");
  }

  /** Its letters with one space between any two words. */
  get flat() {
    return (this.flattened ??= split(this.spelt).join(" "));
  }

  get slug() {
    const kept = () => this.spelt.toLowerCase().replace(/[\s\x1c-\x1f-]+/g, " ").replace(/[^a-z0-9 ]/g, "");
    return this.given ?? (split(kept()).join("-") || "section");
  }

  get words() {
    return (this.known ??= this.found());
  }

  /** Its words, a letter each. */
  code(codes) {
    if (this.codes !== codes) [this.codes, this.coded] = [codes, codes.spell(this.words.keys)];
    return this.coded;
  }

  found() {
    const keys = [], starts = [], ends_ = [], weights = [], speak = [];
    for (const match of this.text.matchAll(this.letters.pattern)) {
      const key = plainest(match[0]);
      if (!key) continue;
      keys.push(key);
      starts.push(match.index);
      ends_.push(match.index + match[0].length);
      const {speaks, weight} = this.letters.says(key);
      speak.push(speaks);
      weights.push(weight);
    }
    return {keys, starts, ends: ends_, weights, speak, looks: this.looks(starts, ends_)};
  }

  looks(starts, ends_) {
    const runs = this.runs.filter((run) => run.text);
    if (runs.every((run) => !run.dress.length && run.kind !== "image")) return starts.map(() => BARE);
    const worn = runs.map((run) => ({first: run.start, last: run.start + run.text.length, look: runLook(run)}));
    let at = 0;
    return starts.map((start, word) => {
      const end = ends_[word];
      while (worn[at].last <= start) at++;
      if (worn[at].last >= end) return worn[at].look;
      const formats = [...worn[at].look.formats];
      for (let k = at; k < worn.length && worn[k].first < end; k++)
        formats.push(...worn[k].look.formats.map((name) => `${name}:${Math.max(worn[k].first - start, 0)}`));
      return look(worn[at].look.link, formats, null);
    });
  }
}

function plainest(word) {
  // eslint-disable-next-line no-control-regex
  if (/^[\0-\x7f]*$/.test(word)) return word;
  return word.replace(/[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033]/g, '"')
    .replace(/[\u2018\u2019\u201a\u201b\u2032\u00b4`\u2039\u203a]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, "-").replace(NO_WIDTH, "").normalize("NFC");
}

const HEADINGS = new Set(["h1", "h2", "h3", "h4", "h5", "h6"]);

function isHeading(block) {
  return HEADINGS.has(block.kind);
}

function headingWords(of) {
  const block = of.blocks ? of.headings.at(-1) : of;
  return block.contents.length === 1 ? block.contents[0].flat : block.contents.map((content) => content.flat).join(" ");
}

function anchors(chunks) {
  const slugs = [];
  for (const {headings} of chunks) for (const block of headings) slugs.push(block.contents[0].slug);
  const natural = new Set(slugs), taken = new Set(), counts = new Map();
  return slugs.map((slug) => {
    let anchor = slug;
    if (taken.has(slug)) {
      let count = counts.get(slug) ?? 2;
      while (taken.has((anchor = `${slug}-${count}`)) || natural.has(anchor)) count++;
      counts.set(slug, count + 1);
    }
    taken.add(anchor);
    return anchor;
  });
}

/** The file of a policy, read; what is dear is worked out when first asked for. */
class Texts {
  constructor(data) {
    this.data = data;
    this.letters = new Letters(data.letters);
    const ways = data.ways.map((way) => new Map(Object.entries(way).map(([k, led]) => [data.targets[k], led])));
    this.addresses = ways.map((way) => (written_) => way.get(written_) ?? written_);
    this.ids = data.versions.map((version) => version.id);
    this.rows = [];
    for (const {row: splices} of data.versions) {
      const before = this.rows.at(-1) ?? [];
      let row = [], at = 0;
      for (const [kept, dropped, put] of splices) {
        row = row.concat(before.slice(at, at + kept), put);
        at += kept + dropped;
      }
      this.rows.push(row.concat(before.slice(at)));
    }
    this.texts = [];
    this.chunks = [];
    this.contents = [];
    this.blocks = 0;
    this.codes = new Codes();
  }

  /** Where the targets of a version lead; a fragment leads to the version's own page if this one shows the other text. */
  address(version, shows) {
    const address = this.addresses[this.data.versions[version].way], own = `../${encodeURIComponent(this.ids[version])}/`;
    return shows ? address : (written_) => (written_.startsWith("#") ? own : "") + address(written_);
  }

  text(version) {
    return (this.texts[version] ??= this.newText(this.rows[version].map((stand) => this.chunk(this.data.stands[stand]))));
  }

  newText(chunks) {
    return {chunks, anchors: anchors(chunks), top: chunks.some((c) => c.headings.some((block) => block.kind === "h1"))};
  }

  chunk(number) {
    return (this.chunks[number] ??= this.newChunk(...this.data.chunks[number]));
  }

  newChunk(size, ...told) {
    let nests = [];
    const blocks = told.map(([kind, contents = [], same = 0, opened = [], info]) => {
      nests = nests.slice(0, same);
      for (const nest of opened) nests.push({tag: nest.match(/[a-z]+/)[0], start: +(nest.match(/\d+/) ?? 1)});
      const table = kind === "row" || kind === "head";
      return {
        number: this.blocks++, kind: kind === "t" ? "p" : kind, tight: kind === "t", nests: [...nests],
        contents: contents.map((content) => this.content(content)), info: info ?? (table ? contents.map(() => "") : []),
      };
    });
    const headings = blocks.filter(isHeading);
    return {size, blocks, headings, hasHeadings: headings.length > 0, html: new Map()};
  }

  content(number) {
    const {contents, slugs, targets} = this.data;
    return (this.contents[number] ??= new Content(contents[number], slugs[number], this.letters, targets));
  }

  /** The chunks that two versions share, as the weave tells them. */
  same(old, now) {
    const [before, after] = [this.rows[old], this.rows[now]];
    if (now === old + 1) return shared(...[before, after].map((row) => row.map((stand) => this.data.stands[stand])));
    const places = new Map(before.map((stand, k) => [stand, k]));
    return joined(after.flatMap((stand, k) =>
      places.has(stand) ? [{first: places.get(stand), second: k, size: 1}] : []));
  }
}

// words: two rows of words as one

const ISLAND = 1, MANY = 12, FEW = 8;
const SMALL = new Set((
  "a an the and or of to in on at by for with from as is are be was were it its this that these those we you your our us " +
  "they their he she will may can shall not no if any all such other der die das und oder zu von mit den dem des ein " +
  "eine le la les de du un une et ou en que el los las y o del se su il lo gli di e per con che").split(" "));
const SENTENCE = new Set(".!?\u3002\uff01\uff1f\u061f");
const CLAUSE = new Set(",;:\u3001\uff0c\uff1b\uff1a");
const CLOSED_BY = new Map(["()", "[]", '""', "\uff08\uff09", "\u300c\u300d", "\u300a\u300b"].map((two) => [...two]));
const OPENED_BY = new Map([...CLOSED_BY].map(([opening, closing_]) => [closing_, opening]));

function segment(mark, content, start, end, more) {
  return {mark, content, start, end, gap: true, tail: false, was: null, now: null, old: "", move: 0, elsewhere: null, ...more};
}

function lettersOf(one) {
  return one.content.text.slice(one.start, one.end).replaceAll(IMAGE, "");
}

function isPlain(one) {
  return one.mark === "=" && !one.was;
}

function kindsOf({mark, move, was, now}) {
  const found = [];
  if (mark === "-" || mark === "+") found.push(move ? "moved" : "words");
  else if (mark !== "=") found.push(mark === "form" ? "typography" : "join");
  if (was && now) {
    if (!equal(was.link, now.link)) found.push("link");
    if (!equal(was.image, now.image)) found.push("image");
    if (!equal(was.formats, now.formats)) found.push("format");
  }
  return found;
}

/** Whether two values are alike: lists item by item, all else as such. */
function equal(one, two) {
  if (one === two || !Array.isArray(one) || !Array.isArray(two)) return one === two;
  return one.length === two.length && one.every((item, k) => equal(item, two[k]));
}

class Strip {
  constructor(contents, codes) {
    const every = contents.map((content) => content.words);
    const all = (name) => (every.length === 1 ? every[0][name] : every.flatMap((words) => words[name]));
    this.contents = contents;
    this.words = all("keys");
    this.starts = all("starts");
    this.ends = all("ends");
    this.looks = all("looks");
    this.weights = all("weights");
    this.speak = all("speak");
    this.owners = every.length === 1 ? new Uint8Array(this.words.length)
      : every.flatMap((words, k) => words.keys.map(() => k));
    this.code = contents.map((content) => content.code(codes)).join("");
  }

  gap(at) {
    return this.starts[at] > (at && this.owners[at - 1] === this.owners[at] ? this.ends[at - 1] : 0);
  }

  apart(at) {
    return at > 0 && (this.starts[at] > this.ends[at - 1] || this.owners[at] !== this.owners[at - 1]);
  }

  raw(at, last = at) {
    return this.contents[this.owners[at]].text.slice(this.starts[at], this.ends[last]);
  }
}

function compare(olds, news, codes) {
  if (olds.length === 1 && news.length === 1 && olds[0] === news[0]) return [[unchanged(news[0])], false];
  const old = new Strip(olds, codes), now = new Strip(news, codes);
  if (old.code === now.code && old.code)
    return [new Rows(old, now).told([{first: 0, second: 0, size: old.code.length}]), false];
  const found = matches(old.code, now.code);
  const kept = balanced(clean(slide(found ?? [], old, now), old, now), old, now);
  return [new Rows(old, now).told(slide(kept, old, now)), found === null];
}

/** The segments of a content that stands as it stood. */
function unchanged(content) {
  const {starts, ends: last} = content.words, end = last.at(-1) ?? 0;
  const row = end ? [segment("=", content, 0, end, {gap: starts[0] > 0})] : [];
  if (!end || end < content.text.length) row.push(segment("=", content, end, content.text.length));
  return row;
}

function slide(kept, old, now) {
  const out = [...kept], end = {first: old.code.length, second: now.code.length, size: 0};
  for (let k = 1; k <= out.length; k++) {
    const before = out[k - 1], after = k < out.length ? out[k] : end;
    const a = before.first + before.size, b = before.second + before.size;
    if ((a === after.first) === (b === after.second)) continue;
    const [strip, low, high] = a === after.first ? [now, b, after.second] : [old, a, after.first];
    const shift = bestShift(strip, low, high, before.size, after.size);
    if (!shift) continue;
    out[k - 1] = {...before, size: before.size + shift};
    out[k] = {first: after.first + shift, second: after.second + shift, size: after.size - shift};
  }
  return out.filter((match) => match.size);
}

function bestShift(strip, low, high, left, right) {
  const code = strip.code;
  let least = 0, most = 0;
  while (-least < left && code[low + least - 1] === code[high + least - 1]) least--;
  while (most < right && code[low + most] === code[high + most]) most++;
  let best = 0, top = -1;
  if (least === most) return 0;
  for (let shift = least; shift <= most; shift++) {
    const score = 2 * border(strip, low + shift, high + shift) + (shift === 0);
    if (score >= top) [best, top] = [shift, score];
  }
  return best;
}

function border(strip, low, high) {
  const words = strip.words, last = words[high - 1];
  const before = low && strip.owners[low - 1] === strip.owners[low] ? words[low - 1] : ".";
  let score = 0;
  if (SENTENCE.has(before)) score += 4;
  else if (CLAUSE.has(before) || "(\"'".includes(before)) score += 2;
  if (SENTENCE.has(last)) score += SENTENCE.has(before) ? 2 : 0;
  else if (CLAUSE.has(last)) score += CLAUSE.has(before) ? 1 : 0;
  if (CLAUSE.has(words[low]) || SENTENCE.has(words[low])) score++;
  return strip.gap(low) ? score + 1 : score;
}

function clean(kept, old, now) {
  for (;;) {
    const out = cleaned(kept, old, now);
    if (out.length === kept.length) return out;
    kept = out;
  }
}

function cleaned(kept, old, now) {
  const rows = [...kept, {first: old.code.length, second: now.code.length, size: 0}], out = [];
  let before = {first: 0, second: 0, size: 0};
  kept.forEach((match, k) => {
    const one = change(old, now, before, match), two = change(old, now, match, rows[k + 1]);
    if (!(one && two && weak(now, match, one, two))) out.push((before = match));
  });
  return out;
}

function change(old, now, before, after) {
  const gone = old.weights.slice(before.first + before.size, after.first);
  const come = now.weights.slice(before.second + before.size, after.second);
  return gone.length > MANY || come.length > MANY ? MANY : Math.max(sum(gone), sum(come));
}

function sum(numbers) {
  return numbers.reduce((all, one) => all + one, 0);
}

function weak(strip, match, one, two) {
  const end = match.second + match.size;
  if (match.size > MANY || strip.owners[match.second] !== strip.owners[end - 1]) return false;
  const held = sum(strip.weights.slice(match.second, end));
  const few = strip.speak.slice(match.second, end).filter(Boolean).length <= ISLAND;
  return held < Math.min(one, two) / 2 || (few && held <= Math.max(one, two));
}

/** Brackets and quotes go with words that are exchanged within them. */
function balanced(kept, old, now) {
  const out = [...kept];
  for (const [k, after] of [...kept, {first: old.code.length, second: now.code.length, size: 0}].entries()) {
    const before = k ? out[k - 1] : {first: 0, second: 0, size: 0}, last = before.second + before.size;
    const gone = old.words.slice(before.first + before.size, after.first), come = now.words.slice(last, after.second);
    if (!gone.length || !come.length) continue;
    let more = closing(gone, come, adjoining(now, after.second, after.second + after.size), CLOSED_BY, OPENED_BY);
    if (more) {
      out[k] = {first: after.first + more, second: after.second + more, size: after.size - more};
      continue;
    }
    more = closing(gone.reverse(), come.reverse(), adjoining(now, last - 1, before.second - 1), OPENED_BY, CLOSED_BY);
    if (more) out[k - 1] = {...before, size: before.size - more};
  }
  return out.filter((match) => match.size);
}

function* adjoining(strip, first, end) {
  const step = first < end ? 1 : -1;
  for (let at = first; at !== end; at += step) {
    if (strip.apart(step > 0 ? at : at + 1)) return;
    yield strip.words[at];
  }
}

function closing(gone, come, nexts, pairs, back) {
  let more = 0, waiting;
  for (const word of nexts) {
    if (!back.has(word)) break;
    waiting ??= [awaited(gone, pairs), awaited(come, pairs)];
    if (!waiting.every((each) => each.pop() === word)) break;
    more++;
  }
  return more;
}

function awaited(words, pairs) {
  const found = [];
  for (const word of words) {
    if (found.length && word === found.at(-1)) found.pop();
    else if (pairs.has(word)) found.push(pairs.get(word));
  }
  return found;
}

class Rows {
  constructor(old, now) {
    this.old = old;
    this.now = now;
    this.rows = now.contents.map(() => []);
    this.spots = now.contents.map(() => 0);
  }

  told(kept) {
    const {old, now} = this;
    let atOld = 0, atNew = 0;
    for (const match of [...kept, {first: old.code.length, second: now.code.length, size: 0}]) {
      if (atOld < match.first) this.remove(this.rows[atNew ? now.owners[atNew - 1] : 0], atOld, match.first);
      for (const [first, last] of parted(now, atNew, match.second)) this.add(first, last);
      for (const [a, b, size] of alike(match, old, now)) {
        this.keep(a, b);
        if (size > 1) {
          const owner = now.owners[b];
          this.rows[owner].at(-1).end = this.spots[owner] = now.ends[b + size - 1];
        }
      }
      [atOld, atNew] = [match.first + match.size, match.second + match.size];
    }
    now.contents.forEach((content, k) => {
      if (this.spots[k] < content.text.length || !this.rows[k].length)
        this.rows[k].push(segment("=", content, this.spots[k], content.text.length));
    });
    return this.rows;
  }

  remove(row, first, last) {
    const old = this.old;
    for (const [low, high] of parted(old, first, last)) {
      const content = old.contents[old.owners[low]];
      if (low && old.owners[low] !== old.owners[low - 1]) row.push(segment("join", content, 0, 0));
      row.push(segment("-", content, old.starts[low], old.ends[high - 1], {gap: old.apart(low)}));
    }
  }

  add(first, last) {
    const owner = this.now.owners[first], end = this.now.ends[last - 1];
    this.rows[owner].push(
      segment("+", this.now.contents[owner], this.spots[owner], end, {gap: this.now.gap(first)}));
    this.spots[owner] = end;
  }

  keep(a, b) {
    const {old, now} = this;
    const owner = now.owners[b], row = this.rows[owner], spot = this.spots[owner], content = now.contents[owner];
    const end = (this.spots[owner] = now.ends[b]);
    if (a && old.owners[a] !== old.owners[a - 1] && row.length) row.push(segment("join", content, spot, spot));
    const gap = now.gap(b);
    if (!gap && old.apart(a) && row.length && "-+".includes(row.at(-1).mark)) part(row, old, a);
    const [was, is] = old.looks[a] === now.looks[b] ? [null, null] : [old.looks[a], now.looks[b]];
    const kept = segment("=", content, spot, end, {gap, was, now: is});
    const rawOld = old.raw(a), rawNew = now.raw(b), last = row.at(-1);
    if (rawOld !== rawNew && form(rawOld) !== form(rawNew)) {
      const [other, mine] = form(rawNew) !== rawNew ? [rawOld, rawNew] : [form(rawOld), rawNew];
      row.push(...formed(kept, now.starts[b], other, mine));
    } else if (last && last.mark === "=" && last.was === was && last.now === is && last.end === spot) last.end = end;
    else row.push(kept);
  }
}

function* alike({first: a, second: b, size}, old, now) {
  const likewise = (j, k) => {
    if (old.owners[a + j] !== old.owners[a + k] || now.owners[b + j] !== now.owners[b + k]) return false;
    if (old.looks[a + j] === now.looks[b + j]) return old.looks[a + k] === now.looks[b + k];
    return old.looks[a + j] === old.looks[a + k] && now.looks[b + j] === now.looks[b + k];
  };
  let first = 0;
  while (first < size) {
    let last = first + 1;
    while (last < size && likewise(first, last)) last++;
    yield* sameLetters(a + first, b + first, last - first, old, now);
    first = last;
  }
}

function* sameLetters(a, b, size, old, now) {
  const one = old.raw(a, a + size - 1), two = now.raw(b, b + size - 1);
  if (one === two || split(one).join(" ") === split(two).join(" ")) yield [a, b, size];
  else if (size <= FEW) for (let k = 0; k < size; k++) yield [a + k, b + k, 1];
  else {
    const half = size >> 1;
    yield* sameLetters(a, b, half, old, now);
    yield* sameLetters(a + half, b + half, size - half, old, now);
  }
}

function* parted(strip, first, last) {
  while (first < last) {
    let end = first + 1;
    while (end < last && strip.owners[end] === strip.owners[first]) end++;
    yield [first, end];
    first = end;
  }
}

function part(row, old, a) {
  for (const at of [-1, -2])
    if (row.at(at)?.mark === "-") {
      row.at(at).tail = true;
      return;
    }
  const content = old.contents[old.owners[a]];
  row.splice(row.length - 1, 0, segment("-", content, old.starts[a], old.starts[a], {gap: false, tail: true}));
}

function form(word) {
  return word.replace(NO_WIDTH, "").normalize("NFC");
}

function* formed(kept, start, other, mine) {
  const before = [...other], after = [...mine];
  const spans = [];
  let place = start;
  after.forEach((c, k) => {
    if (c !== before[k]) spans.push([place, place + c.length, before[k]]);
    place += c.length;
  });
  let at = kept.start;
  for (const [low, high, old] of before.length === after.length ? spans : [[start, kept.end, other]]) {
    if (at < low) yield {...kept, start: at, end: low};
    at = high;
    yield {...kept, mark: "form", start: low, end: high, old};
  }
  if (at < kept.end) yield {...kept, start: at};
}

// clauses: those that moved

const LEAST = 12, SHARE = 0.5, STEP = 6, BORDER = 6, REPEATED = 4;

function tellClauses(rows, codes, number) {
  const olds = stretches(rows, "-", codes), news = olds.length ? stretches(rows, "+", codes) : [];
  const index = new Map();
  for (const stretch of news)
    for (let at = 0; at <= stretch.code.length - STEP; at += STEP) {
      const key = stretch.code.slice(at, at + STEP);
      if (!index.has(key)) index.set(key, []);
      index.get(key).push([stretch, at]);
    }
  const begins = new Set([...index.keys()].map((key) => key.charCodeAt(0) * 0x10000 + key.charCodeAt(1)));
  for (const old of olds) {
    let at = 0;
    while (at <= old.code.length - LEAST) {
      if (!begins.has(old.code.charCodeAt(at) * 0x10000 + old.code.charCodeAt(at + 1))) {
        at++;
        continue;
      }
      let run = null;
      for (const one of runs(old, at, index)) if (!run || one.size > run.size) run = one;
      if (!run) {
        at++;
        continue;
      }
      at = run.oldAt + run.size;
      run = trimmed(run, old);
      const enough = run.size >= Math.max(LEAST, SHARE * Math.min(old.code.length, run.now.code.length));
      if (enough && alikeSpelt(old, run)) {
        old.found.push([run.oldAt, run.oldAt + run.size, number]);
        run.now.found.push([run.newAt, run.newAt + run.size, number]);
        number++;
      }
    }
  }
  for (const stretch of [...olds, ...news]) if (stretch.found.length) cut(stretch);
  return number;
}

function stretches(rows, mark, codes) {
  const out = [];
  for (const row of rows)
    for (const one of row) {
      if (one.mark !== mark) continue;
      const {keys, starts} = one.content.words;
      const first = bisect(starts, one.start), last = bisect(starts, one.end);
      if (last - first >= LEAST && !one.content.text.includes(IMAGE))
        out.push({row, segment: one, first, code: spelt(one.content, keys, first, last, codes), found: []});
    }
  return out;
}

/** Some words of a content, a letter each; what is spelt already is so again, unless the letters have run out. */
function spelt(content, keys, first, last, codes) {
  if (content.codes === codes && !content.coded.includes("\x01") && !content.coded.includes("\x02"))
    return content.coded.slice(first, last);
  return codes.spell(keys.slice(first, last));
}

function bisect(numbers, wanted) {
  let low = 0, high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isFree(stretch, at) {
  return stretch.found.every(([low, high]) => at < low || high <= at);
}

/** Whether a run is spelt the same in both texts: by its letters as they stand, else word by word. */
function alikeSpelt(old, {oldAt, now, newAt, size}) {
  const letters = ({segment: {content}, first}, at) =>
    content.text.slice(content.words.starts[first + at], content.words.ends[first + at + size - 1]);
  return letters(old, oldAt) === letters(now, newAt) || equal(speltOut(old, oldAt, size), speltOut(now, newAt, size));
}

function speltOut({segment: {content}, first}, at, size) {
  const {starts, ends: last} = content.words;
  return starts.slice(first + at, first + at + size)
    .map((start, k) => form(content.text.slice(start, last[first + at + k])));
}

function runs(old, at, index) {
  const places = index.get(old.code.slice(at, at + STEP)) ?? [];
  if (places.length > REPEATED) return [];
  return places.flatMap(([now, place]) => {
    let a = at, b = place, size = STEP;
    while (a && b && old.code[a - 1] === now.code[b - 1] && isFree(old, a - 1) && isFree(now, b - 1)) {
      a--;
      b--;
      size++;
    }
    while (a + size < old.code.length && b + size < now.code.length && old.code[a + size] === now.code[b + size] &&
      isFree(now, b + size)) size++;
    const free = [...Array(STEP).keys()].every((k) => isFree(now, place + k));
    return free ? [{size, oldAt: a, now, newAt: b}] : [];
  });
}

function trimmed(run, old) {
  const first = old.first + run.oldAt;
  const keys = old.segment.content.words.keys.slice(first, first + run.size);
  const low = keys.slice(0, BORDER).findIndex((key) => SENTENCE.has(key)) + 1;
  const high = Math.max(keys.slice(-BORDER).reverse().findIndex((key) => SENTENCE.has(key)), 0);
  if (run.size - low - high < LEAST) return run;
  return {size: run.size - low - high, oldAt: run.oldAt + low, now: run.now, newAt: run.newAt + low};
}

function cut(stretch) {
  const {segment: whole, first, row} = stretch, size = stretch.code.length, parts = [];
  let at = 0;
  for (const [low, high, move] of [...stretch.found.sort((a, b) => a[0] - b[0]), [size, size, 0]]) {
    if (at < low) parts.push(piece(whole, first + at, first + low));
    if (low < high) parts.push({...piece(whole, first + low, first + high), move});
    at = high;
  }
  Object.assign(parts[0], {gap: whole.gap, start: whole.start});
  Object.assign(parts.at(-1), {tail: whole.tail, end: whole.end});
  row.splice(row.indexOf(whole), 1, ...parts);
}

function piece(whole, first, last) {
  const words = whole.content.words, after = first ? words.ends[first - 1] : 0;
  const start = whole.mark === "+" ? after : words.starts[first];
  return {...whole, start, end: words.ends[last - 1], gap: words.starts[first] > after, tail: false};
}

// pairing: which blocks are each other

const ALIKE = 0.4, LIKELY = 0.6, MOVED = 0.7, HELD = 0.7, WORK = 500, RARE = 24, CHOICES = 6, HEADING = 30, SHORT = 4;
const ALONE = new Set(["head", "row", "hr", "empty", "pre"]);

const NOWHERE = []; // the path of what stands in no nest

class Search {
  constructor(gaps, codes) {
    const {memory} = codes;
    this.codes = codes;
    this.scores = memory.scores;
    this.grams = memory.grams;
    this.tooLong = memory.capped;
    this.nests = new Map();
    this.olds = [];
    this.news = [];
    this.gaps = gaps.map(([olds, news], k) =>
      [this.leaves(olds, this.olds, -1, k), this.leaves(news, this.news, 1, k)]);
    this.pairs = [];
    this.pairOfOld = new Map();
    this.pairOfNew = new Map();
    this.capped = false;
    this.from = new Map();
    this.to = new Map();
  }

  *run() {
    for (const [olds, news] of this.gaps) {
      yield;
      this.inOrder(olds, news);
    }
    const rests = this.rests();
    this.movedAsTheyAre(rests);
    for (const [olds, news] of rests)
      this.likely(numbers(olds).filter((a) => !this.from.has(a)), numbers(news).filter((b) => !this.to.has(b)));
    yield;
    this.cutUp();
    yield;
    this.movedWithChanges();
    yield;
    this.pairs = sortedPairs(this.pairs);
    return this;
  }

  leaves(chunks, side, sign, gap) {
    const first = side.length;
    this.codes.nothing = sign < 0 ? "\x01" : "\x02";
    for (const chunk of chunks) {
      const named = new Map();
      for (const block of chunk.blocks) {
        for (const nest of block.nests)
          if (!named.has(nest)) {
            const number = sign * (this.nests.size + 1);
            named.set(nest, number);
            this.nests.set(number, nest);
          }
        const {cells, code, sort, key} = spelling(block, this.codes);
        const path = block.nests.length ? block.nests.map((nest) => named.get(nest)) : NOWHERE;
        side.push({block, place: side.length, gap, path, cells, code, sort, key});
      }
    }
    return {start: first, stop: side.length};
  }

  freeOld(place) {
    return !this.pairOfOld.has(place) && !this.from.has(place);
  }

  freeNew(place) {
    return !this.pairOfNew.has(place) && !this.to.has(place);
  }

  pair(a, b) {
    this.pairOfOld.set(a, this.pairs.length);
    this.pairOfNew.set(b, this.pairs.length);
    this.pairs.push([[a], [b]]);
  }

  move(a, b) {
    this.from.set(a, b);
    this.to.set(b, a);
  }

  inOrder(olds, news) {
    if (olds.start === olds.stop || news.start === news.stop) return;
    const first = numbers(olds).map((k) => this.olds[k].key), second = numbers(news).map((k) => this.news[k].key);
    const [ones, twos] = [new Set(first), new Set(second)];
    const weighed = equalPairs(first, second).map(([i, j]) => {
      const [a, b] = [olds.start + i, news.start + j];
      return [a, b, this.olds[a].code.length + this.extra(a, b)];
    });
    weighed.push(...this.weighed(numbers(olds).filter((a) => !twos.has(first[a - olds.start])),
      numbers(news).filter((b) => !ones.has(second[b - news.start]))));
    let atOld = olds.start, atNew = news.start;
    for (const [a, b] of [...heaviest(weighed), [olds.stop, news.stop]]) {
      if (atOld < a && atNew < b) {
        const one = first.slice(atOld - olds.start, a - olds.start), two = second.slice(atNew - news.start, b - news.start);
        for (const match of shared(one, two))
          for (let k = 0; k < match.size; k++) this.pair(atOld + match.first + k, atNew + match.second + k);
      }
      if (a < olds.stop) this.pair(a, b);
      [atOld, atNew] = [a + 1, b + 1];
    }
  }

  rests() {
    const out = [];
    this.pairs = sortedPairs(this.pairs);
    let at = 0;
    for (const [olds, news] of this.gaps) {
      let atOld = olds.start, atNew = news.start;
      for (; at < this.pairs.length && this.pairs[at][0][0] < olds.stop; at++) {
        const [[a], [b]] = this.pairs[at];
        out.push([{start: atOld, stop: a}, {start: atNew, stop: b}]);
        [atOld, atNew] = [a + 1, b + 1];
      }
      out.push([{start: atOld, stop: olds.stop}, {start: atNew, stop: news.stop}]);
    }
    this.pairs.forEach(([[a], [b]], k) => {
      this.pairOfOld.set(a, k);
      this.pairOfNew.set(b, k);
    });
    return out;
  }

  movedAsTheyAre(rests) {
    const there = grouped(rests.flatMap(([, news]) => numbers(news)), (b) =>
      this.news[b].code && this.news[b].sort !== "head" ? this.news[b].key : undefined);
    const here = grouped(rests.flatMap(([olds]) => numbers(olds)), (a) =>
      there.has(this.olds[a].key) ? this.olds[a].key : undefined);
    for (const [what, olds] of here) {
      const news = there.get(what), size = this.olds[olds[0]].code.length;
      if (size >= SHORT || (olds.length === news.length && (olds.length === 1 || size >= SHORT - 1)))
        for (const [a, b] of zip(olds, news)) this.move(a, b);
    }
  }

  likely(olds, news) {
    for (const [a, b] of heaviest(this.weighed(olds, news))) this.pair(a, b);
  }

  weighed(olds, news) {
    const out = [];
    if (olds.length && news.length)
      for (const [a, among] of this.choices(olds, news))
        for (const b of among) {
          const score = this.score(a, b);
          if (score) out.push([a, b, score]);
        }
    return out;
  }

  /** For each old block the new ones that are worth a comparison. */
  choices(olds, news) {
    if (olds.length * news.length <= WORK) return olds.map((a) => [a, news]);
    const index = this.grams.index(news, (b) => this.news[b].code), hits = new Uint32Array(this.news.length), out = [];
    for (const a of olds) {
      const hit = [];
      for (const gram of this.grams.of(this.olds[a].code))
        if (index.count(gram) <= RARE)
          for (let k = index.first(gram); k >= 0; k = index.next[k]) if (!hits[index.places[k]]++) hit.push(index.places[k]);
      hit.sort((b, c) => hits[c] - hits[b] || b - c);
      out.push([a, hit.slice(0, CHOICES)]);
      for (const b of hit) hits[b] = 0;
    }
    return out;
  }

  score(a, b) {
    const old = this.olds[a], now = this.news[b];
    if (old.sort !== now.sort || !old.code || !now.code) return 0;
    const [one, two] = [old.block.number, now.block.number], key = Math.min(one, two) * 0x4000000 + Math.max(one, two);
    let found = this.scores.get(key);
    if (found === undefined) this.scores.set(key, (found = this.scored(old, now, key)));
    this.capped ||= this.tooLong.has(key);
    return found && found + this.extra(a, b);
  }

  scored(old, now, key) {
    const [part_, whole] = old.code.length < now.code.length ? [old.code, now.code] : [now.code, old.code];
    const both = part_.length + whole.length, sameKind = old.block.kind === now.block.kind;
    const least = sameKind ? ALIKE : LIKELY;
    if (2 * part_.length >= least * both) {
      const found = similarity(old.code, now.code, least);
      if (found) return (found * both) / 2;
      if (tooMuch(old.code, now.code)) this.tooLong.add(key);
    }
    if (old.code.length === now.code.length && butForCapitals(old, now)) return (ALIKE * both) / 2;
    const worthIt = part_.length >= SHORT && whole.length > 3 * part_.length && sameKind && now.block.kind === "p";
    return worthIt && common(part_, whole) >= HELD * part_.length && holds(part_, whole) ? (ALIKE * both) / 2 : 0;
  }

  extra(a, b) {
    return isHeading(this.olds[a].block) && isHeading(this.news[b].block) ? HEADING : 0.5;
  }

  cutUp() {
    for (const [olds, news] of this.pairs) {
      const old = this.olds[olds[0]], now = this.news[news[0]];
      if (old.code === now.code || old.sort !== "words") continue;
      if (old.code.length > now.code.length) {
        this.grow(old.code, news, this.news, (place) => this.freeNew(place));
        for (const b of news) this.pairOfNew.set(b, this.pairOfOld.get(olds[0]));
      } else {
        this.grow(now.code, olds, this.olds, (place) => this.freeOld(place));
        for (const a of olds) this.pairOfOld.set(a, this.pairOfNew.get(news[0]));
      }
    }
  }

  grow(whole, places, side, free) {
    for (const step of [1, -1])
      for (;;) {
        const place = step === 1 ? places.at(-1) + 1 : places[0] - 1, leaf = side[place];
        if (!leaf || !free(place)) break;
        if (leaf.gap !== side[places[0]].gap || leaf.sort !== "words" || !leaf.code) break;
        const parts = places.map((k) => side[k].code).join("");
        const gain = common(whole, step === 1 ? parts + leaf.code : leaf.code + parts) - common(whole, parts);
        if (gain < HELD * leaf.code.length || !holds(leaf.code, whole)) break;
        places.splice(step === 1 ? places.length : 0, 0, place);
      }
  }

  movedWithChanges() {
    const long = (side, free) =>
      [...side.keys()].filter((k) => free.call(this, k) && side[k].code.length >= SHORT);
    const olds = long(this.olds, this.freeOld), news = long(this.news, this.freeNew), weighed = [];
    for (const [a, among] of olds.length && news.length ? this.choices(olds, news) : [])
      for (const b of among) {
        const old = this.olds[a], now = this.news[b];
        if (old.sort !== now.sort || old.sort === "head") continue;
        const found = similarity(old.code, now.code, MOVED);
        if (found && rowMoved(old, now)) weighed.push([-found * Math.log2(1 + old.code.length), a, b]);
      }
    weighed.sort((one, two) => one[0] - two[0] || one[1] - two[1] || one[2] - two[2]);
    for (const [, a, b] of weighed) if (this.freeOld(a) && this.freeNew(b)) this.move(a, b);
    for (const [a, b] of [...this.from].sort((one, two) => one[0] - two[0])) {
      this.along(a, b, 1);
      this.along(a, b, -1);
    }
  }

  along(a, b, step) {
    for (;;) {
      const [old, now] = [this.olds[(a += step)], this.news[(b += step)]];
      if (!old || !now || !this.freeOld(a) || !this.freeNew(b)) return;
      if (old.sort !== now.sort || old.sort === "head" || old.gap !== this.olds[a - step].gap) return;
      if (!old.code || now.gap !== this.news[b - step].gap || !similarity(old.code, now.code, ALIKE)) return;
      if (!rowMoved(old, now)) return;
      this.move(a, b);
    }
  }
}

function numbers({start, stop}) {
  const out = [];
  for (let k = start; k < stop; k++) out.push(k);
  return out;
}

function sortedPairs(pairs) {
  return [...pairs].sort(([[a], [b]], [[c], [d]]) => a - c || b - d);
}

/** Whether two blocks of as many words differ by capital letters alone. */
function butForCapitals(old, now) {
  if (old.cells.length !== now.cells.length) return false;
  const [ones, twos] = [old, now].map(({block}) => block.contents.flatMap((content) => content.words.keys));
  return ones.every((one, k) => one.toLowerCase() === twos[k].toLowerCase());
}

function rowMoved(old, now) {
  if (old.sort !== "row") return true;
  const cells = zip(old.cells, now.cells);
  if (old.cells.length !== now.cells.length || cells.some(([one, two]) => two && !one)) return false;
  const kept = sum(cells.map(([one, two]) => common(one, two)));
  return 2 * kept >= MOVED * sum([...old.cells, ...now.cells].map((cell) => cell.length));
}

/** Words that come again and again may be found too early or too late, which tears a stretch: both are tried. */
function holds(part_, whole) {
  return held(part_, whole) >= HELD || held(reversed(part_), reversed(whole)) >= HELD;
}

function reversed(letters) {
  return [...letters].reverse().join("");
}

function held(part_, whole) {
  const least = Math.min(3, part_.length);
  const found = (matches(`\x03${part_}\x03`, `\x04${whole}\x04`) ?? []).filter((match) => match.size >= least);
  return sum(found.map((match) => match.size)) / part_.length;
}

/** The words of a block, a letter each, of its cells and of all of it; worked out once, as long as the letters stay. */
function spelling(block, codes) {
  if (block.spelling?.codes !== codes) {
    const cells = block.contents.map((content) => content.code(codes)), code = cells.length === 1 ? cells[0] : cells.join("\0");
    const sort = ALONE.has(block.kind) ? block.kind : "words";
    block.spelling = {codes, cells, code, sort, key: `${sort} ${code}`};
  }
  return block.spelling;
}

// nests: where the blocks of both texts stand in one

const SIMILAR = 0.3;

function family({tag}) {
  return tag === "ul" || tag === "ol" ? "list" : tag;
}

function isTable({sort}) {
  return sort === "head" || sort === "row";
}

class Nests {
  constructor(found) {
    this.tags = found.nests;
    this.became = new Map();
    this.columns = new Map();
    this.above = new Map();
    for (const leaf of [...found.olds, ...found.news])
      leaf.path.forEach((number, k) => k && this.above.set(number, leaf.path[k - 1]));
    this.findBecame(found);
    mindTables(this.became, found);
    this.findColumns(found);
  }

  findBecame(found) {
    const votes = new Map();
    for (const [olds, news] of found.pairs)
      for (const old of olds.map((a) => found.olds[a]))
        for (const now of news.map((b) => found.news[b]))
          zip(old.path, now.path).forEach(([a, b], depth) => {
            const key = `${a} ${b}`;
            if (!votes.has(key)) votes.set(key, {a, b, weight: 0, order: votes.size});
            votes.get(key).weight += 1 + Math.min(old.code.length, now.code.length);
            votes.get(key).depths = depth;
          });
    const depths = new Map([...votes.values()].map(({a, depths: depth}) => [a, depth]));
    const rank = ({a, b, weight, order}) => [depths.get(a), this.tags.get(b).tag === "table" ? order : -weight, order];
    const taken = new Set();
    for (const {a, b} of [...votes.values()].sort((one, two) => byParts(rank(one), rank(two)))) {
      if (this.became.has(a) || taken.has(b) || family(this.tags.get(a)) !== family(this.tags.get(b))) continue;
      if (this.became.get(this.above.get(a)) === this.above.get(b)) {
        this.became.set(a, b);
        taken.add(b);
      }
    }
  }

  findColumns(found) {
    const rows = new Map();
    for (const [[a], [b]] of found.pairs) {
      const old = found.olds[a], now = found.news[b], table = now.path.at(-1);
      if (isTable(old) && this.became.get(old.path.at(-1)) === table) {
        if (!rows.has(table)) rows.set(table, []);
        rows.get(table).push([old, now]);
      }
    }
    for (const [table, pairs] of rows) this.columns.set(table, aligned(pairs));
  }

  slot(leaf, row, first) {
    const known = [];
    for (const number of leaf.path) {
      if (!this.became.has(number)) break;
      known.push(this.became.get(number));
    }
    for (let depth = known.length; depth >= 0; depth--) {
      const wanted = known.slice(0, depth);
      for (let k = first; k < row.length - 1; k++) {
        const pinned = sharedPath(row[k], row[k + 1]);
        const fits = [row[k], row[k + 1]].some((path) => sharedPath(path, wanted).length === depth);
        if (fits && sharedPath(wanted, pinned).length === pinned.length) return [k, [...wanted, ...leaf.path.slice(depth)]];
      }
    }
    return [first, this.forced(leaf.path, row[first], sharedPath(row[first], row[first + 1]))];
  }

  forced(path, before, pinned) {
    const last = this.tags.get(pinned.at(-1));
    if (last.tag === "table") return pinned;
    const inner = path.slice(pinned.length), listed = family(last) === "list";
    const families = (numbers_) => numbers_.map((k) => family(this.tags.get(k)));
    if (equal(families(path.slice(0, pinned.length)), families(pinned)) && (inner.length || !listed))
      return [...pinned, ...inner];
    return [...(listed ? before.slice(0, pinned.length + 1) : pinned), ...path];
  }
}

function byParts(one, two) {
  const k = one.findIndex((part_, at) => part_ !== two[at]);
  return k < 0 ? 0 : one[k] - two[k];
}

function mindTables(became, found) {
  const pairs = found.pairs.filter(([[a], [b]]) => {
    const old = found.olds[a], now = found.news[b];
    return !isTable(old) || became.get(old.path.at(-1)) === now.path.at(-1) ||
      (old.sort === "row" && old.cells.length === now.cells.length);
  });
  const paired = new Set(pairs.flatMap(([olds]) => olds));
  const heads = new Map();
  for (const leaf of found.news) if (leaf.sort === "head") heads.set(leaf.path.at(-1), leaf.place);
  for (const leaf of found.olds)
    if (leaf.sort === "head" && !paired.has(leaf.place) && became.has(leaf.path.at(-1))) {
      const place = heads.get(became.get(leaf.path.at(-1)));
      if (pairs.every(([[a], [b]]) => (a < leaf.place) === (b < place))) pairs.push([[leaf.place], [place]]);
    }
  found.pairs = sortedPairs(pairs);
}

function aligned(pairs) {
  const [widthOld, widthNew] = [0, 1].map((k) => Math.max(...pairs.map((pair) => pair[k].cells.length)));
  if (widthOld === widthNew) return Array.from({length: widthOld}, (_, k) => [k, k]);
  const sample = [...pairs.slice(0, 8), ...pairs.slice(8).filter((_, k) => k % 16 === 0)];
  const weighed = [];
  for (let i = 0; i < widthOld; i++)
    for (let j = 0; j < widthNew; j++) {
      const weight = sum(sample.map(([old, now]) => cellsAlike(old.cells, now.cells, i, j))) / sample.length;
      if (weight > SIMILAR) weighed.push([i, j, weight]);
    }
  const out = [];
  let atOld = 0, atNew = 0;
  for (const [i, j] of [...heaviest(weighed), [widthOld, widthNew]]) {
    for (let k = atOld; k < i; k++) out.push([k, null]);
    for (let k = atNew; k < j; k++) out.push([null, k]);
    if (i < widthOld) out.push([i, j]);
    [atOld, atNew] = [i + 1, j + 1];
  }
  return out;
}

function cellsAlike(old, now, i, j) {
  if (old[i] === now[j]) return old[i] ? 1 : 0.5;
  return similarity(old[i], now[j]);
}

function sharedPath(one, two) {
  let size = 0;
  while (size < one.length && size < two.length && one[size] === two[size]) size++;
  return one.slice(0, size);
}

function mixed(paths, tags) {
  const out = new Set();
  for (const path of paths)
    path.forEach((number, k) => {
      if (k && number < 0 && path[k - 1] > 0 && tags.get(number).tag === "li" && tags.get(path[k - 1]).tag === "ol")
        out.add(path[k - 1]);
    });
  return out;
}

// redline: what changed

const KINDS = ["words", "moved", "link", "image", "format", "level", "number", "split", "join", "typography"];
const LETTERS = 6, LONG = 90, STEP_OF = 64;

/** A redline in steps: what has to be quick is not kept waiting by one that is made ahead of it. */
function* steps(old, now, same, codes) {
  const end = {first: old.chunks.length, second: now.chunks.length, size: 0};
  const gaps = gapsOf(old, now, same, end);
  const nothing = {rows: now.chunks, tags: new Map(), was: new Map(), mixed: new Set(), capped: false};
  if (gaps.every(([olds, news]) => !olds.length && !news.length)) return nothing;
  let found = yield* new Search(gaps, codes).run();
  if (found.from.size) {
    const fewer = worthKeeping(found, old, same);
    if (fewer.length !== same.length) {
      same = fewer;
      found = yield* new Search(gapsOf(old, now, same, end), codes).run();
    }
  }
  const builder = new Builder(found), rows = [];
  for (const [number, match] of [...same, end].entries()) {
    for (const item of builder.items(number)) if (rows.push(item) % STEP_OF === 0) yield;
    for (const chunk of now.chunks.slice(match.second, match.second + match.size)) rows.push(chunk);
  }
  yield;
  return builder.finished(rows);
}

function gapsOf(old, now, same, end) {
  const found = [{first: 0, second: 0, size: 0}, ...same, end];
  return found.slice(1).map((b, k) => {
    const a = found[k];
    return [old.chunks.slice(a.first + a.size, b.first), now.chunks.slice(a.second + a.size, b.second)];
  });
}

function worthKeeping(found, old, same) {
  const SIDE = 0x4000000; // a gap, a stretch or a place as one number that rises as they do
  const weighed = same.map((match, gap) => {
    const kept = old.chunks.slice(match.first, match.first + match.size);
    const size = sum(kept.map((chunk) => chunk.size / LETTERS + HEADING * chunk.hasHeadings));
    return [(2 * gap + 1) * SIDE, (2 * gap + 1) * SIDE, size];
  });
  for (const [a, b] of [...found.pairs.map(([[a], [b]]) => [a, b]), ...found.from]) {
    const one = found.olds[a], two = found.news[b];
    const size = Math.min(one.code.length, two.code.length) + HEADING * (isHeading(one.block) && isHeading(two.block));
    weighed.push([2 * one.gap * SIDE + a, 2 * two.gap * SIDE + b, size]);
  }
  const stay = new Set(heaviest(weighed).map(([one]) => one / SIDE));
  return same.filter((_, gap) => stay.has(2 * gap + 1));
}

function cell(mark, segments, style = "", number = 0) {
  return {mark, segments, style, number};
}

function whole(mark, content) {
  return segment(mark, content, 0, content.text.length);
}

class Builder {
  constructor(found) {
    this.found = found;
    this.nests = new Nests(found);
    this.capped = found.capped;
    this.pairs = grouped(found.pairs, ([[a]]) => found.olds[a].gap);
    this.moves = new Map([...found.to.keys()].sort((a, b) => a - b).map((b, k) => [b, k + 1]));
  }

  *items(gap) {
    const [olds, news] = this.found.gaps[gap];
    let atOld = olds.start, atNew = news.start, before = [];
    for (const [firsts, seconds] of this.pairs.get(gap) ?? []) {
      const after = this.found.news[seconds[0]].path;
      yield* this.between({start: atOld, stop: firsts[0]}, {start: atNew, stop: seconds[0]}, before, after);
      yield* this.paired(firsts, seconds);
      before = this.found.news[seconds.at(-1)].path;
      [atOld, atNew] = [firsts.at(-1) + 1, seconds.at(-1) + 1];
    }
    yield* this.between({start: atOld, stop: olds.stop}, {start: atNew, stop: news.stop}, before, []);
  }

  *between(olds, news, before, after) {
    const added = numbers(news), row = [before, ...added.map((b) => this.found.news[b].path), after];
    let slot = 0;
    for (const a of numbers(olds)) {
      const leaf = this.found.olds[a], [wanted, path] = this.nests.slot(leaf, row, slot);
      while (slot < wanted) yield this.added(added[slot++]);
      if (leaf.sort !== "empty") yield this.removed(leaf, path);
    }
    for (const b of added.slice(slot)) yield this.added(b);
  }

  item(state, leaf, cells, path, olds, more) {
    return {
      state, leaf, cells, path, olds, structure: "", listed: [], renumbered: ["", ""], respaced: false, move: 0, follows: false,
      number: 0, elsewhere: null, after: false, ...more,
    };
  }

  added(b) {
    const leaf = this.found.news[b], moved = this.found.to.has(b);
    const olds = moved ? [this.found.olds[this.found.to.get(b)]] : [];
    const state = moved ? "to" : leaf.sort === "empty" ? "kept" : "added";
    return this.item(state, leaf, this.cells(olds, leaf), leaf.path, olds, {move: this.moves.get(b) ?? 0});
  }

  removed(leaf, path) {
    const move = this.moves.get(this.found.from.get(leaf.place)) ?? 0;
    let cells = leaf.block.contents.map((content, k) => cell("-", [whole("-", content)], "", k));
    if (isTable(leaf)) {
      cells.forEach((one, k) => (one.style = leaf.block.info[k]));
      const columns = this.nests.columns.get(path.at(-1));
      if (columns?.length && this.nests.became.get(leaf.path.at(-1)) === path.at(-1))
        cells = columns.map(([i]) => (i !== null && i < cells.length ? cells[i] : cell("", [])));
    }
    return this.item(move ? "from" : "removed", leaf, cells, path, [leaf], {move});
  }

  *paired(olds, news) {
    const firsts = olds.map((a) => this.found.olds[a]), leaves = news.map((b) => this.found.news[b]);
    if (firsts.length === 1 && leaves.length === 1) {
      yield this.one(firsts[0], leaves[0]);
      return;
    }
    const contents = (side) => side.map((leaf) => leaf.block.contents[0]);
    const rows = this.compared(contents(firsts), contents(leaves));
    for (const [k, leaf] of leaves.entries()) {
      const state = k || !rows[k].every(isPlain) ? "changed" : "kept";
      yield this.item(state, leaf, [cell("=", rows[k])], leaf.path, firsts, {structure: k ? "split" : ""});
    }
  }

  one(old, now) {
    const cells = this.cells([old], now);
    const plain = cells.every((one) => "=".includes(one.mark) && one.segments.every(isPlain));
    const respaced = plain && now.sort === "pre" && old.block.contents[0].text !== now.block.contents[0].text;
    return this.item(plain && !respaced ? "kept" : "changed", now, cells, now.path, [old], {respaced});
  }

  cells(olds, leaf) {
    const now = leaf.block.contents;
    if (!isTable(leaf))
      return now.map((content) => cell("=", this.compared(olds.map((old) => old.block.contents[0]), [content])[0]));
    const was = olds.length ? olds[0].block.contents : [], known = this.nests.columns.get(leaf.path.at(-1));
    const columns = known?.length ? known : now.map((_, k) => [null, k]);
    const foreign = this.found.to.has(leaf.place) ||
      olds.some((old) => this.nests.became.get(old.path.at(-1)) !== leaf.path.at(-1));
    return columns.map(([i, j]) => {
      const k = foreign ? j : i, one = k !== null && k < was.length ? was[k] : null;
      if (j !== null) {
        const segments = this.compared(one ? [one] : [], [now[j]])[0];
        return cell(olds.length && !one ? "+" : "=", segments, leaf.block.info[j], j);
      }
      return one ? cell("-", [whole("-", one)], olds[0].block.info[k]) : cell("", []);
    });
  }

  compared(olds, news) {
    if (!olds.length) return news.map((content) => [whole("+", content)]);
    const [rows, capped] = compare(olds, news, this.found.codes);
    this.capped ||= capped;
    return rows;
  }

  finished(rows) {
    const {tags, became} = this.nests, was = new Map();
    for (const [a, b] of became) {
      const [one, two] = [tags.get(a), tags.get(b)];
      if (one.tag !== two.tag || one.start !== two.start) was.set(b, one);
    }
    const placed = [], items = [];
    rows.forEach((row, place) => {
      if (!row.state) return;
      placed.push([place, row]);
      items.push(row);
    });
    const shown = items.filter(({state}) => ["changed", "added", "removed"].includes(state));
    const cells = shown.flatMap((item) => item.cells.map((one) => one.segments));
    const moved = tellClauses(cells, this.found.codes, this.moves.size + 1) > this.moves.size + 1;
    this.tellLevels(placed, was);
    this.tellLists(items, was);
    items.filter(({state}) => state !== "kept").forEach((item, k) => (item.number = k + 1));
    const other = (item) => (item.state === "from" ? this.found.from : this.found.to).get(item.leaf.place);
    if (this.moves.size) items.slice(1).forEach((two, k) => {
      const one = items[k];
      two.follows = Boolean(one.move && two.move) && one.state === two.state && other(two) === other(one) + 1;
    });
    if (this.found.from.size || moved) tellPlaces(rows);
    return {rows, tags, was, mixed: mixed(items.map((item) => item.path), tags), capped: this.capped};
  }

  tellLevels(placed, was) {
    const {tags} = this.nests, seen = new Set(), filled = new Set();
    let open = [], last = -1;
    for (const [serial, item] of placed) {
      if (serial > last + 1) open = [];
      last = serial;
      if (!item.path.length && item.olds.every((old) => !old.path.length)) {
        open = [];
        const stays = item.olds.length === 1 && item.state !== "added" && item.state !== "to";
        if (stays && item.olds[0].block.kind !== item.leaf.block.kind) changeLevel(item);
        continue;
      }
      const same = sharedPath(open.map(([number]) => number), item.path).length;
      open = [...open.slice(0, same), ...item.path.slice(same).map((number, k) => [number, serial * 100 + k])];
      if (item.state === "added" || item.state === "to" || !item.leaf.code) continue;
      const listed = open.filter(([number]) => tags.get(number).tag === "li");
      const shown = [open.map(([number]) => (was.get(number) ?? tags.get(number)).tag),
        listed.map(([, element]) => !filled.has(element)), item.leaf.block.kind];
      for (const [, element] of open) filled.add(element);
      for (const old of item.olds) {
        const fresh = old.path.filter((number) => tags.get(number).tag === "li").map((number) => !seen.has(number));
        const true_ = [old.path.map((number) => tags.get(number).tag), fresh, old.block.kind];
        for (const number of old.path) seen.add(number);
        if (item.olds.length === 1 && !equal(true_, shown)) changeLevel(item);
      }
    }
  }

  tellLists(items, was) {
    const told = new Set();
    for (const item of items)
      for (const number of item.path)
        if (was.has(number) && !told.has(number)) {
          told.add(number);
          const [old, now] = [was.get(number), this.nests.tags.get(number)];
          item.listed.push(old.tag !== now.tag ? "level" : "number");
          item.renumbered = [`${old.start}`, `${now.start}`];
          if (item.state === "kept") item.state = "changed";
        }
  }
}

/** Tell that a block stands on another level than it stood, if nothing weightier is told of it. */
function changeLevel(item) {
  if (!item.leaf.code || item.structure) return;
  item.structure = "level";
  if (item.state === "kept") item.state = "changed";
}

/** Each row with the heading under which it stands, in its own text. */
function sections(rows) {
  let now = "", old = "";
  return rows.map((row) => {
    if (!row.state) {
      if (row.hasHeadings) now = old = headingWords(row);
      return [row, now];
    }
    const gone = row.state === "removed" || row.state === "from";
    if (isHeading(row.leaf.block)) {
      const heard = headingWords(row.leaf.block);
      if (gone) old = heard;
      else {
        now = heard;
        if (row.state !== "added" && row.state !== "to") old = heard;
      }
    }
    return [row, gone ? old : now];
  });
}

function tellPlaces(rows) {
  const places = new Map(), moved = [];
  let before = {true: "", false: ""};
  for (const [row, section] of sections(rows)) {
    if (row.state) {
      const heading = isHeading(row.leaf.block);
      const within = [[row, row.state === "from"]];
      for (const one of row.cells.flatMap(({segments}) => segments)) within.push([one, one.mark === "-"]);
      for (const [what, old] of within)
        if (what.move) {
          places.set(`${what.move} ${old}`, what === row && heading ? before[old] : section);
          moved.push([what, old]);
        }
      if (heading) before[row.state === "from" || row.state === "removed"] = section;
    }
    if (!row.state || row.state === "kept" || row.state === "changed") before = {true: section, false: section};
  }
  let leader = null;
  for (const [what, old] of moved) {
    const here = places.get(`${what.move} ${old}`), there = places.get(`${what.move} ${!old}`);
    what.elsewhere = here !== there ? there : null;
    if (!what.state) continue;
    what.after = isHeading(what.leaf.block);
    if (what.follows && leader?.after) [what.elsewhere, what.after] = [leader.elsewhere, true];
    else leader = what;
  }
}

function itemKinds(item) {
  const found = new Set(item.listed), segments = item.cells.length === 1 ? item.cells[0].segments
    : item.cells.flatMap((one) => one.segments);
  if (item.structure) found.add(item.structure);
  if (item.respaced) found.add("format");
  if (item.state === "from" || item.state === "to") found.add("moved");
  else if (item.state !== "changed" && item.state !== "kept" && !segments.length) found.add("words");
  if (item.state !== "from") {
    if (item.state === "changed" && item.cells.some(({mark}) => mark === "-" || mark === "+")) found.add("words");
    for (const one of segments) if (!isPlain(one)) for (const kind of kindsOf(one)) found.add(kind);
  }
  if (found.size < 2) return [...found];
  return KINDS.filter((kind) => found.has(kind));
}

/** The list of changes, in reading order; what moved together, and the place that it left, is one. */
function changes(rows) {
  const out = [];
  for (const [row, section] of sections(rows)) {
    if (!row.state || !row.number || row.state === "from") continue;
    const kinds = itemKinds(row);
    if (!kinds.length || (row.follows && equal(kinds, ["moved"]))) continue;
    const state = row.state === "to" ? "moved" : row.state, known = row;
    out.push({kinds, state, section, id: `_c${row.number}`, get pairs() { return toldPairs(known, kinds); }});
  }
  return out;
}

/** What an item takes away and puts in: its first words, and each target that changed; or else what stands in it. */
function toldPairs(item, kinds) {
  const segments = item.cells.flatMap((one) => one.segments), marked = segments.filter((one) => !isPlain(one));
  const words = toldWords(item, segments), targets = new Map();
  for (const {was, now} of marked)
    for (const what of was && now ? ["link", "image"] : [])
      if (!equal(was[what], now[what])) {
        const pair = otherwise(was[what], now[what]);
        targets.set(JSON.stringify(pair), pair);
      }
  if (words || targets.size) return [...(words ? [words] : []), ...targets.values()];
  if (equal(kinds, ["number"])) return [item.renumbered];
  const letters = short(marked.length ? lettersOf(marked[0]) : "") || firstWords(item.leaf.block);
  return [[letters, letters]];
}

/** The first words that an item takes away, and those that it puts in. */
function toldWords(item, segments) {
  if (item.state === "removed") return [firstWords(item.leaf.block), ""];
  if (item.state === "added" || item.state === "to") return ["", firstWords(item.leaf.block)];
  const first = segments.findIndex(({mark}) => mark === "-" || mark === "+");
  if (first < 0) {
    const formed = segments.find(({mark}) => mark === "form");
    return formed ? [short(formed.old), short(lettersOf(formed))] : null;
  }
  const [one, two] = segments.slice(first, first + 2);
  const gone = one.mark === "-" ? one : two?.mark === "-" ? two : null, before = gone ? seenOf(gone) : "";
  const come = one.mark === "+" ? one : two?.mark === "+" && before ? two : null;
  return [short(before), short(come ? seenOf(come) : "")];
}

/** The first words of a block; of one without any its pictures, or the signs of a rule. */
function firstWords(block) {
  if (block.kind === "hr") return "* * *";
  return short(headingWords(block)) || short(pictures(block.contents.flatMap(({runs}) => runs))) || "…";
}

/** The letters of a segment, or its pictures if it has no others. */
function seenOf(one) {
  const letters = lettersOf(one);
  return split(letters).length ? letters : pictures(one.content.runs.filter(({start}) => one.start <= start && start < one.end));
}

/** Pictures by what they say, or by where they lie. */
function pictures(runs) {
  return runs.filter(({kind}) => kind === "image").map(({image}) => split(image[1]).join(" ") || image[0]).join(" ");
}

/** What was, and what is, the first thing that differs about a link or an image: target, alternative text, title. */
function otherwise(old, now) {
  const at = old && now ? old.findIndex((told, k) => told !== now[k]) : 0;
  return [old?.[at] ?? "", now?.[at] ?? ""];
}

function short(letters) {
  let flat = split(letters.slice(0, 8 * LONG)).join(" ");
  if (letters.length > 8 * LONG && flat.length < 2 * LONG + 2) flat = split(letters).join(" ");
  if (flat.length <= LONG) return flat;
  const begin = flat.slice(0, 2 * LONG + 2), start = /[\ud800-\udfff]/.test(begin) ? [...begin] : begin;
  const end = start.lastIndexOf(" ", LONG - 1), kept = start.slice(0, end < 0 ? LONG : end);
  return start.length <= LONG ? flat : `${Array.isArray(kept) ? kept.join("") : kept} …`;
}

// markup: redlines as HTML

const CLASSES = {changed: "changed", added: "changed added", removed: "changed removed", from: "changed moved", to: "changed moved"};
const PARTS = {head: "thead", row: "tbody"};
const NOTES = {
  deleted: "deleted", inserted: "inserted", movedTo: "moved to", movedFrom: "moved from", after: "after",
  top: "the beginning", within: "elsewhere in this section", was: "was:", level: "level changed:", unchanged: "unchanged",
  counted: [["heading", "headings"], ["paragraph", "paragraphs"], ["item", "items"], ["row", "rows"]],
};
const TURNING = {
  "\u061c": "arabic letter mark", "\u200e": "left-to-right mark", "\u200f": "right-to-left mark",
  "\u202a": "left-to-right embedding", "\u202b": "right-to-left embedding", "\u202c": "pop directional formatting",
  "\u202d": "left-to-right override", "\u202e": "right-to-left override", "\u2066": "left-to-right isolate",
  "\u2067": "right-to-left isolate", "\u2068": "first strong isolate", "\u2069": "pop directional isolate",
};
const TURNS = new RegExp(`[${Object.keys(TURNING).join("")}]`, "g");
const NOTHING = {link: "", image: "", behind: "", formats: [], before: "", after: ""};

function escape(words) {
  if (!/[&<>"]/.test(words)) return words;
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** The HTML of a chunk, written once for each way of its targets if it bears no anchors. */
function chunkHtml(chunk, address, headings) {
  if (chunk.hasHeadings) return newHtml(chunk, address, headings);
  let html = chunk.html.get(address);
  if (html === undefined) chunk.html.set(address, (html = fitted(newHtml(chunk, address, headings))));
  return html;
}

function newHtml({blocks}, address, headings) {
  if (blocks.length === 1 && !blocks[0].nests.length) return blockHtml(blocks[0], address, headings);
  const nests = new PlainNests();
  for (const block of blocks) {
    nests.goTo(block);
    nests.out += blockHtml(block, address, headings);
  }
  nests.close(0);
  return nests.out;
}

function blockHtml({kind, contents, info, tight}, address, headings) {
  if (kind === "hr") return "<hr />\n";
  if (kind === "empty") return "";
  const tag = {head: "th", row: "td"}[kind];
  if (tag) {
    const cells = contents.map((content, k) => `<${tag}${styled(info[k])}>${written(content, address)}</${tag}>\n`);
    return `<tr>\n${cells.join("")}</tr>\n`;
  }
  const words = written(contents[0], address);
  if (kind === "pre") return `<pre><code${language(info)}>${words}</code></pre>\n`;
  if (kind === "p") return tight ? words : `<p>${words}</p>\n`;
  return `<${kind} id="${headings.next().value}">${words}</${kind}>\n`;
}

function styled(style) {
  return style && ` style="${escape(style)}"`;
}

function language(info) {
  return info.length ? ` class="language-${escape(info[0])}"` : "";
}

class PlainNests {
  out = "";
  open = [];
  part = "";
  hidden = false;

  goTo(block) {
    const same = sharedPath(this.open, block.nests).length;
    this.close(same);
    for (const nest of block.nests.slice(same)) {
      const bare = nest === block.nests.at(-1) && (block.kind === "empty" || block.tight);
      this.out += `${this.end()}<${nest.tag}${nest.start !== 1 ? ` start="${nest.start}"` : ""}>${bare ? "" : "\n"}`;
      this.open.push(nest);
    }
    const wanted = PARTS[block.kind] ?? this.part;
    if (this.part !== wanted) {
      this.out += `${this.part && `</${this.part}>\n`}<${wanted}>\n`;
      this.part = wanted;
    }
    if (block.kind !== "pre" && !block.tight) this.out += this.end();
    this.hidden = block.tight;
  }

  close(depth) {
    while (this.open.length > depth) {
      const {tag} = this.open.pop();
      if (tag === "table") {
        this.out += `</${this.part}>\n`;
        this.part = "";
      }
      this.out += `</${tag}>\n`;
      this.hidden = false;
    }
  }

  end() {
    const end = this.hidden ? "\n" : "";
    this.hidden = false;
    return end;
  }
}

function written(content, address, start = 0, end = content.text.length, tell = NOTHING) {
  const runs_ = content.runs;
  if (runs_.length === 1 && !runs_[0].dress.length && runs_[0].kind === "text")
    return tell.before + escape(content.text.slice(start, end)) + tell.after;
  let out = "", open = [];
  const dress = (wanted) => {
    const same = sharedPath(open, wanted).length;
    for (const {tag} of open.slice(same).reverse()) out += `</${tag}>`;
    for (const wrap of wanted.slice(same)) out += opened(wrap, address, tell);
    open = wanted;
  };
  for (const run of runs_) {
    if (!within(run, start, end)) continue;
    dress(run.dress);
    out += tell.before;
    if (run.kind === "text") out += escape(run.text.slice(Math.max(start - run.start, 0), end - run.start));
    else out += run.kind === "break" ? "<br />\n" : picture(run, address, tell.image) + tell.behind;
    out += tell.after;
  }
  dress([]);
  return out;
}

function within(run, start, end) {
  const last = run.start + run.text.length;
  if (run.start === last) return (start < run.start && run.start <= end) || (run.start === start && start === 0);
  return run.start < end && start < last;
}

function undressed(content, start, end) {
  return !content.runs.some((run) =>
    run.dress.length && run.start < end && start < run.start + Math.max(run.text.length, 1));
}

function file(target) {
  return target.split("?")[0].split("/").at(-1) || target;
}

function opened({tag, target, title}, address, tell) {
  if (tag !== "a") return tell.formats.includes(tag) ? `<${tag} data-change="format">` : `<${tag}>`;
  return `<a href="${escape(address(target))}"${title && ` title="${escape(title)}"`}${tell.link}>`;
}

function picture({image: [target, alt, title]}, address, more) {
  return `<img src="${escape(address(target))}" alt="${escape(alt)}"${title && ` title="${escape(title)}"`}${more} />`;
}

function signs(letters) {
  const found = [...new Set(letters.match(TURNS))].sort();
  const names = found.map((c) => `U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")} ${TURNING[c]}`);
  return names.length ? `<span class="sign" data-note>(${names.join(", ")}) </span>` : "";
}

function movedNote(elsewhere, was, after) {
  const place = elsewhere === null ? NOTES.within : after && elsewhere ? `${NOTES.after} ${elsewhere}` : elsewhere;
  return `${was ? NOTES.movedTo : NOTES.movedFrom} ${place || NOTES.top}`;
}

function note(words) {
  return `<span class="note" data-note>${escape(words)}</span>`;
}

// folds: which stretches of a redline stand as they stood

function folds(rows) {
  const parts = [], over = new Set(), open = [], told = new Map();
  rows.forEach((row, place) => {
    const nest = row.state && row.path.length ? row.path[0] : null;
    if (nest !== null && parts.at(-1)?.nest === nest) parts.at(-1).rows.push(row);
    else parts.push({place, nest, rows: [row]});
  });
  const touched = (part) => part.rows.some((row) => row.number || row.structure);
  for (const part of parts) {
    const level = headingOf(part.rows[0]);
    if (level) {
      while (open.length && open.at(-1).level >= level) open.pop();
      open.push({level, place: part.place});
    }
    if (touched(part)) for (const {place} of open) over.add(place);
  }
  let counts = [0, 0, 0, 0];
  const flush = (place) => {
    if (counts.some(Boolean)) told.set(place, counts);
    counts = [0, 0, 0, 0];
  };
  for (const part of parts)
    if (touched(part) || over.has(part.place)) flush(part.place);
    else {
      const [row] = part.rows, found = row.state ? count(part.rows.map((item) => item.leaf.block)) : (row.counts ??= count(row.blocks));
      found.forEach((many, k) => (counts[k] += many));
    }
  flush(rows.length);
  return {over, told};
}

/** The kind of the heading that a row is, at the margin and in the new text; "" of any other. */
function headingOf(row) {
  const block = row.state ? row.leaf.block : row.blocks[0];
  const old = row.state === "removed" || row.state === "from";
  return old || (row.state ? row.path : block.nests).length || !isHeading(block) ? "" : block.kind;
}

/** Count what a reader counts: headings, paragraphs, items (once, however many paragraphs one has) and rows. */
function count(blocks) {
  const counts = [0, 0, 0, 0], items = new Set();
  for (const block of blocks) {
    const item = block.nests.findLast(({tag}) => tag === "li");
    if (block.kind === "row") counts[3]++;
    else if (isHeading(block)) counts[0]++;
    else if (item) {
      if (!items.has(item)) counts[2]++;
      items.add(item);
    } else if (block.kind === "p" || block.kind === "pre") counts[1]++;
  }
  return counts;
}

const NO_WORDS = new Set(["pre", "row", "head", "hr", "empty"]); // more than words on a level

class Page {
  constructor(found, addressOld, addressNew, headings) {
    this.marks = found;
    this.address = {"-": addressOld, "+": addressNew, "=": addressNew};
    this.headings = headings.values();
    this.out = "";
    this.open = [];
    this.parts = [];
    this.width = 1;
    this.items = new Map();
  }

  /** Its HTML as it fits into a page, in parts each of which stands by itself, made as they are asked for. */
  *pieces(lower) {
    const {rows} = this.marks, folded = folds(rows);
    for (const [place, row] of rows.entries()) {
      this.stretch(folded.told.get(place));
      const over = folded.over.has(place) ? ' class="over"' : "";
      if (this.out && !this.open.length) yield this.taken(lower);
      if (row.state) {
        this.to(row.path);
        this.item(row, over);
      } else {
        this.to([]);
        const html = chunkHtml(row, this.address["="], this.headings);
        if (row.hasHeadings) this.out += over ? html.replace(" ", `${over} `) : html;
        if (this.out) yield this.taken(lower);
        if (!row.hasHeadings) yield html;
      }
    }
    this.to([]);
    this.stretch(folded.told.get(rows.length));
    if (this.out) yield this.taken(lower);
  }

  /** What was written since it was last asked for. */
  taken(lower) {
    const html = fitted(this.out, lower);
    this.out = "";
    return html;
  }

  stretch(counts) {
    if (!counts) return;
    this.to([]);
    const told = NOTES.counted.map(([one, many], k) => counts[k] && `${counts[k]} ${counts[k] === 1 ? one : many}`);
    this.out += `<p class="fold" data-note hidden>${told.filter(Boolean).join(", ")} ${NOTES.unchanged}</p>\n`;
  }

  to(path) {
    const same = sharedPath(this.open, path).length;
    while (this.open.length > same) {
      const {tag} = this.marks.tags.get(this.open.pop());
      const last = tag === "table" ? this.parts.pop() : "";
      this.out += `${last && `</${last}>\n`}</${tag}>\n`;
    }
    for (let depth = same; depth < path.length; depth++) this.opens(path[depth], path[depth - 1]);
  }

  opens(number, above) {
    const nest = this.marks.tags.get(number), was = this.marks.was.get(number);
    let told = nest.start !== 1 ? ` start="${nest.start}"` : "";
    if (was) told += was.tag !== nest.tag ? ' data-change="level"' : ` data-change="number" data-was="${was.start}"`;
    if (nest.tag === "table") this.parts.push("");
    else if (this.marks.mixed.has(above)) told = this.counted(number, above);
    this.out += `<${nest.tag}${told}>\n`;
    this.open.push(number);
  }

  counted(number, above) {
    const before = this.items.get(above) ?? 0;
    if (number < 0) return ' class="uncounted"';
    this.items.set(above, before + 1);
    return ` value="${this.marks.tags.get(above).start + before}"`;
  }

  item(item, told) {
    const {kind} = item.leaf.block;
    if (kind === "empty") return;
    if (item.number) told = ` class="${CLASSES[item.state]}" id="_c${item.number}"`;
    if (kind === "hr") {
      const tag = {removed: "del", added: "ins"}[item.state];
      this.out += tag ? `<${tag}${told}><hr /></${tag}>\n` : "<hr />\n";
      return;
    }
    if (item.structure) told += ` data-change="${item.structure}"${this.stood(item)}`;
    if (kind === "head" || kind === "row") {
      this.row(item, told);
      return;
    }
    const inTable = item.path.length && this.marks.tags.get(item.path.at(-1)).tag === "table";
    if (inTable) {
      this.part("tbody");
      this.out += `<tr><td colspan="${this.width}">`;
    }
    this.block(item, told);
    if (inTable) this.out += "</td></tr>\n";
  }

  /** Where a block stood whose level changed. */
  stood(item) {
    if (item.structure !== "level") return "";
    const [old] = item.olds, was = old.block.kind, {kind} = item.leaf.block;
    const told = was !== kind && !NO_WORDS.has(was) && !NO_WORDS.has(kind) ? ` data-old="${was}"` : "";
    const depth = (path) => path.filter((number) => this.marks.tags.get(number).tag === "li").length;
    return depth(old.path) === depth(item.path) ? told : `${told} data-depth="${depth(old.path)}"`;
  }

  block(item, told) {
    const {kind, info, tight} = item.leaf.block;
    let letters = this.cell(item, item.cells[0]);
    if (letters && item.structure === "level" && item.state === "changed") letters = note(`${NOTES.level} `) + letters;
    if (kind === "pre") {
      const spaced = item.respaced ? ' data-change="format"' : "";
      this.out += `<pre${told}><code${language(info)}${spaced}>${letters}</code></pre>\n`;
    } else if (kind === "p" && tight) this.out += told ? `<div${told}>${letters}</div>\n` : `${letters}\n`;
    else if (kind === "p" || item.state === "removed" || item.state === "from")
      this.out += `<${kind}${told}>${letters}</${kind}>\n`;
    else {
      const place = item.number ? `<span id="_c${item.number}"></span>` : "";
      told = told.replace(` id="_c${item.number}"`, "");
      this.out += `<${kind} id="${this.headings.next().value}"${told}>${place}${letters}</${kind}>\n`;
    }
  }

  row(item, told) {
    const [part_, tag] = item.leaf.block.kind === "head" ? ["thead", "th"] : ["tbody", "td"];
    this.part(this.parts.at(-1) === "tbody" ? "tbody" : part_);
    this.width = item.cells.length;
    const cells = item.cells.map((one) => `<${tag}${styled(one.style)}>${this.cell(item, one)}</${tag}>\n`);
    this.out += `<tr${told}>\n${cells.join("")}</tr>\n`;
  }

  part(part_) {
    const last = this.parts.at(-1);
    if (last !== part_) this.out += `${last && `</${last}>\n`}<${part_}>\n`;
    this.parts[this.parts.length - 1] = part_;
  }

  cell(item, one) {
    const pre = item.leaf.block.kind === "pre", [first] = one.segments;
    if (!one.segments.some(({content}) => content.text)) return "";
    if (item.state === "from" || item.state === "to") return this.moved(item, one, pre);
    const all = ["added", "removed"].includes(item.state) || one.mark === "-" || one.mark === "+";
    if (!all || one.segments.length > 1 || first.move) return this.segments(one.segments, pre);
    const [tag, words] = first.mark === "-" ? ["del", NOTES.deleted] : ["ins", NOTES.inserted];
    const told = (one === item.cells[0] ? note(`${words}: `) : "") + signs(lettersOf(first));
    return `<${tag}>${told}${written(first.content, this.address[first.mark])}</${tag}>`;
  }

  moved(item, one, pre) {
    const [first] = one.segments, was = item.state === "from";
    const letters = was ? written(first.content, this.address["-"]) : this.segments(one.segments, pre);
    const name = one.number ? `${item.move}-${one.number}` : `${item.move}`;
    return this.linked(letters, name, movedNote(item.elsewhere, was, item.after), was, Boolean(one.number) || item.follows);
  }

  linked(letters, name, words, was, again = false) {
    const [tag, here, there] = was ? ["del", "from", "to"] : ["ins", "to", "from"];
    const link = `<span class="note${again ? " again" : ""}" data-note><a href="#_${there}${name}">${escape(words)}</a>: </span>`;
    return `<${tag} data-change="moved" id="_${here}${name}">${link}${letters}</${tag}>`;
  }

  segments(segments, pre) {
    return segments.map((one, at) => {
      if (one.mark === "join") return '<span data-change="join"></span>';
      if (one.mark !== "-" && one.mark !== "+") return this.kept(one);
      const following = segments.slice(at + 1).find(({mark}) => mark !== "-" && mark !== "join")?.gap ?? true;
      return this.marked(one, following && !pre, at === 0);
    }).join("");
  }

  marked(one, outside, first) {
    const {content, end, mark} = one, tag = mark === "-" ? "del" : "ins", tail = one.tail ? " " : "";
    let {start} = one, gap = "";
    if (mark === "+") {
      const blank = content.text.slice(start, end).match(BEGINS_BLANK)[0].length;
      if (outside && blank && undressed(content, start, start + blank)) {
        gap = written(content, null, start, start + blank);
        start += blank;
      } else if (!first && !start) gap = " ";
    } else if (one.gap && !first) gap = " ";
    const words = written(content, this.address[mark], start, end);
    if (!split(words).length) return `<${tag}>${gap}${words}${tail}</${tag}>`;
    if (one.move)
      return gap + this.linked(words + tail, `${one.move}`, movedNote(one.elsewhere, tag === "del", false), tag === "del");
    const before = note(`[${tag === "del" ? NOTES.deleted : NOTES.inserted}: `) + signs(lettersOf(one));
    const letters = `${before}${words}${tail}${note("]")}`;
    return outside ? `${gap}<${tag}>${letters}</${tag}>` : `<${tag}>${gap}${letters}</${tag}>`;
  }

  kept({mark, content, start, end, was, now, old}) {
    const tell = {...NOTHING};
    let lost = "", wrapped = "";
    if (was && now) {
      if (!equal(was.link, now.link)) {
        const told = ` data-change="link"${was.link ? ` data-was="${escape(was.link[0])}"` : ""}`;
        if (now.link) tell.link = told;
        else wrapped = told;
      }
      if (!equal(was.image, now.image) && was.image && now.image) {
        tell.image = ` data-change="image" data-was="${escape(was.image[0])}"`;
        const seen = was.image[1] !== now.image[1] ? was.image[1] : file(was.image[0]);
        tell.behind = `<span class="sign" data-note>(${escape(NOTES.was)} ${escape(seen)})</span>`;
      }
      if (!equal(was.formats, now.formats)) {
        tell.formats = now.formats.filter((name) => !was.formats.includes(name) && !name.includes(":"));
        lost = tell.formats.length ? "" : ' data-change="format"';
      }
    }
    if (mark === "form") {
      tell.before = `<del data-change="typography">${escape(old)}</del><ins data-change="typography">`;
      tell.after = "</ins>";
    }
    const words = written(content, this.address["="], start, end, tell);
    const inner = wrapped ? `<span${wrapped}>${words}</span>` : words;
    return lost ? `<span${lost}>${inner}</span>` : inner;
  }
}

const ALIGNED = ' style="text-align:(left|center|right)"';
const FITS = new RegExp(`<table|</table>|<th(?:${ALIGNED.replace("(", "(?:")})?></th>|${ALIGNED}| />|(</?h|data-old="h)([1-6])\\b`, "g");

/** HTML as it stands on a page; the headings one level lower, if the text has one as high as the title. */
function fitted(html, lower = false) {
  return html.replace(FITS, (found, side, tag, level) => {
    if (side) return ` class="${side}"`;
    if (tag) return tag + (lower ? Math.min(+level + 1, 6) : level);
    if (found === " />") return ">";
    if (found === "<table") return '<div class="table" role="group" aria-label="Table" tabindex="0"><table';
    return found === "</table>" ? "</table></div>" : "<td></td>"; // a heading that heads nothing is none
  });
}

/** The redline of two versions, by their places in the history: its list of changes, and its HTML part by part. */
function compared(texts, old, now) {
  const making = comparing(texts, old, now);
  for (;;) {
    const {done, value} = making.next();
    if (done) return value;
  }
}

/** The same in steps. */
function* comparing(texts, old, now) {
  const [one, two] = [texts.text(old), texts.text(now)];
  if (texts.codes.size > MOST_KNOWN) texts.codes = new Codes();
  const found = yield* steps(one, two, texts.same(old, now), texts.codes);
  const page = new Page(found, texts.address(old, false), texts.address(now, true), two.anchors);
  return {parts: page.pieces(one.top || two.top), changes: changes(found.rows), capped: found.capped};
}

/** The same with its HTML in one, and with the words of its changes. */
function redline(texts, old, now) {
  const {parts, changes: listed, ...more} = compared(texts, old, now);
  const changes = listed.map(({pairs: [[before, after], ...also], ...told}) => ({...told, before, after, also}));
  return {html: [...parts].join(""), changes, ...more};
}

// The page: two choosers, and under them the redline of what is chosen

const REWORDED = {
  words: "reworded", moved: "moved", link: "link changed", image: "picture changed", format: "style changed",
  level: "level changed", number: "numbering changed", split: "split", join: "joined", typography: "punctuation set otherwise",
};
const SEVERAL = {
  "link changed": "links changed", "picture changed": "pictures changed", "style changed": "styles changed",
  "level changed": "levels changed", "numbering changed": "numberings changed",
};
const REST = 40; // milliseconds
const SEEN_FIRST = 4000; // letters of HTML, about what is seen of it below all that stands above it
const AT_ONCE = 100000; // of those that follow
const OPEN = 16; // a list of so many changes is folded
const UNPRINTED = 100; // and one of so many also on paper, unless the reader has opened it
const STATES = {added: "inserted", removed: "deleted", moved: "moved"};

/** What stands above a redline: how to read it, and the list of changes. */
function summary({changes: listed, capped}) {
  const shows = (kind) => listed.some(({kinds}) => kinds.includes(kind));
  const out = ['<p class="legend">'];
  if (!listed.length) out.push("Both texts read the same: no word, link or style changed.");
  else out.push("<del>Deleted</del> <ins>Inserted</ins>");
  if (shows("moved"))
    out.push(' <del data-change="moved">Moved from here</del> <ins data-change="moved">Moved to here</ins>');
  if (shows("format")) out.push(' <span data-change="format">Set in another style</span>');
  out.push("</p>\n");
  if (capped)
    out.push('<p class="legend">Some passages are too long to be compared word by word; ' +
      "they are shown as deleted and inserted as a whole.</p>\n");
  if (!listed.length) return out.join("");
  const many = new Set(listed.map((change) => change.section)).size;
  out.push(`<details class="changes${listed.length < UNPRINTED ? "" : " many"}"${listed.length < OPEN ? " open" : ""}>\n`,
    `<summary>${counted(listed.length, "change")} in ${counted(many, "section")}: ${sentence(listed)}</summary>\n`,
    "<ul></ul>\n</details>\n",
    '<p class="only legend"><label><input type="checkbox" id="_only"> Show only the changes</label></p>');
  return out.join("");
}

/** The items of the list of changes, by section. */
function items(listed, tongue) {
  const out = [];
  listed.forEach((one, k) => {
    if (one.section !== listed[k - 1]?.section) {
      const name = one.section ? `<bdi ${tongue}>${escape(one.section)}</bdi>` : "Beginning";
      out.push(k ? "</ul></li>\n" : "", `<li><b>${name}</b>\n<ul>\n`);
    }
    const what = STATES[one.state] ?? one.kinds.map((kind) => REWORDED[kind]).join(", ");
    const words = one.pairs.map(([before, after], k) => {
      if (before === after) return escape(after);
      if (equal(one.kinds, ["number"])) return `${before} → ${after}`;
      const mark = !k && one.state === "moved" ? ' data-change="moved"' : "";
      return [before && `<del>${escape(before)}</del>`, after && `<ins${mark}>${escape(after)}</ins>`].filter(Boolean).join(" ");
    });
    out.push(`<li><a href="#${one.id}">${what}</a>\n<bdi ${tongue}>${words.join("<br>\n")}</bdi></li>\n`);
  });
  return `${out.join("")}</ul></li>\n`;
}

/** How many changes there are of each kind, each change by what matters most about it. */
function sentence(listed) {
  const names = [...new Set([...Object.values(STATES), ...Object.values(REWORDED)])];
  const said = listed.map((one) => STATES[one.state] ?? REWORDED[one.kinds[0]]);
  const many = (name) => said.filter((other) => other === name).length;
  return names.filter(many).map((name) => `${many(name)} ${(many(name) > 1 && SEVERAL[name]) || name}`).join(", ");
}

function counted(count, what) {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** What an address asks for, and the place in it. */
function placed(fragment) {
  const [, pair, place] = /^(.*?)(?:&(_[^&]*))?$/s.exec(fragment.includes("..") ? fragment : decoded(fragment));
  return [pair, place ?? ""];
}

/** The versions that an address asks for, "" for one that it leaves out; null if it asks for none. */
function asked(fragment, known) {
  const parts = fragment.replace(/^#/, "").split("..");
  const pairs = parts.slice(1).map((_, k) =>
    [parts.slice(0, k + 1), parts.slice(k + 1)].map((ids) => decoded(ids.join(".."))));
  return pairs.find((pair) => pair.every((id) => known.includes(id))) ?? pairs.find((pair) => pair.some((id) => known.includes(id)))
    ?? pairs.find((pair) => pair.some(Boolean)) ?? null;
}

/** How the address of the page says which versions are shown. */
function address(ids) {
  return `#${ids.map(encodeURIComponent).join("..")}`;
}

function decoded(written_) {
  try {
    return decodeURIComponent(written_).normalize("NFC").trim();
  } catch {
    return written_;
  }
}

/** The version that the reader asked to be remembered, kept in this browser and nowhere else. */
class Memory {
  key = `read ${location.pathname}`;

  get() {
    try {
      return localStorage.getItem(this.key);
    } catch {
      return null;
    }
  }

  /** Whether it could be kept, or forgotten. */
  set(id) {
    try {
      if (id === null) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, id);
      return true;
    } catch {
      return false;
    }
  }
}

class Comparison {
  constructor(page, texts) {
    const at = (id) => document.getElementById(id);
    [this.old, this.now, this.told, this.list, this.article] = ["_old", "_new", "_told", "_list", "_redline"].map(at);
    [this.since, this.forget] = ["_since", "_forget"].map(at);
    this.page = page;
    this.texts = texts;
    this.memory = new Memory();
    this.title = document.title;
    this.sheet = document.querySelector(".paper") ?? document.createElement("p");
    this.where = this.sheet.textContent;
    this.chosen = {}; // by the reader, of what stands above a redline
    for (const chooser of [this.old, this.now]) {
      for (const way of ["keydown", "pointerdown"]) chooser.addEventListener(way, () => (this.byKey = way === "keydown"));
      chooser.addEventListener("change", () => this.soon());
      chooser.addEventListener("blur", () => this.leave());
    }
    at("_swap").addEventListener("click", () => this.go(this.now.value, this.old.value));
    this.keep = at("_remember");
    this.keep.addEventListener("click", () => this.remember(this.now.value));
    this.forget.addEventListener("click", () => this.remember(null));
    this.since.addEventListener("click", () => this.again());
    for (const part_ of [this.list, this.article])
      for (const way of ["click", "auxclick", "contextmenu"]) part_.addEventListener(way, (event) => this.follow(event));
    this.article.addEventListener("whole", () => this.whole());
    addEventListener("beforeprint", () => this.whole());
    addEventListener("hashchange", () => this.read());
    addEventListener("scroll", () => this.keepPlace(), {passive: true});
    addEventListener("storage", () => this.offer()); // another tab remembers or forgets
    this.offer();
    this.read();
    setTimeout(() => this.warm(0), REST);
  }

  /** Read and write the blocks of all versions little by little, so that a choice shows at once. */
  warm(number) {
    const {texts} = this, end = performance.now() + REST / 2, address = texts.address(texts.ids.length - 1, true);
    for (; number < texts.data.chunks.length && performance.now() < end; number++) {
      const chunk = texts.chunk(number);
      for (const block of chunk.blocks) spelling(block, texts.codes);
      if (!chunk.hasHeadings) chunkHtml(chunk, address);
    }
    if (number < texts.data.chunks.length) setTimeout(() => this.warm(number), REST);
    else this.practise();
  }

  /** Compare versions ever farther apart into nothing, while the browser has nothing else to do: a choice is quicker then. */
  practise(making = this.practice()) {
    const later = globalThis.requestIdleCallback ?? ((todo) => setTimeout(todo, REST));
    later(() => {
      const end = performance.now() + REST / 2;
      let over;
      do over = making.next().done; while (!over && performance.now() < end);
      if (!over) this.practise(making);
    });
  }

  *practice() {
    const {texts} = this, last = texts.ids.length - 1;
    for (let apart = 1; apart < 2 * last; apart *= 2) {
      const {parts} = yield* comparing(texts, Math.max(last - apart, 0), last);
      yield* parts;
    }
  }

  name(id) {
    return [...this.now.options].find((option) => option.value === id)?.dataset.name ?? id;
  }

  /** Show what the address asks for; what it asks for else, such as a place on the page, is no comparison. */
  read() {
    const [fragment, place] = placed(location.hash), pair = asked(fragment, this.texts.ids), {read} = history.state ?? {};
    this.choosing = false;
    if (pair) this.show(...pair);
    else if (this.pair) this.tell();
    else this.show(this.page.dataset.old, this.page.dataset.new);
    if (pair && place) this.goTo(place);
    else if (read) this.comeBack(read);
  }

  /** Where one reads, kept with the address: the browser looks for the place before there is a redline. */
  keepPlace() {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => history.replaceState({...history.state, read: scrollY}, ""), REST * 5);
  }

  comeBack(place) {
    this.whole();
    requestAnimationFrame(() => scrollTo(0, place));
  }

  /** Show what is chosen; who goes through the versions by keys passes many, and sees the one on which they rest. */
  soon() {
    clearTimeout(this.coming);
    if (this.byKey) this.coming = setTimeout(() => this.choose(), REST * 5);
    else this.choose();
  }

  /** What is chosen next is another choice, to which the way back leads. */
  leave() {
    if (this.coming) this.choose();
    this.choosing = false;
  }

  choose() {
    clearTimeout(this.coming);
    this.coming = 0;
    if (!this.old.value || !this.now.value) return;
    this.go(this.old.value, this.now.value);
    this.choosing = document.activeElement === this.old || document.activeElement === this.now;
  }

  /** Show what the reader chose; the way back leads to what was shown before, and not to each choice passed on the way. */
  go(...ids) {
    if (address(ids) !== location.hash) history[this.choosing ? "replaceState" : "pushState"](null, "", address(ids));
    this.show(...ids);
  }

  show(...ids) {
    const places = ids.map((id) => this.texts.ids.indexOf(id));
    [this.old, this.now].forEach((chooser, k) => {
      const id = places[k] < 0 ? "" : ids[k];
      if (chooser.value !== id) chooser.value = id;
    });
    this.pair = ids;
    this.note();
    const unknown = [...new Set(ids.filter((id, k) => id && places[k] < 0))];
    const found = places.includes(-1) ? null : compared(this.texts, ...places);
    const within = this.list.contains(document.activeElement);
    // All of it is made by the code above, which escapes every letter of a text.
    this.list.innerHTML = found ? summary(found) : this.known(ids, places);
    if (within) (this.list.querySelector("summary") ?? this.now).focus();
    this.restore();
    this.rest = {parts: found ? found.parts : [].values(), listed: found ? found.changes : []};
    this.article.dispatchEvent(new Event("anew"));
    this.article.replaceChildren();
    this.article.hidden = !found;
    if (this.rest.listed.length < OPEN) this.fill();
    this.more(SEEN_FIRST);
    const [one, two] = ids.map((id) => this.name(id));
    for (const side of document.querySelectorAll("[data-side]")) side.textContent = side.dataset.side === "old" ? one : two;
    if (found && ids[0] === ids[1]) this.told.textContent = `Comparing ${one} with itself: no changes`;
    else if (found)
      this.told.textContent =
        `Comparing ${one} with ${two}: ${found.changes.length ? counted(found.changes.length, "change") : "no changes"}`;
    else if (unknown.length)
      this.told.textContent =
        `This policy has no version ${unknown.map(short).join(" and no version ")}. Choose from the versions it has.`;
    else this.told.textContent = `Choose a version to compare ${one || two} with.`;
    this.keep.hidden = places[1] < 0;
    this.keep.textContent = `Remember that I have read ${two}`;
    document.title = found ? `${this.title}: ${one}, ${two}` : this.title;
    this.sheet.textContent = found ? `${this.where}${address(ids)} · ${one}, ${two}` : this.where;
    document.documentElement.dataset.sheet = this.sheet.textContent;
    this.tell();
  }

  /** Note what the reader chose above a redline: whether the list of changes is open, and only the changes are shown. */
  note() {
    const list = this.list.querySelector(".changes"), only = document.getElementById("_only");
    if (!list) return;
    if (list.open !== this.opened) this.chosen.open = list.open;
    this.chosen.checked = only.checked;
  }

  /** Show the next one in the same way. */
  restore() {
    const list = this.list.querySelector(".changes"), {open, checked} = this.chosen;
    if (!list) return;
    this.opened = list.open = open ?? list.open;
    document.getElementById("_only").checked = checked ?? false;
  }

  /** The versions that there are, each as a link that puts it in the place of what is missing. */
  known(ids, places) {
    const fill = (id) => (places.every((place) => place < 0) ? [id, this.page.dataset.new] : ids.map((one, k) => (places[k] < 0 ? id : one)));
    const links = [...this.texts.ids].reverse().map((id) =>
      `<li><a href="${escape(address(fill(id)))}" data-pair>${escape(this.name(id))}</a></li>\n`);
    return `<details${links.length < 16 ? " open" : ""}>\n<summary>${counted(links.length, "version")} to choose from</summary>
<ul class="links">\n${links.join("")}</ul>\n</details>`;
  }

  /** Put more of the redline on the page: what is seen first need not wait for the rest. */
  more(letters) {
    const {rest, article} = this;
    let html = "", part_;
    while (html.length < letters && !(part_ = rest.parts.next()).done) html += part_.value;
    article.insertAdjacentHTML("beforeend", html);
    const over = html.length < letters && !rest.listed.length;
    article.ariaBusy = over ? null : "true";
    const on = () => this.rest === rest && this.fill().more(AT_ONCE);
    if (!over) requestAnimationFrame(() => setTimeout(on, REST)); // after what is there has been painted
  }

  /** Put all of it there. */
  whole() {
    this.fill().more(Infinity);
  }

  /** Fill the list of changes. */
  fill() {
    const list = this.list.querySelector(".changes > ul"), {lang, dir} = this.article;
    const tongue = `lang="${escape(lang)}" dir="${escape(dir)}"`;
    if (this.rest.listed.length) list.innerHTML = items(this.rest.listed, tongue);
    this.rest.listed = [];
    return this;
  }

  /** Say in the address what is shown. */
  tell() {
    if (location.hash !== address(this.pair)) history.replaceState(null, "", address(this.pair));
  }

  /** Go to a place within the redline, and leave the address as it is; a tab of its own needs all of the address. */
  follow(event) {
    const link = event.target.closest('a[href^="#"]');
    if (!link || "pair" in link.dataset) return;
    const id = placed(link.hash)[1] || link.hash.slice(1);
    if (event.type === "click" && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.goTo(id);
    } else link.href = `${address(this.pair)}&${id}`;
  }

  goTo(id) {
    this.whole();
    const place = document.getElementById(decoded(id));
    if (!place) return;
    place.tabIndex = -1;
    place.focus();
    place.scrollIntoView();
  }

  /** What changed since the version that is remembered; it may be forgotten by now. */
  again() {
    const id = this.memory.get();
    if (this.texts.ids.includes(id)) this.go(id, this.page.dataset.new);
    else this.remember(null);
  }

  remember(id) {
    const done = id !== "" && this.memory.set(id);
    if (done && id === null) this.told.textContent = "Nothing is remembered any more.";
    else if (done) this.told.textContent = `Version ${this.name(id)} is remembered as read, in this browser alone.`;
    else this.told.textContent = "This browser keeps nothing for this page.";
    this.offer();
  }

  /** Offer what changed since the version that is remembered, if one is. */
  offer() {
    const id = this.memory.get(), known = this.texts.ids.includes(id), focus = document.activeElement;
    this.since.hidden = !known;
    this.forget.hidden = id === null;
    if ([this.since, this.forget].includes(focus) && focus.hidden) (this.keep.hidden ? this.now : this.keep).focus();
    if (known) this.since.textContent = `What changed since I read ${this.name(id)}`;
  }
}

async function start(page) {
  const told = document.getElementById("_told");
  page.hidden = false;
  told.textContent = "Loading the versions.";
  try {
    const answer = await fetch(page.dataset.texts);
    if (!answer.ok) throw new Error(answer.statusText);
    const texts = new Texts(await answer.json());
    page.querySelector("[data-choosers]").hidden = false;
    new Comparison(page, texts);
  } catch (error) {
    told.textContent = "The versions could not be loaded. The redlines below have pages of their own.";
    console.error(error);
  }
}

if (typeof document !== "undefined") {
  const page = document.getElementById("_compare");
  if (page) start(page);
}
