// Buttons for the commands of a resource, and what happens when one is pressed.

import { byId, element, icon, reconcile, setAttribute, setIcon, setText } from './dom.js';

const lifecycle = ['start', 'stop', 'restart'];
const running = new Set();

const runKey = (resource, command) => `${resource}/${command}`;

// What to show where. In a row what is highlighted, then one place for start or stop and one for restart.
export const allCommands = (commands) => commands;

export function rowCommands(commands) {
  const find = (name) => commands.find((c) => c.name === name);
  const start = find('start');
  const startOrStop = start?.enabled ? start : (find('stop') ?? start);
  const highlighted = commands.filter((c) => c.highlighted && !lifecycle.includes(c.name));
  return [...highlighted, startOrStop, find('restart')].filter(Boolean);
}

export const revivingCommands = (commands) => commands.filter((c) => c.enabled && (c.name === 'start' || c.name === 'restart'));

export function renderCommands(parent, resource, choose, { offline }) {
  const inRow = choose === rowCommands;
  reconcile(parent, choose(resource.commands), (c) => c.name, create, (button, command) => {
    const named = !inRow || !lifecycle.includes(command.name);
    const key = runKey(resource.name, command.name);
    button.dataset.command = command.name;
    button.dataset.resource = resource.name;
    button.disabled = offline || !command.enabled || running.has(key);
    button.className = named ? 'button' : 'tool';
    button.classList.toggle('primary', command.highlighted && named && !inRow);
    button.classList.toggle('custom', !lifecycle.includes(command.name));
    setAttribute(button, 'aria-busy', running.has(key) ? 'true' : null);
    setAttribute(button, 'aria-label', `${command.displayName} ${resource.name}`);
    setAttribute(button, 'title', named ? null : `${command.displayName} ${resource.name}`);
    setText(button.lastElementChild, named ? command.displayName : '');
  });
}

function create(command) {
  const button = element('button');
  button.type = 'button';
  if (lifecycle.includes(command.name)) {
    button.append(icon(command.name));
  }
  button.append(element('span'));
  return button;
}

// Every button of a command, wherever it is drawn.
export function handleCommands(resourceOf, changed) {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('button[data-command]');
    const resource = button && resourceOf(button.dataset.resource);
    const command = resource?.commands.find((c) => c.name === button.dataset.command);
    if (!command || (command.confirmation && !await confirm(resource, command))) {
      return;
    }
    const key = runKey(resource.name, command.name);
    running.add(key);
    changed();
    await run(resource, command);
    running.delete(key);
    changed();
  });
}

async function run(resource, command) {
  const path = `api/resources/${encodeURIComponent(resource.name)}/commands/${encodeURIComponent(command.name)}`;
  try {
    const response = await fetch(path, { method: 'POST' });
    const answer = await response.json();
    if (!response.ok) {
      toast('error', `${resource.name}: ${answer.title}`, answer.detail ?? '');
    } else if (answer.message) {
      toast('done', resource.name, answer.message);
    }
  } catch {
    toast('error', `${resource.name}: ${command.displayName} was not answered`, 'The runner stopped, or the connection was lost.');
  }
}

function confirm(resource, command) {
  const dialog = byId('confirm');
  setText(byId('confirm-title'), `${resource.name}: ${command.displayName}?`);
  setText(byId('confirm-text'), command.confirmation);
  setText(byId('confirm-yes'), command.displayName);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

const toastSeconds = 6;

// What failed stays until it is dismissed.
function toast(kind, title, text) {
  const shown = element('div', `toast ${kind}`);
  const body = element('div');
  body.append(element('strong', '', title), element('p', '', text));
  const close = element('button', 'tool');
  close.type = 'button';
  close.setAttribute('aria-label', 'Dismiss');
  close.append(icon('close'));
  close.addEventListener('click', () => shown.remove());
  const mark = icon(kind === 'error' ? 'level-down' : 'level-up');
  mark.classList.add('mark');
  shown.append(mark, body, close);
  byId('toasts').append(shown);
  if (kind !== 'error') {
    setTimeout(() => shown.remove(), toastSeconds * 1000);
  }
}

// Buttons that copy data-copy.
document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-copy]');
  if (button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    const svg = button.querySelector('svg');
    setIcon(svg, 'done');
    setTimeout(() => setIcon(svg, 'copy'), 1200);
  }
});
