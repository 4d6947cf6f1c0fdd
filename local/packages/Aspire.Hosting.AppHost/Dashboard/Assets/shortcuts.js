// Keys, and the dialog that tells of them. Single keys can be switched off (WCAG 2.1.4).

import { byId, element } from './dom.js';

export function handleShortcuts(shortcuts) {
  const dialog = byId('help');
  const on = byId('shortcuts-on');
  on.checked = localStorage.getItem('shortcuts') !== 'off';
  on.addEventListener('change', () => localStorage.setItem('shortcuts', on.checked ? 'on' : 'off'));
  byId('help-open').addEventListener('click', () => dialog.showModal());

  const all = [...shortcuts, { keys: ['?'], does: 'Show this help', run: () => dialog.showModal() }];
  for (const { keys, does } of all) {
    const term = element('dt');
    keys.forEach((key) => term.append(element('kbd', '', key === ' ' ? 'Space' : key)));
    byId('shortcuts').append(term, element('dd', '', does));
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
      return;
    }
    const name = event.key.replace('ArrowDown', '↓').replace('ArrowUp', '↑').replace('Escape', 'Esc');
    const shortcut = all.find((s) => s.keys.includes(name));
    const single = event.key.length === 1;
    if (!shortcut?.run || (single && !on.checked) || taken(event.target, name)) {
      return;
    }
    event.preventDefault();
    shortcut.run();
  });
}

// Keys that mean something where the focus is.
function taken(target, name) {
  if (target.matches('input')) {
    return name !== 'Esc';
  }
  return (name === '↓' || name === '↑') && target.closest('.scroll, .lines, .tabs');
}
