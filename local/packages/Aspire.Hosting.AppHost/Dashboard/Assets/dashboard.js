// The page: what the runner says goes into one state, and every change draws what differs.

import { handleCommands } from './commands.js';
import { conditionOf, summarize } from './condition.js';
import { DetailView } from './detail.js';
import { byId, clockTime, duration, setIcon, setText } from './dom.js';
import { FailureView } from './failure.js';
import { renderResources } from './resources.js';
import { handleShortcuts } from './shortcuts.js';
import { openStream } from './streams.js';

// A runner that restarts is back before this; longer, and it is said to be stopped.
const stoppedAfter = 2500;

const state = {
  runner: null,
  resources: new Map(),
  healthySince: new Map(),
  connection: 'connecting',
  lostAt: 0,
};
const detail = new DetailView();
const failure = new FailureView();

// Resources, as they come

function takeRunner(runner) {
  if (state.runner && state.runner.assets !== runner.assets) {
    location.reload();
  }
  state.runner = runner;
  setConnection('live');
}

function takeAll(resources) {
  state.resources = new Map(resources.map((r) => [r.name, r]));
  resources.forEach(noteHealth);
  changed();
}

function takeOne(resource) {
  state.resources.set(resource.name, resource);
  noteHealth(resource);
  changed();
}

// Which process of the resource was seen healthy: it is not starting any more, so unhealthy means broken.
function noteHealth(resource) {
  if (resource.state === 'Running' && resource.health === 'Healthy') {
    state.healthySince.set(resource.name, resource.startedAt);
  }
}

let stoppedTimer = 0;

function onConnection(connection) {
  if (connection === 'lost' && (state.connection === 'live' || state.connection === 'connecting')) {
    state.lostAt = Date.now();
    setConnection('lost');
    stoppedTimer = setTimeout(() => setConnection('stopped'), stoppedAfter);
  }
}

function setConnection(connection) {
  if (connection === 'live') {
    clearTimeout(stoppedTimer);
  }
  state.connection = connection;
  changed();
}

// Drawing

let frame = 0;

function changed() {
  const view = look();
  renderTab(view);
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    render(look());
  });
}

function look() {
  const now = Date.now();
  const entries = [...state.resources.values()].map((resource) => {
    const wasHealthy = state.healthySince.has(resource.name) && state.healthySince.get(resource.name) === resource.startedAt;
    return { resource, condition: conditionOf(resource, wasHealthy, now) };
  });
  const offline = state.connection === 'stopped' || state.connection === 'lost';
  const summary = state.connection === 'stopped'
    ? { level: 'off', headline: 'Runner stopped', facts: [`last seen at ${clockTime(state.lostAt)}`, 'this page reconnects by itself'] }
    : state.runner ? summarize(entries) : { level: 'busy', headline: 'Connecting', facts: [] };
  return { now, entries, offline, summary, selected: selectedName() };
}

function render(view) {
  const { entries, summary, selected, offline, now } = view;
  document.body.classList.toggle('offline', offline);
  document.body.classList.toggle('stopped', state.connection === 'stopped');
  byId('summary').dataset.level = summary.level;
  setIcon(document.querySelector('.lamp'), `level-${summary.level === 'off' ? 'idle' : summary.level}`);
  setText(byId('application'), state.runner?.application ?? 'Dashboard');
  setText(byId('headline'), summary.headline);
  setText(byId('facts'), summary.facts.join(' · '));
  renderConnection();
  renderUptime(now);
  failure.render(summary.cause, { selected, offline });
  renderResources(entries, { selected, offline, now });
  detail.render(entries.find((e) => e.resource.name === selected), { offline, now });
}

function renderConnection() {
  const text = { connecting: 'Connecting', live: 'Live', lost: 'Reconnecting', stopped: 'Runner stopped' }[state.connection];
  byId('connection').dataset.state = state.connection;
  setText(byId('connection-text'), text);
}

function renderUptime(now) {
  const up = state.runner && state.connection === 'live';
  setText(byId('uptime'), up ? `up ${duration(now - Date.parse(state.runner.startedAt))}` : '');
}

