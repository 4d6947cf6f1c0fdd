// The list: groups of rows in dependency order, the strip that shows the same at a glance.

import { renderCommands } from './commands.js';
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

// Why it is as it is: its own message, else what its first failing check says.
export function noteOf(resource) {
  const failing = resource.healthChecks.find((h) => h.status && h.status !== 'Healthy');
  return resource.message || failing?.description || '';
}

export function renderSince(target, resource, now) {
  const started = resource.startedAt && Date.parse(resource.startedAt);
  const runs = resource.state === 'Running' || resource.state === 'RuntimeUnhealthy';
  setText(target, started ? (runs ? duration(now - started) : `started ${ago(started, now)}`) : '');
  setAttribute(target, 'title', started ? `Started ${fullTime(started)}` : null);
}

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
  setText(row.querySelector('.kind'), resource.kind);
  setText(row.querySelector('.note'), condition.level === 'up' ? '' : noteOf(resource));
  setText(row.querySelector('.state'), condition.label);
  renderSince(row.querySelector('.since'), resource, now);
  renderLinks(row.querySelector('.links'), resource.links);
  renderCommands(row.querySelector('.commands'), resource, { inRow: true, offline });
}

function renderStrip(entries) {
  const counted = entries.filter((e) => e.resource.kind !== 'parameter');
  reconcile(byId('strip'), counted, (e) => e.resource.name, () => element('span'), (segment, { resource, condition }) => {
    segment.dataset.level = condition.level;
    setAttribute(segment, 'title', `${resource.name}: ${condition.label}`);
  });
}
