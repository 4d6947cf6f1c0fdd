// Server-sent events that never give up. The browser reconnects by itself after a lost connection, but not after an answer that is no
// stream (another program on the port, a resource that is gone for a moment), and some browsers not after a refused connection.

const retryAfter = 1000;

// urlOf is asked anew for every connection that is opened here. The state is 'live' or 'lost'.
export function openStream(urlOf, handlers, onState = () => {}) {
  let source = null;
  let timer = 0;

  const open = () => {
    source = new EventSource(urlOf());
    source.onopen = () => onState('live');
    source.onerror = () => {
      onState('lost');
      if (source.readyState === EventSource.CLOSED) {
        timer = setTimeout(open, retryAfter);
      }
    };
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
  };

  open();
  return {
    close() {
      clearTimeout(timer);
      source.close();
    },
  };
}

// The console of a resource: each line once, in order, across reconnections. Calls onLines with a batch per frame, and onGap with the
// number of lines that are missing before the next one. Rests while the page is hidden: a browser opens six connections to a server, and tabs in the
// background must not use them up.
export function openConsole(resource, { onLines, onGap, onNewRun, after = 0, run = null }) {
  let last = after;
  let current = run;
  let stream = null;
  let waiting = [];
  let frame = 0;

  const flush = () => {
    frame = 0;
    const lines = waiting;
    waiting = [];
    if (lines.length) onLines(lines);
  };

  const handlers = {
    runner(runner) {
      if (current !== null && current !== runner.run) {
        flush();
        last = 0;
        onNewRun();
      }
      current = runner.run;
    },
    line(line) {
      if (line.number <= last) return;
      if (line.number > last + 1) {
        flush();
        onGap(line.number - last - 1, last === 0);
      }
      last = line.number;
      waiting.push(line);
      frame ||= requestAnimationFrame(flush);
    },
  };

  const url = () => `api/resources/${encodeURIComponent(resource)}/logs?after=${last}${current ? `&run=${current}` : ''}`;

  const followVisibility = () => {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else {
      stream ??= openStream(url, handlers);
    }
  };

  document.addEventListener('visibilitychange', followVisibility);
  followVisibility();
  return {
    get position() {
      return { after: last, run: current };
    },
    close() {
      document.removeEventListener('visibilitychange', followVisibility);
      cancelAnimationFrame(frame);
      stream?.close();
    },
  };
}
