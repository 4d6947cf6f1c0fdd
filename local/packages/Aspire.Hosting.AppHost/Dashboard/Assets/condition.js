// What the state of a resource means to the person who looks.
// Levels, from good to bad: up, idle (stopped on purpose or never started), busy (on its way), warn, down.

// A server that has just started fails its checks until it listens; that is no failure yet.
const startingGrace = 30_000;

const of = (level, label) => ({ level, label });

export function conditionOf(resource, wasHealthy, now) {
  switch (resource.state) {
    case 'Running': return running(resource, wasHealthy, now);
    case 'Waiting':
    case 'Starting':
    case 'Stopping': return of('busy', resource.state);
    case 'NotStarted': return of('idle', 'Not started');
    case 'RuntimeUnhealthy': return of('down', 'Runtime unhealthy');
    case 'FailedToStart': return of('down', 'Failed to start');
    case 'Finished': return resource.exitCode ? of('down', `Exited (${resource.exitCode})`) : of('up', 'Finished');
    case 'Exited': return resource.exitCode !== null ? of('down', `Exited (${resource.exitCode})`) : of('idle', 'Stopped');
    case 'ValueMissing': return of('warn', 'Value missing');
    default: return of('busy', resource.state);
  }
}

function running(resource, wasHealthy, now) {
  if (resource.health === 'Degraded') {
    return of('warn', 'Degraded');
  }
  if (resource.health !== 'Unhealthy') {
    return of('up', resource.kind === 'parameter' ? 'Set' : 'Running');
  }
  const age = now - Date.parse(resource.startedAt ?? now);
  return wasHealthy || age >= startingGrace ? of('down', 'Unhealthy') : of('busy', 'Not healthy yet');
}

// Parameters are settings, not something that is healthy; what was never started is not missed.
const counts = (entry) => entry.resource.kind !== 'parameter' && entry.resource.state !== 'NotStarted';

// Entries are { resource, condition } in dependency order, so the first that is down is the likeliest cause of the others.
export function summarize(entries) {
  const at = (level) => entries.filter((e) => e.condition.level === level);
  const counted = entries.filter(counts);
  const total = counted.length;
  const up = counted.filter((e) => e.condition.level === 'up').length;
  const down = at('down');
  const busy = at('busy');
  const warn = at('warn');
  const stopped = at('idle').filter(counts);
  const notStarted = entries.filter((e) => e.resource.state === 'NotStarted').length;
  const ratio = `${up} of ${total} healthy`;
  const aside = notStarted ? [`${notStarted} not started`] : [];

  if (down.length) {
    return { level: 'down', up, total, headline: deaths(down), facts: [ratio, ...aside], cause: down[0] };
  }
  if (busy.length) {
    return { level: 'busy', up, total, headline: ratio, facts: [busyNames(busy), ...aside] };
  }
  if (warn.length || stopped.length) {
    const facts = [...warn, ...stopped].map((e) => `${e.resource.name} is ${e.condition.label.toLowerCase()}`);
    return { level: 'warn', up, total, headline: ratio, facts: [...facts, ...aside] };
  }
  return total
    ? { level: 'up', up, total, headline: ratio, facts: aside }
    : { level: 'idle', up, total, headline: 'Nothing is running', facts: aside };
}

// How the failed resource is told of in a sentence.
function death({ resource, condition }) {
  switch (condition.label) {
    case 'Failed to start': return `${resource.name} failed to start`;
    case 'Unhealthy':
    case 'Runtime unhealthy': return `${resource.name} is unhealthy`;
    default: return `${resource.name} exited with code ${resource.exitCode}`;
  }
}

function deaths(down) {
  if (down.length === 1) {
    return death(down[0]);
  }
  const [first, second] = down.map((e) => e.resource.name);
  return down.length === 2 ? `${first} and ${second} are down` : `${first} and ${down.length - 1} others are down`;
}

function busyNames(busy) {
  const names = busy.map((e) => e.resource.name);
  const verb = busy.every((e) => e.resource.state === 'Stopping') ? 'Stopping' : 'Starting';
  return names.length <= 3 ? `${verb} ${names.join(', ')}` : `${verb} ${names.slice(0, 2).join(', ')} and ${names.length - 2} others`;
}
