// What died, and its last words, above everything else.

import { renderCommands } from './commands.js';
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

  // The lines are left out while the resource's console is open beside them.
  render(cause, { selected, offline }) {
    byId('failure').hidden = !cause;
    this.#watch(cause && cause.resource.name !== selected ? cause.resource.name : null);
    if (cause) {
      setText(byId('failure-title'), cause.resource.name);
      setText(byId('failure-message'), noteOf(cause.resource));
      setAttribute(byId('failure-open'), 'href', hrefOf(cause.resource));
      byId('failure-open').hidden = cause.resource.name === selected;
      renderCommands(byId('failure-commands'), cause.resource, { inRow: true, offline });
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
    const from = told >= 0 ? Math.min(told, Math.max(0, this.#lines.length - shownLines)) : Math.max(0, this.#lines.length - shownLines);
    const shown = this.#lines.slice(from, from + shownLines);
    byId('failure-lines').replaceChildren(...shown.map((line) => renderLine(line).rendered));
    byId('failure-lines').hidden = shown.length === 0;
  }
}
