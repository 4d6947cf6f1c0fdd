// The list: groups of rows in dependency order, the strip that shows the same at a glance.

import { renderCommands, rowCommands } from './commands.js';
import { ago, byId, duration, element, fromTemplate, fullTime, reconcile, setAttribute, setIcon, setText } from './dom.js';
import { renderLinks } from './links.js';

const groups = [
  { name: 'Backing services', kinds: ['postgres', 'database', 'redis', 'kafka', 'container'] },
  { name: 'Services', kinds: ['project'] },
  { name: 'Parameters', kinds: ['parameter'] },
];
const otherGroup = { name: 'Other', kinds: [] };

const groupOf = (resource) => groups.find((g) => g.kinds.includes(resource.kind)) ?? otherGroup;

export const hrefOf = (resource) => `#/${encodeURIComponent(resource.name)}`;

// Not said twice: the resource of kind redis is mostly named redis.
export const kindOf = (resource) => (resource.kind === resource.name ? '' : resource.kind);

// Why it is as it is: its own message, unless that only repeats the state, else what its first failing check says.
export function noteOf(resource) {
  const repeats = ['stopped', `exit code ${resource.exitCode}`].includes(resource.message);
  const failing = resource.healthChecks.find((h) => h.status && h.status !== 'Healthy');
  return (repeats ? '' : resource.message) || failing?.description || '';
}

// How long it has been running, or when it ran.
export function sinceText(resource, now) {
  const started = resource.kind !== 'parameter' && resource.startedAt ? Date.parse(resource.startedAt) : NaN;
  switch (resource.state) {
    case 'Running':
    case 'RuntimeUnhealthy':
    case 'Starting':
    case 'Stopping': return started ? `for ${duration(now - started)}` : '';
    case 'Exited':
    case 'Finished': return started ? `started ${ago(started, now)}` : '';
    default: return '';
  }
}

export const startedTitle = (resource) => (resource.startedAt ? `Started ${fullTime(Date.parse(resource.startedAt))}` : null);

export function renderResources(entries, { selected, offline, now }) {
  const shown = [...groups, otherGroup]
    .map((group) => ({ group, rows: childrenAfterParents(entries.filter((e) => groupOf(e.resource) === group)) }))
    .filter(({ rows }) => rows.length);

  reconcile(byId('resources'), shown, ({ group }) => group.name, () => fromTemplate('group-template'), (section, { group, rows }) => {
    setText(section.querySelector('.group-name'), group.name);
    reconcile(section.querySelector('.rows'), rows, (e) => e.resource.name, () => fromTemplate('row-template'),
      (row, entry) => renderRow(row, entry, { selected, offline, now }));
  });
  renderStrip(entries);
}

// Dependency order, but a database right below its server.
function childrenAfterParents(entries) {
  const names = new Set(entries.map((e) => e.resource.name));
  const isChild = (e) => e.resource.parent && names.has(e.resource.parent);
  return entries
    .filter((e) => !isChild(e))
    .flatMap((e) => [e, ...entries.filter((child) => isChild(child) && child.resource.parent === e.resource.name)])
    .map((e) => ({ ...e, child: Boolean(isChild(e)) }));
}

function renderRow(row, { resource, condition, child }, { selected, offline, now }) {
  const name = row.querySelector('.name');
  row.dataset.level = condition.level;
  row.classList.toggle('child', child);
  row.classList.toggle('selected', resource.name === selected);
  setIcon(row.querySelector('.mark'), `level-${condition.level}`);
  setText(name, resource.name);
  setAttribute(name, 'href', hrefOf(resource));
  setAttribute(name, 'aria-current', resource.name === selected ? 'true' : null);
  setText(row.querySelector('.kind'), kindOf(resource));
  setText(row.querySelector('.note'), condition.level === 'up' ? '' : noteOf(resource));
  setText(row.querySelector('.state'), condition.label);
  setText(row.querySelector('.since'), sinceText(resource, now));
  setAttribute(row.querySelector('.since'), 'title', startedTitle(resource));
  renderLinks(row.querySelector('.links'), resource.links);
  renderCommands(row.querySelector('.commands'), resource, rowCommands, { offline });
}

function renderStrip(entries) {
  const counted = entries.filter((e) => e.resource.kind !== 'parameter');
  reconcile(byId('strip'), counted, (e) => e.resource.name, () => element('span'), (segment, { resource, condition }) => {
    segment.dataset.level = condition.level;
    setAttribute(segment, 'title', `${resource.name}: ${condition.label}`);
  });
}
