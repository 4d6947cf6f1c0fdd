// What is known about the chosen resource: console, environment, health.

import { allCommands, renderCommands } from './commands.js';
import { ConsoleView } from './console.js';
import { byId, element, icon, reconcile, setAttribute, setIcon, setText } from './dom.js';
import { renderLinks } from './links.js';
import { kindOf, noteOf, sinceText, startedTitle } from './resources.js';

const tabs = ['console', 'environment', 'health'];

export class DetailView {
  #console = new ConsoleView();
  #tab = 'console';

  constructor() {
    for (const name of tabs) {
      byId(`tab-${name}`).addEventListener('click', () => this.openTab(name));
    }
    document.querySelector('.tabs').addEventListener('keydown', (event) => this.#onTabKey(event));
    this.openTab('console');
  }

  get console() {
    return this.#console;
  }

  openTab(name) {
    this.#tab = name;
    for (const tab of tabs) {
      const button = byId(`tab-${tab}`);
      button.setAttribute('aria-selected', String(tab === name));
      button.tabIndex = tab === name ? 0 : -1;
      byId(`panel-${tab}`).hidden = tab !== name;
    }
  }

  render(entry, { offline, now }) {
    byId('detail').hidden = !entry;
    byId('main').classList.toggle('split', Boolean(entry));
    this.#console.show(entry?.resource.name ?? null);
    if (entry) {
      this.#renderHead(entry, offline, now);
      this.#renderVariables(entry.resource);
      this.#renderChecks(entry.resource);
    }
  }

  #renderHead({ resource, condition }, offline, now) {
    const message = byId('detail-message');
    byId('detail').dataset.level = condition.level;
    setText(byId('detail-name'), resource.name);
    setText(byId('detail-kind'), resource.parent ? `${resource.kind} of ${resource.parent}` : kindOf(resource));
    setText(byId('detail-state'), condition.label);
    setText(byId('detail-since'), sinceText(resource, now));
    setAttribute(byId('detail-since'), 'title', startedTitle(resource));
    setText(message, noteOf(resource));
    message.hidden = !message.textContent;
    renderLinks(byId('detail-links'), resource.links);
    renderCommands(byId('detail-commands'), resource, allCommands, { offline });
  }

  #renderVariables(resource) {
    const none = resource.environment.length === 0;
    setText(byId('tab-environment').querySelector('.count'), none ? '' : String(resource.environment.length));
    byId('panel-environment').querySelector('.empty').hidden = !none;
    reconcile(byId('variables'), resource.environment, (v) => JSON.stringify(v), createVariable, () => {});
  }

  #renderChecks(resource) {
    const none = resource.healthChecks.length === 0;
    setText(byId('tab-health').querySelector('.count'), none ? '' : String(resource.healthChecks.length));
    byId('panel-health').querySelector('.empty').hidden = !none;
    reconcile(byId('checks'), resource.healthChecks, (h) => h.name, createCheck, (check, health) => {
      const level = { Healthy: 'up', Degraded: 'warn', Unhealthy: 'down' }[health.status] ?? 'busy';
      check.dataset.level = level;
      setIcon(check.querySelector('svg'), `level-${level}`);
      setText(check.querySelector('strong'), health.name);
      setText(check.querySelector('.state'), health.status || 'Not checked yet');
      setText(check.querySelector('p'), health.description ?? '');
    });
  }

  #onTabKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const next = tabs[(tabs.indexOf(this.#tab) + step + tabs.length) % tabs.length];
      this.openTab(next);
      byId(`tab-${next}`).focus();
    }
  }
}

function createVariable(variable) {
  const created = element('div', 'variable');
  const value = element('dd');
  created.append(element('dt', '', variable.name), value);
  if (variable.secret) {
    value.className = 'secret';
    value.append(icon('lock'), element('span', 'dots', '••••••••'), element('span', 'hint', 'secret'));
  } else {
    const copy = element('button', 'tool');
    copy.type = 'button';
    copy.dataset.copy = variable.value ?? '';
    setAttribute(copy, 'aria-label', `Copy the value of ${variable.name}`);
    setAttribute(copy, 'title', 'Copy');
    copy.append(icon('copy'));
    value.append(element('span', 'value', variable.value ?? ''), copy);
  }
  return created;
}

function createCheck() {
  const created = element('li', 'check-row');
  const mark = icon('level-busy');
  mark.classList.add('mark');
  const line = element('div');
  line.append(element('strong'), element('span', 'state'));
  const text = element('div');
  text.append(line, element('p'));
  created.append(mark, text);
  return created;
}
