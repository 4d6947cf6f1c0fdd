// Endpoints by name: a link when a browser can open it, otherwise a button that copies the address.

import { element, icon, reconcile } from './dom.js';

export function renderLinks(parent, links) {
  reconcile(parent, links, (link) => `${link.text} ${link.url}`, create, () => {});
}

function create(link) {
  const address = parseUrl(link.url);
  const opens = address && (address.protocol === 'http:' || address.protocol === 'https:');
  const created = element(opens ? 'a' : 'button', 'link');
  created.append(element('span', '', link.text));
  if (address?.port) {
    created.append(element('span', 'port', `:${address.port}`));
  }
  if (opens) {
    created.href = address.href;
    created.target = '_blank';
    created.rel = 'noreferrer';
    created.title = link.url;
  } else {
    created.type = 'button';
    created.dataset.copy = link.url;
    created.title = `Copy ${link.url}`;
    created.append(icon('copy'));
  }
  return created;
}

function parseUrl(url) {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}