// The tab tells the state while the page is in the background, where nothing is drawn.
function renderTab({ summary }) {
  const application = state.runner?.application ?? 'Dashboard';
  const title = {
    up: () => `● ${summary.up}/${summary.total} ${application}`,
    busy: () => (state.runner ? `◌ ${summary.up}/${summary.total} ${application}` : application),
    warn: () => `▲ ${summary.up}/${summary.total} ${application}`,
    down: () => `✖ ${summary.cause.resource.name} · ${application}`,
    idle: () => `○ ${application}`,
    off: () => `○ stopped · ${application}`,
  }[summary.level]();
  if (document.title !== title) {
    document.title = title;
  }
  const colour = { up: '1f9d57', busy: '4c6fff', warn: 'd98a00', down: 'd92d3a', idle: '7b8494', off: '7b8494' }[summary.level];
  const icon = byId('favicon');
  const href = icon.href.replace(/%23[0-9a-f]{6}/, `%23${colour}`);
  if (icon.href !== href) {
    icon.href = href;
  }
}

// Choosing a resource: the address holds the choice, so that it survives a reload and the back button works.

function selectedName() {
  const name = location.hash.startsWith('#/') ? decodeURIComponent(location.hash.slice(2)) : '';
  return state.resources.has(name) ? name : null;
}

function close() {
  const name = selectedName();
  location.hash = '';
  rowLinks().find((link) => link.textContent === name)?.focus();
}

const rowLinks = () => [...document.querySelectorAll('.row .name')];

function move(step) {
  const links = rowLinks();
  const focused = links.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : links.findIndex((link) => link.textContent === selectedName());
  const next = from < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, from + step));
  links[next]?.focus();
}

function openFilter() {
  if (!selectedName()) {
    const link = rowLinks().includes(document.activeElement) ? document.activeElement : rowLinks()[0];
    link?.click();
    render(look());
  }
  detail.openTab('console');
  detail.console.focusFilter();
}

function switchTheme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  localStorage.setItem('theme', dark ? 'light' : 'dark');
}

function leave() {
  if (document.activeElement === byId('filter') && byId('filter').value) {
    byId('filter').value = '';
    byId('filter').dispatchEvent(new Event('input'));
  } else if (selectedName()) {
    close();
  }
}

window.addEventListener('hashchange', () => {
  changed();
  if (selectedName()) {
    requestAnimationFrame(() => byId('detail-name').focus({ preventScroll: true }));
  }
});

byId('detail-close').addEventListener('click', (event) => {
  event.preventDefault();
  close();
});

// A click anywhere on a row opens it, unless it was meant for something in the row or selects text.
byId('resources').addEventListener('click', (event) => {
  const row = event.target.closest('.row');
  if (row && !event.target.closest('a, button') && getSelection().isCollapsed) {
    location.hash = row.querySelector('.name').getAttribute('href');
  }
});

byId('theme').addEventListener('click', switchTheme);
handleCommands((name) => state.resources.get(name), changed);
handleShortcuts([
  { keys: ['j', '↓'], does: 'Next resource', run: () => move(1) },
  { keys: ['k', '↑'], does: 'Previous resource', run: () => move(-1) },
  { keys: ['Enter'], does: 'Open the resource' },
  { keys: ['Esc'], does: 'Clear the filter, close the resource', run: leave },
  { keys: ['/'], does: 'Filter the console', run: openFilter },
  { keys: ['1'], does: 'Console', run: () => detail.openTab('console') },
  { keys: ['2'], does: 'Environment', run: () => detail.openTab('environment') },
  { keys: ['3'], does: 'Health', run: () => detail.openTab('health') },
  { keys: ['f'], does: 'Follow the console', run: () => detail.console.follow() },
  { keys: ['w'], does: 'Wrap long lines', run: () => detail.console.toggleWrap() },
  { keys: ['c'], does: 'Clear the console', run: () => detail.console.clear() },
  { keys: ['t'], does: 'Light or dark', run: switchTheme },
]);

openStream(() => 'api/resources/stream', { runner: takeRunner, resources: takeAll, resource: takeOne }, onConnection);
setInterval(changed, 1000);
