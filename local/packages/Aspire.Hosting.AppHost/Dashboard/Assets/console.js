// The console of the chosen resource: follows the end until someone scrolls up, filters, wraps, and keeps a bounded number of lines.

import { parse } from './ansi.js';
import { byId, clockTime, element, setText } from './dom.js';
import { openConsole } from './streams.js';

// Lines kept on the page. Twice as many while following is paused, so that what is being read does not scroll away.
const keptLines = 5000;

// Lines are laid out, and trimmed, in blocks; the browser skips the blocks that are out of sight.
const linesPerBlock = 100;

const number = new Intl.NumberFormat();

export function renderLine(line) {
  const { text, runs } = parse(line.text);
  const rendered = element('div', line.isError ? 'line error' : 'line');
  rendered.dataset.time = clockTime(Date.parse(line.timestamp));
  for (const run of runs) {
    rendered.append(run.className ? element('span', run.className, run.text) : run.text);
  }
  return { rendered, text };
}

export class ConsoleView {
  #lines = byId('lines');
  #content = byId('lines-content');
  #filter = byId('filter');
  #follow = byId('follow');
  #stream = null;
  #resource = null;
  #blocks = [];
  #total = 0;
  #terms = [];
  #visible = 0;
  #following = true;
  #unseen = 0;
  #lastTop = 0;
  #cleared = new Map();

  constructor() {
    this.#lines.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.#filter.addEventListener('input', () => this.#applyFilter());
    this.#follow.addEventListener('click', () => this.follow());
    byId('wrap').addEventListener('click', () => this.toggleWrap());
    byId('clear').addEventListener('click', () => this.clear());
    const sizes = new ResizeObserver(() => this.#pin());
    sizes.observe(this.#lines);
    sizes.observe(this.#content);
    this.#setWrap(localStorage.getItem('wrap') !== 'off');
  }

  show(resource) {
    if (this.#resource === resource) {
      return;
    }
    this.#stream?.close();
    this.#stream = null;
    this.#resource = resource;
    this.#empty();
    if (resource !== null) {
      this.#stream = openConsole(resource, {
        onLines: (lines) => this.#append(lines),
        onGap: (count, atStart) => this.#mark(atStart ? `${number.format(count)} earlier lines are no longer kept` : `${number.format(count)} lines left out`),
        onNewRun: () => this.#mark('the runner was started again'),
        ...this.#cleared.get(resource),
      });
    }
  }

  focusFilter() {
    this.#filter.focus();
    this.#filter.select();
  }

  follow() {
    this.#following = true;
    this.#pin();
    this.#showFollow();
  }

  // Cleared lines stay away when one comes back to the resource.
  clear() {
    if (this.#stream) {
      this.#cleared.set(this.#resource, this.#stream.position);
      this.#empty();
    }
  }

  toggleWrap() {
    const wrap = !this.#lines.classList.contains('wrap');
    localStorage.setItem('wrap', wrap ? 'on' : 'off');
    this.#setWrap(wrap);
  }

  #setWrap(wrap) {
    this.#lines.classList.toggle('wrap', wrap);
    byId('wrap').setAttribute('aria-pressed', String(wrap));
    this.#pin();
  }

  #empty() {
    this.#blocks = [];
    this.#total = 0;
    this.#visible = 0;
    this.#content.replaceChildren();
    this.#lastTop = 0;
    this.follow();
    this.#showCount();
  }

  #append(lines) {
    lines.forEach((line) => this.#add(renderLine(line)));
    this.#unseen += this.#following ? 0 : lines.length;
    this.#finish();
  }

  #mark(text) {
    this.#add({ rendered: element('div', 'line mark-line', text), text });
    this.#finish();
  }

  #add({ rendered, text }) {
    const entry = { rendered, text: text.toLowerCase() };
    let block = this.#blocks.at(-1);
    if (!block || block.entries.length === linesPerBlock) {
      block = { rendered: element('div', 'block'), entries: [] };
      this.#blocks.push(block);
      this.#content.append(block.rendered);
    }
    block.entries.push(entry);
    block.rendered.append(rendered);
    this.#total++;
    this.#test(entry);
  }

  #finish() {
    this.#trim();
    this.#pin();
    this.#showFollow();
    this.#showCount();
  }

  #trim() {
    const limit = this.#following ? keptLines : 2 * keptLines;
    while (this.#total - linesPerBlock >= limit) {
      const { rendered, entries } = this.#blocks.shift();
      rendered.remove();
      this.#total -= entries.length;
      this.#visible -= entries.filter((e) => !e.rendered.hidden).length;
    }
  }

  #applyFilter() {
    this.#terms = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.#visible = 0;
    this.#content.classList.toggle('filtered', this.#terms.length > 0);
    this.#blocks.forEach((block) => block.entries.forEach((entry) => this.#test(entry)));
    this.#pin();
    this.#showCount();
  }

  #test(entry) {
    const matches = this.#terms.every((term) => entry.text.includes(term));
    entry.rendered.hidden = !matches;
    this.#visible += matches ? 1 : 0;
  }

  #onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.#lines;
    if (scrollHeight - scrollTop - clientHeight < 8) {
      this.#following = true;
    } else if (scrollTop < this.#lastTop) {
      this.#following = false;
    }
    this.#lastTop = scrollTop;
    this.#showFollow();
  }

  #pin() {
    if (this.#following) {
      this.#lines.scrollTop = this.#lines.scrollHeight;
      this.#lastTop = this.#lines.scrollTop;
    }
  }

  #showFollow() {
    if (this.#following) {
      this.#unseen = 0;
    }
    this.#follow.hidden = this.#following;
    setText(byId('follow-text'), this.#unseen ? `${number.format(this.#unseen)} new` : 'Follow');
  }

  #showCount() {
    const total = this.#total;
    const some = this.#terms.length > 0;
    setText(byId('line-count'), some ? `${number.format(this.#visible)} of ${number.format(total)}` : total ? `${number.format(total)} lines` : '');
    const empty = byId('console-empty');
    empty.hidden = this.#visible > 0;
    setText(empty, some && total ? 'No line matches the filter.' : 'Nothing written yet.');
  }
}
