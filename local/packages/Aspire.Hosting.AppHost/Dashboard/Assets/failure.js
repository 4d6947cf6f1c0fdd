// What died, and its last words, above everything else.

import { renderCommands, revivingCommands } from './commands.js';
import { renderLine } from './console.js';
import { byId, setAttribute, setText } from './dom.js';
import { hrefOf, noteOf } from './resources.js';
import { openConsole } from './streams.js';

const shownLines = 8;
const searchedLines = 80;

// Where a failure begins to be told: a stack trace alone hides what happened.
const beginning = /^\s*(unhandled exception|fail:|crit:|fatal|panic|error)|\b(FATAL|PANIC|ERROR)\b/i;

export class FailureView {
  #resource = null;
  #stream = null;
  #lines = [];

  // Left out while the resource itself is open: its console and buttons are there.
  render(cause, { selected, offline }) {
    const shown = cause && cause.resource.name !== selected ? cause.resource : null;
    byId('failure').hidden = !shown;
    this.#watch(shown?.name ?? null);
    if (shown) {
      setText(byId('failure-title'), shown.name);
      setText(byId('failure-message'), noteOf(shown));
      setAttribute(byId('failure-open'), 'href', hrefOf(shown));
      renderCommands(byId('failure-commands'), shown, revivingCommands, { offline });
    }
  }

  #watch(resource) {
    if (this.#resource === resource) {
      return;
    }
    this.#stream?.close();
    this.#resource = resource;
    this.#lines = [];
    this.#show();
    this.#stream = resource && openConsole(resource, {
      onLines: (lines) => {
        this.#lines = [...this.#lines, ...lines].slice(-searchedLines);
        this.#show();
      },
      onGap: () => {},
      onNewRun: () => { this.#lines = []; },
    });
  }

  #show() {
    const told = this.#lines.findLastIndex((line) => beginning.test(line.text));
    const last = Math.max(0, this.#lines.length - shownLines);
    const from = told >= 0 ? Math.min(told, last) : last;
    const rendered = this.#lines.slice(from, from + shownLines).map((line) => renderLine(line).rendered);
    const list = byId('failure-lines');
    list.hidden = rendered.length === 0;
    list.replaceChildren(...rendered);
    list.scrollTop = told >= 0 ? rendered[told - from].offsetTop - rendered[0].offsetTop : list.scrollHeight;
  }
}
